"""The gate over whole columns: the same result as the scanner on each value, at a fraction of the cost.

Four steps: invisible characters out; one search per group of values that differ in lone digits only, whether
anything in the table could touch one of them; the common rows of the table as polars expressions over those that
it could; the scanner for the few values that need an exact scan, each distinct one once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial, reduce
from operator import or_

import numpy as np
import polars as pl

from signal_pipeline.redaction.gate import FOREIGN, SHAPES, WORD_SETS, for_polars
from signal_pipeline.redaction.known_ids import KNOWN_IDS, KNOWN_NUMBERS, Known
from signal_pipeline.redaction.normalise import ANSI_PATTERN, INVISIBLE_PATTERN, SEALS_PATTERN
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import ENCODED_RUN, PADDED, UNREST
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import RULES
from signal_pipeline.text_shapes.digit_blind_patterns import is_blind, widened
from signal_pipeline.text_shapes.memo import Memoized
from signal_pipeline.text_shapes.shape_groups import ShapeGroups

_SHAPES, _WORDS = tuple(map(for_polars, SHAPES)), tuple(map(for_polars, WORD_SETS))
_FOREIGN, _RUNS = for_polars(FOREIGN), for_polars(ENCODED_RUN)
_UNREST, _PADDED = for_polars(UNREST), for_polars(PADDED)
_GATE = (*_SHAPES, *_WORDS, _UNREST, _PADDED)
_CUT = "\U000f0000"
"""What no value holds: seals have been taken out."""
_HIDDEN = f"{ANSI_PATTERN}|{INVISIBLE_PATTERN}|{SEALS_PATTERN}"


def _for_polars(known: Known) -> tuple[tuple[str, str], ...]:
    return tuple(
        (for_polars(pattern), "".join(part if isinstance(part, str) else f"${{{part}}}" for part in parts))
        for pattern, parts in known
    )


_KNOWN_IDS, _KNOWN_NUMBERS = _for_polars(KNOWN_IDS), _for_polars(KNOWN_NUMBERS)

FEW_VALUES = 256
"""So many are cheaper one by one than as a column, whose patterns are compiled again for each."""
_SAMPLE, _DENSE = 32, 0.75
LONG_VALUE = 4_096
"""From here on, in characters, one value is cheaper as a column than one by one."""


@dataclass(frozen=True)
class _ColumnRow:
    rule: Rule
    pattern: str
    gate: str
    unless: str | None


@cache
def _column_row(rule: Rule) -> _ColumnRow:
    unless = for_polars(rule.unless) if rule.unless else None
    return _ColumnRow(rule, for_polars(rule.pattern), for_polars(rule.gate or rule.pattern), unless)


class ColumnScanner:
    """`scan(values)` is `scanner.scan` on each value of a String column; nulls stay null."""

    def __init__(self, scanner: Scanner, counts: Counter[str], rules: tuple[Rule, ...] = RULES) -> None:
        self._scanner = scanner
        self._counts = counts
        self._rows = tuple(_column_row(rule) for rule in rules if rule.columnar)
        self._matching_gates = Memoized(self._match_gates)
        self._clean = Memoized(self._find_clean)

    def scan(self, values: pl.Series) -> pl.Series:
        if len(values) <= FEW_VALUES:
            texts = values.to_list()
            if all(text is None or len(text) <= LONG_VALUE for text in texts):
                redacted = [None if text is None else self._scanner.scan(text) for text in texts]
                return pl.Series(values.name, redacted, dtype=pl.String())
        values = _replaced(values, _not_ascii(values) | values.str.contains("\x1b", literal=True), _without_hidden)
        groups = ShapeGroups.of(values.fill_null("") if values.null_count() else values)
        if self._is_dense(groups):
            return _each(self._common_rows(values), self._scanner.close_again)
        touched = self._gates_of(groups).select(pl.any_horizontal(pl.all())).to_series()
        return _replaced(values, groups.spread(touched), self._scan_closely)

    def _is_dense(self, groups: ShapeGroups) -> bool:
        """Most values hold secrets and have no like: what the gates could tell is known before they are asked, and
        they cost a tenth of an exact scan each."""
        if 2 * len(groups.representatives) < len(groups.values):
            return False
        sample = groups.values.gather_every(max(1, len(groups.values) // _SAMPLE)).head(_SAMPLE)
        return sum(map(self._scanner.is_near, sample)) >= _DENSE * len(sample)

    def _gates_of(self, groups: ShapeGroups) -> pl.DataFrame:
        return self._matching_gates(groups.representatives.to_frame("text"))

    def _match_gates(self, representatives: pl.DataFrame) -> pl.DataFrame:
        """Which patterns may match; none for a text that no row of the table can touch and in which no encoding hides,
        whatever its lone digits are."""
        text = pl.col("text")
        patterns = (*(row.gate for row in self._rows), *_GATE)
        matches = [text.str.contains(widened(pattern)).alias(pattern) for pattern in patterns]
        foreign = (text.str.len_bytes() != text.str.len_chars()) & text.str.contains(_FOREIGN)
        return representatives.select(foreign.alias(_FOREIGN), *matches)

    def _scan_closely(self, values: pl.Series) -> pl.Series:
        return self._scan_exactly(self._common_rows(values))

    def _common_rows(self, values: pl.Series) -> pl.Series:
        for row in self._rows:
            values = self._plain(values, row)
        return values

    def _scan_exactly(self, values: pl.Series) -> pl.Series:
        other = _not_ascii(values)
        shape, words, runs = self._kinds_of_match(values)
        shape = _still(values, shape, _SHAPES, _KNOWN_NUMBERS)
        if other.any():
            shape = shape | (other & values.str.contains(_FOREIGN))
        runs = _still(values, runs & ~shape, (_RUNS,), _KNOWN_IDS)
        names = words & ~(shape | runs | other)
        scans = (
            (shape | (words & ~names), self._scanner.close_again),
            (self._not_clean(values, names), self._scanner.close_names),
            (runs & ~(shape | words), self._scanner.close_runs),
        )
        for rows, scan in scans:
            values = _replaced(values, rows, partial(_each, scan=scan))
        return values

    def _kinds_of_match(self, values: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
        """Which values show a shape, a name, a run."""
        groups = ShapeGroups.of(values)
        gates = self._gates_of(groups)
        shape, words, runs = (
            _matches_any(values, [groups.spread(gates[pattern]) for pattern in patterns])
            for patterns in (_SHAPES, _WORDS, (_UNREST, _PADDED))
        )
        return shape, words, runs

    def _not_clean(self, values: pl.Series, names: pl.Series) -> pl.Series:
        """`names` without the values whose group holds no secret."""
        rows = names.fill_null(False).arg_true()
        if rows.is_empty():
            return names
        groups = ShapeGroups.of(values.gather(rows))
        if 2 * len(groups.representatives) > len(rows):
            # Hardly two share a shape: a second search of each costs more than it saves.
            return names
        clean = self._clean(groups.representatives.to_frame("text"))["clean"]
        return names.clone().scatter(rows, ~groups.spread(clean))

    def _find_clean(self, representatives: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame(
            {"clean": [self._scanner.is_clean(text) for text in representatives["text"]]}, {"clean": pl.Boolean}
        )

    def _plain(self, values: pl.Series, row: _ColumnRow) -> pl.Series:
        affected = values.str.contains(row.gate)
        if row.unless is not None and affected.any():
            affected = affected & ~values.str.contains(row.unless)
        return _replaced(values, affected, lambda some: self._substituted(some, row))

    def _substituted(self, values: pl.Series, row: _ColumnRow) -> pl.Series:
        if row.rule.check is not None or row.rule.pseudonym:
            return self._marked(values, row)
        token = row.rule.token
        done = values.str.replace_all(row.pattern, "${1}" + token)
        more = _occurrences(done, token) - _occurrences(values, token)
        if more:
            self._counts[row.rule.name] += more
        return done

    def _marked(self, values: pl.Series, row: _ColumnRow) -> pl.Series:
        """The values that the pattern finds, each distinct one looked at once."""
        parts = values.str.replace_all(row.pattern, "${1}" + _CUT + "${v}" + _CUT).str.split(_CUT)
        lengths = parts.list.len().to_numpy()
        place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        found = pl.Series(np.flatnonzero(place % 2))
        flat = parts.explode()
        some = flat.gather(found)
        distinct = some.unique()
        marks = [self._mark(row.rule, value) for value in distinct]
        self._counts[row.rule.name] += int(
            (~some.is_in(distinct.filter(pl.Series(marks, dtype=pl.String()) == distinct).implode())).sum()
        )
        flat = flat.scatter(found, some.replace_strict(distinct, marks, return_dtype=pl.String()))
        rows = pl.Series("row", np.repeat(np.arange(len(values)), lengths))
        joined = (
            pl.DataFrame([rows, flat.alias("part")]).group_by("row", maintain_order=True).agg(pl.col("part").str.join())
        )
        return joined["part"].alias(values.name)

    def _mark(self, rule: Rule, value: str) -> str:
        return value if rule.check is not None and not rule.check(value) else self._scanner.mark(rule, value)


def _each(values: pl.Series, scan: Callable[[str], str]) -> pl.Series:
    return pl.Series(values.name, [None if value is None else scan(value) for value in values], dtype=pl.String())


def _occurrences(values: pl.Series, literal: str) -> int:
    return int(values.str.count_matches(literal, literal=True).sum())


def _not_ascii(values: pl.Series) -> pl.Series:
    return values.str.len_bytes() != values.str.len_chars()


def _matches_any(values: pl.Series, may: list[pl.Series]) -> pl.Series:
    """Whether one of the patterns matches, which name the columns. The text itself is searched only where its lone
    digits count and no other pattern has matched."""
    none = pl.zeros(len(values), pl.Boolean, eager=True)
    found = reduce(or_, (answer for answer in may if is_blind(answer.name)), none)
    for answer in may:
        if not is_blind(answer.name) and len(rows := (answer & ~found).arg_true()):
            found = found.scatter(rows, values.gather(rows).str.contains(answer.name))
    return found


def _still(
    values: pl.Series, rows: pl.Series, patterns: tuple[str, ...], known: tuple[tuple[str, str], ...]
) -> pl.Series:
    """The rows for which the answer is yes without the known parts too."""
    places = rows.fill_null(False).arg_true()
    if places.is_empty():
        return rows
    quiet = values.gather(places)
    for pattern, left in known:
        quiet = quiet.str.replace_all(pattern, left)
    return rows.clone().scatter(
        places,
        pl.DataFrame({"text": quiet})
        .select(pl.any_horizontal(pl.col("text").str.contains(pattern) for pattern in patterns))
        .to_series(),
    )


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
