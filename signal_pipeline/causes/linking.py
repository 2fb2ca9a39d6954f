"""For each entry the entries that it follows from: the strongest evidence first, earlier entries only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from signal_pipeline.causes.exhaustion import exhausted_resource
from signal_pipeline.causes.link_kinds import KIND
from signal_pipeline.causes.nodes import ANSWERED, ORIGIN, SHOWN, Node
from signal_pipeline.causes.services import same_service
from signal_pipeline.causes.settings import CauseSettings

MAX_CANDIDATES = 16
"""Entries that are compared with one; of more with one id, the first and the last."""
MAX_OF_ONE_BEGINNING = 64
"""Statements with the same first word that are sought in other texts; of more, the first."""
OFFLINE = frozenset(("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED", "net::ERR_ADDRESS_UNREACHABLE"))
OFFLINE_SECONDS = 120.0
CRASH_SECONDS = 60.0
SERVICE_SECONDS = 30.0


@dataclass(frozen=True)
class Link:
    """`symptom` follows from `cause` (rows); `reason` completes "it belongs here because …"."""

    symptom: int
    cause: int
    kind: str
    strength: float
    reason: str


def links_of(
    nodes: Sequence[Node], told: Mapping[int, Sequence[Link]], settings: CauseSettings
) -> dict[int, list[Link]]:
    """By row, its links to causes, strongest first; no entry for what nothing explains. `nodes` are in causal order.

    `told` are links that the timeline made (a request to a record of it), by symptom.
    """
    search = _Search(settings)
    found: dict[int, list[Link]] = {}
    for node in nodes:
        links = search.links(node, told.get(node.row, ()))
        if links:
            found[node.row] = links
        search.add(node, explained=bool(links))
    return found


class _Search:
    """The entries so far, by everything that may tie a later one to them."""

    def __init__(self, settings: CauseSettings) -> None:
        self._settings = settings
        self._nodes: dict[int, Node] = {}
        self._by: dict[str, dict[str, list[Node]]] = {
            name: defaultdict(list)
            for name in ("statement", "request", "object", "worked", "thread", "signature", "file", "peer")
        }
        self._statements: dict[str, dict[str, Node]] = defaultdict(dict)
        """By their first word: the first entry of each statement."""
        self._crashes: list[Node] = []
        self._exhausted: dict[str, tuple[Node, str]] = {}
        self._named_by_host: dict[str, list[str]] = {}
        self._offline: Node | None = None
        self._services: dict[str, list[Node]] = defaultdict(list)
        self._roots: list[Node] = []

    def add(self, node: Node, *, explained: bool) -> None:
        self._nodes[node.row] = node
        if node.statement:
            self._by["statement"][node.statement].append(node)
            alike = self._statements[node.statement.partition(" ")[0]]
            if len(alike) < MAX_OF_ONE_BEGINNING:
                alike.setdefault(node.statement, node)
        for name, ids in (("request", node.requests), ("object", node.named), ("worked", node.objects)):
            for one in ids:
                self._by[name][one].append(node)
        if node.thread:
            self._by["thread"][f"{node.file} {node.thread}"].append(node)
        self._by["file"][str(node.file)].append(node)
        if node.signature:
            self._by["signature"][node.signature].append(node)
        for peer in _refused_peers(node):
            self._by["peer"][f"{node.file} {peer}"].append(node)
        if node.service not in self._services:
            self._named_by_host.clear()
        self._services[node.service].append(node)
        if (resource := exhausted_resource(node.text)) and node.nearness > ANSWERED:
            self._exhausted.setdefault(node.service, (node, resource))
        if _is_crash(node):
            self._crashes.append(node)
        if node.net_error in OFFLINE:
            self._offline = node
        if not explained and node.nearness > ANSWERED:
            self._roots.append(node)

    def links(self, node: Node, told: Sequence[Link]) -> list[Link]:
        best: dict[int, Link] = {}
        for link in (*told, *self._candidates(node)):
            if link.cause in self._nodes and link.strength > (best[link.cause].strength if link.cause in best else 0.0):
                best[link.cause] = link
        strong = [link for link in best.values() if link.strength >= self._settings.least_strength]
        if not strong:
            strong = self._last_resort(node)
        return sorted(strong, key=lambda link: (-link.strength, link.cause))[:MAX_CANDIDATES]

    def _candidates(self, node: Node) -> Iterator[Link]:
        yield from self._by_statement(node)
        yield from self._by_ids(node)
        yield from self._by_neighbourhood(node)
        yield from self._by_services(node)
        yield from self._by_lasting_states(node)

    def _by_statement(self, node: Node) -> Iterator[Link]:
        wide = self._settings.aftermath_seconds
        if node.statement:
            for other in _some(self._by["statement"].get(node.statement, ())):
                if self._is_within(node, other, wide) or node.requests & other.requests:
                    same_kind = other.signature == node.signature and other.file == node.file
                    if same_kind or not _strange(node, other):
                        yield _link(node, other, "retry" if same_kind else "same_statement")
        for statement, other in self._held_by(node):
            if self._is_within(node, other, wide):
                for one in _some(self._by["statement"][statement]):
                    yield _link(node, one, "wraps")
        if node.statement or node.nearness == ORIGIN:
            yield from self._tries(node)

    def _tries(self, node: Node) -> Iterator[Link]:
        for other in _some(self._by["signature"].get(node.signature or "", ())):
            if self._is_within(node, other, self._settings.retry_seconds) and other.file == node.file:
                yield _link(node, other, "retry")

    def _held_by(self, node: Node) -> Iterator[tuple[str, Node]]:
        """Statements of other entries that stand in the node's text, each once, with their first entry."""
        text, at = node.text, 0
        found: set[str] = {node.statement}
        for word in text.split(" "):
            if word in self._statements:
                for statement, other in self._statements[word].items():
                    if (
                        text.startswith(statement, at)
                        and statement not in found
                        and _ends_at(text, at + len(statement))
                    ):
                        found.add(statement)
                        yield statement, other
            at += len(word) + 1

    def _services_named(self, host: str) -> list[str]:
        if host not in self._named_by_host:
            self._named_by_host[host] = [service for service in self._services if same_service(host, service)]
        return self._named_by_host[host]

    def _by_ids(self, node: Node) -> Iterator[Link]:
        for one in sorted(node.named - node.requests):
            for other in _some(self._by["request"].get(one, ())):
                yield _link(node, other, "names_request", one)
        for one in sorted(node.requests):
            for other in _some(self._by["request"].get(one, ())):
                yield _link(node, other, "same_request", one)
        for one in sorted(node.named):
            for other in _some(self._by["object"].get(one, ())):
                yield _link(node, other, "same_object", one)
            for other in _some(self._by["worked"].get(one, ())):
                yield _link(node, other, "object_of_request", one)
        for one in sorted(node.objects - node.named):
            for other in _some(self._by["object"].get(one, ())):
                yield _link(node, other, "object_of_request", one)

    def _by_neighbourhood(self, node: Node) -> Iterator[Link]:
        moment = self._settings.moment_seconds
        if node.thread:
            for other in self._by["thread"].get(f"{node.file} {node.thread}", ())[-4:]:
                if self._is_within(node, other, moment) and not _strange(node, other):
                    yield _link(node, other, "same_thread")
        for peer in _refused_peers(node):
            for other in self._by["peer"].get(f"{node.file} {peer}", ())[-4:]:
                if self._is_within(node, other, self._settings.aftermath_seconds):
                    yield _link(node, other, "same_peer", peer)

    def _by_services(self, node: Node) -> Iterator[Link]:
        named = (service for host in node.hosts for service in self._services_named(host) if service != node.service)
        for service in named:
            for other in self._services[service][-8:]:
                # What a client recorded of a host is not that host's own failure.
                if other.nearness == SHOWN or _strange(node, other):
                    continue
                if self._is_within(node, other, SERVICE_SECONDS):
                    yield _link(node, other, "names_service", service)

    def _by_lasting_states(self, node: Node) -> Iterator[Link]:
        """A client that is offline, a process that ran out of something or ended: all that fails meanwhile."""
        if node.net_error in OFFLINE and self._offline and self._is_within(node, self._offline, OFFLINE_SECONDS):
            yield _link(node, self._offline, "offline")
        if node.service in self._exhausted:
            other, resource = self._exhausted[node.service]
            if self._is_within(node, other, self._settings.aftermath_seconds) and not _of_other_processes(node, other):
                yield _link(node, other, "exhausted", resource)
        for crash in self._crashes[-4:]:
            if self._is_within(node, crash, CRASH_SECONDS) and (
                crash.service == node.service or node.nearness == SHOWN
            ):
                yield _link(node, crash, "after_crash")

    def _last_resort(self, node: Node) -> list[Link]:
        """Times alone, for what is not itself the trace of a fault."""
        if node.nearness == ORIGIN or node.at is None:
            return []
        # A client shows failures of everything that it does at the same time: being near says nothing there.
        near = () if node.is_felt else self._by["file"].get(str(node.file), ())[-8:]
        for other in reversed(near):
            if self._is_within(node, other, self._settings.moment_seconds) and not _strange(node, other):
                return [_link(node, other, "moment")]
        if tries := list(self._tries(node)):
            return tries
        for other in reversed(self._roots[-50:]):
            if other.nearness > node.nearness and self._is_within(node, other, self._settings.aftermath_seconds):
                return [_link(node, other, "aftermath", _span(node, other))]
        return []

    def _is_within(self, node: Node, other: Node, seconds: float) -> bool:
        return node.at is None or other.at is None or abs(node.at - other.at) <= seconds


def _strange(node: Node, other: Node) -> bool:
    """Of different requests, as far as both say which is theirs: being near to each other then means nothing."""
    return bool(node.requests and other.requests and not node.requests & other.requests)


def _refused_peers(node: Node) -> list[str]:
    """Addresses, as redaction numbers them, that an entry says were not let in: one who guesses tries again."""
    return _PEER.findall(node.message) if node.error_type == "AuthenticationError" else []


_PEER = re.compile(r"<IP:[0-9]{1,12}>")


def _of_other_processes(node: Node, other: Node) -> bool:
    """Threads with names are of one process as far as a log tells; numbers are mostly those of processes."""
    one, two = node.thread, other.thread
    return bool(one and two and one != two and one.isdigit() and two.isdigit())


def _some(nodes: Sequence[Node]) -> list[Node]:
    return (
        list(nodes) if len(nodes) <= MAX_CANDIDATES else [*nodes[: MAX_CANDIDATES // 2], *nodes[-MAX_CANDIDATES // 2 :]]
    )


def _link(node: Node, other: Node, name: str, value: str = "") -> Link:
    kind = KIND[name]
    return Link(node.row, other.row, name, kind.strength, kind.wording.format(value=value))


def _ends_at(text: str, end: int) -> bool:
    """Whether a word ends there."""
    return text[end : end + 1] in ("", " ")


def _is_crash(node: Node) -> bool:
    return node.severity == "critical" and node.nearness != SHOWN and bool(_CRASH.search(node.text))


_CRASH = re.compile(
    r"out ?of ?memory|killed|segmentation fault|sigsegv|sigkill|sigabrt|panic|core dumped|signal #|fatal error"
    r"|exit(?:ed)? (?:with )?(?:code|status)"
)


def _span(node: Node, other: Node) -> str:
    seconds = (node.at or 0.0) - (other.at or 0.0)
    if seconds < 0.1:
        return "moments"
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
