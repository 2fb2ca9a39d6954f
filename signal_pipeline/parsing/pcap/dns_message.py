"""What of a DNS message matters: whether it is an answer, its code, and the name that was asked for."""

from __future__ import annotations

import struct
from dataclasses import dataclass

RCODES: dict[int, str] = {
    1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET",
    9: "NOTAUTH", 10: "NOTZONE", 11: "DSOTYPENI", 16: "BADVERS", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE",
    20: "BADNAME", 21: "BADALG", 22: "BADTRUNC", 23: "BADCOOKIE",
}  # fmt: skip
_MAX_NAME = 255
_MAX_JUMPS = 32
_HEADER_BYTES = 12
_HEAD_BYTES = 1_232
_MAX_RECORDS = 64
_ADDRESS_BYTES = {1: 4, 28: 16}
"""Types of records that have an address, and of how many bytes."""
_RECORD = struct.Struct(">HHIH")
_LAST_TYPE, _CLASSES = 258, (1, 255)
_OPTIONS = b"\0\0\x29"
"""The root, and the type of the record that extends a message; its code holds the upper bits of the message's."""


@dataclass(frozen=True)
class DnsMessage:
    """`code` is the rcode of an answer, with what EDNS adds to it."""

    identification: int
    is_answer: bool
    code: int
    _head: bytes

    @property
    def name(self) -> str | None:
        """The name in the question; None where there is none that can be read."""
        return _name(self._head, _HEADER_BYTES) if int.from_bytes(self._head[4:6], "big") else None

    def addresses(self) -> list[tuple[str, int]]:
        """(name, address as a number) of the records of an answer, by the name that was asked for, not its aliases."""
        data = self._head
        questions, answers = struct.unpack_from(">HH", data, 4)
        if not answers or questions > 1:
            return []
        at, asked = _HEADER_BYTES, None
        if questions:
            asked, at = _name(data, at), _behind_name(data, at) + 4
        found = []
        for _ in range(min(answers, _MAX_RECORDS)):
            begin, at = at, _behind_name(data, at)
            if at + _RECORD.size > len(data):
                break
            kind, _, _, size = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            value = data[at : at + size]
            at += size
            if _ADDRESS_BYTES.get(kind) == len(value) and (name := asked or _name(data, begin)):
                found.append((name, int.from_bytes(value, "big")))
        return found


def dns_message(data: bytes) -> DnsMessage | None:
    """The message; None for what is none."""
    if len(data) < _HEADER_BYTES:
        return None
    identification, flags, questions = struct.unpack_from(">HHH", data)
    if (flags & 0x0040 or questions > 64) and not is_one_question(data):
        return None
    code = flags & 15
    if data[11]:  # additional records, the last of which extends the message
        at = data.rfind(_OPTIONS, _HEADER_BYTES)
        if at > 0 and data[at + 5 : at + 7] == b"\1\0":
            code |= 16
    return DnsMessage(identification, bool(flags & 0x8000), code, data[:_HEAD_BYTES])


def is_one_question(data: bytes) -> bool:
    """Whether what follows the header is one question as it is written today, and so the message DNS on any port."""
    if data[4:6] != b"\0\1" or (name := _name(data, _HEADER_BYTES)) is None:
        return False
    at = _behind_name(data, _HEADER_BYTES)
    kind, group = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
    return 0 < kind <= _LAST_TYPE and group in _CLASSES and name.isascii() and name.isprintable()


def _behind_name(data: bytes, at: int) -> int:
    """Where the name that begins here ends; after the data for one that does not."""
    while at < len(data):
        size = data[at]
        if size >= 0xC0:
            return at + 2
        if size == 0:
            return at + 1
        at += size + 1
    return len(data) + 1


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
