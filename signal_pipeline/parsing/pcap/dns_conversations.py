"""What DNS messages tell: questions that wait, codes of failure, and names of the addresses that other flows go to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.dns_message import RCODES, DnsMessage, dns_message
from signal_pipeline.parsing.pcap.flow import Flow
from signal_pipeline.parsing.pcap.packets import Ints, words

DNS_PORT, MDNS_PORT, LLMNR_PORT = 53, 5353, 5355
DNS_PORTS = (DNS_PORT, MDNS_PORT, LLMNR_PORT)
NETBIOS_PORT = 137
"""Names of Windows networks, in messages of the same shape."""
MAX_ASKED = 64
MAX_NAMES = 50_000
_MAX_HELD_BYTES = 66_000
_ANSWER, _OPERATION, _RESERVED, _CODE = 0x8000, 0x7800, 0x0040, 15
_MANY_RECORDS = 0xFFC0_FFC0_FFC0_0000
"""Of the three counts of records after that of questions: more than 63."""


class Names:
    """What addresses are called, by the last answer to whoever asked. Addresses are numbers, as flows have them."""

    def __init__(self) -> None:
        self._names: dict[tuple[int | None, int], str] = {}

    def learn(self, client: int, address: int, name: str) -> None:
        if len(self._names) > MAX_NAMES:
            self._names.clear()
        self._names[client, address] = self._names[None, address] = name

    def of(self, client: int, address: int) -> str | None:
        """The client's own answer before one that somebody else was given."""
        return self._names.get((client, address)) or self._names.get((None, address))


@dataclass
class DnsSide:
    """One direction of DNS over TCP: messages after their length. `waits` while one goes on in the next segment."""

    waits: bool = False
    _held: bytes = b""

    def messages(self, data: bytes, lost: int) -> list[bytes]:
        """The messages that a segment completes; `lost` of its bytes were not captured."""
        data, self._held = self._held + data, b""
        found, at = [], 0
        while (begin := at + 2) <= len(data) and (end := begin + int.from_bytes(data[at:begin], "big")) <= len(data):
            found.append(data[begin:end])
            at = end
        if lost or len(data) - at > _MAX_HELD_BYTES:
            found.append(data[at + 2 :])
        else:
            self._held = data[at:]
        self.waits = bool(self._held)
        return found


def saw_message(flow: Flow, data: bytes, at: int, names: Names) -> None:
    """One message of a flow."""
    message = dns_message(data)
    if message is None:
        return
    flow.service = flow.service or "dns"
    asked: dict[int, tuple[DnsMessage, int]] = flow.dns if flow.dns is not None else {}
    flow.dns = asked
    if not message.is_answer:
        if len(asked) < MAX_ASKED:
            asked.setdefault(message.identification, (message, at))
        return
    query, _ = asked.pop(message.identification, (message, 0))
    if message.code and flow.ports[1] != MDNS_PORT:
        code = RCODES.get(message.code, f"rcode {message.code}")
        flow.fail(f"DNS {code}", message.name or query.name or "?", at)
    elif not message.code:
        for name, address in message.addresses():
            names.learn(flow.addresses[0], address, name)


def uses_dns_port(flow: Flow) -> bool:
    return flow.ports[1] in DNS_PORTS or flow.ports[0] in DNS_PORTS


def looks_like_dns(data: NDArray[np.uint8], starts: Ints) -> NDArray[np.bool_]:
    """Which of these messages have the counts of a plain question or its answer; for ports that say nothing."""
    head, behind = words(data, starts, 8), words(data, starts + 6, 8)
    flags, questions, answers = (head >> np.uint64(n) & np.uint64(0xFFFF) for n in (32, 16, 0))
    is_answer = flags & np.uint64(_ANSWER) > 0
    plain = (flags & np.uint64(_OPERATION | _RESERVED) == 0) & (questions == 1)
    few = behind & np.uint64(_MANY_RECORDS) == 0
    nothing_else = (answers == 0) & (flags & np.uint64(_CODE) == 0)
    label = behind >> np.uint64(8) & np.uint64(0xFF)
    return np.asarray(plain & few & (is_answer | nothing_else) & (label < 64))


def answered_at_once(data: NDArray[np.uint8], starts: Ints, places: Ints, flow: Ints) -> NDArray[np.bool_]:
    """Which of these messages are questions that a later one of the same batch answers without a failure.

    `starts`: where they are in `data`; `places` rise within the `flow` that they are of.
    """
    key = flow << 16 | words(data, starts, 2).astype(np.int64)
    flags = words(data, starts + 2, 2)
    is_answer = flags & _ANSWER > 0
    good = np.flatnonzero(is_answer & (flags & (_RESERVED | _CODE) == 0) & (words(data, starts + 4, 2) <= 64))[::-1]
    if not len(good):
        return np.zeros(len(key), np.bool_)
    answered, last = np.unique(key[good], return_index=True)
    nearest = np.minimum(np.searchsorted(answered, key), len(answered) - 1)
    return np.asarray(~is_answer & (answered[nearest] == key) & (places[good][last[nearest]] > places))
