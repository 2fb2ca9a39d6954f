"""From captured frames to transport headers: all packets of a batch at once, layer by layer, tunnels unwrapped.

A layer is a function over the packets that are at it; it moves their position and says which layer each is at next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch

TCP, UDP, ICMP, ICMP6, SCTP = 6, 17, 1, 58, 132
# Layers.
ETHERNET, COOKED, COOKED_2, NULL, RAW, PPP, HDLC, VLAN, MPLS, PPPOE, IP4, IP6, GRE, TRANSPORT = range(14)
LINKS: dict[int, int] = {
    0: NULL, 1: ETHERNET, 9: PPP, 12: RAW, 14: RAW, 50: PPP, 51: PPPOE, 101: RAW, 104: HDLC, 108: NULL, 113: COOKED,
    228: IP4, 229: IP6, 276: COOKED_2,
}  # fmt: skip
"""Link types of captures. What is not here has no flows."""
_TYPES: dict[int, int] = {
    0x0800: IP4, 0x86DD: IP6, 0x8100: VLAN, 0x88A8: VLAN, 0x9100: VLAN, 0x9200: VLAN, 0x8847: MPLS, 0x8848: MPLS,
    0x8864: PPPOE, 0x6558: ETHERNET, 0x880B: PPP,
}  # fmt: skip
"""EtherTypes."""
_PPP_TYPES = {0x0021: IP4, 0x0057: IP6, 0x0281: MPLS}
_EXTENSIONS = (0, 43, 51, 60, 135, 139, 140)
"""Headers of IPv6 (and AH, of IPv4 too) in front of the transport."""
_FRAGMENT, _IP_IN_IP, _IP6_IN_IP, _GRE, _AUTHENTICATION = 44, 4, 41, 47, 51
_MAX_LAYERS = 24
_MAX_TUNNELS = 4
_VXLAN_PORTS = (4789, 8472)
_GTP_PORT, _TEREDO_PORT, _GENEVE_PORT = 2152, 3544, 6081
Work = Iterator[tuple[int, Ints]]


@dataclass(frozen=True)
class Transports:
    """What the headers of the packets say that are IP.

    Addresses are two 64-bit halves, those of IPv4 in the lower half with `family` 4. `payload` is where the transport's
    data begins and `length` how long it is on the wire; up to `captured` of it is in the batch.
    """

    row: Ints
    """The packet in its batch: one that carries a tunnel over UDP has two rows, the outer one first."""
    protocol: Ints
    family: Ints
    source: NDArray[np.uint64]
    target: NDArray[np.uint64]
    source_port: Ints
    target_port: Ints
    flags: Ints
    sequence: Ints
    acknowledged: Ints
    window: Ints
    header: Ints
    payload: Ints
    length: Ints
    captured: Ints
    fragment: Ints
    """Identification of the datagram, for fragments after the first, and -1 - identification for the first one."""
    tunnelled: NDArray[np.bool_]


class HeaderReader:
    """Reads one batch."""

    def __init__(self, batch: PacketBatch) -> None:
        n = len(batch)
        self._batch = batch
        self._data = batch.data
        self._limit = len(batch.data) - 64
        self._at = batch.start.copy()
        self._end = batch.start + batch.wire  # of what the layer above may claim, on the wire
        ints = {name: np.zeros(n, np.int64) for name in ("port_a", "port_b", "flags", "seq", "ack", "window")}
        self._ints = ints
        self._protocol = np.full(n, -1, np.int64)
        self._family = np.zeros(n, np.int64)
        self._source = np.zeros((n, 2), np.uint64)
        self._target = np.zeros((n, 2), np.uint64)
        self._header = np.zeros(n, np.int64)
        self._payload = np.zeros(n, np.int64)
        self._length = np.zeros(n, np.int64)
        self._fragment = np.zeros(n, np.int64)
        self._fragmented = np.zeros(n, np.bool_)
        self._next = np.zeros(n, np.int64)  # protocol after the IP header
        self._depth = np.zeros(n, np.int64)
        self._read: list[tuple[Any, ...]] = []
        self._layers = {
            ETHERNET: self._ethernet, COOKED: self._cooked, COOKED_2: self._cooked_2, NULL: self._null,
            RAW: self._raw, PPP: self._ppp, HDLC: self._hdlc, VLAN: self._vlan, MPLS: self._mpls, PPPOE: self._pppoe,
            IP4: self._ip4, IP6: self._ip6, GRE: self._gre, TRANSPORT: self._transport,
        }  # fmt: skip

    def read(self) -> Transports:
        work: list[tuple[int, Ints, int]] = []
        for link in np.unique(self._batch.link).tolist():
            if (layer := LINKS.get(link)) is not None:
                work.append((layer, np.flatnonzero(self._batch.link == link), 0))
        while work:
            layer, rows, depth = work.pop()
            if depth < _MAX_LAYERS and len(rows):
                work += [(above, some, depth + 1) for above, some in self._layers[layer](rows) if len(some)]
        every = np.arange(len(self._batch))
        self._keep(every[self._protocol >= 0])
        rows = np.concatenate([part[0] for part in self._read])
        order = np.argsort(rows, kind="stable")
        return Transports(*(np.concatenate(parts)[order] for parts in zip(*self._read, strict=True)))

    def _keep(self, rows: Ints) -> None:
        """What was read of these packets up to here."""
        ints = self._ints
        length, payload = self._length[rows], self._payload[rows]
        self._read.append((
            rows, self._protocol[rows], self._family[rows], self._source[rows], self._target[rows],
            ints["port_a"][rows], ints["port_b"][rows], ints["flags"][rows], ints["seq"][rows], ints["ack"][rows],
            ints["window"][rows], self._header[rows], payload, length,
            np.clip(self._batch.end[rows] - payload, 0, length), self._fragment[rows], self._depth[rows] > 0,
        ))  # fmt: skip

    # Bytes at the positions of packets.

    def _have(self, rows: Ints, size: int) -> Ints:
        """Those of `rows` of which `size` bytes at their position were captured."""
        return rows[self._at[rows] + size <= self._batch.end[rows]]

    def _u8(self, at: Ints) -> Ints:
        return self._data[np.minimum(at, self._limit)].astype(np.int64)

    def _u16(self, at: Ints) -> Ints:
        at = np.minimum(at, self._limit)
        return self._data[at].astype(np.int64) << 8 | self._data[at + 1]

    def _u32(self, at: Ints) -> Ints:
        return self._u16(at) << 16 | self._u16(at + 2)

    def _u64(self, at: Ints) -> NDArray[np.uint64]:
        return self._u32(at).astype(np.uint64) << np.uint64(32) | self._u32(at + 4).astype(np.uint64)

    def _by_type(self, rows: Ints, values: Ints, table: dict[int, int]) -> Work:
        """The packets by what comes next."""
        if len(values) and (values == values[0]).all():
            if (layer := table.get(int(values[0]))) is not None:
                yield layer, rows
            return
        for value in np.unique(values).tolist():
            if (layer := table.get(value)) is not None:
                yield layer, rows[values == value]

    # Links.

    def _ethernet(self, rows: Ints) -> Work:
        rows = self._have(rows, 14)
        kinds = self._u16(self._at[rows] + 12)
        self._at[rows] += 14
        short = kinds <= 1500
        if short.any():
            yield from self._llc(rows[short])
            rows, kinds = rows[~short], kinds[~short]
        yield from self._by_type(rows, kinds, _TYPES)

    def _llc(self, rows: Ints) -> Work:
        """802.3 with SNAP."""
        rows = self._have(rows, 8)
        rows = rows[self._u16(self._at[rows]) == 0xAAAA]
        kinds = self._u16(self._at[rows] + 6)
        self._at[rows] += 8
        yield from self._by_type(rows, kinds, _TYPES)

    def _vlan(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        kinds = self._u16(self._at[rows] + 2)
        self._at[rows] += 4
        short = kinds <= 1500
        if short.any():
            yield from self._llc(rows[short])
            rows, kinds = rows[~short], kinds[~short]
        yield from self._by_type(rows, kinds, _TYPES)

    def _cooked(self, rows: Ints) -> Work:
        rows = self._have(rows, 16)
        kinds = self._u16(self._at[rows] + 14)
        self._at[rows] += 16
        yield from self._by_type(rows, kinds, _TYPES)

    def _cooked_2(self, rows: Ints) -> Work:
        rows = self._have(rows, 20)
        kinds = self._u16(self._at[rows])
        self._at[rows] += 20
        yield from self._by_type(rows, kinds, _TYPES)

    def _null(self, rows: Ints) -> Work:
        """The family is in the order of the machine that captured, and differs by system; the data have the version."""
        rows = self._have(rows, 5)
        self._at[rows] += 4
        yield from self._raw(rows)

    def _raw(self, rows: Ints) -> Work:
        rows = self._have(rows, 1)
        yield from self._by_type(rows, self._u8(self._at[rows]) >> 4, {4: IP4, 6: IP6})

    def _ppp(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        framed = self._u16(self._at[rows]) == 0xFF03
        self._at[rows[framed]] += 2
        kinds = self._u8(self._at[rows])
        small = (kinds & 1) == 1  # compressed to one byte
        kinds = np.where(small, kinds, self._u16(self._at[rows]))
        self._at[rows] += np.where(small, 1, 2)
        yield from self._by_type(rows, kinds, _PPP_TYPES)

    def _hdlc(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        kinds = self._u16(self._at[rows] + 2)
        self._at[rows] += 4
        yield from self._by_type(rows, kinds, _TYPES)

    def _pppoe(self, rows: Ints) -> Work:
        rows = self._have(rows, 8)
        kinds = self._u16(self._at[rows] + 6)
        self._at[rows] += 8
        yield from self._by_type(rows, kinds, _PPP_TYPES)

    def _mpls(self, rows: Ints) -> Work:
        rows = self._have(rows, 5)
        last = (self._u8(self._at[rows] + 2) & 1) == 1
        self._at[rows] += 4
        yield MPLS, rows[~last]
        rows = rows[last]
        version = self._u8(self._at[rows]) >> 4
        yield from self._by_type(rows, version, {4: IP4, 6: IP6})
        wired = rows[version == 0]  # a pseudowire: its control word, then a frame
        self._at[wired] += 4
        yield ETHERNET, wired

    # Networks.

    def _ip4(self, rows: Ints) -> Work:
        rows = self._have(rows, 20)
        at = self._at[rows]
        first = self._u8(at)
        size = (first & 15) * 4
        good = (first >> 4 == 4) & (size >= 20)
        rows, at, size = rows[good], at[good], size[good]
        total = self._u16(at + 2)
        self._claim(rows, np.where(total >= size, at + total, self._end[rows]))
        self._family[rows] = 4
        self._source[rows] = 0
        self._target[rows] = 0
        self._source[rows, 1] = self._u32(at + 12).astype(np.uint64)
        self._target[rows, 1] = self._u32(at + 16).astype(np.uint64)
        fragment = self._u16(at + 6)
        identification = self._u16(at + 4)
        self._note_fragments(rows, fragment & 0x1FFF, (fragment & 0x2000) > 0, identification)
        self._at[rows] = at + size
        yield from self._after_ip(rows, self._u8(at + 9))

    def _ip6(self, rows: Ints) -> Work:
        rows = self._have(rows, 40)
        at = self._at[rows]
        good = self._u8(at) >> 4 == 6
        rows, at = rows[good], at[good]
        length = self._u16(at + 4)
        self._claim(rows, np.where(length > 0, at + 40 + length, self._end[rows]))
        self._family[rows] = 6
        for column, offset in ((self._source, 8), (self._target, 24)):
            column[rows, 0] = self._u64(at + offset)
            column[rows, 1] = self._u64(at + offset + 8)
        self._note_fragments(rows, np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_), rows)
        self._at[rows] = at + 40
        yield from self._after_ip(rows, self._u8(at + 6))

    def _claim(self, rows: Ints, end: Ints) -> None:
        """No layer reaches beyond the one below."""
        self._end[rows] = np.minimum(end, self._end[rows])

    def _note_fragments(self, rows: Ints, offset: Ints, more: NDArray[np.bool_], identification: Ints) -> None:
        later = offset > 0
        self._fragmented[rows] = later
        self._fragment[rows] = np.where(later, identification + 1, np.where(more, -1 - identification, 0))

    def _after_ip(self, rows: Ints, following: Ints) -> Work:
        """Through extension headers to the transport, or into a tunnel."""
        for _ in range(8):
            known = np.isin(following, (*_EXTENSIONS, _FRAGMENT)) & ~self._fragmented[rows]
            if not known.any():
                break
            some = rows[known]
            at = self._at[some]
            kind = following[known]
            inside = at + 8 <= self._batch.end[some]
            size = np.where(kind == _AUTHENTICATION, (self._u8(at + 1) + 2) * 4, (self._u8(at + 1) + 1) * 8)
            parts = kind == _FRAGMENT
            if parts.any():
                size = np.where(parts, 8, size)
                word = self._u16(at + 2)
                cut = some[parts]
                identification = self._u32(at + 4)[parts]
                self._note_fragments(cut, word[parts] >> 3, (word[parts] & 1) == 1, identification)
            following = following.copy()
            following[known] = np.where(inside, self._u8(at), 59)
            self._at[some] = at + size
        yield from self._above(rows, following)

    def _above(self, rows: Ints, following: Ints) -> Work:
        self._protocol[rows] = following
        self._header[rows] = self._at[rows]
        self._payload[rows] = self._at[rows]
        self._length[rows] = np.maximum(self._end[rows] - self._at[rows], 0)
        whole = ~self._fragmented[rows] & (self._depth[rows] < _MAX_TUNNELS)
        for protocol, layer in ((_IP_IN_IP, IP4), (_IP6_IN_IP, IP6), (_GRE, GRE)):
            some = rows[whole & (following == protocol)]
            self._depth[some] += 1
            yield layer, some
        carried = ~self._fragmented[rows] & np.isin(following, (TCP, UDP, SCTP, ICMP, ICMP6))
        yield TRANSPORT, rows[carried]

    def _gre(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        at = self._at[rows]
        flags, kinds = self._u16(at), self._u16(at + 2)
        size = 4 + sum(np.where(flags & bit > 0, 4, 0) for bit in (0xC000, 0x2000, 0x1000))
        size = size + np.where((flags & 7 == 1) & (flags & 0x80 > 0), 4, 0)  # PPTP has an acknowledgement number
        self._at[rows] = at + size
        yield from self._by_type(rows, kinds, _TYPES | {0x88BE: ETHERNET})

    # Transports.

    def _transport(self, rows: Ints) -> Work:
        protocol = self._protocol[rows]
        tcp = self._have(rows[protocol == TCP], 20)
        udp = self._have(rows[protocol == UDP], 8)
        carried = (protocol == TCP) | (protocol == UDP) | (protocol == SCTP)
        self._ports(self._have(rows[carried], 4))  # an ICMP error has little more of the packet that it is about
        self._tcp(tcp)
        at = self._at[udp]
        self._payload[udp] = at + 8
        stated = self._u16(at + 4)
        self._length[udp] = np.minimum(
            np.where(stated >= 8, stated - 8, 1 << 30), np.maximum(self._end[udp] - at - 8, 0)
        )
        yield from self._udp_tunnels(udp)
        icmp = self._have(rows[(protocol == ICMP) | (protocol == ICMP6)], 4)
        self._ints["flags"][icmp] = self._u16(self._at[icmp])  # type and code

    def _ports(self, rows: Ints) -> None:
        self._ints["port_a"][rows] = self._u16(self._at[rows])
        self._ints["port_b"][rows] = self._u16(self._at[rows] + 2)

    def _tcp(self, rows: Ints) -> None:
        at = self._at[rows]
        size = np.maximum((self._u8(at + 12) >> 4) * 4, 20)
        for name, values in (
            ("seq", self._u32(at + 4)),
            ("ack", self._u32(at + 8)),
            ("flags", self._u8(at + 13)),
            ("window", self._u16(at + 14)),
        ):
            self._ints[name][rows] = values
        self._payload[rows] = at + size
        self._length[rows] = np.maximum(self._end[rows] - at - size, 0)

    def _udp_tunnels(self, rows: Ints) -> Work:
        """VXLAN, GTP-U, Teredo and Geneve, by port and by what stands there."""
        a, b = self._ints["port_a"][rows], self._ints["port_b"][rows]
        busy = np.isin(b, (*_VXLAN_PORTS, _GTP_PORT, _TEREDO_PORT, _GENEVE_PORT)) | np.isin(
            a, (_GTP_PORT, _TEREDO_PORT)
        )
        busy &= (self._depth[rows] < _MAX_TUNNELS) & (self._fragment[rows] == 0)
        rows, a, b = rows[busy], a[busy], b[busy]
        if not len(rows):
            return
        at = self._payload[rows]
        vxlan = np.isin(b, _VXLAN_PORTS) & (self._u8(at) == 8) & (self._u8(at + 7) == 0)
        yield ETHERNET, self._inside(rows[vxlan], at[vxlan] + 8, 14)
        geneve = (b == _GENEVE_PORT) & (self._u8(at) >> 6 == 0) & (self._u16(at + 2) == 0x6558)
        size = 8 + (self._u8(at) & 0x3F) * 4
        yield ETHERNET, self._inside(rows[geneve], (at + size)[geneve], 14)
        gtp = ((a == _GTP_PORT) | (b == _GTP_PORT)) & (self._u8(at) >> 4 == 3) & (self._u8(at + 1) == 0xFF)
        yield RAW, self._gtp(rows[gtp], at[gtp])
        teredo = ((a == _TEREDO_PORT) | (b == _TEREDO_PORT)) & (self._u8(at) >> 4 == 6)
        yield IP6, self._inside(rows[teredo], at[teredo], 40)

    def _inside(self, rows: Ints, at: Ints, size: int) -> Ints:
        """Moves those of `rows` that have `size` bytes at `at` there."""
        good = at + size <= self._batch.end[rows]
        rows = rows[good]
        self._keep(rows)
        self._at[rows] = at[good]
        self._depth[rows] += 1
        return rows

    def _gtp(self, rows: Ints, at: Ints) -> Ints:
        flags = self._u8(at)
        more = flags & 7 > 0
        inner = at + 8 + np.where(more, 4, 0)
        following = np.where(more & (flags & 4 > 0), self._u8(at + 11), 0)
        for _ in range(4):
            extended = following > 0
            if not extended.any():
                break
            size = np.maximum(self._u8(inner) * 4, 4)
            following = np.where(extended, self._u8(inner + size - 1), 0)
            inner = np.where(extended, inner + size, inner)
        version = self._u8(inner) >> 4
        good = (version == 4) | (version == 6)
        return self._inside(rows[good], inner[good], 20)
