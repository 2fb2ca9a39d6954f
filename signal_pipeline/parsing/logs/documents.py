"""Whether a file is written text (a read-me file, a script, source code, settings) and no log. Its lines tell of errors
too, but none of them says that one happened.

Decided on a sample, by what its lines look like: enough of them as people write them, next to none as programs print
them.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.frame_schema import DOCUMENT
from signal_pipeline.parsing.logs.formats.document_lines import (
    ANNOTATION,
    DECISIVE_LINES,
    PRINTED_LINES,
    PROSE_WORDS,
    WRITTEN_LINES,
)
from signal_pipeline.parsing.logs.heads import TEXT_FORMAT
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS, ShortColumn

_FEWEST_LINES = 8
_WRITTEN_SHARE = 0.45
_PRINTED_SHARE = 0.03
_UNPRINTED_SHARE = 0.2
_FEWEST_UNPRINTED = 40
"""Of so many lines, some would look as a program prints them if one had. Then less says that people wrote them."""
_UNPRINTED = rf"^\s*\|.*\|\s*$|{ANNOTATION}"
"""Rows of tables and annotations look as if they were printed."""
_PROMPT = r"^\s*(?:>>>|\.\.\.) "
_LINES_OF_EXAMPLE = 5
_PRINTED = "|".join(f"(?:{row.pattern})" for row in PRINTED_LINES)
_WRITTEN = "|".join(f"(?:{row.pattern})" for row in WRITTEN_LINES)
_WRAPPED_SHARE = 0.08
_BLANK_SHARE = 0.12
_WRAPPED = r"^\s*[a-z(\"'`][a-z.,;:'\"`)(-]* (?:[\w.,;:'\"`)(/@*-]+ ){2}"
_GOES_ON = r"^.{45,}[a-z0-9,\"'`)]\s*$"
"""A line that goes on in the next one, and such a next one: paragraphs are wrapped, messages are not."""


def is_document(text: pl.Series, headed: int) -> bool:
    """Whether the lines `text` of a file, of which `headed` lines have a head of a log format, are written text."""
    text = text.head(SHORT_COLUMN_ROWS)
    lines = text.filter(text.str.contains(r"\S"))
    count = lines.len()
    if count < _FEWEST_LINES or headed > _PRINTED_SHARE * count:
        return False
    rows = ShortColumn(lines)
    if rows.contain(DECISIVE_LINES).any():
        return False  # Also where a job's log begins with the line that called its script.
    if not headed and str(lines[0]).startswith("#!"):
        return True
    looks_printed = rows.contain(_PRINTED) & ~rows.contain(_UNPRINTED)
    prompts = rows.contain(_PROMPT)
    if prompts.any():  # Examples show what it prints.
        looks_printed &= prompts.cast(pl.Int8).rolling_max(_LINES_OF_EXAMPLE, min_samples=1) == 0
    printed = int(looks_printed.sum())
    if printed > _PRINTED_SHARE * count:
        return False
    written = rows.contain(_WRITTEN)
    wrapped = rows.contain(_WRAPPED) & rows.contain(_GOES_ON).shift(1, fill_value=False)
    # Messages are sentences too, but they are not wrapped, and no blank lines set them apart.
    if wrapped.sum() > max(1, _WRAPPED_SHARE * count) or text.len() - count > _BLANK_SHARE * text.len():
        written |= rows.contain(PROSE_WORDS)
    share = _UNPRINTED_SHARE if not printed and count >= _FEWEST_UNPRINTED else _WRITTEN_SHARE
    return bool((written | wrapped).sum() >= share * count)


def as_document(records: pl.DataFrame) -> pl.DataFrame:
    """Records of written text: those without a head of their own get the format that says so."""
    return records.with_columns(pl.col("format").replace({TEXT_FORMAT: DOCUMENT}))
