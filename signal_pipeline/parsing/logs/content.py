"""What kind of bytes a file holds: UTF-8, UTF-16 in either order, or no text at all. Decoding is in
lines.py.
"""

from __future__ import annotations

import re

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.parsing.encoding_runs import UTF_8, encoding_runs

SAMPLE_BYTES = 64 * 1024
_MAGIC = (
    b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"RIFF", b"OggS", b"\x00asm", b"7z\xbc\xaf", b"Rar!", b"LPKSHHRH",
    b"SQLite format 3\x00", b"\xca\xfe\xba\xbe", b"MZ\x90\x00", b"\xd4\xc3\xb2\xa1",
    b"\x0a\x0d\x0d\x0a", b"ElfFile\x00", b"MDMP", b"PMDMP",
)  # fmt: skip
_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_CONTROL = bytes(code for code in range(32) if code not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
_NUL_RUN = re.compile(b"\x00{64,}")
_BINARY_SHARE = 0.03


def encoding_of(sample: bytes) -> tuple[str, int]:
    """The encoding of a file that begins with `sample`, and the length of its byte order mark.

    Raises SignalRejected(BINARY) when the bytes are no text. UTF-16 without a mark is told by where its
    NULs are: in text of any western log every second byte is one.
    """
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding, len(mark)
    if sample.startswith(_MAGIC):
        raise SignalRejected(RejectionCode.BINARY, 0)
    runs = encoding_runs(sample)
    if len(runs) > 1:
        _refuse_binary(b"".join(sample[run.start : run.stop] for run in runs if run.encoding == UTF_8))
        return runs[0].encoding, runs[0].mark
    nuls_even, nuls_odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if nuls_odd > 0.4 * half and nuls_even < 0.05 * half:
        return "utf-16-le", 0
    if nuls_even > 0.4 * half and nuls_odd < 0.05 * half:
        return "utf-16-be", 0
    _refuse_binary(sample)
    return "utf-8", 0


def _refuse_binary(sample: bytes) -> None:
    # Rotation with copytruncate leaves long runs of NULs at the head of a text log: they say nothing.
    text = _NUL_RUN.sub(b"", sample)
    controls = len(text) - len(text.translate(None, _CONTROL))
    if controls > _BINARY_SHARE * len(text) and controls > 2:
        raise SignalRejected(RejectionCode.BINARY, 0)
