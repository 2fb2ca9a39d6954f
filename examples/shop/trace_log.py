"""The shop's log: one format, each record with the trace and request it belongs to."""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from pathlib import Path

TRACE_ID: ContextVar[str] = ContextVar("trace_id", default="-")
TRACEPARENT: ContextVar[str] = ContextVar("traceparent", default="-")
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s [trace_id=%(trace_id)s request_id=%(request_id)s] %(message)s"


class _TraceFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.trace_id = TRACE_ID.get()
        record.request_id = REQUEST_ID.get()
        return True


def write_log_to(path: Path) -> None:
    """Send every record of the process to `path`, times in UTC."""
    formatter = logging.Formatter(FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(formatter)
    handler.addFilter(_TraceFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def trace_id_of(traceparent: str) -> str:
    """The trace id of a W3C traceparent header, or '-' when there is none."""
    parts = traceparent.split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else "-"
