"""Coarser templates for a file that is read in pieces: what has been seen is collected, then applied to all rows.

What becomes coarser is decided in `generalise.py`. Signatures, and the templates that belong to them in a report,
stay as the masks made them: they must not depend on what else is in a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from signal_pipeline.classification.generalise import MAX_TEMPLATES, template_map
from signal_pipeline.classification.template import template_ids


class SeenTemplates:
    """The distinct templates of a file, up to MAX_TEMPLATES; beyond that nothing becomes coarser."""

    def __init__(self) -> None:
        self._templates: set[str] = set()

    def add(self, templates: pl.Series) -> None:
        if len(self._templates) <= MAX_TEMPLATES:
            self._templates.update(templates.unique().to_list())

    def coarser(self) -> dict[str, str]:
        """Each template that has siblings among the seen, with the one that it becomes."""
        return template_map(self._templates)


def evidence_of(coarser: Mapping[str, str]) -> dict[str, int]:
    """Each coarser template with the number of masked templates that it stands for: what it was concluded from. The
    one that stands for most comes first."""
    return dict(sorted(Counter(coarser.values()).items(), key=lambda item: (-item[1], item[0])))


def with_coarser(entries: pl.LazyFrame, coarser: dict[str, str]) -> pl.LazyFrame:
    """`entries` with `template` and `template_id` by the map; every other column, and the order, as it was."""
    old, new = list(coarser), pl.Series(list(coarser.values()), dtype=pl.String())
    ids = template_ids(new)
    return entries.with_columns(
        pl.col("template").replace_strict(old, new, default=pl.col("template"), return_dtype=pl.String()),
        pl.col("template")
        .replace_strict(old, ids, default=pl.col("template_id"), return_dtype=pl.String())
        .alias("template_id"),
    )
