"""Finds which of many rules match a text, some patterns at a time. No memory of texts, no masking.

One search with a set answers for all its patterns and extracts no groups. A set of the whole table has an automaton
that outgrows its cache on varied text, so each holds a few rows that lie close in the table, and is compiled when it is
first asked. Sets of rules are bits of a number: the rule of number n is `1 << n`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import re2

from signal_pipeline.redaction.compiled_rows import compiled_gate
from signal_pipeline.redaction.rules.rule import Rule

_MEMORY = 64 * 1024 * 1024
_LENGTH = 400
"""Characters of patterns that share a set. Long patterns stay alone: together their states multiply."""
_WEAK_TRIGGER = 2
"""Literals so short are in most texts by chance, so their rows share sets: else each set would be asked each time."""

Write = Callable[[str], str]


class _PatternSet:
    """Patterns with the bits that each stands for, as `written` changes them."""

    def __init__(self, patterns: list[tuple[str, int]], written: Write) -> None:
        self._patterns = patterns
        self._written = written
        self._bits = [*(bits for _, bits in patterns), 0]
        self.bits = sum(self._bits)

    @cached_property
    def _set(self) -> Any:
        options = re2.Options()
        options.max_mem, options.never_capture = _MEMORY, True
        found = re2.Set.SearchSet(options)
        for pattern, _ in self._patterns:
            found.Add(self._written(pattern).encode())
        # Matches every text: a set that does not report it has failed, and the text must not pass.
        found.Add(b"")
        found.Compile()
        return found

    def matching(self, data: bytes) -> int:
        """The bits of the patterns that match."""
        found = self._set.Match(data)
        if len(self._patterns) not in found:
            raise RuntimeError("a set of patterns returned no result")
        bits = 0
        for number in found:
            bits |= self._bits[number]
        return bits


class PatternSets:
    """The patterns of a table, each as `written` changes it."""

    def __init__(self, rules: tuple[Rule, ...], written: Write) -> None:
        self._written = written
        self._set_of: list[_PatternSet] = []
        groups = {number: group for group in _groups(rules) for number in group}
        sets: dict[int, _PatternSet] = {}
        for number in range(len(rules)):
            first = groups[number][0]
            if first not in sets:
                sets[first] = _PatternSet([(rules[n].pattern, 1 << n) for n in groups[number]], written)
            self._set_of.append(sets[first])
        gates: dict[str, int] = {}
        for number, rule in enumerate(rules):
            if rule.gate is not None:
                gates[rule.gate] = gates.get(rule.gate, 0) | 1 << number
        # Each for itself: together their automaton grows with every text.
        self._gates = list(gates.items())

    def matching(self, data: bytes, wanted: int) -> int:
        """Those of the wanted rules of which the gate and the pattern match."""
        for gate, bits in self._gates:
            if wanted & bits and compiled_gate(self._written(gate)).search(data) is None:
                wanted &= ~bits
        found = 0
        while wanted:
            patterns = self._set_of[(wanted & -wanted).bit_length() - 1]
            found |= patterns.matching(data) & wanted
            wanted &= ~patterns.bits
        return found


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
