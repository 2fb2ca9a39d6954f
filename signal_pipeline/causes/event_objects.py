"""What events are about (an order, a payment): ids that a failed event states by name, where other entries have them.

An event says `order_id`, a log line `orderId=`, a request has it in its path, and a subject is a URN: the value is what
they share. It need not look like an id by itself, as long as an event says that it is one.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.frame_schema import EVENT

MAX_STATED = 2_000
"""Ids of one report; of more, those that come first."""
_STATED = (
    r"[(,] ?(?:[A-Za-z0-9_\-]+\.)*[A-Za-z0-9_\-]*?"
    r"(?:[iI]d|ID|[uU]uid|UUID|[nN]umber|[rR]ef|[rR]eference|[kK]ey)=([^,()\s]{3,200})"
)
_SUBJECT = r"^[^\s(]+ ([^\s(:][^\s(]{2,199})(?: |$)"
_LAST_PART = r"([A-Za-z0-9][A-Za-z0-9_\-]{2,63})$"
_TOKEN = r"[a-z0-9][a-z0-9_\-]{2,63}"
# Digits alone are an id from so many on: smaller numbers are counts and prices as well.
_TELLING = r"^(?:[0-9]{5,}|[a-z0-9_\-]*[a-z][a-z0-9_\-]*[0-9][a-z0-9_\-]*|[0-9][a-z0-9_\-]*[a-z][a-z0-9_\-]*)$"


def objects_of_events(entries: pl.DataFrame) -> pl.DataFrame:
    """`row`, `id`: the ids that failed events state, in every entry that has one of them in its text."""
    failed = entries.filter((pl.col("role") == EVENT) & pl.col("is_error").fill_null(False))
    nothing = pl.DataFrame(schema={"row": entries.schema["row"], "id": pl.String()})
    if failed.is_empty():
        return nothing
    message = pl.col("message").str.slice(0, 4_000)
    fields = failed.select(value=message.str.extract_all(_STATED)).explode("value").drop_nulls()
    stated = pl.concat(
        [fields.select(pl.col("value").str.extract(_STATED)), failed.select(value=message.str.extract(_SUBJECT))]
    )
    values = stated.select(value=pl.col("value").str.extract(_LAST_PART).str.to_lowercase()).drop_nulls()
    values = values.filter(pl.col("value").str.contains(_TELLING)).unique(maintain_order=True).head(MAX_STATED)
    if values.is_empty():
        return nothing
    text = pl.concat_str(
        [pl.col(name).str.slice(0, 4_000) for name in ("message", "error_text", "url")],
        separator="\n",
        ignore_nulls=True,
    ).str.to_lowercase()
    have = entries.select("row", text=text).filter(pl.col("text").str.contains_any(values["value"].to_list()))
    tokens = have.select("row", id=pl.col("text").str.extract_all(_TOKEN)).explode("id").drop_nulls()
    return tokens.join(values, left_on="id", right_on="value", how="semi").unique(maintain_order=True)
