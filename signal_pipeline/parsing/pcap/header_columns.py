"""What is read of the headers of a batch, as columns, and the bytes at the positions of packets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch, words

TCP, UDP, ICMP, ICMP6, SCTP = 6, 17, 1, 58, 132
Work = Iterator[tuple[int, Ints]]
"""Layers, with the packets that are at them next."""


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
    window: Ints
    header: Ints
    payload: Ints
    length: Ints
    captured: Ints
    fragment: Ints
    """Identification of the datagram, for fragments after the first, and -1 - identification for the first one."""
    offset: Ints
    """Of a fragment: units of eight bytes times two, and one where more follow."""
    tunnelled: NDArray[np.bool_]
    vlan: Ints


def is_one_of(*values: int, bits: int = 8) -> NDArray[np.bool_]:
    """A table to be indexed with numbers of so many bits: whether one is among these. Ten times `np.isin`."""
    table = np.zeros(1 << bits, np.bool_)
    table[list(values)] = True
    return table


class HeaderColumns:
    """One batch: each packet's position, and what the layers up to there said."""

    def __init__(self, batch: PacketBatch) -> None:
        n = len(batch)
        self._batch = batch
        self._data = batch.data
        self._at = batch.start.copy()
        self._end = batch.start + batch.wire  # of what the layer above may claim, on the wire
        ints = {name: np.zeros(n, np.int64) for name in ("port_a", "port_b", "flags", "seq", "window")}
        self._ints = ints
        self._protocol = np.full(n, -1, np.int64)
        self._family = np.zeros(n, np.int64)
        self._source = np.zeros((n, 2), np.uint64)
        self._target = np.zeros((n, 2), np.uint64)
        self._header = np.zeros(n, np.int64)
        self._payload = np.zeros(n, np.int64)
        self._length = np.zeros(n, np.int64)
        self._fragment = np.zeros(n, np.int64)
        self._offset = np.zeros(n, np.int64)
        self._fragmented = np.zeros(n, np.bool_)
        self._next = np.zeros(n, np.int64)  # protocol after the IP header
        self._depth = np.zeros(n, np.int64)
        self._vlans = np.zeros(n, np.int64)
        self._read: list[tuple[Any, ...]] = []

    def _keep(self, rows: Ints) -> None:
        """What was read of these packets up to here."""
        ints = self._ints
        length, payload = self._length[rows], self._payload[rows]
        self._read.append((
            rows, self._protocol[rows], self._family[rows], self._source[rows], self._target[rows],
            ints["port_a"][rows], ints["port_b"][rows], ints["flags"][rows], ints["seq"][rows], ints["window"][rows],
            self._header[rows], payload, length,
            np.clip(self._batch.end[rows] - payload, 0, length), self._fragment[rows], self._offset[rows],
            self._depth[rows] > 0, self._vlans[rows],
        ))  # fmt: skip

    def _have(self, rows: Ints, size: int) -> Ints:
        """Those of `rows` of which `size` bytes at their position were captured."""
        there = self._at.take(rows) + size <= self._batch.end.take(rows)
        return rows if there.all() else rows[there]

    def _u8(self, at: Ints) -> Ints:
        """A position after the data has the zeros that they are padded with. `take` is three times indexing."""
        return self._data.take(at, mode="clip").astype(np.int64)

    def _u16(self, at: Ints) -> Ints:
        return self._words(at, 2).astype(np.int64)

    def _u32(self, at: Ints) -> Ints:
        return self._words(at, 4).astype(np.int64)

    def _u64(self, at: Ints) -> NDArray[np.uint64]:
        return self._words(at, 8).astype(np.uint64)

    def _words(self, at: Ints, size: int) -> NDArray[np.unsignedinteger]:
        return words(self._data, np.minimum(at, len(self._data) - size), size)

    def _by_type(self, rows: Ints, values: Ints, table: dict[int, int]) -> Work:
        """The packets by what comes next."""
        if len(values) and (values == values[0]).all():
            if (layer := table.get(int(values[0]))) is not None:
                yield layer, rows
            return
        for value in np.unique(values).tolist():
            if (layer := table.get(value)) is not None:
                yield layer, rows[values == value]
