"""What a file holds, by its first bytes: a HAR, a log, or nothing that can be read. The name only breaks ties."""

from __future__ import annotations

import re
from typing import Literal

from signal_pipeline.errors import RejectionCode, SignalRejected

Kind = Literal["har", "log"]
HEAD_BYTES = 64 * 1024
HAR_SUFFIXES = (".har", ".har.json", ".har.txt")

_SPACE = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_BINARY_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"\x7fELF", b"MZ\x90\x00", b"\xca\xfe\xba\xbe", b"RIFF", b"OggS",
    b"SQLite format 3\x00", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a", b"\x00asm", b"MDMP", b"wOFF",
)  # fmt: skip
_TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF32_BOMS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
_NUL_RUN = re.compile(rb"\x00{64,}")  # rotation with copytruncate leaves long runs of them in text logs
_CONTROL_SHARE = 0.03

# The log object of a HAR begins with one of these; `"log": {"level": ...}` is a log line in JSON.
_HAR_LOG = re.compile(
    rb'"log"\s{0,200}:\s{0,200}\{\s{0,200}"(?:version|creator|browser|pages|entries|comment|_\w{1,40})"'
)
_WRAPPED_JSON = re.compile(rb"(?:/\*{1,4}/)?\s{0,20}[A-Za-z_$][\w.$ ]{0,100}\s{0,20}[=(]\s{0,20}\(?\s{0,20}[\[{]")
_XSSI_PREFIX = b")]}'"


def sniff(head: bytes, name: str = "", hint: str | None = None) -> Kind:
    """har or log. `name` is a file name and `hint` what the sender calls it; content decides over both.

    Raises SignalRejected: EMPTY; ENCODING for UTF-32, which no logger writes; NOT_HAR or BINARY for what is no text,
    by what it claims to be.
    """
    claims_har = hint == "har" or name.lower().endswith(HAR_SUFFIXES)
    if not head.strip(_SPACE):
        raise SignalRejected(RejectionCode.EMPTY if not head.strip(b" \t\r\n") else RejectionCode.BINARY)
    if _is_utf32(head):
        raise SignalRejected(RejectionCode.ENCODING)
    if _is_binary(head):
        raise SignalRejected(RejectionCode.NOT_HAR if claims_har else RejectionCode.BINARY)
    return "har" if claims_har or _is_har(head) else "log"


def _is_har(head: bytes) -> bool:
    text = head.replace(b"\x00", b"").lstrip(_SPACE)  # a HAR in UTF-16 shows its ASCII this way
    if text.startswith(_XSSI_PREFIX):
        text = text[len(_XSSI_PREFIX) :].lstrip()
    if not text.startswith((b"{", b"[")) and not _WRAPPED_JSON.match(text):
        return False
    if _HAR_LOG.search(text):
        return True
    return b'"startedDateTime"' in text and b'"request"' in text and b'"response"' in text


def _is_utf32(head: bytes) -> bool:
    """By its mark, or because only the lowest byte of each four of western text is not NUL."""
    if head.startswith(_UTF32_BOMS):
        return True
    counts = [head[place::4].count(0) for place in range(4)]
    most = 0.95 * (len(head) // 4)
    return len(head) >= 16 and sum(count >= most for count in counts) == 3 and min(counts[0], counts[3]) < 0.05 * most


def _is_binary(head: bytes) -> bool:
    if head.startswith(_TEXT_BOMS):
        return False
    if head.startswith(_BINARY_MAGIC):
        return True
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.4 * half and min(even, odd) < 0.05 * half:
        return False  # UTF-16 of western text without a mark
    text = _NUL_RUN.sub(b"", head)
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return controls > 2 and controls > _CONTROL_SHARE * len(text)
