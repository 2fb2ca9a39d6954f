"""Whether segments that repeat sequence numbers were sent again or are out of order.

The rules are those of Wireshark's analysis of sequence numbers: with what the other side had acknowledged by then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.flow import FIN, SYN
from signal_pipeline.parsing.pcap.packets import Ints

OUT_OF_ORDER_NS = 3_000_000
"""How late a segment out of order may be where the handshake, and so the round trip, was not captured."""
FAST_NS = 20_000_000
"""How soon after the third acknowledgement of one byte a segment is its retransmission."""
_HALF = 1 << 31


@dataclass(frozen=True)
class Acknowledged:
    """What the other side had said before each of the segments that repeat.

    `number`: what it had acknowledged by then, or -1. `asked`: it had just acknowledged the segment's first byte three
    times, with nothing else to say.
    """

    number: Ints
    asked: NDArray[np.bool_]


@dataclass(frozen=True)
class Repeated:
    """Segments that repeat, by place among the packets of the batch, and what `sequences.judge` says of them."""

    place: Ints
    begins_before: Ints
    ends_before: Ints
    since: Ints
    sequence: Ints
    length: Ints
    flags: Ints
    round_trip: Ints
    """Of the flow, ns; 0 where it was not seen."""


def sent_again(repeated: Repeated, acknowledged: Acknowledged) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(sent again, out of order) of each. Neither: a keep-alive, and what follows a probe of a full window."""
    length = repeated.length
    starts_flow = repeated.flags & (SYN | FIN) > 0
    keep_alive = (length <= 1) & (repeated.begins_before == 1) & ~starts_flow
    number = acknowledged.number
    behind = (number - repeated.sequence - length) & 0xFFFFFFFF < _HALF
    spurious = (length > 0) & (number >= 0) & behind & ~keep_alive
    other = ~keep_alive & ~spurious & ~((length > 1) & (repeated.begins_before == 1))
    limit = np.where(repeated.round_trip > 0, repeated.round_trip, OUT_OF_ORDER_NS)
    late = other & (repeated.since < limit) & (repeated.ends_before != 0)
    late &= ~acknowledged.asked
    return spurious | (other & ~late), late
