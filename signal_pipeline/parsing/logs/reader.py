"""Reads a log of any format, block by block: the way from bytes to redacted records. The steps are in the
files beside it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from threading import Lock
from typing import BinaryIO

import numpy as np
import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.fault_isolation import done_apart
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.logs.blocks import BLOCK_BYTES, Block, read_blocks
from signal_pipeline.parsing.logs.console_requests import with_console_requests
from signal_pipeline.parsing.logs.context import with_context
from signal_pipeline.parsing.logs.documents import as_document
from signal_pipeline.parsing.logs.finish import cap, redact, with_request_messages
from signal_pipeline.parsing.logs.headings import without_headings
from signal_pipeline.parsing.logs.journal_export import export_heads, is_export
from signal_pipeline.parsing.logs.json_document import read_document
from signal_pipeline.parsing.logs.lines import Lines, split_lines
from signal_pipeline.parsing.logs.read_lines import Plan, plan_for, read_heads
from signal_pipeline.parsing.logs.record_border import last_head
from signal_pipeline.parsing.logs.records import assemble, tell
from signal_pipeline.parsing.logs.unwrapping import by_source, unwrap
from signal_pipeline.parsing.logs.years import Calendar
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS

_OF_THE_CALLER = ("report_id", "signal_id", "signal_sha256", "member", "role")
_COLUMNS = [column for column in PARSED.columns if column.name not in _OF_THE_CALLER]
_WORKERS = 2
_AHEAD = 3
"""Blocks that may be in memory at once beside the one handed out."""
_MAX_HELD = 4 * BLOCK_BYTES
"""A record longer than this, in bytes, is cut in two."""
_DOCUMENT_PART = 20_000
"""Records of a JSON document that are read at once."""
_REASON_OF_FLAG = {
    "line_cut": PartialReason.TEXT_CAPPED,
    "text_capped": PartialReason.TEXT_CAPPED,
    "stack_capped": PartialReason.STACK_CAPPED,
}


def read_log(stream: BinaryIO, *, redactor: Redactor, limits: Limits, notes: OutcomeNotes) -> Iterator[pl.DataFrame]:
    """Frames of log records in file order: the columns of schemas.PARSED without those that only the caller knows.

    One row per record; traces and other continuation lines belong to the record before them. All text is
    redacted before it is cut to `limits`. Memory is bounded whatever the size of the file or of a line. `notes` is
    complete when the iterator ends. Raises SignalRejected for empty and binary input, and when the line limit is
    reached before the first record.
    """
    formats: Counter[str] = Counter()
    calendar: Calendar | None = None
    for lines, records, has_lost in _in_order(_line_blocks(stream, limits, notes), redactor, limits):
        if calendar is None:
            calendar = Calendar(lines.text)
        _note(notes, formats, lines, records)
        notes.reasons |= {PartialReason.INTERNAL_ERROR} if has_lost else set()
        frame = _shaped(calendar.date(records), notes.entries - records.height)
        if not frame.is_empty():
            yield frame
    if not notes.entries and PartialReason.LINES_CAPPED in notes.reasons:
        raise SignalRejected(RejectionCode.TOO_MANY_LINES, limits.max_lines)
    notes.redactions = dict(redactor.counts)


def _line_blocks(stream: BinaryIO, limits: Limits, notes: OutcomeNotes) -> Iterator[Lines]:
    """The lines of the stream up to the line limit; of a JSON document its records, each as a line."""
    document, whole, is_torn = read_document(stream)
    if is_torn:
        notes.reasons.add(PartialReason.TRUNCATED)
    if document is not None:
        for at in range(0, len(document), _DOCUMENT_PART):
            yield document.part(at, at + _DOCUMENT_PART)
        return
    number = 1
    for block in read_blocks(whole, max_line_bytes=limits.max_line_bytes):
        lines = _lines_of(block, number, limits)
        left = limits.max_lines - (number - 1)
        if len(lines) > left:
            notes.reasons.add(PartialReason.LINES_CAPPED)
            if left:
                yield lines.part(0, left)
            return
        number += len(lines)
        yield lines


def _lines_of(block: Block, number: int, limits: Limits) -> Lines:
    lines = split_lines(block.data, block.offset, number, block.encoding, limits.max_line_bytes)
    if block.dropped:
        lines.length[-1] += block.dropped
        lines.cut[-1] = True
    return lines


def _in_order(
    blocks: Iterable[Lines], redactor: Redactor, limits: Limits
) -> Iterator[tuple[Lines, pl.DataFrame, bool]]:
    """Lines and their records, block after block; several blocks are processed at once."""
    plan: Plan | None = None
    held: Lines | None = None
    redacting = Lock()  # a redactor counts, and so serves one thread at a time
    waiting: deque[tuple[Lines, Future[tuple[pl.DataFrame, bool]]]] = deque()
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="log-reader") as pool:
        try:
            for block, is_last in _with_last(blocks):
                lines = block if held is None else Lines.joined(held, block)
                plan = plan or plan_for(lines.text)
                border = len(lines) if is_last else last_head(lines.text, plan)
                if not border and lines.length.sum() > _MAX_HELD:
                    border = len(lines)
                held = lines.part(border, len(lines)) if border < len(lines) else None
                if not border:
                    continue
                whole = lines.part(0, border)
                if is_last and not waiting:
                    # Small files: a fresh thread would compile its patterns again.
                    yield whole, *_records(whole, plan, redactor, limits, redacting)
                    return
                waiting.append((whole, pool.submit(_records, whole, plan, redactor, limits, redacting)))
                if len(waiting) > _AHEAD:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _with_last(blocks: Iterable[Lines]) -> Iterator[tuple[Lines, bool]]:
    """Each block, and whether it is the last."""
    previous: Lines | None = None
    for block in blocks:
        if previous is not None:
            yield previous, False
        previous = block
    if previous is not None:
        yield previous, True


def _result(job: tuple[Lines, Future[tuple[pl.DataFrame, bool]]]) -> tuple[Lines, pl.DataFrame, bool]:
    return job[0], *job[1].result()


def _records(
    lines: Lines, plan: Plan, redactor: Redactor, limits: Limits, redacting: Lock
) -> tuple[pl.DataFrame, bool]:
    """The records of a block, and whether lines were lost to a fault of this program."""

    exported = is_export(lines.text)

    def work(some: Lines) -> pl.DataFrame:
        assembled = _exported(some) if exported else _assembled(some, plan)
        records = with_context(tell(with_console_requests(assembled)))
        if plan.document:
            records = as_document(records)
        with redacting:
            redacted = redact(records, redactor)
        return cap(with_request_messages(redacted), limits)

    frames, lost = done_apart(lines, len(lines), Lines.part, work, lambda _: None, what="reading log records")
    if not frames:
        raise SignalRejected(RejectionCode.INTERNAL_ERROR, int(lines.number[0]))
    return frames[0] if len(frames) == 1 else pl.concat(frames), lost > 0


def _exported(lines: Lines) -> pl.DataFrame:
    heads, text = export_heads(lines.text)
    return assemble(heads, text, lines)


def _assembled(lines: Lines, plan: Plan) -> pl.DataFrame:
    """Records in file order; lines that others interrupted are read beside those of the same source."""
    unwrapped = unwrap(lines.text, plan.wrappings)
    unwrapped = replace(unwrapped, text=without_headings(unwrapped.text))
    order = by_source(unwrapped.source)
    if order is None:
        return assemble(read_heads(unwrapped, plan), unwrapped.text, lines)
    lines, unwrapped = lines.taken(order), unwrapped.taken(order)
    return assemble(read_heads(unwrapped, plan), unwrapped.text, lines).sort("line_number")


def _note(notes: OutcomeNotes, formats: Counter[str], lines: Lines, records: pl.DataFrame) -> None:
    notes.lines += len(lines) if lines.span is None else int(lines.last_number[-1] - lines.number[0] + 1)
    notes.entries += records.height
    if lines.replaced:
        notes.reasons.add(PartialReason.ENCODING_REPLACED)
    for name, count in _lines_by_format(records):
        formats[name] += count
        notes.units += count
        notes.understood += count if name != "text" else 0
    ranked = sorted(formats, key=lambda name: (-formats[name], name))
    notes.format = ranked[0] if ranked else None
    notes.runner_up = ranked[1] if len(ranked) > 1 else None
    for flags in records["flags"].unique():
        notes.reasons |= {_REASON_OF_FLAG[flag] for flag in flags.split(",") if flag in _REASON_OF_FLAG}


def _lines_by_format(records: pl.DataFrame) -> Iterable[tuple[str, int]]:
    """Formats, perhaps more than once, and how many lines were read by them."""
    if records.height <= SHORT_COLUMN_ROWS:
        return zip(records["format"].to_list(), records["line_count"].to_list(), strict=True)
    return records.group_by("format").agg(pl.col("line_count").sum()).iter_rows()


def _shaped(records: pl.DataFrame, first_ordinal: int) -> pl.DataFrame:
    """The columns of the contract."""
    ordinal = pl.Series("ordinal", np.arange(first_ordinal, first_ordinal + records.height))
    return records.with_columns_seq(ordinal).select_seq(_expressions(tuple(records.columns)))


@cache
def _expressions(have: tuple[str, ...]) -> list[pl.Expr]:
    made = {name: pl.col(name) for name in (*have, "ordinal")}
    made |= {"kind": pl.lit("log"), "flags": pl.when(pl.col("flags") != "").then("flags")}
    return [made.get(column.name, pl.lit(None)).cast(column.dtype).alias(column.name) for column in _COLUMNS]
