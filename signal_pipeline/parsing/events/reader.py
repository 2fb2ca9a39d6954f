"""Reads a file of events: framing, decoding, schemas, failures, rules, redacted frames. The order of the steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.parsing.events.documents import Piece, pieces
from signal_pipeline.parsing.events.event import Event
from signal_pipeline.parsing.events.facts import fields_of
from signal_pipeline.parsing.events.failure import failure_of
from signal_pipeline.parsing.events.frame import EventFrames, Row
from signal_pipeline.parsing.events.problems import Problem, of_failure, of_signal, of_violation
from signal_pipeline.parsing.events.reading import EventReader
from signal_pipeline.parsing.signal_kind import Source

MAX_EVENTS = 5_000_000
MAX_EVENTS_FOR_RULES = 500_000
"""Of one file; more are checked against their schemas, and by the rules over all reports."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEAD = 64 * 1024


def read_events(source: Source) -> Iterator[pl.DataFrame]:
    """Frames of a row for each event, or for each of its problems; the signals of the rules within the file follow."""
    return _Reading(source).frames()


class _Reading:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._checks = event_checks(source.limits.event_schemas, source.limits.event_rules)
        self._reader = EventReader()
        self._rows = EventFrames(source.redactor, source.limits, self._checks.asked)
        self._engine = RuleEngine(self._checks.rules)
        self._kept: dict[str, tuple[int, Piece, Event]] = {}
        self._entities = {rule.name: rule.entity for rule in self._checks.rules}

    def frames(self) -> Iterator[pl.DataFrame]:
        notes, stream = self._source.notes, self._source.stream
        index = 0
        for piece in pieces(stream, stream.peek(_HEAD)[:_HEAD]):
            if piece.is_end:
                notes.reasons.add(PartialReason.TRUNCATED)
                break
            notes.units += 1
            found = self._decoded(piece)
            if found is None:
                continue
            if not self._added(index, piece, found):
                continue
            notes.understood += 1
            index += 1
            if index >= MAX_EVENTS:
                notes.reasons.add(PartialReason.ENTRIES_CAPPED)
                break
            if self._rows.full:
                yield self._taken()
        if not index:
            raise SignalRejected(RejectionCode.NOT_EVENTS)
        self._add_signals()
        yield self._taken()

    def _taken(self) -> pl.DataFrame:
        frame = self._rows.take()
        self._source.notes.entries += frame.height
        return frame

    def _decoded(self, piece: Piece) -> dict[str, Any] | None:
        found = None if piece.raw is None else decoded(piece.raw, self._source.limits.max_json_depth)
        if found is None:
            self._source.notes.reasons.add(PartialReason.BAD_ENTRIES)
        return found

    def _added(self, index: int, piece: Piece, whole: dict[str, Any]) -> bool:
        """False for an event on which a step fails unexpectedly; it alone is left out."""
        try:
            self._add(index, piece, whole)
        except UNEXPECTED as error:
            if is_expected(error):
                raise
            tell_fault("reading an event", error)
            self._source.notes.reasons.add(PartialReason.INTERNAL_ERROR)
            return False
        return True

    def _add(self, index: int, piece: Piece, whole: dict[str, Any]) -> None:
        event = self._reader.event(whole)
        if self._source.notes.format is None:
            self._source.notes.format = event.envelope
        fields = fields_of(event, self._checks.asked)
        problems: list[Problem | None] = []
        if (failure := failure_of(event)) is not None:
            problems.append(of_failure(event, failure))
        problems += [of_violation(event, violation) for violation in self._checks.schemas.check(event) or ()]
        for number, problem in enumerate(problems or [None]):
            self._rows.add(Row(index, piece, event, fields, problem, event.at, number == 0))
        if index < MAX_EVENTS_FOR_RULES and event.at is not None:
            facts = facts_for_rules(event, fields, index)
            if self._engine.add(facts):
                self._kept[facts.event] = (index, piece, event)

    def _add_signals(self) -> None:
        """What the rules say about the file by itself; it is as late as its last event."""
        self._engine.advance(max((_micros(event.at) for _, _, event in self._kept.values() if event.at), default=0))
        for signal in sorted(self._engine.signals.values(), key=lambda one: (one.at, one.identity)):
            index, piece, event = self._kept[signal.event]
            at = _EPOCH + signal.at * _MICROSECOND
            problem = of_signal(signal, self._entities[signal.rule])
            self._rows.add(Row(index, piece, event, {}, problem, at, is_first=False))


def facts_for_rules(event: Event, fields: dict[str, Any], index: int) -> EventFacts:
    """An event without an id is identified by its place in the file."""
    at = _micros(event.at) if event.at is not None else 0
    return EventFacts(event.source or "", event.id or f"#{index}", event.name, at, fields)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
