"""The embedder of the exported model, loaded once per process."""

from pathlib import Path

import pytest

from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder


@pytest.fixture(scope="session")
def embedder(model_dir: Path) -> OnnxEmbedder:
    return OnnxEmbedder(model_dir)
