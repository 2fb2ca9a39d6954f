"""For each entry the entries that it follows from: the strongest evidence first, earlier entries only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from signal_pipeline.causes.answers import by_address, by_answer
from signal_pipeline.causes.dependencies import by_dependency, by_known_effect
from signal_pipeline.causes.failed_flows import failed_flows
from signal_pipeline.causes.link import Link, link
from signal_pipeline.causes.lost_peers import says_breaker_is_open
from signal_pipeline.causes.node import ANSWERED, ORIGIN, SHOWN, Node
from signal_pipeline.causes.seen import MAX_CANDIDATES, OFFLINE, Seen, refused_peers
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.statement_rules import by_statement
from signal_pipeline.causes.ties import is_within, strange
from signal_pipeline.causes.time_alone import by_time
from signal_pipeline.frame_schema import FLOW

OFFLINE_SECONDS = 120.0
CRASH_SECONDS = 60.0
SERVICE_SECONDS = 30.0
OBJECT_SECONDS = 900.0
BUILD_SECONDS = 3_600.0
MAX_IN_THREAD = 4
REFERS_BACK = ("the above error", "the error above", "see the error above")
MAX_OF_SERVICE = 8


def links_of(
    nodes: Sequence[Node], timeline_links: Mapping[int, Sequence[Link]], settings: CauseSettings
) -> dict[int, list[Link]]:
    """By row, its links to causes, strongest first; no entry for what nothing explains. `nodes` are in causal order.

    `timeline_links` are links that the timeline made (a request to a record of it), by symptom.
    """
    seen = Seen(settings, failed_flows(nodes))
    found: dict[int, list[Link]] = {}
    for node in nodes:
        links = _links(node, timeline_links.get(node.row, ()), seen)
        if links:
            found[node.row] = links
            if node.nearness <= ANSWERED:
                seen.answered.update(one.cause for one in links)
        seen.add(node, explained=bool(links), by_moment=bool(links) and links[0].kind == "moment")
    return found


def _links(node: Node, timeline_links: Sequence[Link], seen: Seen) -> list[Link]:
    best: dict[int, Link] = {}
    for one in (*timeline_links, *(one for rule in RULES for one in rule(node, seen))):
        if one.cause in seen.rows and one.strength > (best[one.cause].strength if one.cause in best else 0.0):
            best[one.cause] = one
    strong = [one for one in best.values() if one.strength >= seen.settings.least_strength]
    return sorted(strong or by_time(node, seen), key=lambda one: (-one.strength, one.cause))[:MAX_CANDIDATES]


def by_ids(node: Node, seen: Seen) -> Iterator[Link]:
    for one in sorted(node.named - node.requests):
        for other in seen.some("request", one):
            yield link(node, other, "names_request", one)
    for one in sorted(node.requests):
        for other in seen.some("request", one):
            yield link(node, other, "same_request", one)
    for one in sorted(node.named):
        yield from _about(node, seen, "object", one, "same_object")
        yield from _about(node, seen, "worked", one, "object_of_request")
    for one in sorted(node.objects - node.named):
        yield from _about(node, seen, "object", one, "object_of_request")


def _about(node: Node, seen: Seen, index: str, one: str, kind: str) -> Iterator[Link]:
    """What was done to an object long ago is no reason for what happens to it now."""
    for other in seen.some(index, one):
        if is_within(node, other, OBJECT_SECONDS):
            yield link(node, other, kind, one)


def by_connections(node: Node, seen: Seen) -> Iterator[Link]:
    if (found := seen.flows.get(node.row)) is not None:
        yield link(node, found[0], "same_connection", found[1])


def by_neighbourhood(node: Node, seen: Seen) -> Iterator[Link]:
    if node.text.startswith(REFERS_BACK):
        for other in seen.recent("file", node.file, 1):
            yield link(node, other, "refers_back")
    if (node.ends_build or node.gives_up) and (failed := _failed_before(node, seen)) is not None:
        yield link(node, failed, "outcome")
    if node.thread:
        for other in seen.recent("thread", (node.file, node.thread), MAX_IN_THREAD):
            if is_within(node, other, seen.settings.moment_seconds) and not strange(node, other):
                yield link(node, other, "same_thread")
    for peer in refused_peers(node):
        for other in seen.recent("peer", (node.file, peer), MAX_IN_THREAD):
            if is_within(node, other, seen.settings.aftermath_seconds):
                yield link(node, other, "same_peer", peer)


def _failed_before(node: Node, seen: Seen) -> Node | None:
    """What failed last in the same file, of the same service if a program gives up; where that only says so as well,
    both are of the same failure.
    """
    seconds = BUILD_SECONDS if node.ends_build else seen.settings.aftermath_seconds
    before = [
        other
        for other in seen.recent("file", node.file)
        if other.role != FLOW
        and is_within(node, other, seconds)
        and not strange(node, other)
        and (node.ends_build or (other.service == node.service and not _of_other_processes(node, other)))
    ]
    failures = [other for other in before if not other.ends_build and not other.gives_up] or before
    return failures[-1] if failures else None


def by_services(node: Node, seen: Seen) -> Iterator[Link]:
    of_any_request = node.lost_peer and says_breaker_is_open(node.text)
    for service in seen.services_named(node):
        for other in seen.services[service][-MAX_OF_SERVICE:]:
            # What a client recorded of a host is not that host's own failure.
            if (
                other.nearness != SHOWN
                and (of_any_request or not strange(node, other))
                and is_within(node, other, SERVICE_SECONDS)
            ):
                yield link(node, other, "names_service", service)


def by_lasting_states(node: Node, seen: Seen) -> Iterator[Link]:
    """A client that is offline or signed out, a process that ran out of something or ended: what fails meanwhile."""
    if node.net_error in OFFLINE and seen.offline and is_within(node, seen.offline, OFFLINE_SECONDS):
        yield link(node, seen.offline, "offline")
    if node.refusal is not None:
        for other in seen.some("refusal", node.refusal)[:1]:
            yield link(node, other, "signed_out")
    if (found := seen.exhaustion_of(node)) is not None:
        other, resource = found
        if is_within(node, other, seen.settings.aftermath_seconds) and not _of_other_processes(node, other):
            yield link(node, other, "exhausted", resource)
    if node.tells_state and node.nearness != ORIGIN:
        for other in (one for one in seen.lasting if one.service == node.service and one.tells_state):
            if is_within(node, other, seen.settings.aftermath_seconds) and other.file == node.file:
                yield link(node, other, "state_before")
                break
    for crash in seen.crashes[-MAX_IN_THREAD:]:
        of_it = crash.service == node.service or node.nearness == SHOWN or node.error_type == "NetworkError"
        if of_it and is_within(node, crash, CRASH_SECONDS):
            yield link(node, crash, "after_crash")


RULES: tuple[Callable[[Node, Seen], Iterator[Link]], ...] = (
    by_statement, by_ids, by_connections, by_neighbourhood, by_services, by_lasting_states, by_dependency,
    by_known_effect, by_answer, by_address,
)  # fmt: skip
"""What is tried for each entry; `time_alone.by_time` only where none of them finds anything."""


def _of_other_processes(node: Node, other: Node) -> bool:
    """Threads with names are of one process as far as a log tells; numbers are mostly those of processes."""
    one, two = node.thread, other.thread
    return bool(one and two and one != two and one.isdigit() and two.isdigit())
