"""Sentence vectors from a sentence-transformers folder, in onnxruntime, without torch."""

from searchapp.encoder.encoder import Encoder
from searchapp.encoder.fingerprint import fingerprint
from searchapp.encoder.models import model_folders, resolve_model
from searchapp.encoder.quantise import PRECISIONS, Precision
from searchapp.encoder.reranker import Reranker

__all__ = ["PRECISIONS", "Encoder", "Precision", "Reranker", "fingerprint", "model_folders", "resolve_model"]
