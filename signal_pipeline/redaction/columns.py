"""The gate over whole columns: the same result as the scanner on each value, at a fraction of the cost.

Three steps: invisible characters out; the common rows of the table as polars expressions over the
values that may hold something; the scanner for the few values that need a closer look, each
distinct one once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from signal_pipeline.redaction.gate import FOREIGN, SHAPE, WORDS, for_polars
from signal_pipeline.redaction.known_ids import KNOWN_IDS, KNOWN_NUMBERS, Known
from signal_pipeline.redaction.normalise import ANSI_PATTERN, INVISIBLE_PATTERN, SEALS_PATTERN
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import ENCODED_RUN, PADDED, UNREST
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import RULES

_SHAPE, _WORDS, _FOREIGN = for_polars(SHAPE), for_polars(WORDS), for_polars(FOREIGN)
_RUNS = for_polars(ENCODED_RUN)
_EITHER, _PADDED = for_polars(f"{UNREST}|{WORDS}"), for_polars(PADDED)
_HIDDEN = f"{ANSI_PATTERN}|{INVISIBLE_PATTERN}|{SEALS_PATTERN}"


def _for_polars(known: Known) -> tuple[tuple[str, str], ...]:
    return tuple(
        (for_polars(pattern), "".join(part if isinstance(part, str) else f"${{{part}}}" for part in parts))
        for pattern, parts in known
    )


_KNOWN_IDS, _KNOWN_NUMBERS = _for_polars(KNOWN_IDS), _for_polars(KNOWN_NUMBERS)

FEW_VALUES = 32
"""So many are cheaper one by one than as a column."""
LONG_VALUE = 4_096
"""From here on, in bytes, one value is cheaper as a column than one by one."""


@dataclass(frozen=True)
class _ColumnRow:
    rule: Rule
    pattern: str
    gate: str
    unless: str | None


def _column_row(rule: Rule) -> _ColumnRow:
    unless = for_polars(rule.unless) if rule.unless else None
    return _ColumnRow(rule, for_polars(rule.pattern), for_polars(rule.gate or rule.pattern), unless)


class ColumnScanner:
    """`scan(values)` is `scanner.scan` on each value of a String column; nulls stay null."""

    def __init__(self, scanner: Scanner, counts: Counter[str], rules: tuple[Rule, ...] = RULES) -> None:
        self._scanner = scanner
        self._counts = counts
        self._rows = tuple(_column_row(rule) for rule in rules if rule.columnar)

    def scan(self, values: pl.Series) -> pl.Series:
        if len(values) <= FEW_VALUES and not (values.str.len_bytes() > LONG_VALUE).any():
            return _each(values, self._scanner.scan)
        values = _replaced(values, _not_ascii(values) | values.str.contains("\x1b", literal=True), _without_hidden)
        for row in self._rows:
            values = self._plain(values, row)
        return self._close_looks(values)

    def _close_looks(self, values: pl.Series) -> pl.Series:
        other = _not_ascii(values)
        shape, words, runs = _questions(values)
        shape = _still(values, shape, _SHAPE, _KNOWN_NUMBERS)
        if other.any():
            shape = shape | (other & values.str.contains(_FOREIGN))
        runs = _still(values, runs & ~shape, _RUNS, _KNOWN_IDS)
        names = words & ~(shape | runs | other)
        looks = (
            (shape | (words & ~names), self._scanner.close_again),
            (names, self._scanner.close_names),
            (runs & ~(shape | words), self._scanner.close_runs),
        )
        for rows, look in looks:
            values = _replaced(values, rows, partial(_each, look=look))
        return values

    def _plain(self, values: pl.Series, row: _ColumnRow) -> pl.Series:
        affected = values.str.contains(row.gate)
        if row.unless is not None and affected.any():
            affected = affected & ~values.str.contains(row.unless)
        return _replaced(values, affected, lambda some: self._substituted(some, row))

    def _substituted(self, values: pl.Series, row: _ColumnRow) -> pl.Series:
        token = row.rule.token
        done = values.str.replace_all(row.pattern, "${1}" + token)
        more = _occurrences(done, token) - _occurrences(values, token)
        if more:
            self._counts[row.rule.name] += more
        return done


def _each(values: pl.Series, look: Callable[[str], str]) -> pl.Series:
    return pl.Series(values.name, [None if value is None else look(value) for value in values], dtype=pl.String())


def _occurrences(values: pl.Series, literal: str) -> int:
    return int(values.str.count_matches(literal, literal=True).sum())


def _not_ascii(values: pl.Series) -> pl.Series:
    return values.str.len_bytes() != values.str.len_chars()


def _questions(values: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Which values show a shape, a name, a run.

    Names and runs are asked for together: their automata stay small side by side, and most values show neither.
    One select, so that the passes run side by side.
    """
    text = pl.col(values.name)
    found = values.to_frame().select(
        text.str.contains(pattern).alias(str(number)) for number, pattern in enumerate((_SHAPE, _EITHER, _PADDED))
    )
    words = _still(values, found["1"], _WORDS, ())
    return found["0"], words, _still(values, found["1"] | found["2"], _RUNS, ())


def _still(values: pl.Series, rows: pl.Series, question: str, known: tuple[tuple[str, str], ...]) -> pl.Series:
    """The rows for which the answer is yes without the known parts too."""
    places = rows.fill_null(False).arg_true()
    if places.is_empty():
        return rows
    quiet = values.gather(places)
    for pattern, left in known:
        quiet = quiet.str.replace_all(pattern, left)
    return rows.clone().scatter(places, quiet.str.contains(question))


def _without_hidden(values: pl.Series) -> pl.Series:
    return values.str.replace_all(_HIDDEN, "")


def _replaced(values: pl.Series, mask: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The column with `change` applied to the values of the mask (null counts as no)."""
    places = mask.fill_null(False).arg_true()
    if places.is_empty():
        return values
    if len(places) == len(values):
        return change(values)
    # scatter writes into the series it is called on, so never on the caller's.
    return values.clone().scatter(places, change(values.gather(places)))
