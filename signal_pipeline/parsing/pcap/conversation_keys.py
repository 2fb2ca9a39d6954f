"""One number per conversation, the same for both directions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, Transports
from signal_pipeline.parsing.pcap.packets import Ints

_MIX = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
    0xE7037ED1A0B428DB,
)


def swapped(read: Transports, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Whether the target is the lower end of the conversation."""
    high_a, high_b, low_a, low_b = read.source[:, 0], read.target[:, 0], read.source[:, 1], read.target[:, 1]
    same_high, same_low = high_a == high_b, low_a == low_b
    return np.asarray((high_a > high_b) | (same_high & ((low_a > low_b) | (same_low & (a > b)))))


def conversation_keys(read: Transports, a: Ints, b: Ints, swap: NDArray[np.bool_]) -> Ints:
    """63 bits that are the same for both directions of a conversation."""
    low = np.where(swap[:, None], read.target, read.source)
    high = np.where(swap[:, None], read.source, read.target)
    ports = np.where(swap, b << 16 | a, a << 16 | b)
    icmp = (read.protocol == ICMP) | (read.protocol == ICMP6)
    last = (ports << 10 | read.protocol << 2 | read.tunnelled << 1 | icmp).astype(np.uint64)
    key = np.zeros(len(swap), np.uint64)
    vlan = read.vlan.astype(np.uint64)
    for part, factor in zip((low[:, 0], low[:, 1], high[:, 0], high[:, 1], last, vlan), _MIX, strict=True):
        key = (key ^ part) * np.uint64(factor)
        key ^= key >> np.uint64(29)
    return (key >> np.uint64(1)).astype(np.int64)
