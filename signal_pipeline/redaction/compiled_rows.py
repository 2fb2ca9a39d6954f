"""The rows of the table as RE2 runs them on bytes, and whether a row wants what its pattern found. Masks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import sealed

_HASH_CONTEXT = 96
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

    def wants(self, data: bytes, start: int, end: int) -> bool:
        """The rule's judgement on what its pattern found."""
        if self.rule.check is None:
            return True
        value = data[start:end].decode()
        return self.rule.check(value) and not (
            self.not_after is not None and _is_known_hash(self.not_after, data, start, value)
        )


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
    )


def _is_known_hash(before: Any, data: bytes, start: int, value: str) -> bool:
    if value.strip("0123456789abcdefABCDEF-"):
        return False
    return before.search(data[max(0, start - _HASH_CONTEXT) : start]) is not None


def _optional(pattern: str | None) -> Any:
    return compiled(pattern) if pattern else None
