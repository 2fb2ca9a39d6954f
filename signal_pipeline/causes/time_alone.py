"""What an entry may follow from where nothing but the time says so: not what is itself the trace of a fault,
unless that is about something that was left in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signal_pipeline.causes.exhaustion import exhausted_resource
from signal_pipeline.causes.link import Link, link
from signal_pipeline.causes.node import ANSWERED, ORIGIN, SHOWN, STATED, Node
from signal_pipeline.causes.seen import Seen
from signal_pipeline.causes.statement_rules import tries
from signal_pipeline.causes.ties import apart, is_within, seconds_between, strange
from signal_pipeline.frame_schema import FLOW

MAX_IN_FILE = 8
MAX_ROOTS = 50
MOMENT_SECONDS = 1.0
SERVICE_SECONDS = 30.0
MIN_NAME_CHARS = 4
FELT_AFTER_SECONDS = 10.0
DROPPED = frozenset(("net::ERR_EMPTY_RESPONSE", "net::ERR_CONNECTION_RESET", "net::ERR_CONNECTION_CLOSED"))
_SERVER_FAILED = re.compile(r"internal server error|bad gateway|service unavailable|gateway time ?out")


def by_time(node: Node, seen: Seen) -> Sequence[Link]:
    """At least as long as CauseSettings say: the same file, then the same error again, then any earlier failure."""
    settings = seen.settings
    if node.role == FLOW:
        return tuple(tries(node, seen, settings.retry_seconds))
    if (links := _without_times(node, seen)) is not None:
        return links
    nearness = min(node.nearness, STATED)
    # A client shows failures of everything that it does at the same time: being near says nothing there.
    near = () if node.is_felt else seen.recent("file", node.file, MAX_IN_FILE)
    for other in (one for one in reversed(near) if one.role != FLOW and one.row not in seen.near_others):
        if is_within(node, other, settings.moment_seconds) and _is_before(node, other) and not apart(node, other):
            return (link(node, other, "moment"),)
    if found := tuple(tries(node, seen, settings.retry_seconds)) or tuple(_named_by_word(node, seen)):
        return found
    seconds = FELT_AFTER_SECONDS if node.is_felt else settings.aftermath_seconds
    # What runs out does so by itself, whatever failed in the minutes before.
    runs_out = node.nearness == STATED and exhausted_resource(node.text) is not None
    earlier = [
        other
        for other in reversed(() if runs_out else seen.roots[-MAX_ROOTS:])
        if other.nearness > nearness and _may_follow(node, other) and is_within(node, other, seconds)
    ]
    if node.is_leftover and len({other.signature for other in earlier}) > 1:
        return _left_behind(node, earlier, seen)
    cause = _in_step(node, seen) or (earlier[0] if earlier else _answered_before(node, seen))
    return () if cause is None else (_by_span(node, cause),)


def _by_span(node: Node, cause: Node) -> Link:
    if apart_by := abs(node.clock_moved - cause.clock_moved):
        return link(node, cause, "in_step", _spoken(apart_by))
    return link(node, cause, "aftermath", _span(node, cause))


def _named_by_word(node: Node, seen: Seen) -> Iterator[Link]:
    """The last failure of a service whose name the entry says, though not as an address: it may be any word."""
    if node.is_felt or node.nearness == ORIGIN:
        return
    for service in seen.services:
        if len(service) >= MIN_NAME_CHARS and service.lower() in node.words and service != node.service:
            other = seen.services[service][-1]
            is_earlier = (other.at or 0.0) <= (node.at or 0.0)
            if (
                other.nearness > SHOWN
                and is_earlier
                and is_within(node, other, SERVICE_SECONDS)
                and not strange(node, other)
            ):
                yield link(node, other, "names_word", service)
                return


def _in_step(node: Node, seen: Seen) -> Node | None:
    """For a failed request, what failed at the same moment by the corrected clock, if it was another try as well."""
    if not node.is_felt:
        return None
    for other in reversed(seen.last_failures):
        is_corrected = other.clock_moved != node.clock_moved
        if is_corrected and _may_follow(node, other) and is_within(node, other, MOMENT_SECONDS):
            return other
    return None


def _answered_before(node: Node, seen: Seen) -> Node | None:
    """Whoever passes a failed response on does so at once, after what another service wrote about it."""
    if node.nearness > ANSWERED or node.is_felt:
        return None
    for other in reversed(seen.last_failures):
        is_deeper = other.nearness > node.nearness and other.service != node.service and _is_before(node, other)
        if is_deeper and is_within(node, other, MOMENT_SECONDS) and not strange(node, other):
            return other
    return None


def _without_times(node: Node, seen: Seen) -> Sequence[Link] | None:
    """None where the time may say something: not of a trace, and not where the file has none."""
    if node.at is None:
        trace = _trace_beside(node, seen)
        return () if trace is None else (link(node, trace, "beside"),)
    return () if node.nearness == ORIGIN and not node.is_leftover else None


def _trace_beside(node: Node, seen: Seen) -> Node | None:
    """Of a log without times: the trace of a fault that the line before or after it has."""
    if node.nearness == ORIGIN or node.is_felt:
        return None
    for other in reversed(seen.recent("file", node.file, MAX_IN_FILE)):
        if other.nearness == ORIGIN and _touch(node, other) and not apart(node, other):
            return other
    return None


def _touch(node: Node, other: Node) -> bool:
    first, second = sorted((node, other), key=lambda one: one.line_number or 0)
    return first.line_number is not None and first.line_number + (first.line_count or 1) == second.line_number


def _left_behind(node: Node, earlier: Sequence[Node], seen: Seen) -> Sequence[Link]:
    """Of several failures the one that names the same object, or that alone nobody was told of when it happened; which
    of others left something in the way, nobody can tell.
    """
    about = [one for one in earlier if not node.named.isdisjoint(one.named | one.objects)]
    silent = [one for one in about or earlier if one.row not in seen.answered]
    if len({other.signature for other in silent}) != 1:
        return ()
    return (link(node, min(silent, key=lambda one: seconds_between(node, one)), "left_behind"),)


def _may_follow(node: Node, other: Node) -> bool:
    """After a server's own failure; what a client shows only if it tells that the server failed. A flow is the cause of
    what went over it, and of nothing else."""
    if other.role == FLOW or other.is_felt or not _is_before(node, other):
        return False
    if node.is_leftover:
        return True  # Whatever left it there was doing something else.
    if node.is_felt:
        return _server_failed(node) and not strange(node, other)
    # Whoever reports a failed response in this moment need not be known to be of the same request.
    at_once = node.nearness == ANSWERED and is_within(node, other, MOMENT_SECONDS)
    return not (strange(node, other) if at_once else apart(node, other))


def _is_before(node: Node, other: Node) -> bool:
    """A line about an answer is written after what failed, and one such line explains no other."""
    # Access logs write whole seconds: such a line was written within the second that follows.
    latest = (node.at or 0.0) + (1.0 if node.status is not None and node.is_shown_line else 0.0)
    return node.nearness > SHOWN or (other.nearness > SHOWN and (other.at or 0.0) <= latest)


def _server_failed(node: Node) -> bool:
    return (node.status or 0) >= 500 or node.net_error in DROPPED or bool(_SERVER_FAILED.search(node.text))


def _span(node: Node, other: Node) -> str:
    seconds = (node.at or 0.0) - (other.at or 0.0)
    if seconds < 0.1:
        return "moments"
    return f"{seconds:.1f} s" if seconds < 1.0 else _spoken(seconds)


def _spoken(seconds: float) -> str:
    if seconds < 1.0:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
