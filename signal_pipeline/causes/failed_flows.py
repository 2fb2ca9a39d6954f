"""Which failed flow of a capture a failed request or a line about a failed connection is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from signal_pipeline.causes.connections import ANY_HOST
from signal_pipeline.causes.node import Node
from signal_pipeline.frame_schema import FLOW

SLACK_SECONDS = 2.0
"""Clocks of one machine's files, and what lies between a failure and the line about it."""
SILENT_SECONDS = 130.0
"""As long as a system tries to connect: who waits says so at the end, the flow failed when it began to wait."""
TOGETHER_SECONDS = 0.1
"""Requests that failed with one flow, since they shared it, failed at once."""
LEAST_FAR_SECONDS, TIMES_FAR = 0.25, 5.0
"""A gap that is longer than both, and so many times that of most, is another's."""
MAX_FLOWS = 256
"""Of one server that are compared with an entry."""


def failed_flows(nodes: Sequence[Node]) -> Mapping[int, tuple[Node, str]]:
    """By row of an entry the flow with which it failed, and what names both: host and port, or a host.

    Of the flows that failed in the way that the entry tells, the nearest in time. One flow is the cause of one entry
    of a file, or of some that failed with it at once: so a failure without a flow does not get that of its neighbour.
    """
    by_peer: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.role == FLOW:
            for peer in node.connections.peers:
                by_peer[peer].append(node)
    if not by_peer:
        return {}
    found: dict[int, tuple[Node, str]] = {}
    gaps: dict[tuple[object, object], list[tuple[float, int]]] = defaultdict(list)
    taken: dict[tuple[int, tuple[str, str | None]], float] = {}
    pairs = sorted(pair for node in nodes if node.role != FLOW for pair in _pairs(node, by_peer))
    by_row = {node.row: node for node in nodes}
    for _, apart, row, flow, peer in pairs:
        file = by_row[row].file
        if row not in found and apart <= taken.get((flow, file), apart) + TOGETHER_SECONDS:
            found[row] = by_row[flow], _called(peer)
            taken.setdefault((flow, file), apart)
            gaps[by_row[flow].file, file].append((apart, row))
    far = {row for some in gaps.values() for row in _too_far(some)}
    return {row: flow for row, flow in found.items() if row not in far}


def _called(peer: str) -> str:
    return peer.replace(f"{ANY_HOST}:", "port ").rstrip(":")


def _too_far(gaps: Sequence[tuple[float, int]]) -> Iterator[int]:
    """Rows that are much farther from their flow than most of two files are: the clocks of these differ by less."""
    usual = median(apart for apart, _ in gaps)
    for apart, row in gaps:
        if apart > max(LEAST_FAR_SECONDS, TIMES_FAR * usual):
            yield row


def _pairs(node: Node, by_peer: Mapping[str, Sequence[Node]]) -> Iterator[tuple[bool, float, int, int, str]]:
    """Best first: whether the entry and a flow do not say the same, seconds apart, rows of both, what names both."""
    for peer in sorted(node.connections.peers):
        for flow in by_peer.get(peer, ())[:MAX_FLOWS]:
            says_same = bool(node.connections.ways & flow.connections.ways)
            if not node.connections.may_tell_of(flow.connections) or (peer.startswith(ANY_HOST) and not says_same):
                continue
            if (node.file, node.entry_index) == (flow.file, flow.entry_index):
                yield False, 0.0, node.row, flow.row, peer
            elif (apart := _apart(node, flow)) is not None:
                yield not says_same, apart, node.row, flow.row, peer


def _apart(node: Node, flow: Node) -> float | None:
    """Seconds between a flow's failure and what failed with it, 0 where a time is unknown; None if it is too long."""
    if node.at is None or flow.at is None:
        return 0.0
    began = node.at if node.began is None else node.began
    longest = SILENT_SECONDS if "silent" in flow.connections.ways else SLACK_SECONDS
    if not began - longest <= flow.at <= node.at + SLACK_SECONDS:
        return None
    return min(abs(flow.at - node.at), abs(flow.at - began))
