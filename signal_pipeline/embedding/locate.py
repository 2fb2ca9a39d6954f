"""Which embedder a setting means. The one place that knows those that run here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from signal_pipeline.embedding.manifest import read_manifest
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.packaged import MINILM, is_minilm
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.embedding.sentence_transformer import SentenceTransformerEmbedder
from signal_pipeline.errors import SettingsInvalid

Runtime = Literal["onnx", "sentence-transformers"]


def load_embedder(model_dir: Path, model: str = MINILM, runtime: Runtime = "onnx", threads: int = 1) -> Embedder:
    """The embedder for `model`. `model_dir` is where export_minilm wrote; only the onnx runtime reads it.

    Loads no model yet: that happens at the first `embed`. Raises SettingsInvalid when the export is not
    there or `model` is not one that the onnx runtime was exported for.
    """
    if runtime == "sentence-transformers":
        return SentenceTransformerEmbedder(model)
    if not is_minilm(model):
        raise SettingsInvalid(
            f"the onnx runtime holds {MINILM} only: use the runtime sentence-transformers for {model!r}"
        )
    read_manifest(model_dir)
    return _onnx(model_dir, threads)


def preload(model_dir: Path, model: str = MINILM) -> None:
    """Load the onnx runtime's model now, for this process and those forked from it. Leaves no thread at work.

    Only the onnx runtime with one thread survives a fork.
    """
    embedder = load_embedder(model_dir, model)
    assert isinstance(embedder, OnnxEmbedder)
    embedder.load()


@cache
def _onnx(model_dir: Path, threads: int) -> OnnxEmbedder:
    """One per process, so that a loaded model is found by whoever asks next."""
    return OnnxEmbedder(model_dir, threads)
