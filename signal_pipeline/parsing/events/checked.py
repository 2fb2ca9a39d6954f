"""One event as it is recorded: redacted facts for the rules, and what is wrong with it by its schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BufferedReader, BytesIO
from typing import Any

import msgspec

from signal_pipeline.event_rules.occurrences import EventFacts, Scalar
from signal_pipeline.limits import DEFAULT_LIMITS
from signal_pipeline.parsing.events.checks import EventChecks
from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.parsing.events.documents import pieces
from signal_pipeline.parsing.events.envelopes import envelope_of
from signal_pipeline.parsing.events.event import Event
from signal_pipeline.parsing.events.facts import fields_of, name_in
from signal_pipeline.parsing.events.headers import kept_headers
from signal_pipeline.parsing.events.reading import EventReader
from signal_pipeline.parsing.events.schemas.violation import Violation
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.redaction.redactor import Redactor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_ID_CHARS = 200
MAX_SUBJECT_CHARS = 500


@dataclass(frozen=True)
class CheckedEvent:
    """`subjects` are the violations as signals name them; None for an event without a schema."""

    facts: EventFacts
    violations: tuple[Violation, ...] | None
    subjects: tuple[str, ...]
    is_timed: bool


def events_in(body: bytes) -> Iterator[dict[str, Any] | None]:
    """The objects of a body: one a line, an array, or one after another; None for each that cannot be read."""
    for piece in pieces(BufferedReader(BytesIO(body)), body[: 64 * 1024]):
        yield None if piece.raw is None else decoded(piece.raw, DEFAULT_LIMITS.max_json_depth)


def delivery_of(body: bytes, headers: Iterable[tuple[str, str]]) -> dict[str, Any] | None:
    """The one event that a body with headers is: of CloudEvents in binary mode, or a webhook that is passed on. None
    where the headers say nothing of an event, or the body is one by itself."""
    kept = kept_headers(headers)
    if not kept or not body.strip():
        return None
    data = decoded(body, DEFAULT_LIMITS.max_json_depth)
    if "ce-type" in kept:
        return {"headers": kept, "body": body.decode("utf-8", "replace") if data is None else data}
    row = envelope_of(data)
    return {"headers": kept, "body": data} if data is not None and (row is None or row.name == "github") else None


class EventChecker:
    """Checks and redacts the events of one source; for one thread."""

    def __init__(self, checks: EventChecks, redactor: Redactor) -> None:
        self._checks, self._redactor = checks, redactor
        self._reader = EventReader()

    def check(self, whole: dict[str, Any], name: str | None = None) -> CheckedEvent:
        """`name` is the type that the sender gives it."""
        event = self._reader.event(whole, named_by_sender=name)
        violations = self._checks.schemas.check(event)
        subjects = [self._redactor.text(one.subject)[:MAX_SUBJECT_CHARS] for one in violations or ()]
        return CheckedEvent(
            self._facts(event),
            None if violations is None else tuple(replace(one, field=self._text(one.field)) for one in violations),
            tuple(dict.fromkeys(subjects)),
            event.at is not None,
        )

    def _facts(self, event: Event) -> EventFacts:
        id_ = event.id if event.id is not None else _content_id(event.whole)
        at = 0 if event.at is None else (event.at - _EPOCH) // timedelta(microseconds=1)
        fields = {
            self._text(path): self._field(path, value) for path, value in fields_of(event, self._checks.asked).items()
        }
        name = self._text(event.name)[:MAX_ID_CHARS]
        source = self._text(event.source or "")[:MAX_ID_CHARS]
        return EventFacts(source, self._redactor.identifier(cleaned(id_)[0])[:MAX_ID_CHARS], name, at, fields)

    def _field(self, path: str, value: Scalar) -> Scalar:
        if not isinstance(value, str):
            return value
        if path in self._checks.asked:
            return self._redactor.named_identifier(name_in(path), cleaned(value)[0])
        return self._text(value)

    def _text(self, text: str) -> str:
        return self._redactor.text(cleaned(text)[0])


def _content_id(whole: Any) -> str:
    """An event without an id is the same when all of it is."""
    return f"sha256-{hashlib.sha256(msgspec.json.encode(whole, order='sorted')).hexdigest()[:32]}"
