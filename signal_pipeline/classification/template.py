"""Templates of messages: the mask table applied to a column. No error rules, no batch knowledge.

A message's template depends on that message alone: masks run in table order, the first ones on one message of each
group that differs in lone digits only, the rest on the distinct results. That is the same as all of them on each
message, since these masks cannot tell one lone digit from another and leave none but 0 behind (a test holds both).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.kept_codes import ANY_KEPT
from signal_pipeline.classification.mask import Mask
from signal_pipeline.classification.masks import MASKS
from signal_pipeline.text_shapes.memo import Memoized
from signal_pipeline.text_shapes.short_column import replace_all

TEMPLATE_ID_HEX = 16


def _replacements(masks: Iterable[Mask]) -> list[tuple[str, str]]:
    return [(ascii_pattern(mask.pattern), mask.replacement) for mask in masks]


def _replacements_but_codes(masks: Iterable[Mask]) -> Iterator[tuple[str, str]]:
    """As `_replacements`; kept codes get the mask's token after them, which the next replacement removes."""
    for mask in masks:
        if mask.keep is None:
            yield ascii_pattern(mask.pattern), mask.replacement
        else:
            yield ascii_pattern(f"({mask.keep})|{mask.pattern}"), "${1}" + mask.replacement
            yield rf"([0-9A-Za-z]){mask.replacement}", "${1}"


_LINE_REPLACEMENTS = _replacements(mask for mask in MASKS if mask.stage in ("line", "reduce"))
_DISTINCT_REPLACEMENTS = _replacements(mask for mask in MASKS if mask.stage == "unique")
_CODED_REPLACEMENTS = list(_replacements_but_codes(mask for mask in MASKS if mask.stage != "reduce"))
PATTERNS = tuple(pattern for pattern, _ in (*_LINE_REPLACEMENTS, *_DISTINCT_REPLACEMENTS, *_CODED_REPLACEMENTS))


def _through_distinct(values: pl.Series, replacements: list[tuple[str, str]]) -> pl.Series:
    """The replacements made once per distinct value."""
    distinct = values.unique().drop_nulls()
    changed = pl.DataFrame({"text": distinct, "changed": replace_all(distinct, replacements)})
    return values.to_frame("text").join(changed, on="text", how="left", maintain_order="left")["changed"]


def reduced_lines(messages: pl.Series) -> pl.Series:
    """Messages after the masks that leave no number behind but 0; of these few are distinct. Equal for messages that
    have one shape, so that the representatives of `ShapeGroups` will do."""
    return replace_all(messages, _LINE_REPLACEMENTS)


def plain_templates(reduced: pl.Series) -> pl.Series:
    """Templates of messages in which no code is to be kept, from their `reduced_lines`."""
    return _through_distinct(reduced, _DISTINCT_REPLACEMENTS)


def coded_templates(messages: pl.Series) -> pl.Series:
    """Templates of error messages that hold codes (`kept_codes.py`): as the plain ones, but the codes stay."""
    return _through_distinct(messages, _CODED_REPLACEMENTS)


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
