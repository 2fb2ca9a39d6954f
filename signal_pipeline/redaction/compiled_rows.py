"""The rows of the table as RE2 runs them on bytes, and whether a row wants what its pattern found. Masks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import is_sealed, sealed

_HASH_CONTEXT = 96
_NEARBY = 160
_MEMORY = 256 * 1024 * 1024


@cache
def compiled(pattern: str) -> Any:
    """The pattern for RE2 on bytes, with enough memory that its automaton is not thrown away."""
    options = re2.Options()
    options.max_mem = _MEMORY
    return re2.compile(pattern.encode(), options)


@dataclass(frozen=True)
class Row:
    """A rule, compiled. `group` is what it masks, `token` what stands for it while other rows still run."""

    rule: Rule
    regex: Any
    group: int
    token: bytes
    gate: Any
    unless: Any
    not_after: Any
    kept: Any

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
    """The rows of a table, compiled once."""
    return tuple(_row(rule) for rule in rules)


def _row(rule: Rule) -> Row:
    regex = compiled(rule.pattern)
    group = regex.groupindex.get(b"v", regex.groupindex.get("v", 0))
    return Row(
        rule,
        regex,
        group,
        sealed(rule.token).encode(),
        _optional(rule.gate),
        _optional(rule.unless),
        _optional(rule.not_after),
        _optional(rule.kept),
    )


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
