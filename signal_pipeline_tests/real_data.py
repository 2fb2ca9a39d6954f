"""Where the labelled real files lie; tests that need them skip, with a reason, where they are absent."""

import os
from pathlib import Path

import pytest

REAL_DATA = Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
needs_real_data = pytest.mark.skipif(
    not REAL_DATA.is_dir(), reason=f"labelled real files are absent: {REAL_DATA} (set SIGNAL_PIPELINE_REAL_DATA)"
)
