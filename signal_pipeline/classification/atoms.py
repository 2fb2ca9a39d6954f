"""The pieces of a template: words, marks, values, quoted texts, and dumps of objects, each as one token.

Pure text. A quoted text is one piece whatever it holds, and so is what stands in brackets where it is a value of the
program's own making (a dict, a list, a set, an object, arguments), in any language's notation, empty or full.
"""

from __future__ import annotations

import functools
import re

Tokens = tuple[str, ...]

_PIECES = re.compile(
    r"\.{3,}|(?:<[A-Z*][A-Z_]*>|\.{1,2}(?!\.)|[^\s=:,;()\[\]{}\"'`|<>.])+|\s+|.",
    re.ASCII | re.DOTALL,
)
"""A row of three or more dots leads from a name to its value ("depth......<NUM>") and belongs to neither."""

SPAN = "\0"
"""Begins a token of several pieces that was found to be one value (`spans.py`)."""

_CALLER = re.compile(r" [\w<>.]+ <PATH>:<NUM>\Z", re.ASCII)
"""What Python's loggers put after a message: the function and line that wrote it. No part of what was said."""
_CALLER_CHARS = 120
_QUOTES = frozenset("\"'`")
_QUOTE_PREFIXES = frozenset("u b r f U B R F br rb".split())  # noqa: SIM905  a table
_NESTED = 30
"""Brackets and quotes that are open at once; what lies deeper is not paired."""
_CLOSES = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENS = frozenset("([{<")
_ARROWS = frozenset("=-<")
_VALUE = re.compile(
    r"^\0|<[A-Z*]|[0-9]|[A-Za-z][./\\$@][A-Za-z]|[a-z]_[a-z]"
    r"|^(?:[Tt]rue|[Ff]alse|TRUE|FALSE|None|null|NULL|nil|NaN|undefined)$"
    r"|^(?:\*|application|text|image|audio|video|multipart|font)/[a-z*]",
    re.ASCII,
)
_CONSTANT = re.compile(r"^[A-Za-z0-9_.]+[.][A-Z]+_[A-Z_]+$", re.ASCII)
_ENUM = re.compile(r"^(?![A-Z]{1,2}[0-9]+$)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$", re.ASCII)
_MASK = re.compile(r"<[A-Z*][A-Z_]*>", re.ASCII)
_QUOTED = re.compile(r"^(?:[uUbBrRfF]{1,2})?([\"'`]).*\1$", re.ASCII | re.DOTALL)
_DUMP = re.compile(r"^[\w.$<>]*[(\[{<].*[)\]}>]$", re.ASCII | re.DOTALL)
VERBS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE PROPFIND".split())  # noqa: SIM905  a table
LITERALS = frozenset("none yes no on off".split())  # noqa: SIM905  a table
"""Values where something is said to be them ("retry=off"), words elsewhere ("no route", "Failed none")."""
_REQUEST = re.compile(r"^[\"'](?:" + "|".join(sorted(VERBS)) + r") ", re.ASCII)


def tokens(template: str) -> Tokens:
    """The pieces in order; together they are the template again. Time is linear in the text, as long as brackets are
    not nested deeply."""
    found: list[str] = []
    opened: list[int] = []
    text, caller = split_caller(template)
    pieces = _PIECES.findall(text)
    for at, piece in enumerate(pieces):
        found.append(piece)
        if len(piece) > 1:
            continue
        after = pieces[at + 1] if at + 1 < len(pieces) else " "
        if piece in _QUOTES:
            _quote(found, opened, after)
        elif piece in _OPENS:
            if piece != "<" or after[0].isalpha():
                opened.append(len(found) - 1)
        elif piece in _CLOSES and not (piece == ">" and found[-2:-1] and found[-2][-1] in _ARROWS):
            _close(found, opened, _CLOSES[piece])
    return (*found, caller) if caller else tuple(found)


def split_caller(template: str) -> tuple[str, str]:
    """The text, and where in the program it was written; empty where that is not told."""
    if template.endswith(":<NUM>") and (found := _CALLER.search(template[-_CALLER_CHARS:])):
        return template[: -len(found.group())], found.group()
    return template, ""


def _quote(found: list[str], opened: list[int], after: str) -> None:
    """Open a quoted text with the quote just found, or end the one that it opened."""
    quote, before = found[-1], found[-2] if len(found) > 1 else " "
    if before[-1] == "\\":
        return
    ends_word = quote == '"' or not _in_word(after)
    if ends_word and any(found[place] == quote for place in opened[-_NESTED:]):
        while found[opened[-1]] != quote:
            opened.pop()
        start = opened.pop()
        if start and found[start - 1] in _QUOTE_PREFIXES:
            start -= 1
        found[start:] = ["".join(found[start:])]
    elif before in _QUOTE_PREFIXES or not _in_word(before[-1]):
        opened.append(len(found) - 1)


def _in_word(text: str) -> bool:
    return text[0].isalnum() or text[0] == "_"


def _close(found: list[str], opened: list[int], opener: str) -> None:
    """Make one token of the bracket group that ends here, if it is a value."""
    near = [place for place in opened[-_NESTED:] if found[place] == opener]
    if not near or (opener == "<" and near[-1] != opened[-1]):
        return
    start = near[-1]
    while opened.pop() != start:
        pass
    called = opener == "(" and start > 0 and _in_word(found[start - 1][-1])
    if _is_dump(found[start + 1 : -1], opener, called):
        # After "=" the name before the bracket is part of the value: ws=WorkSource{10}.
        if start >= 2 and found[start - 2] == "=" and found[start - 1][0].isalpha():
            start -= 1
        found[start:] = ["".join(found[start:])]


def _is_dump(inside: list[str], opener: str, called: bool) -> bool:
    """Whether what is between these brackets was printed from a value, and is no part of a sentence."""
    if opener == "{":
        return True
    if opener == "<":
        return len(inside) > 1
    solid = [token for token in inside if not token.isspace()]
    if called and len(inside) == 1 and len(inside[0]) > 1:
        return True  # chdir(pwd), but not error(s)
    if not solid or all(is_value(token) or token in ",;" for token in solid):
        return True
    if any(is_quoted(token) or is_dump(token) for token in solid):
        return True
    return ("=" in solid and opener == "(") or ("," in solid and (called or opener == "["))


@functools.lru_cache(maxsize=65_536)
def is_value(token: str) -> bool:
    """Whether the token by itself looks like a value. A dotted name does, unless it ends in a constant:
    android.intent.action.SCREEN_ON names what happened."""
    if is_quoted(token) or is_dump(token):
        return True
    return _VALUE.search(token) is not None and _ENUM.match(token) is None and _CONSTANT.search(token) is None


def is_quoted(token: str) -> bool:
    return len(token) > 1 and token[-1] in "\"'`" and _QUOTED.match(token) is not None


def is_dump(token: str) -> bool:
    return len(token) > 1 and token[-1] in ")]}>" and _DUMP.match(token) is not None and _MASK.fullmatch(token) is None


def requests(row: Tokens) -> set[int]:
    """Positions of HTTP methods after which what is asked for follows, and of quoted request lines."""
    last = max((at for at, token in enumerate(row) if "<URL>" in token or "<PATH>" in token or token == "/"), default=0)
    lines = {at for at, token in enumerate(row) if token[0] in "\"'" and _REQUEST.match(token)}
    return lines | {at for at in range(last) if row[at] in VERBS}


def is_enum(token: str) -> bool:
    """Whether it is written as constants are: FOLLOWING, GET, CODE_7."""
    return _ENUM.match(token) is not None


def names_constant(token: str) -> bool:
    return _CONSTANT.match(token) is not None
