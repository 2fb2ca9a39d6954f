"""Log records: JSON lines for machines, plain ones on a terminal, with the ids of what is processed, and redacted.

What belongs here: form and ids. What does not: what is logged, and by whom. Modules log through `logging`; structlog
carries the ids and renders the records.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.processors import JSONRenderer
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

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


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Inside, every record carries these ids. They follow into threads that copy the context."""
    with bound_contextvars(**{name: str(value) for name, value in ids.items() if value is not None}):
        yield


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


def _selected(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What is written of a record, in this order."""
    record: logging.LogRecord = event["_record"]
    found = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": event["event"],
        **{name: event.get(name) for name in FIELDS},
        # Of the record: the formatter drops a text that LastResort has made.
        "exception": event.get("exception"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line for people, and the trace below it."""
    clock = datetime.fromisoformat(event["time"]).strftime("%H:%M:%S")
    ids = " ".join(f"{name}={event[name]}" for name in FIELDS if name in event)
    text = f"{clock} {event['level']:<7} {event['logger'].removeprefix(f'{LOGGER}.')}: {event['message']}"
    trace = f"\n{event['exception']}" if "exception" in event else ""
    return f"{text}{f'  [{ids}]' if ids else ''}{trace}"


def _with_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    text = event["_record"].exc_text
    return {**event, "exception": text} if text else event


def configure(
    level: str, *, key: bytes | None = None, stream: TextIO | None = None, whole_process: bool = False
) -> None:
    """Write the records of this package, or with `whole_process` those of all others too, to `stream` (stderr).

    `key` makes pseudonyms the same as in stored texts. May be called again; the last call counts.
    """
    target = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        ProcessorFormatter(
            # A record's own ids before the bound ones.
            foreign_pre_chain=[ExtraAdder(allow=FIELDS), merge_contextvars, _with_exception],
            processors=[_selected, _plain if target.isatty() else JSONRenderer(default=str)],
        )
    )
    handler.addFilter(LastResort(local_redactor() if key is None else Redactor(key)))
    own = logging.getLogger(LOGGER)
    own.setLevel(level)
    chosen = logging.getLogger() if whole_process else own
    for old in [h for h in (*own.handlers, *chosen.handlers) if isinstance(h.formatter, ProcessorFormatter)]:
        own.removeHandler(old)
        chosen.removeHandler(old)
    chosen.addHandler(handler)
    own.propagate = whole_process
