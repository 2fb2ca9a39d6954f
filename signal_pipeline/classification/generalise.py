"""The batch step: templates of one report or file that differ only where values vary become one.

Masks judge a line by itself and so leave a user name or a package name standing. Beside its siblings it shows:
the rest holds and this position varies. Only `template` and `template_id` become coarser; signatures are made
before, from the masks' templates, and never change.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from signal_pipeline.classification.near_rows import one_token_apart
from signal_pipeline.classification.template import template_ids

GENERALISE_VERSION = "2026-11-22"
# Changelog
# 2026-11-22  first rules

WILDCARD = "<*>"
MAX_TEMPLATES = 50_000
"""Beyond this the masks have failed on the input (each line unique) and siblings would be chance."""
MAX_TOKENS = 160

FREE_WORD_VALUES = 6
"""So many different words at one free position are values; fewer may be states ("started", "stopped")."""
BOUND_WORD_VALUES = 3
"""After '=', ':' or inside quotes and brackets fewer will do."""
LABELLED_WORD_VALUES = 2
"""After a word that announces a name ("user", "for", "file") two will do."""
ROUNDS = 4

_TOKENS = re.compile(r"(?:<[A-Z*][A-Z_]*>|[^\s=:,;()\[\]{}\"'|<>])+|\s+|.", re.ASCII)
_VALUE = re.compile(
    r"<|[0-9]|[A-Za-z][./\\$@][A-Za-z]|[a-z]_[a-z]|^(?:true|false|null|none|nil|yes|no|on|off)$", re.ASCII
)
_CONSTANT = re.compile(r"^[A-Za-z0-9_.]+[.][A-Z]+_[A-Z_]+$", re.ASCII)
_STATE = re.compile(
    r"^[a-z]{3,}(?:ed|ing|able|ible)$|^(?:up|down|on|off|open|start|stop|begin|end|idle|busy|ready|running|lost|found|ok"
    r"|full|empty|valid|invalid|true|false|alive|dead|read|write|online|offline|success|failure|none)$",
    re.ASCII,
)
"""Words that say how something is: two of them are two things to say, not two values."""
_ENUM = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$", re.ASCII)
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


def generalise_templates(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` with coarser `template` and `template_id`; every other column, and the order, as it was."""
    coarser = template_map(entries["template"].unique().to_list())
    if not coarser:
        return entries
    template = entries["template"].replace(list(coarser), list(coarser.values()))
    return entries.with_columns(template.alias("template"), template_ids(template).alias("template_id"))


def template_map(templates: Iterable[str]) -> dict[str, str]:
    """Each template that has siblings, with the coarser one that it becomes. The order of `templates` is irrelevant."""
    distinct = set(templates)
    if len(distinct) > MAX_TEMPLATES:
        return {}
    rows = {template: _TOKENS.findall(template) for template in sorted(distinct)}
    current = {template: tuple(tokens) for template, tokens in rows.items() if len(tokens) <= MAX_TOKENS}
    current = _rename(current, _by_values(set(current.values())))
    for _ in range(ROUNDS):
        merged = _by_words(set(current.values()))
        if not merged:
            break
        current = _rename(current, merged)
    return {old: new for old, tokens in current.items() if (new := "".join(tokens)) != old}


Tokens = tuple[str, ...]


def _rename(current: dict[str, Tokens], merged: dict[Tokens, Tokens]) -> dict[str, Tokens]:
    return {template: merged.get(tokens, tokens) for template, tokens in current.items()}


def _by_values(rows: set[Tokens]) -> dict[Tokens, Tokens]:
    """Templates that are equal but for tokens that look like values."""
    families: dict[Tokens, list[Tokens]] = defaultdict(list)
    for row in rows:
        families[tuple(WILDCARD if _is_value(row, i) else token for i, token in enumerate(row))].append(row)
    # Once per family: once per row, a family of 3,000 took 18 s.
    opened = [(family, _overlay(family)) for family in families.values() if len(family) > 1]
    return {row: pattern for family, pattern in opened for row in family}


def _is_value(row: Tokens, position: int) -> bool:
    token = row[position]
    if position == 0:
        return "<" in token and len(token) > 1
    return _looks_like_a_value(token)


@functools.lru_cache(maxsize=65_536)
def _looks_like_a_value(token: str) -> bool:
    """A dotted name is one, unless it ends in a constant: android.intent.action.SCREEN_ON names what happened."""
    return _VALUE.search(token) is not None and _ENUM.match(token) is None and _CONSTANT.search(token) is None


def _overlay(family: Sequence[Tokens]) -> Tokens:
    return tuple(column[0] if len(set(column)) == 1 else WILDCARD for column in zip(*family, strict=True))


def _by_words(rows: set[Tokens]) -> dict[Tokens, Tokens]:
    """Templates that are equal but for one word, where enough different words stand."""
    families: dict[tuple[int, Tokens], list[Tokens]] = defaultdict(list)
    for row, position in one_token_apart(rows):
        if not row[position].isspace() and _may_vary(row[position]):
            families[position, (*row[:position], WILDCARD, *row[position + 1 :])].append(row)
    merged: dict[Tokens, Tokens] = {}
    by_size = sorted(families.items(), key=lambda item: (-len(item[1]), item[0]))
    for (position, pattern), family in by_size:
        if len(family) > 1 and len(family) >= _needed(pattern, position, family):
            merged.update((row, pattern) for row in family if row not in merged)
    return merged


def _names_a_state(token: str) -> bool:
    return (_ENUM.match(token) is not None and len(token) > 2) or _CONSTANT.match(token) is not None


def _may_vary(token: str) -> bool:
    return len(token) > 1 or token.isalnum()


def _needed(pattern: Tokens, position: int, family: Sequence[Tokens]) -> int:
    """How many different words make this position one of values."""
    if all(_names_a_state(row[position]) for row in family):
        return FREE_WORD_VALUES * 3  # GET and POST, FOLLOWING and LEADING: names of states, not values
    constant_words = sum(1 for token in pattern if len(token) > 1 and token.isalpha())
    if constant_words < 2:
        return FREE_WORD_VALUES * 3
    if 2 * sum(_STATE.match(row[position].lower()) is not None for row in family) >= len(family):
        return FREE_WORD_VALUES * 3
    before = next((token for token in reversed(pattern[:position]) if not token.isspace()), "")
    if before.lower() in _LABELS or any("<" in row[position] for row in family):
        return LABELLED_WORD_VALUES
    if before in _BINDERS:
        return BOUND_WORD_VALUES
    return FREE_WORD_VALUES
