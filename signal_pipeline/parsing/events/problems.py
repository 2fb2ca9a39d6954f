"""What is wrong with an event, as the row of an entry says it: a violated schema, a reported failure, a signal."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.event_rules.kinds import KIND
from signal_pipeline.event_rules.rule import Signal
from signal_pipeline.parsing.events.event import Event
from signal_pipeline.parsing.events.failure import Failure
from signal_pipeline.parsing.events.schemas.violation import Violation

VIOLATION = "SchemaViolation"
LEVELS = {"critical": "critical", "high": "error", "medium": "warning", "low": "notice"}


@dataclass(frozen=True, slots=True)
class Problem:
    """`subject` is what identifies it, `sentence` what a person reads; not redacted."""

    exception_class: str | None
    subject: str
    sentence: str
    level: str


def of_violation(event: Event, violation: Violation) -> Problem:
    named = f" in event {event.id}" if event.id else ""
    return Problem(VIOLATION, violation.subject, f"{event.name}: {violation.sentence()}{named}", LEVELS["medium"])


def of_failure(event: Event, failure: Failure) -> Problem:
    said = ": ".join(part for part in (event.name, failure.code, failure.text) if part)
    return Problem(failure.code, said, said, LEVELS["high"])


def of_signal(signal: Signal, entity: str) -> Problem:
    kind = KIND[signal.kind]
    about = "" if entity == "source" else f" ({entity}={signal.key})"
    return Problem(kind.exception_class, signal.subject, f"{signal.subject}{about}", LEVELS[signal.severity])
