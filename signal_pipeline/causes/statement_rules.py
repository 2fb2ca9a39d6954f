"""Links by what entries say: the same error logged again, wrapped, repeated by others, or tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signal_pipeline.causes.link import Link, link
from signal_pipeline.causes.node import ORIGIN, SHOWN, Node
from signal_pipeline.causes.seen import MAX_CANDIDATES, Seen
from signal_pipeline.causes.ties import apart, is_within, seconds_between, strange, tied
from signal_pipeline.frame_schema import EXCHANGE

REQUEST_AGAIN_SECONDS = 10.0
MIN_REPEATED_CHARS = 16


def by_statement(node: Node, seen: Seen) -> Iterator[Link]:
    settings = seen.settings
    if node.statement or node.nearness == ORIGIN:
        yield from tries(node, seen, settings.aftermath_seconds if node.statement else settings.retry_seconds)
    if node.statement:
        said = seen.recent("statement", node.statement)
        others = [one for one in said if (one.signature, one.file) != (node.signature, node.file)]
        for other in _nearest(node, others, settings.aftermath_seconds):
            if not strange(node, other):
                yield link(node, other, "same_statement")
        yield from _repeated_in(node, seen)
    for statement in seen.statements_in(node):
        for other in _nearest(node, seen.recent("statement", statement), settings.aftermath_seconds):
            if not strange(node, other):
                yield link(node, other, "wraps")
            elif other.nearness > SHOWN:
                yield link(node, other, "repeats")


def _repeated_in(node: Node, seen: Seen) -> Iterator[Link]:
    """What another program said is in a trace of the same moment, which counts as before it."""
    if len(node.statement) < MIN_REPEATED_CHARS:
        return
    for other in seen.last_traces:
        repeated = other.file != node.file and node.statement != other.statement and node.statement in other.text
        if repeated and is_within(node, other, seen.settings.moment_seconds) and not strange(node, other):
            yield link(node, other, "same_statement")


def _nearest(node: Node, others: Sequence[Node], seconds: float) -> Sequence[Node]:
    """Those of the node's own request; else the one that is nearest in time, of no other request if there is one."""
    if own := [other for other in others if tied(node, other)]:
        return own[:MAX_CANDIDATES]
    near = [other for other in others if is_within(node, other, seconds)]
    return [min(near, key=lambda other: (strange(node, other), seconds_between(node, other)))] if near else ()


def tries(node: Node, seen: Seen, seconds: float) -> Iterator[Link]:
    """The same error in the same file, tried again. A person who meets the fault of a page again does not retry."""
    again = node.role == EXCHANGE and _is_worth_a_retry(node.status)
    if node.role == EXCHANGE:
        seconds = REQUEST_AGAIN_SECONDS
    elif node.is_client:
        seconds = seen.settings.moment_seconds
    for other in seen.some("signature", node.signature):
        if other.file != node.file or not is_within(node, other, seconds):
            continue
        if again or not apart(node, other):
            yield link(node, other, "retry")


def _is_worth_a_retry(status: int | None) -> bool:
    """As programs decide: not what was refused, which would be refused again."""
    return not status or status >= 500 or status in (408, 429)
