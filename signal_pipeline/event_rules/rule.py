"""A rule over business events, what it looks at, and the signal that it gives. How each kind decides: kinds.py."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

SECOND = 1_000_000
VALUE_SCALE = 10_000
"""Values are whole numbers of 1/10,000: sums do not depend on the order in which events came."""


class Occurrence(NamedTuple):
    """An event as one rule sees it; in order of time, and then of event. `at` is microseconds since 1970 UTC, `event`
    its source and id, `value` what the rule measures (scaled), `mark` what must be equal for two events to be the
    same, and `part` what its type is to the rule."""

    at: int
    event: str
    type: str
    part: int
    value: int = 0
    mark: str = ""


JUDGED, BESIDE, FINAL = 1, 2, 4
"""Parts of a type in a rule: it is among `types`, `then`, `final`."""


@dataclass(frozen=True)
class Rule:
    """One row of the table. Times are microseconds; what a kind does not use is empty."""

    name: str
    kind: str
    entity: str
    """The field whose value keys the rule (`order_id`), or `source` for the producer."""
    severity: str
    types: tuple[str, ...] = ()
    """The events that it judges."""
    then: tuple[str, ...] = ()
    """The events that must, or must not, come beside them."""
    final: tuple[str, ...] = ()
    within: int = 0
    window: int = 0
    history: int = 0
    value: str = ""
    same: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    low: int | None = None
    high: int | None = None
    factor: int = 0
    """Thousandths: deviations, or how many times the usual rate."""

    def part_of(self, type_: str) -> int:
        """What a type is to the rule: the sum of its parts, 0 for nothing."""
        named = ((JUDGED, self.types), (BESIDE, self.then), (FINAL, self.final))
        return sum(part for part, patterns in named if is_among(type_, patterns))

    @property
    def by_producer(self) -> bool:
        return self.entity == "source"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of an event that it reads."""
        return tuple(path for path in (self.entity, self.value, *self.same) if path and path != "source")


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule found. It is the same signal as long as rule, key and event are the same."""

    rule: str
    kind: str
    key: str
    event: str
    type: str
    at: int
    subject: str
    """What is the same whenever this rule finds this: no key of an entity, no number."""
    severity: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.rule, self.key, self.event


def is_among(type_: str, patterns: tuple[str, ...]) -> bool:
    """Whether the name of an event is one of these, which may hold `*`."""
    return any(type_ == pattern or ("*" in pattern and fnmatchcase(type_, pattern)) for pattern in patterns)


def spelled(microseconds: int) -> str:
    """`30m`, `2h`, `1d`: the largest unit that it is a whole number of."""
    seconds = microseconds // SECOND
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
