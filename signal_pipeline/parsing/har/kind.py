"""HAR as a kind of signal: how one is recognised by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.parsing.signal_kind import SignalKind, Source

_SPACE = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
# The log object of a HAR begins with one of these; `"log": {"level": ...}` is a log line in JSON.
_HAR_LOG = re.compile(
    rb'"log"\s{0,200}:\s{0,200}\{\s{0,200}"(?:version|creator|browser|pages|entries|comment|_\w{1,40})"'
)
_WRAPPED_JSON = re.compile(rb"(?:/\*{1,4}/)?\s{0,20}[A-Za-z_$][\w.$ ]{0,100}\s{0,20}[=(]\s{0,20}\(?\s{0,20}[\[{]")
_XSSI_PREFIX = b")]}'"


def _claims(head: bytes) -> bool:
    text = head.replace(b"\x00", b"").lstrip(_SPACE)  # a HAR in UTF-16 shows its ASCII this way
    if text.startswith(_XSSI_PREFIX):
        text = text[len(_XSSI_PREFIX) :].lstrip()
    if not text.startswith((b"{", b"[")) and not _WRAPPED_JSON.match(text):
        return False
    if _HAR_LOG.search(text):
        return True
    return b'"startedDateTime"' in text and b'"request"' in text and b'"response"' in text


def _read(source: Source) -> Iterator[pl.DataFrame]:
    from signal_pipeline.parsing.har.reader import read_har

    return read_har(
        source.stream, size_hint=source.size, redactor=source.redactor, limits=source.limits, notes=source.notes
    )


HAR = SignalKind(
    name="har",
    role=EXCHANGE,
    unit="entry",
    claims=_claims,
    read=_read,
    suffixes=(".har", ".har.json", ".har.txt"),
    not_one=RejectionCode.NOT_HAR,
    sample=(
        b'{"log":{"version":"1.2","creator":{"name":"sample","version":"1"},"entries":[{"startedDateTime":'
        b'"2024-03-01T10:00:00.000Z","time":12,"request":{"method":"GET","url":"https://shop.example/api/orders",'
        b'"headers":[]},"response":{"status":500,"headers":[],"content":{"mimeType":"text/plain","text":"no"}}}]}}'
    ),
)
