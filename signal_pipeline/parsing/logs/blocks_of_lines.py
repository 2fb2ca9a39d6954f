"""Which heads are lines of a report that began above them (formats/block_kinds.py says of what kinds there are)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from signal_pipeline.parsing.logs.any_times import read_any_times
from signal_pipeline.parsing.logs.formats.block_kind import BlockKind
from signal_pipeline.parsing.logs.formats.block_kinds import BLOCK_KINDS, NOTE_KINDS
from signal_pipeline.parsing.logs.headed_lines import SOURCE, HeadedLines, Line
from signal_pipeline.parsing.logs.heads import TEXT_FORMAT, text_heads
from signal_pipeline.stack_traces.linear_pattern import LinearPattern, PatternSet, linear
from signal_pipeline.text_shapes.short_column import ShortColumn

_MAX_LINES = 3_000
_MAX_GAP = 50
"""Heads of other sources between two lines of a report."""
_MAX_SECONDS = 5
_LOOK_BACK = 4
"""Lines between a head without a message and a report that it introduces: a rule, a title."""
_ANY_FORMAT = tuple(kind for kind in BLOCK_KINDS if not kind.format)
_OPENS = "^(?:" + "|".join(f"(?:{kind.opens})" for kind in _ANY_FORMAT) + ")"
_OF_FORMATS = tuple(kind for kind in BLOCK_KINDS if kind.format)


@dataclass(frozen=True)
class _Patterns:
    """The patterns of a kind, compiled; None where it has none."""

    continues: LinearPattern | None
    until: LinearPattern | None
    last: LinearPattern | None
    says: LinearPattern | None
    says_after: LinearPattern | None
    time: LinearPattern | None


@cache
def _patterns(kind: BlockKind) -> _Patterns:
    written = (kind.continues, kind.until, kind.last, kind.says, kind.says_after, kind.time)
    return _Patterns(*(linear(pattern) if pattern else None for pattern in written))


def with_blocks(heads: pl.DataFrame, rest: pl.DataFrame, text: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`heads` and `rest` (columns line and text: the lines without a head) where the lines of reports are heads whose
    `block` is the line that their report begins at; its own head says what the report says."""
    openers = _openers(heads, rest, text)
    if openers:
        file = HeadedLines(heads, text)
        found = list(_reports(file, openers))
        if found:
            heads, rest = _applied(heads, rest, text, file, found)
    return _with_notes(heads, text), rest


def _openers(heads: pl.DataFrame, rest: pl.DataFrame, text: pl.Series) -> list[int]:
    """The lines at which a report may begin."""
    lines: set[int] = set()
    bare = heads.filter(heads["bare"] & ~heads["timed"])["line"]
    for line, said in ((heads["line"], heads["message"]), (bare, text.gather(bare)), (rest["line"], rest["text"])):
        if line.len():
            lines.update(line.filter(ShortColumn(said).contain(_OPENS).fill_null(False)).to_list())
    formats = set(heads["format"].unique().to_list()) if heads.height else set()
    for kind in _OF_FORMATS:
        if any(name.startswith(kind.format) for name in formats):
            some = heads.filter(pl.col("format").str.starts_with(kind.format))
            opens = some["message"].fill_null("").str.contains(f"^(?:{kind.opens})")
            lines.update(some["line"].filter(opens).to_list())
    return sorted(lines)


@dataclass(frozen=True)
class _Report:
    kind: BlockKind
    start: int
    lines: list[int]
    says: str | None
    time: str | None


def _reports(file: HeadedLines, openers: list[int]) -> Iterator[_Report]:
    inside: set[int] = set()
    for start in openers:
        if start in inside:
            continue
        line = file.line(start)
        if line.head < 0 and _below_empty_head(file, start):
            continue
        name = file.head(line.head).source[0] if line.head >= 0 else TEXT_FORMAT
        kind = _kind_of(line, name or "")
        if kind is None:
            continue
        begin = _line_above(file, start) if kind.begins_above else start
        if begin is None or begin in inside:
            continue
        report = _report(file, kind, begin)
        if report.lines:
            inside.update(report.lines)
            yield report


def _below_empty_head(file: HeadedLines, line: int) -> bool:
    """The head above says nothing: what is below it is its text."""
    for above in range(line - 1, max(line - 1 - _LOOK_BACK, -1), -1):
        found = file.line(above)
        if found.head >= 0:
            return not found.said.strip()
    return False


def _line_above(file: HeadedLines, line: int) -> int | None:
    """The line right above, where it says something and no logger gave it a head."""
    above = line - 1
    return above if above >= 0 and file.line(above).head < 0 and file.line(above).said.strip() else None


@cache
def _openings() -> PatternSet:
    return PatternSet((f"^(?:{kind.opens})" for kind in BLOCK_KINDS), anchored=False)


def _kind_of(line: Line, name: str) -> BlockKind | None:
    """The first kind that may begin at a line of the format `name`."""
    if name.startswith("json"):
        return None
    fitting = set(_openings().matching(line.said))
    if line.head >= 0:
        fitting |= set(_openings().matching(line.written))
    return next((BLOCK_KINDS[at] for at in sorted(fitting) if name.startswith(BLOCK_KINDS[at].format)), None)


def _report(file: HeadedLines, kind: BlockKind, start: int) -> _Report:
    """The report of a kind that begins at line `start`; without lines when none follow."""
    patterns = _patterns(kind)
    numbers, lines = [start], [file.line(start)]
    for number in _candidates(file, kind, start):
        line = file.line(number)
        if patterns.until is not None and line.matched(patterns.until) and _may_end(kind, lines):
            break
        is_last = patterns.last is not None and line.matched(patterns.last) is not None
        sure = not line.said.strip() or len(lines) <= kind.sure
        if not (sure or is_last or patterns.continues is None or line.matched(patterns.continues)):
            break
        numbers.append(number)
        lines.append(line)
        if is_last:
            break
    said = _first(patterns.says, lines)
    if kind.says_next:
        said = _first_said(lines[1:])
    if patterns.says_after is not None:
        after = next((number for number, line in enumerate(lines, 1) if line.matched(patterns.says_after)), None)
        said = (None if after is None else _first_said(lines[after:])) or said
    return _Report(kind, start, numbers[1:], said, _first(patterns.time, lines))


def _first_said(lines: list[Line]) -> str | None:
    return next((line.said.strip() for line in lines if line.said.strip()), None)


def _may_end(kind: BlockKind, lines: list[Line]) -> bool:
    says = _patterns(kind).says
    return says is None or not kind.tells_first or any(line.matched(says) for line in lines)


def _first(pattern: LinearPattern | None, lines: list[Line]) -> str | None:
    found = None if pattern is None else next((match for line in lines if (match := line.matched(pattern))), None)
    return found.group(1) if found else None


def _candidates(file: HeadedLines, kind: BlockKind, start: int) -> Iterator[int]:
    """The lines after `start` that its report may go on with: those of its source and of its level."""
    opener = file.line(start).head
    of = file.head(opener) if opener >= 0 else None
    gap = 0
    for number in range(start + 1, min(file.count, start + 1 + _MAX_LINES)):
        if of is not None and file.is_of_another(number, opener):
            gap += 1
            if gap > _MAX_GAP or not (of.source[1] or of.source[2]):
                return
            continue
        line = file.line(number)
        if line.head < 0:
            if line.said.strip():
                yield number
            continue
        if kind.is_bare:
            return
        head = file.head(line.head)
        if of is None:
            if head.timed or (head.source[0] is not None and head.source[0].startswith("json")):
                return
        elif not kind.any_level and head.level != of.level:
            return
        if of is not None and None not in (of.second, head.second) and head.second - of.second > _MAX_SECONDS:  # type: ignore[operator]
            return
        yield number


def _applied(
    heads: pl.DataFrame, rest: pl.DataFrame, text: pl.Series, file: HeadedLines, found: list[_Report]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of the reports become heads, and leave `rest`."""
    owner = {line: report.start for report in found for line in report.lines}
    starts = {report.start: report for report in found}
    bare = [line for line in sorted({*owner, *starts}) if file.line(line).head < 0]
    if bare:
        lines = pl.Series(bare, dtype=pl.Int64())
        heads = pl.concat([heads, text_heads(lines, text.gather(lines))]).sort("line")
        rest = rest.filter(~rest["line"].is_in(bare))
    at = heads["line"].to_list()
    place = {line: number for number, line in enumerate(at)}
    rows = pl.Series([place[line] for line in owner], dtype=pl.UInt32())
    for strip in {report.kind.strip for report in found} - {""}:
        tagged = [place[line] for report in found if report.kind.strip == strip for line in report.lines]
        plain = heads["message"].gather(tagged).str.replace(strip, "")
        heads = heads.with_columns(heads["message"].clone().scatter(tagged, plain))
    block = heads["block"].clone().scatter(rows, pl.Series(list(owner.values()), dtype=pl.Int64()))
    return _with_report_fields(heads.with_columns(block.alias("block")), place, starts), rest


def _with_report_fields(heads: pl.DataFrame, place: dict[int, int], starts: dict[int, _Report]) -> pl.DataFrame:
    """The heads of reports with what these say, how bad they are, and when they happened."""
    rows = pl.Series([place[start] for start in starts], dtype=pl.UInt32())
    some = heads.select("message", "stack_trace", "level", "timestamp")[rows]
    reports = list(starts.values())
    says = pl.Series([report.says for report in reports], dtype=pl.String())
    own = says.is_null() | (says == some["message"]).fill_null(False)
    told = own & ~pl.Series([report.kind.is_crash for report in reports])
    loud = pl.Series([report.kind.is_loud for report in reports])
    level = some["level"].zip_with(
        some["level"].is_not_null() & ~loud, pl.Series([report.kind.level for report in reports], dtype=pl.String())
    )
    times = read_any_times(pl.Series([report.time for report in reports], dtype=pl.String()))
    changed = {
        "message": some["message"].zip_with(own, says),
        "stack_trace": some["stack_trace"].zip_with(told, some["message"]),
        "level": level,
    }
    if times.utc.null_count() < len(reports):
        changed["timestamp"] = some["timestamp"].zip_with(some["timestamp"].is_not_null(), times.utc)
    return heads.with_columns(heads[name].clone().scatter(rows, values).alias(name) for name, values in changed.items())


def _with_notes(heads: pl.DataFrame, text: pl.Series) -> pl.DataFrame:
    """Records that only say more of the one before them, of the same source, become part of its report."""
    for kind in NOTE_KINDS:
        named = heads["format"].str.starts_with(kind.format)
        if not named.any():
            continue
        rows = named.arg_true()
        written = text.gather(heads["line"].gather(rows)).str.extract(kind.pattern, 1)
        notes = written.is_not_null()
        if not notes.any():
            continue
        some = heads.select("format", "component", "thread", "line")[rows].with_columns(
            pl.when(~notes).then("line").alias("owner"), notes.alias("note"), written.alias("written")
        )
        some = some.with_columns(pl.col("owner").forward_fill().over(*SOURCE))
        fits = some["note"] & some["owner"].is_not_null() & (some["line"] - some["owner"] <= _MAX_GAP)
        at = rows.filter(fits)
        heads = heads.with_columns(
            heads["block"].clone().scatter(at, some["owner"].filter(fits)).alias("block"),
            heads["message"].clone().scatter(at, some["written"].filter(fits)).alias("message"),
        )
    return heads
