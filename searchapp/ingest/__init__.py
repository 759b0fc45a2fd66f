"""From files on disk to a library that answers: plan, execution, index files, and proof that they fit."""

from searchapp.ingest.plan import PRUNE_SHARE
from searchapp.ingest.report import IngestReport, OnProgress, Progress
from searchapp.ingest.run import ReadFiles, ingest
from searchapp.ingest.spaces import TextEncoder, check_encoder, load_encoder

__all__ = [
    "PRUNE_SHARE",
    "IngestReport",
    "OnProgress",
    "Progress",
    "ReadFiles",
    "TextEncoder",
    "check_encoder",
    "ingest",
    "load_encoder",
]
