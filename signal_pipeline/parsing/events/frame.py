"""Events as frames of the PARSED columns: the step where unredacted text becomes redacted text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from signal_pipeline.event_rules.occurrences import Scalar
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.events.documents import Piece
from signal_pipeline.parsing.events.event import MAX_NAME_CHARS, Event
from signal_pipeline.parsing.events.facts import name_in
from signal_pipeline.parsing.events.problems import Problem
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

FRAME_ROWS = 4_000
_TEXTS = ("message", "error_text", "component", "exception_class")
_IDS = ("trace_id", "request_id")
_SCHEMA = {name: dtype for name, dtype in PARSED.polars.items() if name not in ("kind", "role")}


@dataclass(frozen=True)
class Row:
    """One entry that is to be: an event, or one of its problems."""

    index: int
    piece: Piece | None
    event: Event
    fields: dict[str, Scalar]
    problem: Problem | None
    at: datetime | None
    is_first: bool


class EventFrames:
    """Collects rows, unredacted and in memory only; frames come out redacted. `asked` are fields that hold keys."""

    def __init__(self, redactor: Redactor, limits: Limits, asked: tuple[str, ...] = ()) -> None:
        self._asked = frozenset(asked)
        self._redactor = redactor
        self._limits = limits
        self._rows: list[Row] = []
        self._made = 0

    def add(self, row: Row) -> None:
        self._rows.append(row)

    @property
    def full(self) -> bool:
        return len(self._rows) >= FRAME_ROWS

    def take(self) -> pl.DataFrame:
        """All rows so far."""
        rows, self._rows = self._rows, []
        frame = pl.DataFrame([self._cells(row) for row in rows], schema=_SCHEMA)
        frame = frame.with_columns(self._redactor.column(frame[name]) for name in _TEXTS)
        frame = frame.with_columns(self._facts(rows))
        caps = {"message": self._limits.max_message_chars, "error_text": self._limits.max_message_chars}
        frame = frame.with_columns(pl.col(name).str.slice(0, caps.get(name, MAX_NAME_CHARS)) for name in _TEXTS)
        ordinal = pl.int_range(pl.len(), dtype=pl.Int64) + self._made
        self._made += frame.height
        return frame.with_columns(ordinal=ordinal)

    def _cells(self, row: Row) -> dict[str, Any]:
        event, problem, piece = row.event, row.problem, row.piece
        cells: dict[str, Any] = {
            "entry_index": row.index,
            "timestamp": row.at,
            "timestamp_zone": event.zone if event.at is not None else None,
            "level": "info" if problem is None else problem.level,
            "component": event.source,
            "message": _message(row),
            "format": event.envelope,
            **{name: self._redactor.identifier(value) for name, value in event.correlation.items()},
        }
        if piece is not None:
            cells |= {
                "line_number": piece.line, "line_count": piece.lines,
                "byte_offset": piece.offset, "byte_length": piece.length,
            }  # fmt: skip
        if problem is not None:
            cells |= {"error_text": problem.subject, "exception_class": problem.exception_class}
        for name in _TEXTS:
            if isinstance(text := cells.get(name), str):
                cells[name] = cleaned(text)[0]
        return cells

    def _facts(self, rows: list[Row]) -> pl.Series:
        """What rules over all reports need to know, as JSON; every text in it has passed the redactor."""
        texts = [text for row in rows if row.is_first for text in _texts_of(row)]
        redacted = iter(self._redactor.column(pl.Series(texts, dtype=pl.String())).to_list())
        found: list[str | None] = []
        for row in rows:
            if not row.is_first:
                found.append(None)
                continue
            source, type_ = next(redacted), next(redacted)
            fields = {}
            for path, value in row.fields.items():
                name, shown = next(redacted), next(redacted) if isinstance(value, str) else value
                is_key = path in self._asked and isinstance(value, str)
                fields[name] = self._redactor.named_identifier(name_in(path), str(value)) if is_key else shown
            event_id = self._redactor.identifier(row.event.id) if row.event.id else None
            facts = {"source": source, "id": event_id, "type": type_, "fields": fields}
            found.append(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
        return pl.Series("event", found, dtype=pl.String())


def _texts_of(row: Row) -> Iterator[str]:
    yield cleaned(row.event.source or "")[0]
    yield cleaned(row.event.name)[0]
    for path, value in row.fields.items():
        yield cleaned(path)[0]
        if isinstance(value, str):
            yield cleaned(value)[0]


def _message(row: Row) -> str:
    """`order.placed A-17 (order_id=A-17, amount=12.5)`, or the sentence about the problem with the same after it."""
    event = row.event
    head = (
        row.problem.sentence
        if row.problem is not None
        else " ".join(part for part in (event.name, event.subject) if part)
    )
    shown = ", ".join(f"{path}={value}" for path, value in row.fields.items() if value is not None and value != "")
    return f"{head} ({shown})" if shown else head
