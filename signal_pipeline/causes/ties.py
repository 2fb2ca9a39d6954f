"""Whether two entries are of one request, of different ones, or nobody knows."""

from __future__ import annotations

from signal_pipeline.causes.node import Node
from signal_pipeline.frame_schema import FLOW


def tied(node: Node, other: Node) -> bool:
    """Of one request, as an id, the timeline or an ended session says."""
    return (
        not node.requests.isdisjoint(other.requests)
        or (node.exchange is not None and node.exchange == other.exchange)
        or (node.refusal is not None and node.refusal == other.refusal)
    )


def strange(node: Node, other: Node) -> bool:
    """Of different requests, as far as both say which is theirs: being near to each other then means nothing.

    Flows to different servers are strange too, however alike they failed.
    """
    if tied(node, other):
        return False
    if node.role == other.role == FLOW:
        return node.connections.peers.isdisjoint(other.connections.peers)
    return (node.exchange is not None and other.exchange is not None) or bool(node.requests and other.requests)


def apart(node: Node, other: Node) -> bool:
    """Strange, or one of them of a request that the timeline knows, and the other not of that."""
    return strange(node, other) or (node.exchange != other.exchange and not tied(node, other))


def is_within(node: Node, other: Node, seconds: float) -> bool:
    """An entry without a time may be of any."""
    return node.at is None or other.at is None or abs(node.at - other.at) <= seconds


def seconds_between(node: Node, other: Node) -> float:
    return abs((node.at or 0.0) - (other.at or 0.0))
