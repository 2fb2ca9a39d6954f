"""Links: from captured frames to IP. Each layer moves the packets on, and says what comes next."""

from __future__ import annotations

import numpy as np

from signal_pipeline.parsing.pcap.header_columns import HeaderColumns, Work
from signal_pipeline.parsing.pcap.layers import ETHER_TYPES, ETHERNET, HDLC, IP4, IP6, LINKS, MPLS, PPI, PPP_TYPES, WIFI
from signal_pipeline.parsing.pcap.packets import Ints


class LinkLayers(HeaderColumns):
    """Ethernet and its tags, Wi-Fi, Linux cooked, loopback, PPP, HDLC, MPLS, PPPoE, PPI."""

    def _ethernet(self, rows: Ints) -> Work:
        rows = self._have(rows, 14)
        kinds = self._u16(self._at[rows] + 12)
        self._at[rows] += 14
        short = kinds <= 1500
        if short.any():
            yield from self._llc(rows[short])
            rows, kinds = rows[~short], kinds[~short]
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _llc(self, rows: Ints) -> Work:
        """802.3 with SNAP."""
        rows = self._have(rows, 8)
        rows = rows[self._u16(self._at[rows]) == 0xAAAA]
        kinds = self._u16(self._at[rows] + 6)
        self._at[rows] += 8
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _vlan(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        kinds = self._u16(self._at[rows] + 2)
        self._vlans[rows] = self._u16(self._at[rows]) & 0xFFF
        self._at[rows] += 4
        short = kinds <= 1500
        if short.any():
            yield from self._llc(rows[short])
            rows, kinds = rows[~short], kinds[~short]
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _cooked(self, rows: Ints) -> Work:
        rows = self._have(rows, 16)
        kinds = self._u16(self._at[rows] + 14)
        self._at[rows] += 16
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _cooked_2(self, rows: Ints) -> Work:
        rows = self._have(rows, 20)
        kinds = self._u16(self._at[rows])
        self._at[rows] += 20
        yield from self._by_type(rows, kinds, ETHER_TYPES)

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
        head = self._u16(self._at[rows])
        cisco = (head == 0x0F00) | (head == 0x8F00)
        yield HDLC, rows[cisco]
        rows, head = rows[~cisco], head[~cisco]
        framed = head == 0xFF03
        self._at[rows[framed]] += 2
        kinds = self._u8(self._at[rows])
        small = (kinds & 1) == 1  # compressed to one byte
        kinds = np.where(small, kinds, self._u16(self._at[rows]))
        self._at[rows] += np.where(small, 1, 2)
        yield from self._by_type(rows, kinds, PPP_TYPES)

    def _hdlc(self, rows: Ints) -> Work:
        rows = self._have(rows, 4)
        kinds = self._u16(self._at[rows] + 2)
        self._at[rows] += 4
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _ppi(self, rows: Ints) -> Work:
        """Per-packet information, of a length that it states, in front of another link."""
        rows = self._have(rows, 8)
        at = self._at[rows]
        links = self._u8(at + 4) | self._u8(at + 5) << 8
        self._at[rows] += np.maximum(self._u8(at + 2) | self._u8(at + 3) << 8, 8)
        yield from self._by_type(rows, links, {link: layer for link, layer in LINKS.items() if layer != PPI})

    def _bridged(self, rows: Ints) -> Work:
        """Provider backbone bridging: a service tag, then a frame."""
        self._at[rows] += 4
        yield ETHERNET, rows

    def _radiotap(self, rows: Ints) -> Work:
        """What a radio tells of a frame, of a length that it states."""
        rows = self._have(rows, 8)
        at = self._at[rows]
        self._at[rows] += np.maximum(self._u8(at + 2) | self._u8(at + 3) << 8, 8)
        yield WIFI, rows

    def _wifi(self, rows: Ints) -> Work:
        """802.11: frames with data that are not encrypted. Some tunnels have the two bytes of frame control swapped."""
        rows = self._have(rows, 24)
        first, second = self._u8(self._at[rows]), self._u8(self._at[rows] + 1)
        swapped = (first & 0x0F != 0x08) & (second & 0x0F == 0x08)
        control, flags = np.where(swapped, second, first), np.where(swapped, first, second)
        has_data = (control & 0x4F == 0x08) & (flags & 0x40 == 0)
        rows, control, flags = rows[has_data], control[has_data], flags[has_data]
        at = self._at[rows] + 24 + np.where(flags & 3 == 3, 6, 0)
        has_quality = control & 0x80 > 0
        several = has_quality & (self._u8(at) & 0x80 > 0)  # frames in a frame: the first of them
        at += np.where(has_quality, 2, 0) + np.where(has_quality & (flags & 0x80 > 0), 4, 0) + np.where(several, 14, 0)
        self._at[rows] = at
        yield from self._llc(rows)

    def _vn_tag(self, rows: Ints) -> Work:
        """Virtual interfaces of a switch: four bytes, then the type of what follows."""
        rows = self._have(rows, 6)
        kinds = self._u16(self._at[rows] + 4)
        self._at[rows] += 6
        yield from self._by_type(rows, kinds, ETHER_TYPES)

    def _pppoe(self, rows: Ints) -> Work:
        rows = self._have(rows, 8)
        kinds = self._u16(self._at[rows] + 6)
        self._at[rows] += 8
        yield from self._by_type(rows, kinds, PPP_TYPES)

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
