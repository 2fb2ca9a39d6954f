"""Secrets that begin in one record of a log and go on in the next ones: keys of many lines, values below their name,
rows of a table below its columns.

What stands within one text is the scanner's. Logs whose every line has a stamp tear such texts apart, so this looks at
records in their order, before each is redacted by itself. It sees one block of records at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import re2

from signal_pipeline.redaction.manifests import is_data_line, is_secret_kind, value_of_field
from signal_pipeline.redaction.rules.names import QUOTED, STEMS, STRONG, WEAK
from signal_pipeline.redaction.table_cells import header_of, masked, secrets_of_row
from signal_pipeline.redaction.tokens import PEM, SECRET
from signal_pipeline.redaction.words import is_expected_secret, is_said_secret

MAX_KEY_LINES = 400
"""A key of 16,384 bits has some 200 lines."""
MAX_BLOCK_LINES = 20
_QUOTES = r"\"{3}|'{3}|`{3}"
_HEREDOC = r"(?:\$\(cat\s+)?<<[-~]?\s*[\"']?[A-Za-z_]+[\"']?"
_MAY_OPEN = (
    r"(?:(?i:(?:pass|pwd|pw|phrase|secret|token|key|auth|cred|cookie|sess|code|bearer|basic|negotiate)[a-z0-9_.-]*)\\*[\"']?\s*"
    rf"(?:[:=]\s*(?i:bearer|basic|token)?)?\s*(?:[|>][+-]?[0-9]?|{_QUOTES}|{_HEREDOC})?\s*\\?"
    r"|-{2,5} ?BEGIN [A-Z0-9 ]+-{2,5}|Private-Lines: [0-9]+"
    r"|334 UGFzc3dvcmQ6?=*|AUTH LOGIN|(?:^|\s)(?:string)?[Dd]ata:|</key>)\s*$"
)
"""In Rust's regex syntax; anchored at its end, so that it is searched from there."""
_MAY_NAME_COLUMNS = r"(?:^|\n)[^\n0-9=(){}<>\[\]?!@#/%&$]*(?:[;,:|\t│┃┆║^]|  )[^\n=(){}<>\[\]?!@#/%&$]*$"
_MAY_NAME_SECRETS = rf"(?i:{'|'.join(STEMS)}|pass|pwd|wachtwoord|has[lł]o|l[oö]senord|heslo|парол|密码|密碼)"
"""A line that names the columns of a table says nothing else."""

_KEY = re2.compile(r"(?:-{2,5} ?BEGIN [A-Z0-9 ]+-{2,5}|Private-Lines: [0-9]+)\s*$")
_KEY_END = re2.compile(r"-{2,5} ?END [A-Z0-9 ]+|Private-MAC:")
_KEY_LINE = re2.compile(r"(?:^|\s)([A-Za-z0-9+/]{4,}={0,2})\s*$")
_KEY_HEADER = re2.compile(r"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|Subject|x-[A-Za-z-]+): .*|\s*")
_NAME = re2.compile(
    rf"(?i)(?:^|.*[^A-Za-z0-9_.$-])(?:(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*(?:[:=]\s*(?:bearer|basic|token|{_QUOTES}|{_HEREDOC})?|{_HEREDOC})|.*\b(?:bearer|basic|negotiate))\s*\\?\s*$"
)
_PLIST_KEY = re2.compile(rf"(?i).*<key>\s*(?:{STRONG}|{WEAK}|{QUOTED})\s*</key>\s*$")
_PLIST_VALUE = re2.compile(r"^\s*<(?:string|data)>\s*([^<]+)")
_NAME_ALONE = re2.compile(rf"(?i)\s*(?:{STRONG})\s*")
_BLOCK = re2.compile(rf"(?i)(?:^|.*[^A-Za-z0-9_.$-])(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*:\s*[|>][+-]?[0-9]?\s*$")
_ENVIRONMENT = re2.compile(rf"(?i).*\bname\\*[\"']?\s*:\s*\\*[\"']?(?:{STRONG}|{WEAK}|{QUOTED})\\*[\"']?\s*$")
_VALUE_FIELD = re2.compile(r"(?i)^\s*\\*[\"']?value\\*[\"']?\s*:\s*\\*[\"']?([^\s\"'\\]+)")
_DIALOGUE = re2.compile(r".*(?:334 UGFzc3dvcmQ6?=*|AUTH LOGIN)\s*$")
_FIRST = re2.compile(r"^\s*(?:[|>]\s*)?\\*[\"']?([^\s\"'\\]+)")
_LAST = re2.compile(r"(?:^|[\s:>])([A-Za-z0-9+/]{4,}={0,2})\s*$")
_ALONE = re2.compile(r"\s*(?:- )?\\*[\"']?([^\s\"':{}]+(?::[^\s\"'{}]+)?)\\*[\"']?\s*")

_Mask = Callable[[str, int], tuple[str, int] | None]
"""Of a line and the row that it stands in: the line without its secrets, and how many there were. None where what was
carried ends.
"""


class CarriedSecrets:
    """The two text columns of log records, in order, as lists that are masked in place. `masked` counts values."""

    def __init__(self, messages: pl.Series, stacks: pl.Series) -> None:
        self._opening = messages.str.contains(_MAY_OPEN).fill_null(False).arg_true().to_list()
        self._tables = [(column, row) for column, texts in enumerate((messages, stacks)) for row in _headers(texts)]
        self._columns = (messages, stacks)
        self._changed: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self.masked = 0

    def result(self) -> tuple[pl.Series, pl.Series]:
        """Both columns with the carried values masked."""
        for row in self._opening:
            self._open(row)
        for column, row in self._tables:
            self._table(column, row)
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
        elif _NAME_ALONE.fullmatch(text):
            self._value(row, _ALONE, alone=True, judged=is_expected_secret)
        elif _PLIST_KEY.match(text):
            self._value(row, _PLIST_VALUE, alone=False)
        elif is_data_line(text):
            self._manifest(row)

    def _text(self, column: int, row: int) -> str | None:
        return self._changed[column].get(row, self._columns[column][row]) if row < len(self._columns[0]) else None

    def _lines_below(self, row: int, column: int = 0) -> Iterator[tuple[int, int, str]]:
        """Column, row and text of what follows the text: of a message its own stack, then the records below."""
        for below in range(row, len(self._columns[0])):
            for each in (0, 1):
                if (below, each) > (row, column) and (text := self._text(each, below)) is not None:
                    yield each, below, text

    def _mask_below(self, row: int, column: int, mask: _Mask) -> None:
        """Masks what follows the text line by line, up to the first line that belongs to something else."""
        for each, below, text in self._lines_below(row, column):
            lines = text.split("\n")
            for number, line in enumerate(lines):
                found = mask(line, below)
                if found is None:
                    break
                lines[number] = found[0]
                self.masked += found[1]
            self._store(each, below, "\n".join(lines))
            if found is None:
                return

    def _key(self, row: int) -> None:
        seen = odd = 0

        def mask(line: str, _: int) -> tuple[str, int] | None:
            nonlocal seen, odd
            seen += 1
            if _KEY_END.search(line) or odd > 2 or seen > MAX_KEY_LINES:
                return None
            if match := _KEY_LINE.search(line):
                odd = 0
                return line[: match.start(1)] + PEM, 1
            odd += not _KEY_HEADER.fullmatch(line.strip())
            return line, 0

        self._mask_below(row, 0, mask)

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

    def _table(self, column: int, row: int) -> None:
        """Masks the cells below the columns of secrets, as far as the rows have the columns that the text ends with."""
        header = header_of((self._text(column, row) or "").rpartition("\n")[2])
        if header is None:
            return

        def mask(line: str, _: int) -> tuple[str, int] | None:
            found = secrets_of_row(line, header)
            return None if found is None else (masked(line, found), len(found))

        self._mask_below(row, column, mask)

    def _manifest(self, row: int) -> None:
        """Masks the fields below `data:` of a Secret of Kubernetes, one in each record."""
        around = range(max(0, row - MAX_BLOCK_LINES), min(len(self._columns[0]), row + MAX_BLOCK_LINES))
        if not any(is_secret_kind(self._text(0, near) or "") for near in around):
            return

        def mask(line: str, below: int) -> tuple[str, int] | None:
            start = value_of_field(line) if below - row < MAX_BLOCK_LINES else None
            return None if start is None else (line[:start] + SECRET, 1)

        self._mask_below(row, 0, mask)

    def _value(self, row: int, place: Any, *, alone: bool, judged: Callable[[str], bool] = is_said_secret) -> None:
        """Masks the value in the first line below. `alone`: in a record of its own only where nothing else is in it."""
        column, below, text = next(self._lines_below(row), (0, 0, ""))
        first, _, rest = text.partition("\n")
        match = _ALONE.fullmatch(first) if alone and not column else place.search(first)
        if match and judged(match.group(1)) and "<" not in match.group(1):
            first = first[: match.start(1)] + SECRET + first[match.end(1) :]
            self.masked += 1
            self._store(column, below, f"{first}\n{rest}" if rest else first)

    def _store(self, column: int, row: int, text: str) -> None:
        self._changed[column][row] = text


def _headers(texts: pl.Series) -> list[int]:
    """The rows whose last line may name the columns of a table with secrets in it."""
    if texts.null_count() == len(texts):
        return []
    lists = texts.str.contains(_MAY_NAME_COLUMNS).fill_null(False).arg_true()
    return lists.filter(texts.gather(lists).str.contains(_MAY_NAME_SECRETS)).to_list() if len(lists) else []
