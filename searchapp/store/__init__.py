"""The record of a library in SQLite, and its vectors beside it: one writer, any number of readers."""

from searchapp.store.columns import Columns
from searchapp.store.folder import index_option, lexical_path, part_path, require_library, resolve_library
from searchapp.store.records import DocumentInfo, Failure, FileRecord, Part, SentenceInfo, Space, Stamp
from searchapp.store.rows import SEARCHABLE
from searchapp.store.settle import Changes
from searchapp.store.snapshot import Snapshot
from searchapp.store.steps import watch
from searchapp.store.writer import Writer

__all__ = [
    "SEARCHABLE",
    "Changes",
    "Columns",
    "DocumentInfo",
    "Failure",
    "FileRecord",
    "Part",
    "SentenceInfo",
    "Snapshot",
    "Space",
    "Stamp",
    "Writer",
    "index_option",
    "lexical_path",
    "part_path",
    "require_library",
    "resolve_library",
    "watch",
]
