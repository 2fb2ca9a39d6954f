"""Which parts of a matched text are to be masked, where one pattern cannot tell: values of an INSERT by the name of
their column, arguments of a call. Pure functions, linear in the text; each gives spans in order, without overlaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from signal_pipeline.redaction.checks import changes
from signal_pipeline.redaction.rules.names import QUOTED, WEAK
from signal_pipeline.redaction.words import is_gibberish, is_opaque

Span = tuple[int, int]

_SECRET_COLUMN = re2.compile(
    rf"(?i)(?:[a-z0-9_]*\.)?(?:{QUOTED}|{WEAK}|[a-z0-9_]*(?:pw|hash|pin|iban|ssn)|[a-z0-9_]*key)"
)
_QUOTED_ARGUMENT = re2.compile(
    r"\\*'((?:[^']|'[^,)\]\s}])*?)\\*(?:'|$)|\\*\"((?:[^\"]|\"[^,)\]\s}])*?)\\*(?:\"|$)|<<\"?([^>\"]+)\"?(?:>>)?"
)
# A file of a web page: its name holds a hash of its content.
_KEPT_FILE = re.compile(r"\.(?:js|mjs|css|map|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|html?)(?![A-Za-z0-9])")
_KEY_FOLLOWS = re.compile(
    r"(?i)(?:^|/)(?:reset|tokens?|invit(?:e|es|ations?)|verif(?:y|ication)|confirm(?:ation)?|activat(?:e|ion)|magic(?:-?links?)?|unsubscribe"
    r"|otp|(?:api-?)?keys?|secrets?|web-?hooks?|hooks|sessions?|sso|passwords?|shared?|signup|recover(?:y)?|unlock|validate|tickets?"
    r"|credentials?|auth|login|oauth|access|join|t|s|x|c)/$"
)
_SELECT = re.compile(r"\s*select\s", re.IGNORECASE)
_LITERAL = re.compile(r"\s*[nNeE]?\\?'(?:[^']|'')*'")
_MAX_COLUMNS = 2_000


def by_column(statement: str) -> list[Span]:
    """Values of `(a, b) VALUES (1, 'x'), (2, 'y')` or `(a, b)=(1, x)` whose column is named like a secret."""
    columns, at = _items(statement, 0)
    wanted = {n for n, (start, end) in enumerate(columns) if _is_secret(statement[start:end])}
    spans: list[Span] = []
    if not wanted:
        return spans
    at = statement.find("(", at)
    while 0 <= at < len(statement):
        row, at = _items(statement, at)
        spans += [_inner(statement, *span) for number, span in enumerate(row) if number in wanted]
        following = statement[at : at + 64].lstrip()
        if not following.startswith((",", "(")):
            break
        at = statement.find("(", at)
    return [(start, end) for start, end in spans if start < end and not _is_placeholder(statement[start:end])]


def by_selected_column(statement: str) -> list[Span]:
    """The same of `(a, b) SELECT 1, 'x' FROM ...`."""
    columns, at = _items(statement, 0)
    wanted = {n for n, (start, end) in enumerate(columns) if _is_secret(statement[start:end])}
    select = _SELECT.match(statement, at)
    if not wanted or select is None:
        return []
    values, _ = _items(statement, select.end() - 1)
    found = [_inner(statement, *_literal(statement, *span)) for n, span in enumerate(values) if n in wanted]
    return [(start, end) for start, end in found if start < end and not _is_placeholder(statement[start:end])]


def _literal(statement: str, start: int, end: int) -> Span:
    """The span of the literal with which it begins; of nothing where it begins with a name."""
    match = _LITERAL.match(statement, start, end)
    return match.span() if match else (start, start)


def quoted_arguments(arguments: str) -> list[Span]:
    """All strings in quotes, and binaries."""
    spans = []
    for match in _QUOTED_ARGUMENT.finditer(arguments):
        group = next((number for number in (1, 2, 3) if match.group(number)), 0)
        if group:
            spans.append(match.span(group))
    return spans


def opaque_segments(address: str) -> list[Span]:
    """Labels, segments and names of an address that are keys rather than names, and what follows `/reset/`."""
    spans = []
    for start, end in _runs(address):
        segment = address[start:end]
        if _KEPT_FILE.match(address, end):
            continue
        if is_opaque(segment) or (is_segment_key(segment) and _KEY_FOLLOWS.search(address[max(0, start - 32) : start])):
            spans.append((start, end))
    return spans


def is_segment_key(segment: str) -> bool:
    """What may follow `/reset/` as a key: letters and digits mixed, or letters of chance; no word, no number."""
    if len(segment) < 6 or segment.isdigit():
        return False
    return is_gibberish(segment) or (
        changes(segment) >= 2 and any(c.isdigit() for c in segment) and not segment[:-1].isalpha()
    )


def _runs(text: str) -> Iterator[Span]:
    """Runs of letters, digits, dashes and underscores."""
    start = 0
    for at, char in enumerate(text):
        if not ((char.isascii() and char.isalnum()) or char in "_-~"):
            if at > start:
                yield start, at
            start = at + 1
    if start < len(text):
        yield start, len(text)


def _is_secret(column: str) -> bool:
    return _SECRET_COLUMN.fullmatch(column.strip().strip("'\"`[]")) is not None


def _is_placeholder(value: str) -> bool:
    return (value.startswith(("?", "$", ":", "%", "@")) and len(value) <= 4) or value.upper() in ("NULL", "DEFAULT")


def _inner(text: str, start: int, end: int) -> Span:
    """The span without the quotes around it."""
    while start < end and text[start] in " \t\r\nNnEe\\" and text[start + 1 : start + 2] in ("'", '"', "\\"):
        start += 1
    if end - start >= 2 and text[start] in "'\"" and text[end - 1] == text[start]:
        return start + 1, end - 1 - (text[end - 2] == "\\")
    return start, end


def _items(text: str, at: int) -> tuple[list[Span], int]:
    """The items of the list that opens with the bracket at `at`, and the place after it."""
    items: list[Span] = []
    start, quote, depth = at + 1, "", 1
    at += 1
    while at < len(text) and depth and len(items) < _MAX_COLUMNS:
        char = text[at]
        if quote:
            if char == "\\" and text[at + 1 : at + 2] not in ("'", '"'):
                at += 1
            elif char == quote:
                quote = ""
        elif char in "'\"`":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        if (char == "," and depth == 1 and not quote) or not depth:
            items.append(_stripped(text, start, at))
            start = at + 1
        at += 1
    if depth and start < len(text) and len(items) < _MAX_COLUMNS:
        items.append(_stripped(text, start, len(text)))
    return items, at


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
