"""From captured frames to transport headers: all packets of a batch at once, layer by layer, tunnels unwrapped.

A layer is a function over the packets that are at it; it moves their position and says which layer each is at next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, SCTP, TCP, UDP, Transports, Work, is_one_of
from signal_pipeline.parsing.pcap.layers import (
    AUTHENTICATION,
    BRIDGED,
    COOKED,
    COOKED_2,
    ETHERNET,
    EXTENSIONS,
    FRAGMENT,
    GRE,
    GRE_PROTOCOL,
    HDLC,
    IP4,
    IP6,
    IP6_IN_IP,
    IP_IN_IP,
    LINKS,
    MAX_LAYERS,
    MAX_TUNNELS,
    MPLS,
    NULL,
    PPI,
    PPP,
    PPPOE,
    RADIOTAP,
    RAW,
    TAGGED,
    TRANSPORT,
    VLAN,
    WIFI,
)
from signal_pipeline.parsing.pcap.link_layers import LinkLayers
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch
from signal_pipeline.parsing.pcap.plain_headers import plain_headers
from signal_pipeline.parsing.pcap.tunnel_layers import TunnelLayers

_IS_EXTENSION = is_one_of(*EXTENSIONS, FRAGMENT)
_IS_TRANSPORT = is_one_of(TCP, UDP, SCTP, ICMP, ICMP6)


class HeaderReader(LinkLayers, TunnelLayers):
    """Reads one batch."""

    def __init__(self, batch: PacketBatch) -> None:
        super().__init__(batch)
        self._layers = {
            ETHERNET: self._ethernet, COOKED: self._cooked, COOKED_2: self._cooked_2, NULL: self._null,
            RAW: self._raw, PPP: self._ppp, HDLC: self._hdlc, VLAN: self._vlan, MPLS: self._mpls, PPPOE: self._pppoe,
            IP4: self._ip4, IP6: self._ip6, GRE: self._gre, TRANSPORT: self._transport, PPI: self._ppi,
            BRIDGED: self._bridged, TAGGED: self._vn_tag,
            WIFI: self._wifi, RADIOTAP: self._radiotap,
        }  # fmt: skip

    def read(self) -> Transports:
        pending: dict[int, list[Ints]] = {}
        steps = np.zeros(len(self._batch), np.int64)

        def put(work: Work) -> None:
            for layer, rows in work:
                if len(rows):
                    pending.setdefault(layer, []).append(rows)

        rest = np.arange(len(self._batch))
        if (plain := plain_headers(self._batch)) is not None:
            self._read.append(plain)
            rest = np.delete(rest, plain[0])
        put(self._by_type(rest, self._batch.link[rest], LINKS))
        while pending:
            layer = min(pending)
            parts = pending.pop(layer)
            some = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))
            steps[some] += 1
            put(self._layers[layer](some[steps[some] <= MAX_LAYERS]))
        every = np.arange(len(self._batch))
        if (layered := self._protocol >= 0).any() or not self._read:
            self._keep(every[layered])
        if len(self._read) == 1:
            return Transports(*self._read[0])
        rows = np.concatenate([part[0] for part in self._read])
        order = np.argsort(rows, kind="stable")
        return Transports(*(np.concatenate(parts)[order] for parts in zip(*self._read, strict=True)))

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
        self._offset[rows] = offset << 1 | more
        self._fragment[rows] = np.where(later, identification + 1, np.where(more, -1 - identification, 0))

    def _after_ip(self, rows: Ints, following: Ints) -> Work:
        """Through extension headers to the transport, or into a tunnel."""
        for _ in range(8):
            known = _IS_EXTENSION[following] & ~self._fragmented[rows]
            if not known.any():
                break
            some = rows[known]
            at = self._at[some]
            kind = following[known]
            inside = at + 8 <= self._batch.end[some]
            size = np.where(kind == AUTHENTICATION, (self._u8(at + 1) + 2) * 4, (self._u8(at + 1) + 1) * 8)
            parts = kind == FRAGMENT
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
        whole = ~self._fragmented[rows] & (self._depth[rows] < MAX_TUNNELS)
        for protocol, layer in ((IP_IN_IP, IP4), (IP6_IN_IP, IP6), (GRE_PROTOCOL, GRE)):
            some = rows[whole & (following == protocol)]
            self._depth[some] += 1
            yield layer, some
        carried = ~self._fragmented[rows] & _IS_TRANSPORT[following]
        yield TRANSPORT, rows[carried]

    def _transport(self, rows: Ints) -> Work:
        protocol = self._protocol[rows]
        tcp = self._have_inside(rows[protocol == TCP], 20)
        udp = self._have_inside(rows[protocol == UDP], 8)
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

    def _have_inside(self, rows: Ints, size: int) -> Ints:
        """Those that have so many bytes before the datagram ends; frames are padded after it."""
        rows = self._have(rows, size)
        return rows[self._at[rows] + size <= self._end[rows]]

    def _ports(self, rows: Ints) -> None:
        self._ints["port_a"][rows] = self._u16(self._at[rows])
        self._ints["port_b"][rows] = self._u16(self._at[rows] + 2)

    def _tcp(self, rows: Ints) -> None:
        at = self._at[rows]
        size = np.maximum((self._u8(at + 12) >> 4) * 4, 20)
        for name, values in (
            ("seq", self._u32(at + 4)),
            ("flags", self._u8(at + 13)),
            ("window", self._u16(at + 14)),
        ):
            self._ints[name][rows] = values
        self._payload[rows] = at + size
        self._length[rows] = np.maximum(self._end[rows] - at - size, 0)
