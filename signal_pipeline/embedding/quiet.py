"""Keeps the model libraries off stdout and stderr: JSON on stdout must be JSON and nothing else.

Their errors still raise; only warnings, progress bars and log lines are dropped.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

_CHATTY = ("torch", "torch.onnx", "transformers", "sentence_transformers", "onnxruntime", "onnxscript", "fusion_base")


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence for the block: Python warnings, library loggers, progress bars and prints."""
    before = {name: logging.getLogger(name).level for name in _CHATTY}
    root_disabled = logging.root.manager.disable
    sink = io.StringIO()
    try:
        # onnxruntime's optimizer logs through the root logger, so levels by name are not enough.
        logging.disable(logging.WARNING)
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.ERROR)
        with warnings.catch_warnings(), contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(root_disabled)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
