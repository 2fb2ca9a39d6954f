"""Log records: JSON lines for machines, plain ones on a terminal, with the ids of what is processed, and redacted.

What belongs here: form and ids. What does not: what is logged, and by whom.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from signal_pipeline.printable import printable
from signal_pipeline.redaction.redactor import Redactor, local_redactor

LOGGER = "signal_pipeline"
# What a record may carry besides its message; anything else that is passed as `extra` is left out.
FIELDS = (
    "report_id", "run_id", "intake_id", "attempt", "stage", "request_id", "caller_request_id", "trace_id", "who",
    "status", "duration_ms",
)  # fmt: skip
MAX_MESSAGE_CHARS = 4_000
MAX_TRACE_CHARS = 8_000
_bound: ContextVar[dict[str, str]] = ContextVar("log_ids", default={})  # noqa: B039  never changed in place


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Inside, every record carries these ids. They follow into threads that copy the context."""
    token = _bound.set({**_bound.get(), **{name: str(value) for name, value in ids.items() if value is not None}})
    try:
        yield
    finally:
        _bound.reset(token)


class Ids(logging.Filter):
    """Puts the bound ids into the record, where it does not say them itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _bound.get().items():
            if getattr(record, name, None) is None:
                setattr(record, name, value)
        return True


class LastResort(logging.Filter):
    """Runs the value scan over whatever is about to be written. Nothing should be left for it to find."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        # A redactor counts, and so serves one thread at a time.
        self._redactor, self._lock = redactor, threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.msg)
        record.msg, record.args = self._clean(text[:MAX_MESSAGE_CHARS]), None
        if record.exc_info and record.exc_info[1] is not None:
            written = "".join(traceback.format_exception(record.exc_info[1]))
            record.exc_text, record.exc_info = self._clean(written[-MAX_TRACE_CHARS:]), None
        return True

    def _clean(self, text: str) -> str:
        """Without what a terminal would obey, and without secrets."""
        plain = printable(text, lines=True)
        with self._lock:
            return self._redactor.text(plain)


class JsonLines(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_text:
            told["exception"] = record.exc_text
        return json.dumps(told, default=str)


class Plain(logging.Formatter):
    """For people."""

    def format(self, record: logging.LogRecord) -> str:
        ids = " ".join(f"{name}={value}" for name in FIELDS if (value := getattr(record, name, None)) is not None)
        clock = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        name = record.name.removeprefix(f"{LOGGER}.")
        text = f"{clock} {record.levelname.lower():<7} {name}: {record.getMessage()}"
        trace = f"\n{record.exc_text}" if record.exc_text else ""
        return f"{text}{f'  [{ids}]' if ids else ''}{trace}"


def configure(
    level: str, *, key: bytes | None = None, stream: TextIO | None = None, whole_process: bool = False
) -> None:
    """Write the records of this package, or with `whole_process` those of all others too, to `stream` (stderr).

    `key` makes pseudonyms the same as in stored texts. May be called again; the last call counts.
    """
    target = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(target)
    handler.setFormatter(Plain() if target.isatty() else JsonLines())
    handler.addFilter(Ids())
    handler.addFilter(LastResort(local_redactor() if key is None else Redactor(key)))
    own = logging.getLogger(LOGGER)
    own.setLevel(level)
    chosen = logging.getLogger() if whole_process else own
    for old in [h for h in (*own.handlers, *chosen.handlers) if isinstance(h.formatter, Plain | JsonLines)]:
        own.removeHandler(old)
        chosen.removeHandler(old)
    chosen.addHandler(handler)
    own.propagate = whole_process
