"""Cells of HTML tables and of JSON rows that are below the name of a secret. Spans only, nothing is masked here.
Linear in the text.
"""

from __future__ import annotations

import re

from signal_pipeline.redaction.table_cells import Span, is_secret_cell, secret_names

_ROW = re.compile(r"<tr[\s>]", re.IGNORECASE)
_CELL = re.compile(r"<t[hd](?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>|\\[nrt]|\s+")
_LIST = re.compile(r"\[([^\[\]]*)\]")
_ITEM = re.compile(r"\s*(?:(\\*)\"((?:[^\"\\]|\\.)*?)\1\"|'([^']*)'|([^,\"'\s][^,]*))\s*(?:,|$)")
_NAME = re.compile(r"[^\W\d][\w .-]{0,40}")


def secrets_of_html_tables(text: str) -> list[Span]:
    """The spans of the cells below a heading that names a secret."""
    starts = [match.start() for match in _ROW.finditer(text)] or [0]
    secret: dict[int, bool] = {}
    spans: list[Span] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        cells = [_content(text, match.end(), end) for match in _CELL.finditer(text, start, end)]
        named = secret_names(text[slice(*cell)] for cell in cells)
        if named and len(cells) > 1 and all(_NAME.fullmatch(text[slice(*cell)]) for cell in cells):
            secret = named
            continue
        spans += [
            cells[n]
            for n, strong in secret.items()
            if n < len(cells) and is_secret_cell(text[slice(*cells[n])], strong=strong)
        ]
    return spans


def _content(text: str, start: int, end: int) -> Span:
    """The text of the cell that opens before `start`, without the tags around it."""
    while (match := _TAG.match(text, start, end)) and not match[0].startswith("</t"):
        start = match.end()
    last = text.find("<", start, end)
    last = end if last < 0 else last
    while last > start and text[last - 1].isspace():
        last -= 1
    return start, last


def secrets_of_json_rows(text: str) -> list[Span]:
    """The spans of the values in lists as long as the list of names before them, by the names of secrets."""
    secret: dict[int, bool] = {}
    size = 0
    spans: list[Span] = []
    for match in _LIST.finditer(text):
        items = _items(text, *match.span(1))
        named = secret_names(text[slice(*span)] for span in items)
        if named and len(items) > 1 and all(_NAME.fullmatch(text[slice(*span)]) for span in items):
            secret, size = named, len(items)
        elif secret and len(items) == size:
            spans += [items[n] for n, strong in secret.items() if is_secret_cell(text[slice(*items[n])], strong=strong)]
    return spans


def _items(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    while start < end and (match := _ITEM.match(text, start, end)) and match.end() > start:
        spans.append(match.span(next(number for number in (2, 3, 4) if match[number] is not None)))
        start = match.end()
    return spans
