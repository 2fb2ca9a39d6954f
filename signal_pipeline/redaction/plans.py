"""Which rows of the table may match a text, remembered for all texts that differ in hexadecimal digits only.

A text with one secret in it triggers some thirty rows, and asking each takes most of the time of an exact scan. Ids,
hashes and numbers differ from text to text, the words around them do not. Rows are bits, see `pattern_sets`. Nothing is
masked here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property

from signal_pipeline.redaction.memory import MAX_CHARS, MAX_REMEMBERED
from signal_pipeline.redaction.pattern_sets import PatternSets
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import seals_alike
from signal_pipeline.redaction.triggers import Triggers
from signal_pipeline.text_shapes.digit_blind_patterns import hex_normalised, loosened, widened

_Shape = tuple[bytes, int]
_DIGITS = bytes.maketrans(b"123456789", b"000000000")


class Plans:
    """What one scanner remembers. A plan may name rows that do not match, and never leaves out one that does."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._triggers, self._digit_blind = _triggers_of(rules)
        self._rules = rules
        self._known: dict[_Shape, int] = {}
        self._met: set[_Shape] = set()

    @cached_property
    def _as_written(self) -> PatternSets:
        return _sets(self._rules, _unchanged)

    @cached_property
    def _loosened(self) -> PatternSets:
        return _sets(self._rules, loosened)

    @cached_property
    def _widened(self) -> PatternSets:
        return _sets(self._rules, widened)

    def leading(self, data: bytes) -> dict[int, int]:
        """See `Triggers.leading`."""
        return self._triggers.leading(data)

    def rows(self, data: bytes) -> int:
        """The rows that match the data, and few others."""
        triggered = self._triggers.rows(data)
        if len(data) > MAX_CHARS or not triggered:
            return self._as_written.matching(data, triggered)
        form = (hex_normalised(seals_alike(data)), triggered)
        plan = self._known.get(form)
        if plan is None and form in self._met:
            _make_room(self._known)
            plan = self._known[form] = self._loosened.matching(*form)
        elif plan is None:
            # A text full of secrets has no like: the exact patterns name fewer rows.
            _make_room(self._met)
            self._met.add(form)
            plan = self._as_written.matching(data, triggered)
        return plan

    def is_empty_for_any_digits(self, data: bytes) -> bool:
        """No rule matches a text that differs from `data` in lone digits only."""
        triggered = self._digit_blind.rows(data.translate(_DIGITS))
        return not self._widened.matching(data, triggered)


def _make_room(remembered: dict[_Shape, int] | set[_Shape]) -> None:
    if len(remembered) >= MAX_REMEMBERED:
        remembered.clear()


def _unchanged(pattern: str) -> str:
    return pattern


_sets = cache(PatternSets)


@cache
def _triggers_of(rules: tuple[Rule, ...]) -> tuple[Triggers, Triggers]:
    """The triggers, made once; and those for texts in which all digits are one."""
    blind = (replace(rule, triggers=tuple(_any_digit(trigger) for trigger in rule.triggers)) for rule in rules)
    return Triggers(rules), Triggers(tuple(blind))


def _any_digit(trigger: str) -> str:
    return trigger.encode().translate(_DIGITS).decode()
