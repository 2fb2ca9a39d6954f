"""From the facts of an event to its occurrences: which rules look at it, under which key, and what they measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signal_pipeline.event_rules.rule import VALUE_SCALE, Occurrence, Rule

Scalar = str | int | float | bool | None
MAX_VALUE = 10**12
MAX_TYPES = 10_000
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
        return event_of(self.source, self.id)


def event_of(source: str, id_: str) -> str:
    """What `EventFacts.event` is for these."""
    return f"{source}{_BETWEEN}{id_}"


def source_and_id(event: str) -> tuple[str, str]:
    """The two parts of what `EventFacts.event` made."""
    source, _, id_ = event.partition(_BETWEEN)
    return source, id_


class Sorter:
    """Finds the rules for an event; types are looked up once."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._by_type: dict[str, tuple[tuple[Rule, int], ...]] = {}

    def parts(self, type_: str) -> tuple[tuple[Rule, int], ...]:
        """The rules that look at a type, with its part in each."""
        known = self._by_type.get(type_)
        if known is None:
            known = tuple((rule, part) for rule in self._rules if (part := rule.part_of(type_)))
            if len(self._by_type) < MAX_TYPES:
                self._by_type[type_] = known
        return known

    def occurrences(self, event: EventFacts) -> Iterator[tuple[Rule, str, Occurrence]]:
        """(rule, key, occurrence) of each rule that looks at the event and finds its key in it."""
        fields, event_id, at, type_ = event.fields, event.event, event.at, event.type
        for rule, part in self.parts(type_):
            key = event.source if rule.entity == "source" else _spelled(fields.get(rule.entity))
            if not key:
                continue
            value: int | None = 0
            if rule.value and (value := _scaled(fields.get(rule.value))) is None:
                continue
            mark = _BETWEEN.join([_spelled(fields.get(path)) for path in rule.same]) if rule.same else ""
            yield rule, key, Occurrence(at, event_id, type_, part, value or 0, mark)


def _spelled(value: Scalar) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


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
