"""Finds which of many rules match a text, some patterns at a time. No memory of texts, no masking.

One search with a set answers for all its patterns and extracts no groups. A set of the whole table has an automaton
that outgrows its cache on varied text, so each holds a few rows that lie close in the table. Sets of rules are bits of
a number: the rule of number n is `1 << n`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import re2

from signal_pipeline.redaction.rules.rule import Rule

_MEMORY = 64 * 1024 * 1024
_LENGTH = 400
"""Characters of patterns that share a set. Long patterns stay alone: together their states multiply."""
_WEAK_TRIGGER = 2
"""Literals so short are in most texts by chance, so their rows share sets: else each set would be asked each time."""

_Row = tuple[str, int]


class _PatternSet:
    """Patterns with the bits that each stands for."""

    def __init__(self, rows: list[_Row]) -> None:
        options = re2.Options()
        options.max_mem, options.never_capture = _MEMORY, True
        self._set = re2.Set.SearchSet(options)
        self._bits = [bits for _, bits in rows]
        for pattern, _ in rows:
            self._set.Add(pattern.encode())
        # Matches every text: a set that does not report it has failed, and the text must not pass.
        self._sentinel = self._set.Add(b"")
        self._bits.append(0)
        self._set.Compile()
        self.bits = sum(self._bits)

    def matching(self, data: bytes) -> int:
        """The bits of the patterns that match."""
        found = self._set.Match(data)
        if self._sentinel not in found:
            raise RuntimeError("a set of patterns returned no result")
        bits = 0
        for number in found:
            bits |= self._bits[number]
        return bits


@cache
def compiled_gate(pattern: str) -> Any:
    """The pattern for a search that asks for nothing but yes or no."""
    options = re2.Options()
    options.max_mem, options.never_capture = _MEMORY, True
    return re2.compile(pattern.encode(), options)


class PatternSets:
    """The patterns of a table, each as `written` changes it."""

    def __init__(self, rules: tuple[Rule, ...], written: Callable[[str], str]) -> None:
        self._set_of: list[_PatternSet] = [_PatternSet([])] * len(rules)
        for numbers in _groups(rules):
            patterns = _PatternSet([(written(rules[number].pattern), 1 << number) for number in numbers])
            for number in numbers:
                self._set_of[number] = patterns
        gates: dict[str, int] = {}
        for number, rule in enumerate(rules):
            if rule.gate is not None:
                gates[rule.gate] = gates.get(rule.gate, 0) | 1 << number
        # Each for itself: together their automaton grows with every text.
        self._gates = [(compiled_gate(written(gate)), bits) for gate, bits in gates.items()]

    def all_matching(self, data: bytes, wanted: int) -> int:
        """Those of the wanted rules of which the gate and the pattern match."""
        found = 0
        wanted = self.with_open_gates(data, wanted)
        while wanted:
            some, asked = self.first_matching(data, wanted)
            found |= some
            wanted &= ~asked
        return found

    def with_open_gates(self, data: bytes, wanted: int) -> int:
        """Those of the wanted rules whose gate matches, or that have none."""
        for gate, bits in self._gates:
            if wanted & bits and gate.search(data) is None:
                wanted &= ~bits
        return wanted

    def first_matching(self, data: bytes, wanted: int) -> tuple[int, int]:
        """Of the first of the wanted rules and some others, those whose pattern matches; and which have been asked."""
        patterns = self._set_of[(wanted & -wanted).bit_length() - 1]
        return patterns.matching(data) & wanted, patterns.bits & wanted


def _groups(rules: tuple[Rule, ...]) -> list[list[int]]:
    """The numbers of the rules, a few together."""
    groups: list[list[int]] = []
    open_groups: dict[bool, tuple[list[int], int]] = {}
    for number, rule in enumerate(rules):
        weak = not rule.triggers or min(map(len, rule.triggers)) <= _WEAK_TRIGGER
        group, length = open_groups.get(weak, ([], _LENGTH))
        length += len(rule.pattern)
        if length > _LENGTH:
            group, length = [], len(rule.pattern)
            groups.append(group)
        group.append(number)
        open_groups[weak] = (group, length)
    return groups
