"""Replaces the texts of an error by the representatives of their shape, where no fact can depend on lone digits.

A representative is the same for all texts that differ in these digits only (`signal_pipeline.text_shapes`), so few
distinct errors are left to examine.

All patterns that read a trace or a URL are blind to lone digits, so what they extract from two texts of one shape has
one shape too, and is equal if no lone digit is left in it. That is tested here, on one text of each group.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.frames import stripped_trace
from signal_pipeline.classification.kept_codes import ANY_KEPT
from signal_pipeline.classification.roles import has_message
from signal_pipeline.classification.root_cause import cause_line
from signal_pipeline.classification.route import route
from signal_pipeline.classification.stated_cause import states_cause
from signal_pipeline.text_shapes.shape_groups import ShapeGroups

_LONE_DIGIT = r"(?:^|[^0-9A-Za-z_])[0-9]"
"""Every lone digit is seen, and the first of `0x1f` too."""


def with_representatives(errors: pl.DataFrame) -> pl.DataFrame:
    """`errors` with other texts in message, stack_trace and url, for which all facts are the same."""
    log = errors.select(has_message()).to_series()
    trace, has_cause, cause_varies = _representative_traces(errors["stack_trace"])
    message = errors["message"]
    states = states_cause(errors)
    trace = errors["stack_trace"].zip_with(states, trace)
    # A code is kept to the digit, and a cause is compared with the message to the letter.
    exact = cause_varies | states | ShapeGroups.of(message).contains(ANY_KEPT)
    # Else the message is asked for no more than whether it begins with the method of a request.
    begins = errors.select(
        pl.when(pl.col("message").str.starts_with(pl.concat_str("method", pl.lit(" ")))).then("method").alias("begins")
    )["begins"]
    short = errors["reduced"].zip_with(begins.is_null(), begins + " ")
    changed = [
        errors["representative_message"].zip_with(has_cause, short).zip_with(~exact, message).alias("message"),
        trace.alias("stack_trace"),
        _representative_urls(errors["url"]).alias("url"),
    ]
    if log.all():
        return errors.with_columns(changed)
    return errors.with_columns(column.zip_with(log, errors[column.name]) for column in changed)


def _representative_traces(traces: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The traces to parse, which of them state a root exception, and in which of those that holds lone digits."""
    rows = traces.is_not_null().arg_true()
    no = pl.repeat(False, len(traces), dtype=pl.Boolean, eager=True)
    if rows.is_empty():
        return traces, no, no
    some = traces.gather(rows)
    groups = ShapeGroups.of(some)
    text = pl.col("text")
    left = groups.representatives.to_frame("text").select(
        stripped_trace(text, "#").str.contains(_LONE_DIGIT).alias("frames"),
        cause_line(text).is_not_null().alias("cause"),
        cause_line(text).str.contains(_LONE_DIGIT).fill_null(False).alias("varies"),
    )
    exact = groups.spread(left["frames"] | left["varies"])
    chosen = some.zip_with(exact, groups.spread(groups.representatives))
    has_cause, varies = (no.clone().scatter(rows, groups.spread(left[name])) for name in ("cause", "varies"))
    return traces.clone().scatter(rows, chosen), has_cause, varies


def _representative_urls(urls: pl.Series) -> pl.Series:
    """Of a URL no more is asked than its route; that stands for the URL where it is its own route."""
    rows = urls.is_not_null().arg_true()
    if rows.is_empty():
        return urls
    some = urls.gather(rows)
    groups = ShapeGroups.of(some)
    routes = groups.representatives.to_frame("url").select(route(pl.col("url")).alias("url"))
    exact = routes.select((route(pl.col("url")) != pl.col("url")) | pl.col("url").str.contains(_LONE_DIGIT)).to_series()
    return urls.clone().scatter(rows, some.zip_with(groups.spread(exact), groups.spread(routes["url"])))
