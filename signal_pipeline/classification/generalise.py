"""The batch step: templates of one report or file that differ only where values vary become one.

Masks judge a line by itself and so leave a user name or a package name standing. Beside its siblings it shows:
the rest holds and this position varies. Only `template` and `template_id` become coarser; signatures are made
before, from the masks' templates, and never change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from signal_pipeline.classification.atoms import SPAN, Tokens, tokens
from signal_pipeline.classification.families import IN_A_FILE, Evidence, families
from signal_pipeline.classification.spans import joined_closed, lists_closed, statements_with_text
from signal_pipeline.classification.template import template_ids

GENERALISE_VERSION = "2026-11-30.4"
# Changelog
# 2026-11-30.4  names of several parts are compared among texts of one length
# 2026-11-30.3  names of several parts, SQL after a label, three names of the program's own
# 2026-11-30.2  fewer than four HTTP methods are no values
# 2026-11-30  quoted texts and dumps are one value; command lines and settings; two words are no evidence
# 2026-11-22  first rules

MAX_TEMPLATES = 50_000
"""Beyond this the masks have failed on the input (each line unique) and siblings would be chance."""
MAX_TOKENS = 160
MAX_CHARS = 8_000


def generalise_templates(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` with coarser `template` and `template_id`; every other column, and the order, as it was."""
    coarser = template_map(entries["template"].unique().to_list())
    if not coarser:
        return entries
    template = entries["template"].replace(list(coarser), list(coarser.values()))
    return entries.with_columns(template.alias("template"), template_ids(template).alias("template_id"))


def template_map(templates: Iterable[str], evidence: Evidence = IN_A_FILE) -> dict[str, str]:
    """Each template that has siblings, with the coarser one that it becomes. The order of `templates` is irrelevant."""
    distinct = set(templates)
    if len(distinct) > MAX_TEMPLATES:
        return {}
    rows = {text: tokens(text) for text in distinct if len(text) <= MAX_CHARS}
    rows.update(statements_with_text(rows))
    fine = _coarser(rows, evidence)
    texts = {fine.get(text, text): text for text in rows}
    # A text that stayed as it was has its pieces already.
    wide = _coarser(
        {new: lists_closed(rows[old] if new == old else tokens(new)) for new, old in texts.items()}, evidence
    )
    joined = _coarser(_joined({wide.get(new, new) for new in texts}, rows), evidence)
    found = {old: wide.get(text, text) for old in distinct if (text := fine.get(old, old))}
    found = {old: joined.get(text, text) for old, text in found.items()}
    return {old: new for old, new in found.items() if new != old}


def _joined(texts: set[str], rows: dict[str, Tokens]) -> dict[str, Tokens]:
    """The pieces of each text, words of several pieces joined; only of texts that may be siblings of one with such a
    word."""
    pieces = {text: rows[text] if text in rows else tokens(text) for text in texts}
    closed = {text: joined_closed(row) for text, row in pieces.items() if ":" in row or "|" in row}
    alike = {len(row) for text, row in closed.items() if len(row) != len(pieces[text])}
    found = {text: closed.get(text, row) for text, row in pieces.items()} if alike else {}
    return {text: row for text, row in found.items() if len(row) in alike}


def _coarser(rows: dict[str, Tokens], evidence: Evidence) -> dict[str, str]:
    """Those texts that have siblings, with what they become."""
    texts: dict[Tokens, list[str]] = defaultdict(list)
    for text, row in rows.items():
        if len(row) <= MAX_TOKENS:
            texts[row].append(text)
    return {
        text: "".join(pattern).replace(SPAN, "")
        for pattern, family in families(set(texts), evidence)
        for row in family
        for text in texts[row]
    }
