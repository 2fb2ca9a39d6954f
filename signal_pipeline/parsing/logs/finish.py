"""The last steps of a block of records: redaction, the messages of access logs, length caps. In that order."""

from __future__ import annotations

import polars as pl

from signal_pipeline.limits import Limits
from signal_pipeline.parsing.logs.context import plain_ids
from signal_pipeline.parsing.per_value import redacted_per_value
from signal_pipeline.parsing.request_urls import redacted_urls
from signal_pipeline.redaction.redactor import Redactor

_WIDE = ("message", "stack_trace", "error_text")
_NARROW = ("component", "thread", "exception_class")
_MAX_CHARS = {
    **dict.fromkeys((*_NARROW, "trace_id", "request_id", "method"), 512),
    **dict.fromkeys(("url", "error_text"), 4_096),
}
_GAP = "\n[...]\n"


def redact(records: pl.DataFrame, redactor: Redactor) -> pl.DataFrame:
    """All text columns through the redactor. Columns of few values are redacted value by value."""
    records = _without_carried(records, redactor)
    columns = [redactor.column(records[name]) for name in _WIDE if records[name].null_count() < records.height]
    columns += [redacted_per_value(records[name], redactor) for name in _NARROW]
    columns += [
        _ids(records[name], redactor)
        for name in ("trace_id", "request_id")
        if records[name].null_count() < records.height
    ]
    if records["url"].null_count() < records.height:
        columns.append(redacted_urls(records["url"], redactor, lambda paths: redacted_per_value(paths, redactor)))
    return records.with_columns_seq(columns)


def _without_carried(records: pl.DataFrame, redactor: Redactor) -> pl.DataFrame:
    """Without secrets that begin in one record and go on in the next."""
    messages, stacks = redactor.carried(records["message"], records["stack_trace"])
    return records.with_columns_seq(messages, stacks)


def _ids(values: pl.Series, redactor: Redactor) -> pl.Series:
    """Values with the shape of an id stay, whatever they look like to a redactor: other files are joined by them."""
    rows = (values.is_not_null() & ~plain_ids(values)).arg_true()
    return values if rows.is_empty() else values.clone().scatter(rows, redactor.column(values.gather(rows)))


def with_request_messages(records: pl.DataFrame) -> pl.DataFrame:
    """Requests of access logs get a message from method, redacted path and status."""
    rows = records["message"].is_null().arg_true()
    if rows.is_empty():
        return records
    request = pl.concat_str([pl.col("method"), pl.lit(" "), pl.col("url").str.extract(r"^([^?#]*)", 1)])
    status = pl.concat_str([pl.lit(" -> "), pl.col("status").cast(pl.String())]).fill_null("")
    messages = records.select("method", "url", "status")[rows].select(
        pl.coalesce([pl.concat_str([request, status]), pl.lit("")])
    )
    return records.with_columns(records["message"].clone().scatter(rows, messages.to_series()))


def cap(records: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Texts cut to the limits, after redaction: `flags` says which. Of a stack trace beginning and end are kept."""
    longest = _longest(records)
    over = [name for name, most in _MAX_CHARS.items() if longest[name] > most]
    if over:
        records = records.with_columns(pl.col(name).str.slice(0, _MAX_CHARS[name]) for name in over)
    if longest["message"] <= limits.max_message_chars and longest["stack_trace"] <= limits.max_stack_chars:
        return records
    tail = limits.max_stack_chars // 4
    head = limits.max_stack_chars - tail - len(_GAP)
    stack = pl.concat_str(
        [pl.col("stack_trace").str.slice(0, head), pl.lit(_GAP), pl.col("stack_trace").str.tail(tail)]
    )
    over_message = pl.col("message").str.len_chars() > limits.max_message_chars
    over_stack = pl.col("stack_trace").str.len_chars() > limits.max_stack_chars
    flags = [
        pl.col("flags"),
        pl.when(over_message).then(pl.lit(",text_capped")).otherwise(pl.lit("")),
        pl.when(over_stack.fill_null(False)).then(pl.lit(",stack_capped")).otherwise(pl.lit("")),
    ]
    return records.with_columns(
        pl.col("message").str.slice(0, limits.max_message_chars),
        pl.when(over_stack).then(stack).otherwise(pl.col("stack_trace")).alias("stack_trace"),
        pl.concat_str(flags).str.strip_chars_start(",").alias("flags"),
    )


def _longest(records: pl.DataFrame) -> dict[str, int]:
    """The bytes of the longest value of each column; no text has more characters than bytes."""
    sizes = records.select_seq(pl.col("message", "stack_trace", *_MAX_CHARS).str.len_bytes().max().fill_null(0))
    return sizes.row(0, named=True)
