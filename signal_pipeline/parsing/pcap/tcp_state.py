"""The state of a connection as Zeek defines it (`conn_state`), from the flags of its segments in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from signal_pipeline.parsing.pcap.flow import ACK, FIN, RST, SYN, Endpoint, Flow, Side
from signal_pipeline.parsing.pcap.header_columns import TCP, UDP

INACTIVE, SYN_SENT, PARTIAL, ESTABLISHED = Endpoint.INACTIVE, Endpoint.SYN_SENT, Endpoint.PARTIAL, Endpoint.ESTABLISHED
CLOSED, RESET = Endpoint.CLOSED, Endpoint.RESET


def saw_flags(flow: Flow, side: int, flags: int, at: int, sequence: int) -> None:
    """One segment with SYN, FIN or RST from this side of the flow."""
    own, peer = flow.sides[side], flow.sides[1 - side]
    if flags & RST:
        own.resets += 1
        if not flow.reset_at:
            flow.reset_after_close = CLOSED in (own.state, peer.state)
            flow.reset_at = at
    if flags & SYN:
        own.first_sequence = sequence
        _saw_syn(flow, side, flags, at)
    own.has_ended |= bool(flags & (FIN | RST))
    if own.state == INACTIVE:
        _leave_inactive(own, peer, side, flags)
    elif own.state == SYN_SENT:
        _become(own, RESET if flags & RST else CLOSED if flags & FIN else SYN_SENT)
    elif own.state in (ESTABLISHED, PARTIAL):
        _leave_open(own, peer, flags)
    elif own.state == CLOSED and flags & RST and peer.state != CLOSED:
        _become(own, RESET)
    if own.has_ended and not flow.closed_at and (own.state == RESET or peer.has_ended or peer.state == INACTIVE):
        flow.closed_at = at


def _saw_syn(flow: Flow, side: int, flags: int, at: int) -> None:
    """When the handshake began, and how long until it was answered."""
    if side == 0 and not flags & ACK:
        flow.syns += 1
        flow.syn_at = flow.syn_at if flow.handshake_ns is not None else at
    elif side == 1 and flags & ACK and flow.syn_at and flow.handshake_ns is None:
        flow.handshake_ns = at - flow.syn_at


def _leave_inactive(own: Side, peer: Side, side: int, flags: int) -> None:
    if flags & SYN:
        if side == 0:
            _become(own, SYN_SENT)
        else:
            if peer.state == SYN_SENT:
                _become(peer, ESTABLISHED)
            _become(own, ESTABLISHED)
    if flags & FIN:
        _become(own, CLOSED)
    if flags & RST:
        _become(own, RESET)


def _leave_open(own: Side, peer: Side, flags: int) -> None:
    if flags & SYN and not flags & ACK and own.state == PARTIAL and peer.state == INACTIVE:
        _become(own, SYN_SENT)
    if flags & FIN and not flags & RST:
        _become(own, CLOSED)
        if peer.state == RESET and peer.state_before == CLOSED:  # a reset after a FIN is a normal end
            _become(peer, CLOSED)
    if flags & RST:
        _become(own, RESET)


def _become(side: Side, state: Endpoint) -> None:
    if side.state != state:
        side.state_before, side.state = side.state, state


def saw_segment(flow: Flow, side: int, has_data: bool, has_ack: bool) -> None:
    """The first segment of this side without such flags."""
    own, peer = flow.sides[side], flow.sides[1 - side]
    if side == 1 and not has_data and peer.state == SYN_SENT:
        return  # some acknowledge a SYN before they answer it
    _become(own, ESTABLISHED if has_ack and peer.state == ESTABLISHED else PARTIAL)


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
