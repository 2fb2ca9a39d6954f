"""The entries so far, by everything that may tie a later one to them. Each lookup is bounded, whatever there is."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from signal_pipeline.causes.exhaustion import OF_A_HOST, exhausted_resource
from signal_pipeline.causes.node import ANSWERED, ORIGIN, SHOWN, Node
from signal_pipeline.causes.recorded_answers import recorded_answer
from signal_pipeline.causes.services import same_service
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.frame_schema import EXCHANGE, FLOW

MAX_CANDIDATES = 16
"""Entries that are compared with one; of more with one id, the first and the last."""
MAX_RECENT = 64
"""Entries among which the nearest is sought."""
MAX_OF_ONE_BEGINNING = 64
MAX_URLS = 4
"""Statements with the same first word that are sought in other texts; of more, the first."""
OFFLINE = frozenset(("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED", "net::ERR_ADDRESS_UNREACHABLE"))


class Seen:
    """Filled in causal order. `roots` are those that followed from nothing and are more than an answer; `flows` is what
    `failed_flows` found."""

    def __init__(self, settings: CauseSettings, flows: Mapping[int, tuple[Node, str]]) -> None:
        self.settings = settings
        self.flows = flows
        self.rows: set[int] = set()
        self.near_others: set[int] = set()
        self.crashes: list[Node] = []
        self.exhausted: dict[str, tuple[Node, str]] = {}
        self.offline: Node | None = None
        self.lasting: list[Node] = []
        self.states: dict[str, list[Node]] = defaultdict(list)
        """By the row of `known_effects.KNOWN_EFFECTS` whose state they tell."""
        self.answered: set[int] = set()
        """Rows of what somebody was told of: a failed response, or a line about one, follows from it."""
        self.last_traces: deque[Node] = deque(maxlen=MAX_RECENT)
        self.last_failures: deque[Node] = deque(maxlen=MAX_RECENT)
        """More than what only shows that a request failed, whatever they follow from."""
        self._exhausted_hosts: dict[object, tuple[Node, str]] = {}
        self.services: dict[str, list[Node]] = defaultdict(list)
        self.roots: list[Node] = []
        self._by: dict[tuple[str, object], list[Node]] = defaultdict(list)
        self._statements: dict[str, dict[str, None]] = defaultdict(dict)
        """By their first word, in order."""
        self._named_by_host: dict[str, list[str]] = {}
        self._compound: dict[str, str] = {}
        """Names of services that no word of a sentence is, such as `stock-service`, by their lower case."""

    def add(self, node: Node, *, explained: bool, by_moment: bool = False) -> None:
        """`by_moment`: only the time says what explains it, so that it explains nothing by time itself."""
        self.rows.add(node.row)
        if by_moment:
            self.near_others.add(node.row)
        for key in _keys(node):
            self._by[key].append(node)
        alike = self._statements[node.statement.partition(" ")[0]]
        if node.statement and len(alike) < MAX_OF_ONE_BEGINNING:
            alike.setdefault(node.statement)
        if node.service not in self.services:
            self._named_by_host.clear()
            if _COMPOUND.search(node.service):
                self._compound[node.service.lower()] = node.service
        self.services[node.service].append(node)
        if (resource := exhausted_resource(node.text)) and node.nearness > ANSWERED:
            self.exhausted.setdefault(node.service, (node, resource))
            if resource in OF_A_HOST:
                self._exhausted_hosts.setdefault(node.file, (node, resource))
        if node.nearness == ORIGIN:
            self.last_traces.append(node)
        if node.nearness > SHOWN:
            self.last_failures.append(node)
        if node.net_error in OFFLINE:
            self.offline = node
        self._add_states(node)
        if not explained and node.nearness > ANSWERED:
            self.roots.append(node)

    def _add_states(self, node: Node) -> None:
        if node.is_lasting:
            self.lasting.append(node)
        for state in node.states:
            self.states[state].append(node)
        if _is_crash(node):
            self.crashes.append(node)

    def exhaustion_of(self, node: Node) -> tuple[Node, str] | None:
        """What its service, or the host whose log it is in, ran out of before."""
        found = self.exhausted.get(node.service)
        if found is None and node.nearness != ORIGIN and node.error_type != "AuthenticationError":
            found = self._exhausted_hosts.get(node.file)
        return found

    def knows_services(self, hosts: Sequence[str]) -> bool:
        """Whether one of these hosts is named, and not by an address."""
        return any(not _ADDRESS.match(host) for host in hosts)

    def some(self, kind: str, value: object) -> Sequence[Node]:
        """Of many, the first and the last."""
        nodes = self._by.get((kind, value), ())
        half = MAX_CANDIDATES // 2
        return nodes if len(nodes) <= MAX_CANDIDATES else [*nodes[:half], *nodes[-half:]]

    def recent(self, kind: str, value: object, most: int = MAX_RECENT) -> Sequence[Node]:
        """The last ones."""
        return self._by.get((kind, value), ())[-most:]

    def statements_in(self, node: Node) -> Iterator[str]:
        """Statements of other entries that stand in the node's text, each once."""
        text, at = node.text, 0
        found: set[str] = {node.statement}
        for word in text.split(" "):
            for statement in self._statements.get(word, ()):
                if statement not in found and text.startswith(statement, at) and _ends_at(text, at + len(statement)):
                    found.add(statement)
                    yield statement
            at += len(word) + 1

    def services_named(self, node: Node) -> list[str]:
        """Other services that hosts in the node's text are those of."""
        compound = sorted(self._compound.keys() & node.words) if self._compound else ()
        found = [self._compound[one] for one in compound if one != node.service.lower()]
        for host in node.hosts:
            if host not in self._named_by_host:
                self._named_by_host[host] = [service for service in self.services if same_service(host, service)]
            found += [service for service in self._named_by_host[host] if service != node.service]
        return found


def _keys(node: Node) -> Iterator[tuple[str, object]]:
    yield "file", node.file
    for kind, ids in (("request", node.requests), ("object", node.named), ("worked", node.objects)):
        for one in ids:
            yield kind, one
    for url in urls_of(node):
        yield ("url" if node.role == EXCHANGE else "named_url"), url
    if node.statement:
        yield "statement", node.statement
    if node.signature:
        yield "signature", node.signature
    if node.thread:
        yield "thread", (node.file, node.thread)
    if node.is_client and node.nearness > SHOWN:
        for url in URL.findall(node.message):
            yield "blocked", url
    if node.refusal is not None:
        yield "refusal", node.refusal
    if node.led_to is not None and node.nearness > ANSWERED:
        yield "led_to", node.led_to
    if (answer := recorded_answer(node)) is not None:
        yield "answer", answer
    for peer in refused_peers(node):
        yield "peer", (node.file, peer)


def urls_of(node: Node) -> list[str]:
    """The address of a request that failed, and addresses in the text of a record."""
    if "://" not in node.message or node.role == FLOW:
        return []
    return [url.rstrip(".,;:)]") for url in URL.findall(node.message)[:MAX_URLS]]


def refused_peers(node: Node) -> list[str]:
    """Addresses, as redaction numbers them, that an entry says were not let in: one who guesses tries again."""
    return _PEER.findall(node.message) if node.error_type == "AuthenticationError" else []


_ADDRESS = re.compile(r"^(?:[0-9.]+|\[?[0-9a-f:]+\]?|ip)$")
_COMPOUND = re.compile(r"[a-z]-[a-z]", re.IGNORECASE)
URL = re.compile(r"\bhttps?://[^\s'\"<>]+")
_PEER = re.compile(r"<IP:[0-9]{1,12}>")


def _ends_at(text: str, end: int) -> bool:
    """Whether a word ends there."""
    return text[end : end + 1] in ("", " ")


def _is_crash(node: Node) -> bool:
    return node.severity == "critical" and node.nearness != SHOWN and bool(_CRASH.search(node.text))


_CRASH = re.compile(
    r"out ?of ?memory|killed|segmentation fault|sigsegv|sigkill|sigabrt|panic|core dumped|signal #|fatal error"
    r"|exit(?:ed)? (?:with )?(?:code|status)"
)
