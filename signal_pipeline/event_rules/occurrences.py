"""From the facts of an event to its occurrences: which rules look at it, under which key, and what they measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signal_pipeline.event_rules.rule import VALUE_SCALE, Occurrence, Rule

Scalar = str | int | float | bool | None
MAX_VALUE = 10**12
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What rules may know of an event: redacted. `fields` are scalars by their path in the payload."""

    source: str
    id: str
    type: str
    at: int
    fields: Mapping[str, Scalar]

    @property
    def event(self) -> str:
        """What makes it the same event when it is delivered again."""
        return f"{self.source}{_BETWEEN}{self.id}"


def id_of(event: str) -> str:
    """The id in what `EventFacts.event` made."""
    return event.partition(_BETWEEN)[2]


class Sorter:
    """Finds the rules for an event; types are looked up once."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._by_type: dict[str, tuple[Rule, ...]] = {}

    def occurrences(self, event: EventFacts) -> Iterator[tuple[Rule, str, Occurrence]]:
        """(rule, key, occurrence) of each rule that looks at the event and finds its key in it."""
        rules = self._by_type.get(event.type)
        if rules is None:
            rules = tuple(rule for rule in self._rules if rule.looks_at(event.type))
            self._by_type[event.type] = rules
        for rule in rules:
            key = event.source if rule.by_producer else _spelled(event.fields.get(rule.entity))
            if not key:
                continue
            value = _scaled(event.fields.get(rule.value)) if rule.value else None
            if rule.value and value is None:
                continue
            mark = _BETWEEN.join(_spelled(event.fields.get(path)) for path in rule.same)
            yield rule, key, Occurrence(event.at, event.event, event.type, value, mark)


def _spelled(value: Scalar) -> str:
    return "" if value is None else str(value)


def _scaled(value: Scalar) -> int | None:
    """A finite number, or a text that is one, in whole VALUE_SCALE-ths."""
    if isinstance(value, str):
        try:
            value = float(value) if len(value) <= 24 else None
        except ValueError:
            return None
    if value is None or isinstance(value, bool) or not -MAX_VALUE < value < MAX_VALUE:
        return None
    return round(value * VALUE_SCALE)
