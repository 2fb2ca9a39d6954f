"""Which rows of the table may match a text, remembered for all texts that differ in hexadecimal digits only.

A text with one secret in it triggers some thirty rows, and asking each takes most of the time of a close look. Ids,
hashes and numbers differ from text to text, the words around them do not. Nothing is masked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from signal_pipeline.redaction.memory import MAX_CHARS, MAX_REMEMBERED
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.triggers import Triggers, numbers_of
from signal_pipeline.text_shapes.digit_blind_patterns import hex_alike, loosened, widened


class Plans:
    """`rows(data)` are the numbers, in order, of all rules that match the data, and of few others."""

    def __init__(self, rules: tuple[Rule, ...], compiled: Callable[[str], Any]) -> None:
        self._rules = rules
        self._compiled = compiled
        self._triggers, self._with_digits = _triggers_of(rules)
        self._known: dict[tuple[bytes, int], tuple[int, ...]] = {}

    def rows(self, data: bytes) -> Iterable[int]:
        triggered = self._triggers.rows(data)
        return numbers_of(triggered) if len(data) > MAX_CHARS else self._rows(data, triggered)

    def is_empty_for_any_digits(self, data: bytes) -> bool:
        """No rule matches a text that differs from `data` in lone digits only."""
        triggered = self._triggers.rows(data) | self._with_digits
        return next(iter(self._plan(data, triggered, widened)), None) is None

    def _rows(self, data: bytes, triggered: int) -> tuple[int, ...]:
        shape = hex_alike(data)
        plan = self._known.get((shape, triggered))
        if plan is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            plan = self._known[shape, triggered] = tuple(self._plan(shape, triggered, loosened))
        return plan

    def _plan(self, shape: bytes, triggered: int, wider: Callable[[str], str]) -> Iterable[int]:
        closed: set[str] = set()
        for number in numbers_of(triggered):
            rule = self._rules[number]
            if rule.gate is not None:
                if rule.gate not in closed and self._compiled(wider(rule.gate)).search(shape) is None:
                    closed.add(rule.gate)
                if rule.gate in closed:
                    continue
            if self._compiled(wider(rule.pattern)).search(shape) is not None:
                yield number


@cache
def _triggers_of(rules: tuple[Rule, ...]) -> tuple[Triggers, int]:
    """The triggers, made once, and the rules of which a trigger holds a digit."""
    with_digits = (
        1 << number
        for number, rule in enumerate(rules)
        if any(character.isdigit() for trigger in rule.triggers for character in trigger)
    )
    return Triggers(rules), sum(with_digits)
