"""Stretches of one encoding in bytes that hold several: logs of Windows that were written one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

UTF_8 = "utf-8"
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_GAP = 512
"""Bytes without a NUL that UTF-16 may hold in a row: text of other scripts between two ASCII characters."""
_LEAST = 8
_DENSITY = 0.2
_PARITY = 0.95
_ASCII_SHARE = 0.9
_TEXT = bytes((*b"\t\n\r", *range(32, 127)))


@dataclass(frozen=True)
class Run:
    """Bytes `start` to `stop` in one encoding; the first `mark` of them are its byte order mark."""

    start: int
    stop: int
    encoding: str
    mark: int = 0


def encoding_runs(data: bytes, current: str = UTF_8) -> list[Run]:
    """The runs of `data` in order, without gaps. `current` is the encoding that the bytes before `data` had.

    UTF-16 is told by its NULs, every second byte in text of any western log; what is between is UTF-8 if it is ASCII
    for the most part.
    """
    whole = [Run(0, len(data), current)]
    nuls = np.flatnonzero(np.frombuffer(data, np.uint8) == 0) if b"\x00" in data else np.array([], np.int64)
    if not len(nuls):
        return [Run(0, len(data), UTF_8)] if current != UTF_8 and _is_ascii(data) else whole
    parts = np.split(nuls, np.flatnonzero(np.diff(nuls) > _GAP) + 1)
    wide = [run for part in _split_at_ascii(data, parts) if (run := _wide_run(data, part, current))]
    if not wide:
        return whole
    found: list[Run] = []
    at = 0
    for run in wide:
        if run.start > at and (current == UTF_8 or _is_ascii(data[at : run.start])):
            found.append(Run(at, run.start, UTF_8))
            at = run.start
        found.append(Run(at, run.stop, run.encoding, run.mark))
        at = run.stop
    if at < len(data):
        rest = UTF_8 if current == UTF_8 or _is_ascii(data[at:]) else wide[-1].encoding
        found.append(Run(at, len(data), rest))
    return _joined(found)


def _split_at_ascii(data: bytes, parts: list[np.ndarray]) -> list[np.ndarray]:
    """The clusters of NULs, also apart where some 16 bytes and more between two are ASCII: they are no UTF-16."""
    split: list[np.ndarray] = []
    for part in parts:
        wide_gaps = np.flatnonzero(np.diff(part) > 16)
        cuts = [gap + 1 for gap in wide_gaps.tolist() if _is_ascii(data[part[gap] + 2 : part[gap + 1] - 1])]
        split += np.split(part, cuts)
    return split


def _wide_run(data: bytes, nuls: np.ndarray, current: str) -> Run | None:
    """The run of UTF-16 whose NULs these are; None when they are not every second byte or so."""
    first, last = int(nuls[0]), int(nuls[-1])
    odd = float((nuls % 2 != first % 2).mean())
    if len(nuls) < _LEAST or len(nuls) < _DENSITY * (last - first + 1) / 2 or odd > 1 - _PARITY:
        return None
    if first <= 1 and current != UTF_8:
        encoding, start = current, 0
    else:
        big = data[first - 2 : first] == b"\xfe\xff" or (
            data[max(first - 3, 0) : first - 1] != b"\xff\xfe" and data[max(first - 1, 0) : first] in (b"", b"\n")
        )
        encoding, start = ("utf-16-be", first) if big else ("utf-16-le", max(first - 1, 0))
    mark = 2 if _MARKS.get(data[max(start - 2, 0) : start]) == encoding else 0
    stop = last + (2 if encoding == "utf-16-be" else 1)
    return Run(start - mark, min(stop, len(data)), encoding, mark)


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one encoding as one run."""
    joined = [runs[0]]
    for run in runs[1:]:
        before = joined[-1]
        if run.encoding == before.encoding and not run.mark:
            joined[-1] = Run(before.start, run.stop, run.encoding, before.mark)
        else:
            joined.append(run)
    return joined


def _is_ascii(data: bytes) -> bool:
    return len(data.translate(None, _TEXT)) <= (1 - _ASCII_SHARE) * len(data)
