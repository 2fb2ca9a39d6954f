"""Secrets that begin in one record of a log and go on in the next ones: keys of many lines, values below their name.

What stands within one text is the scanner's. Logs whose every line has a stamp tear such texts apart, so this looks at
records in their order, before each is redacted by itself. It sees one block of records at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import re2

from signal_pipeline.redaction.rules.names import QUOTED, STRONG, WEAK
from signal_pipeline.redaction.tokens import PEM, SECRET
from signal_pipeline.redaction.words import is_said_secret

MAX_KEY_LINES = 400
"""A key of 16,384 bits has some 200 lines."""
MAX_BLOCK_LINES = 20
_MAY_OPEN = (
    r"(?:(?i:(?:pass|pwd|pw|phrase|secret|token|key|auth|cred|cookie|sess|code|bearer|basic|negotiate)[a-z0-9_.-]*)\\*[\"']?\s*"
    r"(?:[:=]\s*(?i:bearer|basic|token)?)?\s*(?:[|>][+-]?[0-9]?)?\s*\\?|-{2,5} ?BEGIN [A-Z0-9 ]+-{2,5}"
    r"|Private-Lines: [0-9]+"
    r"|334 UGFzc3dvcmQ6?=*|AUTH LOGIN)\s*$"
)
"""In Rust's regex syntax; anchored at its end, so that it is searched from there."""

_KEY = re2.compile(r"(?:-{2,5} ?BEGIN [A-Z0-9 ]+-{2,5}|Private-Lines: [0-9]+)\s*$")
_KEY_END = re2.compile(r"-{2,5} ?END [A-Z0-9 ]+|Private-MAC:")
_KEY_LINE = re2.compile(r"(?:^|\s)([A-Za-z0-9+/]{4,}={0,2})\s*$")
_KEY_HEADER = re2.compile(r"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|Subject|x-[A-Za-z-]+): .*|\s*")
_NAME = re2.compile(
    rf"(?i)(?:^|.*[^A-Za-z0-9_.$-])(?:(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*[:=]\s*(?:bearer|basic|token)?|.*\b(?:bearer|basic|negotiate))\s*\\?\s*$"
)
_BLOCK = re2.compile(rf"(?i)(?:^|.*[^A-Za-z0-9_.$-])(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*:\s*[|>][+-]?[0-9]?\s*$")
_ENVIRONMENT = re2.compile(rf"(?i).*\bname\\*[\"']?\s*:\s*\\*[\"']?(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*$")
_VALUE_FIELD = re2.compile(r"(?i)^\s*\\*[\"']?value\\*[\"']?\s*:\s*\\*[\"']?([^\s\"'\\]+)")
_DIALOGUE = re2.compile(r".*(?:334 UGFzc3dvcmQ6?=*|AUTH LOGIN)\s*$")
_FIRST = re2.compile(r"^\s*(?:[|>]\s*)?\\*[\"']?([^\s\"'\\]+)")
_LAST = re2.compile(r"(?:^|[\s:>])([A-Za-z0-9+/]{4,}={0,2})\s*$")
_ALONE = re2.compile(r"\s*(?:- )?\\*[\"']?([^\s\"':{}]+(?::[^\s\"'{}]+)?)\\*[\"']?\s*")


class CarriedSecrets:
    """The two text columns of log records, in order, as lists that are masked in place. `masked` counts values."""

    def __init__(self, messages: pl.Series, stacks: pl.Series) -> None:
        self._opening = messages.str.contains(_MAY_OPEN).fill_null(False).arg_true().to_list()
        self._columns = (messages, stacks)
        self._changed: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self.masked = 0

    def result(self) -> tuple[pl.Series, pl.Series]:
        """Both columns with the carried values masked."""
        for row in self._opening:
            self._open(row)
        messages, stacks = (
            column.clone().scatter(list(changed), pl.Series(list(changed.values()), dtype=pl.String()))
            if changed
            else column
            for column, changed in zip(self._columns, self._changed, strict=True)
        )
        return messages, stacks

    def _open(self, row: int) -> None:
        text = self._text(0, row) or ""
        if _KEY.search(text):
            self._key(row)
        elif _BLOCK.match(text):
            self._block(row)
        elif _ENVIRONMENT.match(text):
            self._value(row, _VALUE_FIELD, alone=False)
        elif _NAME.match(text):
            self._value(row, _FIRST, alone=not text.rstrip().endswith("\\"))
        elif _DIALOGUE.match(text):
            self._value(row, _LAST, alone=False)

    def _text(self, column: int, row: int) -> str | None:
        return self._changed[column].get(row, self._columns[column][row]) if row < len(self._columns[0]) else None

    def _lines_below(self, row: int) -> Iterator[tuple[int, int, str]]:
        """Column, row and text of what follows the message: its own stack, then the records below."""
        for below in range(row, len(self._columns[0])):
            for column in (0, 1):
                if (column, below) > (0, row) and (text := self._text(column, below)) is not None:
                    yield column, below, text

    def _key(self, row: int) -> None:
        seen = odd = 0
        for column, below, text in self._lines_below(row):
            lines = text.split("\n")
            for number, line in enumerate(lines):
                seen += 1
                if _KEY_END.search(line) or odd > 2 or seen > MAX_KEY_LINES:
                    self._store(column, below, "\n".join(lines))
                    return
                if match := _KEY_LINE.search(line):
                    lines[number] = line[: match.start(1)] + PEM
                    self.masked += 1
                    odd = 0
                elif not _KEY_HEADER.fullmatch(line.strip()):
                    odd += 1
            self._store(column, below, "\n".join(lines))

    def _block(self, row: int) -> None:
        for seen, (column, below, text) in enumerate(self._lines_below(row)):
            lines = text.split("\n")
            count = 0
            for line in lines:
                if not (line[:1] in " \t" if column else _ALONE.fullmatch(line)) or seen + count >= MAX_BLOCK_LINES:
                    break
                lines[count] = SECRET
                count += 1
            if count:
                self.masked += count
                self._store(column, below, "\n".join(lines))
            if count < len(lines):
                return

    def _value(self, row: int, place: Any, *, alone: bool) -> None:
        """Masks the value in the first line below. `alone`: in a record of its own only where nothing else is in it."""
        column, below, text = next(self._lines_below(row), (0, 0, ""))
        first, _, rest = text.partition("\n")
        match = _ALONE.fullmatch(first) if alone and not column else place.search(first)
        if match and is_said_secret(match.group(1)) and "<" not in match.group(1):
            first = first[: match.start(1)] + SECRET + first[match.end(1) :]
            self.masked += 1
            self._store(column, below, f"{first}\n{rest}" if rest else first)

    def _store(self, column: int, row: int, text: str) -> None:
        self._changed[column][row] = text
