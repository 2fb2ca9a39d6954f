"""The exported MiniLM that the benchmarks share: made once on a machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from signal_pipeline.embedding.export import export_minilm


def exported_model() -> Path:
    """Its folder."""
    return export_minilm(Path(tempfile.gettempdir()) / "signal-pipeline-benchmarks" / "minilm")
