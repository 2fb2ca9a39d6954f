"""A server's certificate as TLS up to 1.2 shows it: when it expires, and whether it names itself as its issuer.

Only as much of DER is read as leads there. Nothing is verified, and no name is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _VERSION, _UTC_TIME, _LONG_TIME = 0x30, 0xA0, 0x17, 0x18
_MAX_LENGTH_BYTES = 3


@dataclass(frozen=True)
class Certificate:
    """`ends` is ns since 1970."""

    ends: int
    self_signed: bool


def first_certificate(message: bytes) -> Certificate | None:
    """Of the body of a Certificate message: the server's own, which is the first. None for what cannot be read."""
    length = int.from_bytes(message[3:6], "big")
    try:
        return _certificate(message[6 : 6 + length])
    except (ValueError, IndexError):
        return None


def _certificate(data: bytes) -> Certificate:
    """ValueError or IndexError for what is not one."""
    _, at, _ = _value(data, 0, _SEQUENCE)
    _, at, _ = _value(data, at, _SEQUENCE)
    if data[at] == _VERSION:
        at = _value(data, at)[2]
    for _ in range(2):  # serial number, algorithm
        at = _value(data, at)[2]
    _, begin, end = _value(data, at, _SEQUENCE)
    issuer = data[begin:end]
    _, at, after = _value(data, end, _SEQUENCE)
    at = _value(data, at)[2]
    kind, begin, end = _value(data, at)
    _, first, last = _value(data, after, _SEQUENCE)
    return Certificate(_time(kind, data[begin:end]), data[first:last] == issuer)


def _value(data: bytes, at: int, expected: int | None = None) -> tuple[int, int, int]:
    """(tag, where the value at `at` begins, where it ends)."""
    tag, length = data[at], data[at + 1]
    begin = at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= _MAX_LENGTH_BYTES:
            raise ValueError("length")
        length, begin = int.from_bytes(data[begin : begin + count], "big"), begin + count
    if begin + length > len(data) or (expected is not None and tag != expected):
        raise ValueError("value")
    return tag, begin, begin + length


def _time(kind: int, value: bytes) -> int:
    form = {_UTC_TIME: "%y%m%d%H%M%SZ", _LONG_TIME: "%Y%m%d%H%M%SZ"}.get(kind)
    if form is None:
        raise ValueError("time")
    at = datetime.strptime(value.decode("ascii", "replace"), form).replace(tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000_000
