"""Which rows of the table may match a text, remembered for all texts that differ in hexadecimal digits only.

A text with one secret in it triggers some thirty rows, and asking each takes most of the time of a close look. Ids,
hashes and numbers differ from text to text, the words around them do not. Nothing is masked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from signal_pipeline.alike.patterns import hex_alike, loosened
from signal_pipeline.redaction.memory import MAX_CHARS, MAX_REMEMBERED
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.triggers import Triggers


class Plans:
    """`rows(data)` are the numbers, in order, of all rules that match the data, and of few others."""

    def __init__(self, rules: tuple[Rule, ...], compiled: Callable[[str], Any]) -> None:
        self._rules = rules
        self._compiled = compiled
        self._triggers = Triggers(rules)
        self._loose_triggers = Triggers(rules, _loose_literal)
        self._known: dict[bytes, tuple[int, ...]] = {}

    def rows(self, data: bytes) -> Iterable[int]:
        if len(data) > MAX_CHARS:
            return self._triggers.rows(data)
        shape = hex_alike(data)
        plan = self._known.get(shape)
        if plan is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            plan = self._known[shape] = tuple(self._plan(shape))
        return plan

    def _plan(self, shape: bytes) -> Iterable[int]:
        closed: set[str] = set()
        for number in self._loose_triggers.rows(hex_alike(shape.lower())):
            rule = self._rules[number]
            if rule.gate is not None:
                if rule.gate not in closed and self._compiled(loosened(rule.gate)).search(shape) is None:
                    closed.add(rule.gate)
                if rule.gate in closed:
                    continue
            if self._compiled(loosened(rule.pattern)).search(shape) is not None:
                yield number


def _loose_literal(literal: str) -> str:
    return hex_alike(literal.lower().encode()).decode()
