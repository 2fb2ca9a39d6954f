"""Finds in one pass which rows of the table can match a text at all, by their literals and by its punctuation."""

from __future__ import annotations

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from signal_pipeline.redaction.rules.rule import Rule

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FOREIGN = 0x80
_MARKS = bytes(min(byte, _FOREIGN) for byte in range(256))
_MAX_REMEMBERED = 20_000


class Triggers:
    """`rows(data)` are the rules, as bits of one number, of which a trigger (or none at all) is in the data, and of all
    their `needs` a character."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._always = sum(1 << number for number, rule in enumerate(rules) if not rule.triggers)
        masks: dict[str, int] = {}
        leading: dict[str, int] = {}
        needs: dict[str, int] = {}
        for number, rule in enumerate(rules):
            for literal in rule.triggers:
                masks[literal] = masks.get(literal, 0) | 1 << number
            for literal in rule.begins:
                leading[literal] = leading.get(literal, 0) | 1 << number
                masks.setdefault(literal, 0)
            for need in rule.needs:
                needs[need] = needs.get(need, 0) | 1 << number
        self._masks = list(masks.values())
        self._leading = [leading.get(literal, 0) for literal in masks]
        self._literals = BytesAhoCorasick(
            [literal.encode() for literal in masks],
            matchkind=MatchKind.Standard,
            implementation=Implementation.DFA,
        )
        self._needs = [(frozenset(need.encode().translate(_MARKS)), rows) for need, rows in needs.items()]
        self._without: dict[frozenset[int], int] = {}

    def leading(self, data: bytes) -> dict[int, int]:
        """Where in the data a literal stands with which values begin, in order, and the rows that such values have."""
        found: dict[int, int] = {}
        for literal, start, _ in self._literals.find_matches_as_indexes(data.lower(), overlapping=True):
            rows = self._leading[literal]
            if rows and not data[start - 1 : start].isalnum():
                found[start] = found.get(start, 0) | rows
        return dict(sorted(found.items()))

    def rows(self, data: bytes) -> int:
        wanted = self._always
        masks = self._masks
        for literal, _, _ in self._literals.find_matches_as_indexes(data.lower(), overlapping=True):
            wanted |= masks[literal]
        return wanted & ~self._lacking(frozenset(data.translate(_MARKS, _ALNUM)))

    def _lacking(self, marks: frozenset[int]) -> int:
        """The rows that need a character which is not among those of the text."""
        lacking = self._without.get(marks)
        if lacking is None:
            lacking = 0
            for need, rows in self._needs:
                if not need & marks:
                    lacking |= rows
            if len(self._without) >= _MAX_REMEMBERED:
                self._without.clear()
            self._without[marks] = lacking
        return lacking
