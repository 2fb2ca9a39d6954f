"""The one gate: every text of an input file passes through a Redactor before anything else sees it.

A failure inside refuses the file (`REDACTION_FAILED`); text never passes unscanned.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import polars as pl

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.redaction.addresses import canonical_address
from signal_pipeline.redaction.carried import CarriedSecrets
from signal_pipeline.redaction.columns import LONG_VALUE, ColumnScanner
from signal_pipeline.redaction.encodings import canonical
from signal_pipeline.redaction.file_names import redacted_name
from signal_pipeline.redaction.headers import KEPT
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import COMMON_RULES
from signal_pipeline.redaction.table_cells import names_a_secret
from signal_pipeline.redaction.tokens import ADDRESS_DIGITS, IP, PSEUDONYM_HEX, SECRET, VALUE
from signal_pipeline.redaction.urls import redacted_url, url_template

MAX_KNOWN_NAMES = 10_000
QUERY_RULES = {"query_value": VALUE, "query_secret": SECRET}

PLAIN_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{16,64}|[0-9A-HJKMNP-TV-Z]{26}")
"""UUIDs, hexadecimal and ULIDs."""
MAX_PLAIN_ID = 64
ID_HEX = 24

_T = TypeVar("_T", str, pl.Series)


class Redactor:
    """Masks secrets and personal data. `key` makes the pseudonyms; `counts` is masked values by rule name.

    `column(values)` equals `text` on each value, nulls kept.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._counts: Counter[str] = Counter()
        self._scanner = Scanner(self._counts, self._pseudonym)
        self._names: dict[str, bool] = {}
        self._columns = ColumnScanner(self._scanner, self._counts)

    @property
    def counts(self) -> dict[str, int]:
        """Rule name to masked values so far; never a value."""
        return dict(sorted(self._counts.items()))

    def text(self, value: str) -> str:
        """The value with class tokens for what must not pass. SignalRejected when that failed."""
        return self._guarded(self._long if len(value) > LONG_VALUE else self._scanner.scan, value)

    def file_name(self, value: str, limit: int) -> str:
        """A file's name of at most `limit` characters: a masked stem keeps its extension and gets a mark; see
        `file_names`."""
        return self._guarded(lambda name: redacted_name(name, self.text, partial(self._pseudonym, VALUE), limit), value)

    def identifier(self, value: str) -> str:
        """An id of a program's own: as it is where its shape can hold nothing else; else `text`, and where that masked
        something, a keyed hash beside it. Unlike masked texts, different ids stay different."""
        if len(value) <= MAX_PLAIN_ID and PLAIN_ID.fullmatch(value) and not value.isdigit():
            return value
        redacted = self.text(value)
        return redacted if redacted == value else f"{redacted}:{self._keyed('id', value)[:ID_HEX]}"

    def named_identifier(self, name: str, value: str) -> str:
        """`identifier` of a value that stands under a name: below the name of a secret no value stays as it is."""
        return self.identifier(f"{name}={value}" if names_a_secret(name) else value)

    def column(self, values: pl.Series) -> pl.Series:
        """`text` on each value of a String column; nulls stay null."""
        return self._guarded(self._columns.scan, values)

    def carried(self, messages: pl.Series, stacks: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Both text columns of log records, in order, without the values that go on from one text to the next. To be
        called before `column`, which looks at each text by itself.
        """
        carried = CarriedSecrets(messages, stacks)
        try:
            columns = carried.result()
        except Exception:  # noqa: BLE001  fail closed, and without the text in the chain
            raise SignalRejected(RejectionCode.REDACTION_FAILED) from None
        if carried.masked:
            self._counts["carried"] += carried.masked
        return columns

    def url_template(self, values: pl.Series) -> pl.Series:
        """URLs or paths that have passed the value scan, without the segments that are keys rather than names."""
        return self._mapped(values, url_template)

    def url(self, value: str) -> str:
        """Scheme, host, port, path and query names; see `urls`."""
        redacted = self._one_url(value.encode("utf-8", "replace").decode())
        for rule, token in QUERY_RULES.items():
            if masked := redacted.count(f"={token}"):
                self._counts[rule] += masked
        return redacted

    def url_column(self, values: pl.Series) -> pl.Series:
        """`url` on each value of a String column; nulls stay null."""
        redacted = self._mapped(values, self._one_url)
        for rule, token in QUERY_RULES.items():
            masked = int(redacted.str.count_matches(f"={token}", literal=True).sum() or 0)
            if masked:
                self._counts[rule] += masked
        return redacted

    def _one_url(self, value: str) -> str:
        return self._guarded(lambda url: redacted_url(url, self._scanner.scan, self._keeps_name), value)

    def _keeps_name(self, name: str) -> bool:
        """Whether a parameter's name passes the value scan as it is. Few names occur in many URLs."""
        known = self._names.get(name)
        if known is None:
            if len(self._names) >= MAX_KNOWN_NAMES:
                self._names.clear()
            known = self._names[name] = self._scanner.scan(name) == name
        return known

    def header(self, name: str) -> bool:
        """Whether a header may be kept at all; its value still goes through `text`."""
        return name.strip().lower() in KEPT

    def _long(self, value: str) -> str:
        column = pl.Series([value.encode("utf-8", "replace").decode()])
        return str(self._columns.scan(column)[0])

    def _mapped(self, values: pl.Series, redact: Callable[[str], str]) -> pl.Series:
        distinct = values.drop_nulls().unique()
        redacted = pl.Series([redact(value) for value in distinct], dtype=pl.String())
        return values.replace_strict(distinct, redacted, default=None, return_dtype=pl.String())

    def _guarded(self, redact: Callable[[_T], _T], value: _T) -> _T:
        try:
            return redact(value)
        except SignalRejected:
            raise
        except Exception:  # noqa: BLE001  fail closed, and without the text in the chain
            raise SignalRejected(RejectionCode.REDACTION_FAILED) from None

    def _pseudonym(self, token: str, value: str) -> str:
        if token == IP:
            return f"{int(self._keyed(token, canonical_address(value)), 16) % 10**ADDRESS_DIGITS:0{ADDRESS_DIGITS}}"
        return self._keyed(token, canonical(value))[:PSEUDONYM_HEX]

    def _keyed(self, token: str, value: str) -> str:
        return hmac.digest(self._key, f"{token}\0{value}".encode(), "sha256").hex()


def compile_rules() -> None:
    """Compile what ordinary texts need, by an example of each kind of row; RE2 compiles the rest when it first meets
    its like, in about a millisecond each."""
    redactor = local_redactor()
    for rule in COMMON_RULES:
        redactor.text(rule.positives[0])


def local_redactor() -> Redactor:
    """A redactor whose pseudonyms hold within this process only."""
    return Redactor(secrets.token_bytes(32))
