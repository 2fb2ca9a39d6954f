"""The exported model, made once per test run (and per pytest-xdist worker only if nobody was first)."""

import os
import tempfile
from pathlib import Path

import pytest

from signal_pipeline.embedding.export import RECIPE, export_minilm
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """Kept between runs: the export takes seconds, and an intact one is recognised by its hashes."""
    cache = os.environ.get("SIGNAL_PIPELINE_TEST_CACHE", tempfile.gettempdir())
    return export_minilm(Path(cache) / f"signal-pipeline-tests-{os.getuid()}" / f"minilm-r{RECIPE}")


@pytest.fixture(scope="session")
def embedder(model_dir: Path) -> OnnxEmbedder:
    return OnnxEmbedder(model_dir)
