"""Families of templates that differ only where values stand, and the coarser template of each.

What a piece of a template is, is known in `atoms.py`; which texts of several pieces are one value, in `spans.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from signal_pipeline.classification.atoms import (
    LITERALS,
    SPAN,
    VERBS,
    Tokens,
    is_dump,
    is_enum,
    is_quoted,
    is_value,
    names_constant,
    requests,
)
from signal_pipeline.classification.single_token_pairs import single_token_pairs

WILDCARD = "<*>"
METHOD = "<METHOD>"
"""Stands for an HTTP method, or the line of a request, while families are told apart."""


@dataclass(frozen=True)
class Evidence:
    """What is evidence enough that a position varies."""

    labelled_words: int = 3
    """So many different words after one that announces a name ("user", "file"). Two may be two things to say."""
    methods: bool = True
    """Whether the HTTP method of a request is a value."""


IN_A_FILE = Evidence()

FREE_WORD_VALUES = 6
"""So many different words at one free position are values; fewer may be states ("started", "stopped")."""
BOUND_WORD_VALUES = 3
"""After '=', ':' or inside quotes and brackets fewer will do."""
STATES = 18
"""Where the words are states, or hardly any other word is left."""
METHOD_VALUES = 4
"""So many different HTTP methods at one position are values; fewer may be as many things that are asked for."""
BARE_VALUES = 10
"""Where no two constant words are left, so many values are needed: "<*>()" may be three functions."""

ROUNDS = 4
_PORTS = (("<NUM>", " "), ("<PORT>", " "))

_STATE = re.compile(
    r"^[a-z]{3,}(?:ed|ing|able|ible)$|^(?:up|down|on|off|open|start|stop|begin|end|idle|busy|ready|running|lost|found|ok"
    r"|full|empty|valid|invalid|true|false|alive|dead|read|write|online|offline|success|failure|none)$",
    re.ASCII,
)
"""Words that say how something is: two of them are two things to say, not two values."""
_IDENTIFIER = re.compile(
    r"^(?!.*(?:Exception|Error|Failure|Fault|Warning|Timeout)$)[A-Z]?[a-z0-9]+(?:[A-Z]+[a-z0-9]+)+[A-Z]*$", re.ASCII
)
"""A name of the program's own, by its capitals. What kind of exception it was is no value."""
_LABELS = frozenset(
    [
        "user",
        "users",
        "for",
        "from",
        "by",
        "is",
        "file",
        "host",
        "node",
        "server",
        "client",
        "account",
        "group",
        "domain",
        "table",
        "database",
        "queue",
        "topic",
        "name",
        "package",
        "process",
        "command",
        "module",
        "interface",
        "image",
        "container",
        "volume",
        "thread",
        "class",
    ]
)
_BINDERS = frozenset("=:([{\"'|")


def families(rows: set[Tokens], evidence: Evidence = IN_A_FILE) -> list[tuple[Tokens, list[Tokens]]]:
    """Each family of `rows` that are one but for values, with the coarser row that stands for it.

    Equal but for tokens that look like values are one; so are those that differ in one word more, where enough
    different words stand."""
    members: dict[Tokens, list[Tokens]] = defaultdict(list)
    for row in sorted(rows):
        members[_opened(row, evidence.methods)].append(row)
    for key, family in list(members.items()):
        if METHOD in key and not _methods_vary(key, family):
            del members[key]
            for row in family:
                members[_opened(row, methods=False)].append(row)
    for key, family in list(members.items()):
        if len(family) < BARE_VALUES and not _says_something(key):
            del members[key]
            members.update((row, [row]) for row in family)
        elif key[0] == WILDCARD and not _begins_with_values(family):
            del members[key]
            for row in family:
                members[row[0], *key[1:]].append(row)
    for _ in range(ROUNDS):
        merged = _by_words(set(members), evidence)
        if not merged:
            break
        for key, pattern in merged.items():
            members[pattern].extend(members.pop(key))
    # Once per family: once per row, a family of 3,000 took 18 s.
    return [(_overlay(family), family) for family in members.values() if len(family) > 1]


def _opened(row: Tokens, methods: bool) -> Tokens:
    """`row` with a wildcard for each value. The first word is one only where it holds a mask's token, and a name
    before brackets is that of a function: as likely another statement as another value."""
    asked = requests(row)
    return tuple(
        (METHOD if methods else token.split(" ", 1)[0]) if at in asked else WILDCARD if _is_value(row, at) else token
        for at, token in enumerate(row)
    )


def _methods_vary(key: Tokens, family: Sequence[Tokens]) -> bool:
    at = key.index(METHOD)
    return len({row[at].strip("\"'").split(" ", 1)[0] for row in family}) >= METHOD_VALUES


def _is_value(row: Tokens, at: int) -> bool:
    token = row[at]
    if at == 0:
        return begins_with_value(token) or (row[1:2] == (":",) and row[2:4] in _PORTS and token[0].isalpha())
    if is_value(token):
        return not _is_called(row, at)
    return token in LITERALS and _before(row, at) in _BINDERS


def _before(row: Tokens, at: int) -> str:
    return next((token for token in reversed(row[:at]) if not token.isspace()), "")


def _is_called(row: Tokens, at: int) -> bool:
    return at + 1 < len(row) and row[at + 1][0] == "(" and (row[at][0].isalpha() or row[at][0] == "_")


def _begins_with_values(family: Sequence[Tokens]) -> bool:
    """Whether the first position is one of values: bare names before a port are hosts beside one that is known, or
    where there are many of them."""
    return len(family) >= FREE_WORD_VALUES or any(begins_with_value(row[0]) for row in family)


def begins_with_value(token: str) -> bool:
    """Whether the first word is a value: more is asked of it than of a later one."""
    return len(token) > 1 and ("<" in token or token[0] == SPAN or is_quoted(token) or is_dump(token))


def _says_something(pattern: Tokens) -> bool:
    """Whether words are left that tell what it is about, outside of brackets."""
    return any((len(token) > 2 and token.isalpha()) or token == METHOD for token in pattern)


def _overlay(family: Sequence[Tokens]) -> Tokens:
    return tuple(column[0] if len(set(column)) == 1 else _wildcard(column) for column in zip(*family, strict=True))


def _wildcard(column: Sequence[str]) -> str:
    """A wildcard in the quotes or brackets that all have."""
    first = column[0]
    for same_kind in (is_quoted, is_dump):
        if all(map(same_kind, column)) and len({token[-1] for token in column}) == 1:
            opener = first[-1] if same_kind is is_quoted else {")": "(", "]": "[", "}": "{", ">": "<"}[first[-1]]
            if all(token[0] == opener for token in column):
                return f"{opener}{_same_method(column)}{WILDCARD}{first[-1]}"
    return WILDCARD


def _same_method(column: Sequence[str]) -> str:
    """The HTTP method, with a blank, that these quoted request lines have in common."""
    heads = {token[1:].split(" ", 1)[0] for token in column}
    return f"{heads.pop()} " if len(heads) == 1 and heads <= VERBS else ""


def _by_words(rows: set[Tokens], evidence: Evidence) -> dict[Tokens, Tokens]:
    """Rows that are equal but for one word, where enough different words stand."""
    found: dict[tuple[int, Tokens], list[Tokens]] = defaultdict(list)
    for row, position in single_token_pairs(rows):
        if not row[position].isspace() and _may_vary(row[position]):
            found[position, (*row[:position], WILDCARD, *row[position + 1 :])].append(row)
    merged: dict[Tokens, Tokens] = {}
    by_size = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    for (position, pattern), family in by_size:
        if len(family) > 1 and len(family) >= _needed(pattern, position, family, evidence):
            merged.update((row, pattern) for row in family if row not in merged)
    return {row: pattern for row, pattern in merged.items() if row != pattern}


def _are_states(words: Sequence[str]) -> bool:
    """Whether these say how something is: all are constants (FOLLOWING), or half of them look it by their form."""
    if all((is_enum(word) and len(word) > 2) or names_constant(word) for word in words):
        return True
    return 2 * sum(_STATE.match(word.lower()) is not None for word in words) >= len(words)


def _may_vary(token: str) -> bool:
    return len(token) > 1 or token.isalnum()


def _needed(pattern: Tokens, position: int, family: Sequence[Tokens], evidence: Evidence) -> int:
    """How many different words make this position one of values."""
    constant_words = sum(1 for token in pattern if len(token) > 1 and token.isalpha())
    if constant_words < 2 or _are_states([row[position] for row in family]):
        return STATES
    before = _before(pattern, position)
    if any(row[position] == WILDCARD for row in family):
        return 2
    if before.lower() in _LABELS:
        return evidence.labelled_words
    if before in _BINDERS or all(_IDENTIFIER.match(row[position]) for row in family):
        return BOUND_WORD_VALUES
    return FREE_WORD_VALUES
