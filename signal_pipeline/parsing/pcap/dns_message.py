"""What of a DNS message matters: whether it is an answer, its code, and the name that was asked for."""

from __future__ import annotations

import struct
from dataclasses import dataclass

RCODES: dict[int, str] = {
    1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET",
    9: "NOTAUTH", 10: "NOTZONE",
}  # fmt: skip
_MAX_NAME = 255
_MAX_JUMPS = 32
_HEADER_BYTES = 12
_HEAD_BYTES = 300


@dataclass(frozen=True)
class DnsMessage:
    """`code` is the rcode of an answer. Only a name that is asked for is read."""

    identification: int
    is_answer: bool
    code: int
    _head: bytes

    @property
    def name(self) -> str | None:
        """The name in the question; None where there is none that can be read."""
        return _name(self._head, _HEADER_BYTES) if int.from_bytes(self._head[4:6], "big") else None


def dns_message(data: bytes) -> DnsMessage | None:
    """The message; None for what is none."""
    if len(data) < _HEADER_BYTES:
        return None
    identification, flags, questions = struct.unpack_from(">HHH", data)
    if flags & 0x0040 or questions > 64:
        return None
    return DnsMessage(identification, bool(flags & 0x8000), flags & 15, data[:_HEAD_BYTES])


def _name(data: bytes, at: int) -> str | None:
    """The name at this place. Pointers only lead backwards, and not for ever."""
    labels: list[str] = []
    length = 0
    for _ in range(_MAX_NAME // 2 + _MAX_JUMPS):
        if at >= len(data):
            return None
        size = data[at]
        if size == 0:
            return ".".join(labels) or "."
        if size >= 0xC0:
            target = (size & 0x3F) << 8 | (data[at + 1] if at + 1 < len(data) else 0)
            if target >= at:
                return None
            at = target
            continue
        length += size + 1
        if size > 63 or length > _MAX_NAME or at + 1 + size > len(data):
            return None
        labels.append(data[at + 1 : at + 1 + size].decode("ascii", "replace"))
        at += size + 1
    return None
