"""Templates of messages: the mask table applied to a column. No error rules, no batch knowledge.

A message's template depends on that message alone: masks run in table order, the first ones on one message of each
group that differs in lone digits only, the rest on the distinct results. That is the same as all of them on each
message, since these masks cannot tell one lone digit from another and leave none but 0 behind (a test holds both).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.kept_codes import ANY_KEPT
from signal_pipeline.classification.mask import Mask
from signal_pipeline.classification.masks import MASKS
from signal_pipeline.text_shapes.memo import Memoized

TEMPLATE_ID_HEX = 16

_ON_EVERY_LINE = tuple(mask for mask in MASKS if mask.stage in ("line", "reduce"))
_ON_DISTINCT = tuple(mask for mask in MASKS if mask.stage == "unique")
_WITH_CODES = tuple(mask for mask in MASKS if mask.stage != "reduce")


def _masked(text: pl.Expr, masks: Iterable[Mask]) -> pl.Expr:
    for mask in masks:
        text = text.str.replace_all(ascii_pattern(mask.pattern), mask.replacement)
    return text


def _masked_but_codes(text: pl.Expr, masks: Iterable[Mask]) -> pl.Expr:
    """As `_masked`; kept codes get the mask's token behind them, which is then taken off again."""
    for mask in masks:
        if mask.keep is None:
            text = text.str.replace_all(ascii_pattern(mask.pattern), mask.replacement)
        else:
            text = text.str.replace_all(ascii_pattern(f"({mask.keep})|{mask.pattern}"), "${1}" + mask.replacement)
            text = text.str.replace_all(rf"([0-9A-Za-z]){mask.replacement}", "${1}")
    return text


def _through_distinct(values: pl.Series, change: pl.Expr) -> pl.Series:
    """`change` (an expression over column "text") computed once per distinct value."""
    distinct = values.unique().drop_nulls().to_frame("text").with_columns(change.alias("changed"))
    return values.to_frame("text").join(distinct, on="text", how="left", maintain_order="left")["changed"]


def reduced_lines(messages: pl.Series) -> pl.Series:
    """Messages after the masks that leave no number behind but 0; of these few are distinct. Equal for messages that
    have one shape, so that the representatives of `ShapeGroups` will do."""
    return messages.to_frame("text").select(_masked(pl.col("text"), _ON_EVERY_LINE))["text"]


def plain_templates(reduced: pl.Series) -> pl.Series:
    """Templates of messages in which no code is to be kept, from their `reduced_lines`."""
    return _through_distinct(reduced, _masked(pl.col("text"), _ON_DISTINCT))


def coded_templates(messages: pl.Series) -> pl.Series:
    """Templates of error messages that hold codes (`kept_codes.py`): as the plain ones, but the codes stay."""
    return _through_distinct(messages, _masked_but_codes(pl.col("text"), _WITH_CODES))


def error_templates(messages: pl.Series) -> pl.Series:
    """Templates of the messages of errors: coded where one holds a code, plain where none does. Nulls stay null."""
    if messages.null_count() == len(messages):
        return messages
    return _ERROR_TEMPLATES(messages.to_frame("message"))["error_template"]


def _error_templates(messages: pl.DataFrame) -> pl.DataFrame:
    texts = messages["message"]
    coded = texts.str.contains(ANY_KEPT).fill_null(False)
    templates = plain_templates(reduced_lines(texts))
    if coded.any():
        templates = templates.zip_with(~coded, coded_templates(texts.set(~coded, None)))
    return templates.to_frame("error_template")


_ERROR_TEMPLATES = Memoized(_error_templates)


def template_ids(templates: pl.Series) -> pl.Series:
    """16 hex digits of each template's SHA-256."""
    distinct = templates.unique().to_list()
    ids = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:TEMPLATE_ID_HEX] for text in distinct]
    known = pl.DataFrame({"text": distinct, "id": ids}, schema={"text": pl.String, "id": pl.String})
    return templates.to_frame("text").join(known, on="text", how="left", maintain_order="left")["id"]
