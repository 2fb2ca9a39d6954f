"""Lines that hold no record of their own: headings of tables that tools print records in, and fields of cards."""

from __future__ import annotations

import polars as pl

from signal_pipeline.text_shapes.short_column import ShortColumn

_HEADING = (
    r"^(?:Events:\s*$|\s*Type +Reason +Age +From +(?:SubObjectPath +)?Message\s*$|\s*-{2,}(?: +-{2,}){3,}\s*$"
    r"|LAST SEEN +(?:FIRST SEEN +COUNT +)?TYPE +REASON +OBJECT)"
)
"""Of `kubectl describe` and `kubectl get events`, and the rule below them."""
_CARD = r"^Logger: [a-z_][0-9a-z_.]*\s*$"
_CARD_FIELD = r"^(?:Source|Integration|First occurred|Last logged): "
"""Home Assistant shows an error with its logger in the first line, facts about it in the next, and then the text."""


def without_headings(text: pl.Series) -> pl.Series:
    """The lines with blank ones in the place of headings."""
    rows = ShortColumn(text)
    blank = rows.contain(_HEADING)
    if rows.contain(_CARD).any():
        blank = blank | rows.contain(_CARD_FIELD)
    return text.zip_with(~blank, pl.Series([""]).new_from_index(0, text.len())) if blank.any() else text
