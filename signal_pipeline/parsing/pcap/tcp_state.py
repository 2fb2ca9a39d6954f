"""The state of a connection as Zeek defines it (`conn_state`), from the flags of its segments in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from signal_pipeline.parsing.pcap.flow import ACK, FIN, RST, SYN, Endpoint, Flow
from signal_pipeline.parsing.pcap.header_columns import TCP, UDP

INACTIVE, SYN_SENT, PARTIAL, ESTABLISHED = Endpoint.INACTIVE, Endpoint.SYN_SENT, Endpoint.PARTIAL, Endpoint.ESTABLISHED
CLOSED, RESET = Endpoint.CLOSED, Endpoint.RESET


def saw_flags(flow: Flow, side: int, flags: int, at: int) -> None:
    """One segment with SYN, FIN or RST from this side of the flow."""
    own, peer = flow.sides[side], flow.sides[1 - side]
    if flags & RST:
        own.resets += 1
        if not flow.reset_at:
            flow.reset_after_close = CLOSED in (own.state, peer.state)
        if not own.state == peer.state == CLOSED:
            own.state = RESET
        flow.reset_at = flow.reset_at or at
        return
    if flags & SYN:
        if flags & ACK and side == 1:
            if own.state in (INACTIVE, SYN_SENT, PARTIAL):
                own.state = ESTABLISHED
                if peer.state == SYN_SENT:
                    peer.state = ESTABLISHED
                if flow.syn_at and flow.handshake_ns is None:
                    flow.handshake_ns = at - flow.syn_at
        elif own.state in (INACTIVE, PARTIAL):
            own.state = SYN_SENT
            if side == 0:
                flow.syn_at = at
        if side == 0 and not flags & ACK:
            flow.syns += 1
    if flags & FIN:
        own.state = CLOSED


def saw_segments(flow: Flow, side: int) -> None:
    """Segments without such flags from this side."""
    own = flow.sides[side]
    if own.state == INACTIVE:
        own.state = PARTIAL


def conn_state(flow: Flow) -> str:
    """S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR or OTH."""
    if flow.protocol not in (TCP, UDP):
        return "OTH"
    if flow.protocol == UDP:
        sent, received = (side.packets > 0 for side in flow.sides)
        return ("SF" if received else "S0") if sent else "SHR"
    origin, answer = flow.sides
    return _tcp_state(origin.state, answer.state, origin.payload_bytes == answer.payload_bytes == 0)


@cache
def _tcp_state(origin: Endpoint, answer: Endpoint, empty: bool) -> str:
    unseen, unseen_answer = (state in (INACTIVE, PARTIAL) for state in (origin, answer))
    return next((name for name, holds in _STATES if holds(origin, answer, unseen, unseen_answer, empty)), "OTH")


_Holds = Callable[[Endpoint, Endpoint, bool, bool, bool], bool]
# From the states of originator and responder, whether the beginning of each was unseen, and whether no data was sent.
_STATES: tuple[tuple[str, _Holds], ...] = (
    ("REJ", lambda a, b, _a, _b, empty: b == RESET and (a == SYN_SENT or (a == RESET and empty))),
    ("RSTRH", lambda _, b, unseen, _b, _e: b == RESET and unseen),
    ("RSTR", lambda _, b, _a, _b, _e: b == RESET),
    ("RSTOS0", lambda a, _, _a, unseen, _e: a == RESET and unseen),
    ("RSTO", lambda a, _, _a, _b, _e: a == RESET),
    ("SF", lambda a, b, _a, _b, _e: a == b == CLOSED),
    ("SH", lambda a, _, _a, unseen, _e: a == CLOSED and unseen),
    ("S2", lambda a, _, _a, _b, _e: a == CLOSED),
    ("SHR", lambda _, b, unseen, _b, _e: b == CLOSED and unseen),
    ("S3", lambda _, b, _a, _b, _e: b == CLOSED),
    ("S0", lambda a, b, _a, _b, _e: a == SYN_SENT and b == INACTIVE),
    ("S1", lambda a, b, _a, _b, _e: a == b == ESTABLISHED),
)
