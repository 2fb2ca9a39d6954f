"""What one row of the redaction table is. No rule stands here.

A pattern is written for RE2 and Rust regex alike: linear time, no look-around, ASCII classes only
(`[0-9]`, not `\\d`, which means other things to the two engines). The group `v` is what gets
replaced; without it, the whole match is. What surrounds `v` stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BORDER = r"(?:^|[^A-Za-z0-9])"
"""What comes before a key, so that it is not the end of a longer word."""


@dataclass(frozen=True)
class Rule:
    """One row.

    `triggers` are lower-case literals of which one must occur (ASCII case folded)
    for the pattern to be able to match; none means the pattern is always tried."""

    name: str
    pattern: str
    token: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    check: Callable[[str], bool] | None = None
    """Judges the group `v`: true means mask. Runs on candidates only."""
    pseudonym: bool = False
    """Whether the token carries a keyed pseudonym of the value."""
    not_after: str | None = None
    """A pattern, ended by `$`, of what comes before a hexadecimal value that is to stay:
    "commit ", "sha256:"."""
    kept: str | None = None
    """A pattern of what looks like a match and is none, see `rules.kept`: a value inside one stays."""
    parts: Callable[[str], list[tuple[int, int]]] | None = None
    """Which spans of the group `v` are masked, where that is not all of it. In order, without overlaps."""
    value: str | None = None
    """A small pattern that finds the group `v` in a match: RE2 is ten times slower where it has to find a group by a
    large one."""
    repeat: bool = False
    """Whether matches may share their borders, so that a second pass is needed."""
    columnar: bool = False
    """Common enough to run over whole columns first: the pattern is `(before)(?P<v>value)` with nothing after the
    value, and nothing is `kept`."""
    unless: str | None = None
    """Columnar rows only: texts that match this are left to the rows that look closer."""
    needs: tuple[str, ...] = ()
    """Of the characters of each one must occur for the pattern to be able to match: punctuation and white space;
    `\x80` stands for all characters outside ASCII."""
    begins: tuple[str, ...] = ()
    """Lower-case literals: a value that begins with one is masked before all other rows are asked, whatever its name.
    The pattern is `BORDER` and the group `v`."""
    gate: str | None = None
    """A cheaper pattern that matches wherever this one does; rows that share a gate pay for it once."""
