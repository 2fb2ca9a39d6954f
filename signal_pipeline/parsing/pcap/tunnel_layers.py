"""Tunnels: IP or frames inside GRE and UDP."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.header_columns import HeaderColumns, Work, is_one_of
from signal_pipeline.parsing.pcap.layers import (
    AYIYA_PORT,
    CAPWAP_PORT,
    ETHERNET,
    GENEVE_PORT,
    GRE_TYPES,
    GTP_PORT,
    IP6,
    IP6_IN_IP,
    L2TP_PORT,
    MAX_TUNNELS,
    PPP,
    RAW,
    TEREDO_PORT,
    TUNNEL_PORTS,
    VXLAN_PORTS,
    WIFI,
)
from signal_pipeline.parsing.pcap.packets import Ints

_IS_TUNNEL = is_one_of(*TUNNEL_PORTS, bits=16)


class TunnelLayers(HeaderColumns):
    """GRE with ERSPAN, VXLAN, Geneve, GTP-U, Teredo, AYIYA, CAPWAP, L2TP."""

    def _gre(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        at = self._at[rows]
        flags, kinds = self._u16(at), self._u16(at + 2)
        size = 4 + sum(np.where(flags & bit > 0, 4, 0) for bit in (0xC000, 0x2000, 0x1000))
        size = size + np.where((flags & 7 == 1) & (flags & 0x80 > 0), 4, 0)  # PPTP has an acknowledgement number
        # ERSPAN: type I has no header of its own, II has one where packets are numbered, III has a longer one.
        third = kinds == 0x22EB
        size = size + np.where((kinds == 0x88BE) & (flags & 0x1000 > 0), 8, np.where(third, 12, 0))
        self._at[rows] = at + size
        self._at[rows[third & (self._u8(at + size - 1) & 1 > 0)]] += 8
        yield from self._by_type(rows, kinds, GRE_TYPES)

    def _udp_tunnels(self, rows: Ints) -> Work:
        """VXLAN, GTP-U, Teredo and Geneve, by port and by what stands there."""
        a, b = self._ints["port_a"][rows], self._ints["port_b"][rows]
        at = self._payload[rows]
        # IPv6 that fills a datagram exactly is a tunnel on any port: Teredo between two peers.
        bare = (self._u8(at) >> 4 == 6) & (self._u16(at + 4) + 40 == self._length[rows])
        busy = bare | _IS_TUNNEL[b] | _IS_TUNNEL[a]
        busy &= (self._depth[rows] < MAX_TUNNELS) & (self._fragment[rows] == 0)
        rows, a, b, at, bare = (values[busy] for values in (rows, a, b, at, bare))
        if not len(rows):
            return
        either = partial(_either, a, b)
        yield IP6, self._inside(rows[bare], at[bare], 40)
        vxlan = np.isin(b, VXLAN_PORTS) & (self._u8(at) == 8) & (self._u8(at + 7) == 0)
        yield ETHERNET, self._inside(rows[vxlan], at[vxlan] + 8, 14)
        geneve = (b == GENEVE_PORT) & (self._u8(at) >> 6 == 0) & (self._u16(at + 2) == 0x6558)
        size = 8 + (self._u8(at) & 0x3F) * 4
        yield ETHERNET, self._inside(rows[geneve], (at + size)[geneve], 14)
        capwap = either(CAPWAP_PORT) & (self._u8(at) == 0) & (self._u8(at + 3) & 0x80 == 0)
        yield from self._capwap(rows[capwap], at[capwap])
        gtp = either(GTP_PORT) & (self._u8(at) >> 4 == 3) & (self._u8(at + 1) == 0xFF)
        yield RAW, self._gtp(rows[gtp], at[gtp])
        teredo = either(TEREDO_PORT) & (self._u8(at) == 0)
        yield IP6, self._teredo(rows[teredo], at[teredo])
        l2tp = either(L2TP_PORT) & (self._u16(at) & 0x800F == 2)  # data of version 2, no control message
        yield PPP, self._l2tp(rows[l2tp], at[l2tp])
        # AYIYA: identity and signature of stated lengths, then IPv6.
        ayiya = either(AYIYA_PORT) & (self._u8(at + 3) == IP6_IN_IP)
        size = 8 + (1 << (self._u8(at) >> 4)) + (self._u8(at + 1) >> 4) * 4
        yield IP6, self._inside(rows[ayiya], (at + size)[ayiya], 40)

    def _capwap(self, rows: Ints, at: Ints) -> Work:
        """Frames of an access point, 802.11 or 802.3, after a header of a length that it states."""
        wireless = self._u8(at + 2) & 1 > 0
        at = at + (self._u8(at + 1) >> 3) * 4
        yield WIFI, self._inside(rows[wireless], at[wireless], 24)
        yield ETHERNET, self._inside(rows[~wireless], at[~wireless], 14)

    def _teredo(self, rows: Ints, at: Ints) -> Ints:
        """After an authentication and an indication of the origin, where there are any."""
        signed = self._u16(at) == 1
        at = at + np.where(signed, 13 + self._u8(at + 2) + self._u8(at + 3), 0)
        at = at + np.where(self._u16(at) == 0, 8, 0)
        good = self._u8(at) >> 4 == 6
        return self._inside(rows[good], at[good], 40)

    def _l2tp(self, rows: Ints, at: Ints) -> Ints:
        """After numbers of tunnel and session, and what the flags say there is: length, counters, an offset."""
        flags = self._u16(at)
        at = at + 6 + np.where(flags & 0x4000 > 0, 2, 0) + np.where(flags & 0x0800 > 0, 4, 0)
        at = at + np.where(flags & 0x0200 > 0, 2 + self._u16(at), 0)
        return self._inside(rows, at, 4)

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


def _either(a: Ints, b: Ints, port: int) -> NDArray[np.bool_]:
    return np.asarray((a == port) | (b == port))
