"""The kinds of signal, one row each, and which of them a file is by its first bytes. The name only breaks ties.

To add a kind: a folder with its reader, a `kind.py` with its row there, and the row's name here.
"""

from __future__ import annotations

import re

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.parsing.encoding_runs import UTF_8, encoding_runs
from signal_pipeline.parsing.events.kind import EVENTS
from signal_pipeline.parsing.flow_tables.kind import FLOW_TABLE
from signal_pipeline.parsing.har.kind import HAR
from signal_pipeline.parsing.logs.kind import LOG
from signal_pipeline.parsing.pcap.kind import PCAP
from signal_pipeline.parsing.refused_kinds import refusal_of
from signal_pipeline.parsing.signal_kind import SignalKind

HEAD_BYTES = 64 * 1024
UNKNOWN = "unknown"

# In the order in which they are asked. Text that none of them claims is a log, unless it is refused as what it is.
KINDS: tuple[SignalKind, ...] = (HAR, PCAP, FLOW_TABLE, EVENTS, LOG)
FALLBACK = LOG

_SPACE = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF32_BOMS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
_NUL_RUN = re.compile(rb"\x00{64,}")  # rotation with copytruncate leaves long runs of them in text logs
_CONTROL_SHARE = 0.03


def kind_named(name: str | None) -> SignalKind | None:
    """The row of this name; None for any other text, such as the kind of a later version."""
    return next((kind for kind in KINDS if kind.name == name), None)


def sniff(head: bytes, name: str = "", hint: str | None = None) -> SignalKind:
    """The kind of a file. `name` is its file name and `hint` what the sender calls it; content decides over both.

    Raises SignalRejected: EMPTY; ENCODING for UTF-32, which no logger writes; a code of `refused_kinds` for what it is
    instead; BINARY for what is not text; the code of the kind that the name claims, for a file that cannot be one.
    """
    if not head.strip(_SPACE):
        raise SignalRejected(RejectionCode.EMPTY if not head.strip(b" \t\r\n") else RejectionCode.BINARY)
    if _is_utf32(head):
        raise SignalRejected(RejectionCode.ENCODING)
    if (claiming := next((kind for kind in KINDS if kind.claims(head)), None)) is not None:
        return claiming
    named = _claimed_by_name(head, name, hint)
    code = refusal_of(head) or (RejectionCode.BINARY if _is_binary(head) else None)
    if code is not None:
        raise SignalRejected(code if named is None else named.not_one)
    return named or FALLBACK


def _claimed_by_name(head: bytes, name: str, hint: str | None) -> SignalKind | None:
    """The kind, other than the fallback, that the sender or the end of the file name asks for."""
    lowered = name.lower()
    asked = (kind for kind in KINDS if kind is not FALLBACK and kind.may_be(head))
    return next((kind for kind in asked if kind.name == hint or lowered.endswith(kind.suffixes or ("\0",))), None)


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
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.4 * half and min(even, odd) < 0.05 * half:
        return False  # UTF-16 of western text without a mark
    plain = b"".join(head[run.start : run.stop] for run in encoding_runs(head) if run.encoding == UTF_8)
    text = _NUL_RUN.sub(b"", plain)
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return controls > 2 and controls > _CONTROL_SHARE * len(text)
