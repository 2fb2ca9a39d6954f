"""The rows of the table as RE2 runs them on bytes, and whether a row wants what its pattern found. Masks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

import re2

from signal_pipeline.redaction.rules.rule import BORDER, Rule
from signal_pipeline.redaction.tokens import is_sealed, sealed

_HASH_CONTEXT = 96
_NEARBY = 160
_MEMORY = 256 * 1024 * 1024


@cache
def compiled_gate(pattern: str) -> Any:
    """The pattern for a search that asks for nothing but yes or no."""
    options = re2.Options()
    options.max_mem, options.never_capture = _MEMORY, True
    return re2.compile(pattern.encode(), options)


@cache
def compiled(pattern: str) -> Any:
    """The pattern for RE2 on bytes, with enough memory that its automaton is not thrown away."""
    options = re2.Options()
    options.max_mem = _MEMORY
    return re2.compile(pattern.encode(), options)


class Row:
    """A rule, compiled when it is first asked. `token` stands for what it masks while other rows still run."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.token = sealed(rule.token).encode()

    @cached_property
    def _regex(self) -> Any:
        pattern = self.rule.pattern
        return compiled(pattern.replace("(?P<v>", "(?:") if self.rule.value else pattern)

    @cached_property
    def _value(self) -> Any:
        return _optional(self.rule.value) or self._regex

    @cached_property
    def _group(self) -> int:
        return int(self._value.groupindex.get(b"v", self._value.groupindex.get("v", 0)))

    def matches(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Where each match begins, and where what it would mask begins (-1 for nothing) and ends."""
        within = self._value if self.rule.value else None
        for match in self._regex.finditer(data):
            start, end = match.span()
            found = match if within is None else within.fullmatch(data, start, end)
            yield start, *(found.span(self._group) if found is not None else (-1, -1))

    @cached_property
    def beginning(self) -> Any:
        """What the row masks, for matches at one place; the border before it has been looked at."""
        return compiled(self.rule.pattern.removeprefix(BORDER))

    @cached_property
    def gate(self) -> Any:
        return compiled_gate(self.rule.gate) if self.rule.gate else None

    @cached_property
    def unless(self) -> Any:
        return _optional(self.rule.unless)

    @cached_property
    def not_after(self) -> Any:
        return _optional(self.rule.not_after)

    @cached_property
    def kept(self) -> Any:
        return _optional(self.rule.kept)

    def wants(self, data: bytes, start: int, end: int) -> bool:
        """The rule's judgement on what its pattern found."""
        if self.rule.check is not None:
            value = data[start:end].decode()
            if not self.rule.check(value):
                return False
            if self.not_after is not None and _is_known_hash(self.not_after, data, start, value):
                return False
        return self.kept is None or not _is_inside(self.kept, data, start, end)

    def in_parts(self, value: str) -> tuple[bytes, int]:
        """The value with the token for each of the parts that the rule names, and how many these are."""
        assert self.rule.parts is not None
        out: list[bytes] = []
        last = masked = 0
        for start, end in self.rule.parts(value):
            if start < last or start >= end or is_sealed(value[start:end]):
                continue
            out += [value[last:start].encode(), self.token]
            last = end
            masked += 1
        return b"".join([*out, value[last:].encode()]), masked


@cache
def rows_of(rules: tuple[Rule, ...]) -> tuple[Row, ...]:
    """The rows of a table, each compiled once."""
    return tuple(map(Row, rules))


def _is_inside(kept: Any, data: bytes, start: int, end: int) -> bool:
    """A match of `kept` covers the value. What a match needs around the value is looked for nearby only."""
    first, last = max(0, start - _NEARBY), end + _NEARBY
    for match in kept.finditer(data[first:last]):
        begins, ends = first + match.start(), first + match.end()
        # At a border of the window a pattern may take its end for that of the text.
        cut = (first > 0 and match.start() == 0) or (last < len(data) and ends == last)
        if begins <= start and end <= ends and not cut:
            return True
    return False


def _is_known_hash(before: Any, data: bytes, start: int, value: str) -> bool:
    if value.strip("0123456789abcdefABCDEF-"):
        return False
    return before.search(data[max(0, start - _HASH_CONTEXT) : start]) is not None


def _optional(pattern: str | None) -> Any:
    return compiled(pattern) if pattern else None
