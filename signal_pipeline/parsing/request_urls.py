"""URLs of requests, redacted as columns: thousands of them share few paths and very few shapes of a query. What a URL
keeps is decided in redaction/urls.py.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.text_shapes.short_column import contains

_MAX_PLAIN_BYTES = 4_096
_PLAIN = r"^(?:/|https?://)[^#;?]*(?:\?[^#]*)?$"
"""Neither a fragment nor matrix parameters, and none of the schemes that have no path."""
_PADDED = r"[\s\x00-\x1f]$"
_QUERY_VALUE = "=[^&;]*"


def redacted_urls(urls: pl.Series, redactor: Redactor, redact_texts: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`redactor.url_column(urls)`; `redact_texts` is the redaction of a text column."""
    plain = contains(urls, _PLAIN) & (urls.str.len_bytes() <= _MAX_PLAIN_BYTES) & ~contains(urls, _PADDED)
    rows = plain.fill_null(False).arg_true()
    if len(rows) == urls.len() - urls.null_count():
        return _plain_urls(urls, redactor, redact_texts)
    others = (~plain).fill_null(False).arg_true()
    redacted = urls.clone().scatter(others, redactor.url_column(urls.gather(others)))
    if rows.is_empty():
        return redacted
    return redacted.scatter(rows, _plain_urls(urls.gather(rows), redactor, redact_texts))


def _plain_urls(urls: pl.Series, redactor: Redactor, redact_texts: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """A query says nothing but the names of its parameters, so that it is redacted without their values."""
    parts = urls.str.splitn("?", 2).struct.unnest()
    paths = redactor.url_template(redact_texts(parts["field_0"]))
    if parts["field_1"].null_count() == urls.len():
        return paths.alias(urls.name)
    shapes = ("?" + parts["field_1"].str.replace_all(_QUERY_VALUE, "=")).fill_null("")
    return (paths + redactor.url_column(shapes)).alias(urls.name)
