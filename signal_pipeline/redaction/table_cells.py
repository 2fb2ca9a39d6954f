"""Cells of tables in texts that are below the column of a secret, or beside its name: CSV, Markdown, what database
shells and listings print. Spans only, nothing is masked here. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import re2

from signal_pipeline.redaction.checks import is_status_word, looks_random
from signal_pipeline.redaction.rules.names import QUOTED, STRONG, WEAK
from signal_pipeline.redaction.rules.spoken import ENGLISH, LATIN, OTHER
from signal_pipeline.redaction.tokens import SECRET
from signal_pipeline.redaction.words import (
    is_expected_secret,
    is_gibberish,
    is_said_secret,
    without_extension,
)

Span = tuple[int, int]

_STRONG_COLUMN = rf"(?i)(?:[a-z0-9_]+\.)?(?:{STRONG}|{ENGLISH}|{LATIN}|{OTHER})"
_WEAK_COLUMN = rf"(?i)(?:[a-z0-9_]+\.)?(?:{WEAK}|{QUOTED})"
_COLUMN = re.compile(r"[^\W\d][\w .-]{0,40}")
_NEXT_COLUMN = re.compile(r"[A-Za-z_.-]+[0-9]{0,3}")
_BARS = str.maketrans("│┃┆║", "||||")
_DELIMITERS = ("|", ";", "\t", ",", ":", "^")
_LINE_END = re.compile(r"\r?\n|(?:\\+r)?\\+n")
_RULE = re.compile(r"[\s|+:=\-─═┼├┤┌┐└┘╞╪╡┬┴╔╗╚╝╠╣╬╦╩╟╢╫]+")
_WORD = re.compile(r"\S+")
_WIDE = re.compile(r"\S+(?: \S+)*")
_QUOTED_CELL = re.compile(r'\s*"(?:[^"]|"")*"\s*')
_compiled = cache(re2.compile)
_AROUND = " \t\r\"'`*\\"
_MAX_COLUMNS = 200
_MAX_NAME = 64
_NO_DELIMITER = "\0"


@dataclass(frozen=True)
class Header:
    """The columns of a table: what parts them (None: two spaces or more), how many they are, whether a bar stands
    before the first, and which hold secrets: the number of each, with True where its name alone says so."""

    delimiter: str | None
    size: int
    is_barred: bool
    secret: dict[int, bool]


def header_of(line: str) -> Header | None:
    """The line names columns, and one of them a secret."""
    line = line.translate(_BARS)
    if line.lstrip().startswith("||"):
        line = line.replace("||", "|")
    for delimiter in (*_DELIMITERS, None):
        if delimiter is not None and delimiter not in line:
            continue
        names = [line[start:end] for start, end in _cells(line, delimiter)]
        if not 2 <= len(names) <= _MAX_COLUMNS:
            continue
        before, names[0] = _message_and_name(names[0], delimiter)
        if not all(map(_COLUMN.fullmatch, names)) or (delimiter == ":" and len(names) < 3):
            continue
        if delimiter in (",", ":") and (any(" " in name for name in names) or (before and f"{delimiter} " in line)):
            continue
        secret = secret_names(names)
        if len(names) == 2 and 0 in secret and is_separated_secret(names[1]):
            # A name and its value.
            continue
        if secret:
            return Header(delimiter, len(names), line.lstrip().startswith("|"), secret)
    return None


def _message_and_name(cell: str, delimiter: str | None) -> tuple[str, str]:
    """What a message says before it shows a table, and the name of the first column."""
    before, _, name = cell.rpartition('"')
    if not before and delimiter in (",", ":"):
        before, _, name = cell.rpartition(" ")
    return before, name


def secrets_of_row(line: str, header: Header) -> list[Span] | None:
    """The spans of the secrets in a row; None for a line that is no row of this table."""
    line = line.translate(_BARS)
    if is_ruled(line):
        return []
    cells = _cells(line, header.delimiter)
    size, first = header.size, 0
    if header.delimiter is None:
        cells = _without_index(
            cells if len(cells) >= size else [match.span() for match in _WORD.finditer(line)], line, size
        )
    if header.delimiter == "|" and line.lstrip().startswith("|"):
        # The message may come before the first bar of the header, or after the last one of a row.
        first = 0 if header.is_barred else 1
        size = min(len(cells), size - first) if len(cells) >= size - first else -1
        cells = cells[:size] if size > 0 else cells
    if len(cells) != size:
        return None
    rows = ((cells[n - first], strong) for n, strong in header.secret.items() if first <= n)
    return [cell for cell, strong in rows if is_secret_cell(line[slice(*cell)], strong=strong)]


def _without_index(cells: list[Span], line: str, size: int) -> list[Span]:
    """The cells without the number of the row, over which the header has no name."""
    return cells[1:] if len(cells) == size + 1 and line[slice(*cells[0])].isdigit() else cells


def is_ruled(line: str) -> bool:
    """Nothing but the lines that a table is drawn with."""
    return _RULE.fullmatch(line) is not None and any(character in line for character in "-=─═")


def secret_cells(text: str) -> list[Span]:
    """The spans of all secrets in cells of the text, in order."""
    lines, at = [], 0
    for match in _LINE_END.finditer(text):
        lines.append((at, match.start()))
        at = match.end()
    lines.append((at, len(text)))
    spans: list[Span] = []
    header: Header | None = None
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        found = secrets_of_row(line, header) if header is not None else None
        if found is None:
            following = text[slice(*lines[number + 1])] if number + 1 < len(lines) else ""
            header = header_of(line) or _column_alone(line, following)
            found = [] if header is not None and following and not is_ruled(line) else _beside_name(line, following)
        spans += [(start + first, start + last) for first, last in found]
    return spans


def _column_alone(line: str, following: str) -> Header | None:
    """The only column of a table, with a rule below its name."""
    name = line.strip(_AROUND)
    strong = names_a_secret(name) if following and is_ruled(following) and len(name) <= _MAX_NAME else None
    return None if strong is None else Header(_NO_DELIMITER, 1, False, {0: strong})


def masked(text: str, spans: list[Span]) -> str:
    """The text with the token of a secret in place of each span."""
    for start, end in reversed(spans):
        text = text[:start] + SECRET + text[end:]
    return text


def _beside_name(line: str, following: str) -> list[Span]:
    """The value in a row of names and values: the whole row, or a part of it in which the value shows what it is."""
    line = line.translate(_BARS)
    if "|" not in line or is_ruled(following):
        return []
    cells = _cells(line, "|")
    is_value = is_said_secret if len(cells) == 2 else is_expected_secret
    return [
        value
        for name, value in pairwise(cells)
        if " " not in (shown := line[slice(*value)]) and names_a_secret(line[slice(*name)]) and is_value(shown)
    ]


def is_separated_secret(value: str) -> bool:
    """What follows a name and a separator is no other name."""
    word = without_extension(value)
    return is_expected_secret(value) and (is_gibberish(word, 0.2) or _NEXT_COLUMN.fullmatch(word) is None)


@lru_cache(maxsize=4_096)
def names_a_secret(name: str) -> bool | None:
    """True for names after which every value is a secret, False for those of values that have to look like one; None
    for others."""
    if _compiled(_STRONG_COLUMN).fullmatch(name) is not None:
        return True
    return False if _compiled(_WEAK_COLUMN).fullmatch(name) is not None else None


def secret_names(names: Iterable[str]) -> dict[int, bool]:
    """Which of them name a secret, by their place, and what `names_a_secret` says of each."""
    return {n: strong for n, name in enumerate(names) if (strong := names_a_secret(name)) is not None}


def is_secret_cell(value: str, *, strong: bool) -> bool:
    if not value or is_status_word(value) or (value.isdigit() and len(value) <= 3):
        return False
    return strong or looks_random(value) or is_expected_secret(value)


def _cells(line: str, delimiter: str | None) -> list[Span]:
    """The spans of the cells, without spaces and quotes around them."""
    if delimiter is None:
        return [_stripped(line, *match.span()) for match in _WIDE.finditer(line.expandtabs(1))]
    spans: list[Span] = []
    at = 0
    while at <= len(line):
        quoted = _QUOTED_CELL.match(line, at) if '"' in line else None
        end = line.find(delimiter, quoted.end() if quoted else at)
        end = len(line) if end < 0 else end
        spans.append(_stripped(line, at, end))
        at = end + 1
    if delimiter == "|":
        spans = spans[not line[slice(*spans[0])] : len(spans) - (not line[slice(*spans[-1])])]
    return spans


def _stripped(line: str, start: int, end: int) -> Span:
    while start < end and line[start] in _AROUND:
        start += 1
    while start < end and line[end - 1] in _AROUND:
        end -= 1
    return start, end
