"""An entry that may be a cause or a symptom, and the order in which entries may have caused each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from signal_pipeline.causes.backing_services import backing_services_in
from signal_pipeline.causes.browser_words import is_browser_noise
from signal_pipeline.causes.build_outcomes import ends_build, gives_up
from signal_pipeline.causes.connections import NO_CONNECTIONS, Connections
from signal_pipeline.causes.known_effects import effects_shown, states_told
from signal_pipeline.causes.lasting_states import tells_lasting_state
from signal_pipeline.causes.leftovers import is_leftover
from signal_pipeline.causes.lost_peers import says_only_late, says_peer_is_lost
from signal_pipeline.causes.null_values import made_in
from signal_pipeline.causes.own_frames import own_frame
from signal_pipeline.causes.statements import normalised
from signal_pipeline.frame_schema import EVENT, EXCHANGE, FLOW

# How near an entry is to what went wrong: a trace through the application tells of it; that another service answered
# with a failure tells that it was there; a failed request or a client's line only shows that something was.
ORIGIN, STATED, ANSWERED, SHOWN = 3, 2, 1, 0


@dataclass(frozen=True)
class Node:
    """One entry that may be a cause or a symptom. `at` is in seconds; None where neither it nor a neighbour has a time.

    `nearness` is ORIGIN, STATED, ANSWERED or SHOWN. `requests` are ids of its own request or trace; `named` are ids in
    its text; `objects` those that its request worked on. `hosts` are the hosts and ports that its text names.
    `exchange` is the row of the request that it is, or that the timeline put it to; `refusal` the first of several that
    one ended session explains.
    """

    row: int
    file: tuple[str, str | None]
    ordinal: int
    at: float | None
    service: str
    role: str
    nearness: int
    is_client: bool
    is_error: bool
    severity: str | None
    error_type: str | None
    signature: str | None
    exception: str | None
    frames: tuple[str, ...]
    logger: str | None
    stack_trace: str | None
    raised: str | None
    stated: str | None
    statement: str
    text: str
    thread: str | None
    net_error: str | None
    status: int | None
    line_number: int | None
    line_count: int | None
    entry_index: int | None
    message: str
    template: str
    requests: frozenset[str] = field(default_factory=frozenset)
    named: frozenset[str] = field(default_factory=frozenset)
    objects: frozenset[str] = field(default_factory=frozenset)
    hosts: tuple[str, ...] = ()
    is_outcome: bool = False
    exchange: int | None = None
    refusal: int | None = None
    began: float | None = None
    """When its request or flow began, in seconds; the same as `at` for others."""
    connections: Connections = NO_CONNECTIONS
    in_capture: bool = False
    format: str | None = None
    led_to: int | None = None
    """The status of the request that the timeline put it to."""
    clock_moved: float = 0.0
    """Seconds that were added to its times, since the clock of its file is off."""

    @property
    def counted_role(self) -> str:
        """The role that `entry_index` counts: an exchange in a capture is found by its flow."""
        return FLOW if self.in_capture else self.role

    @cached_property
    def frame(self) -> str | None:
        """The innermost function of the application."""
        return own_frame(self.stack_trace, self.service, self.logger, self.frames)

    @cached_property
    def made_in(self) -> str | None:
        """The function that a null value is from, and what it is called there; a blank and the field, of a field."""
        found = made_in(self.stack_trace) if self.nearness == ORIGIN else None
        return " ".join(found) if found else None

    @cached_property
    def ends_build(self) -> bool:
        """It is the last word of a build or a test run, about what failed before."""
        return self.role not in (EXCHANGE, FLOW) and ends_build(self.message, self.stated)

    @cached_property
    def gives_up(self) -> bool:
        """It says that attempts or a run came to an end, about what failed before."""
        return self.role not in (EXCHANGE, FLOW) and self.nearness < ORIGIN and gives_up(self.message)

    @cached_property
    def is_leftover(self) -> bool:
        """It is about something that was left in the way, by what came before."""
        return self.nearness > ANSWERED and is_leftover(self.statement)

    @cached_property
    def lost_peer(self) -> bool:
        """It says that what it depends on was not there, or did not serve."""
        return self.role not in (EXCHANGE, FLOW) and not self.is_client and says_peer_is_lost(self.text)

    @cached_property
    def blames_peer(self) -> bool:
        """It is lost, and not only late: what took too long may as well be its own."""
        return self.lost_peer and (bool(self.hosts or self.backing) or not says_only_late(self.text))

    @cached_property
    def backing(self) -> frozenset[str]:
        """Kinds of databases and brokers that its text names."""
        return backing_services_in(self.text)

    @cached_property
    def own_backing(self) -> frozenset[str]:
        """Kinds of databases and brokers that its service is, by its name or its format."""
        return backing_services_in(normalised(f"{self.service} {self.format or ''}"))

    @cached_property
    def is_lasting(self) -> bool:
        """It tells of a state of its service that lasts, or of its end."""
        if self.role == EXCHANGE or self.is_client or self.nearness < ANSWERED:
            return False
        # What ends a program is about no request; the failure of one may be as severe.
        is_end = (
            self.severity == "critical"
            and self.nearness > ANSWERED
            and not self.requests
            and self.exchange is None
            and not self.lost_peer
        )
        return is_end or tells_lasting_state(self.text)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states that it tells of which effects are known (`known_effects`)."""
        is_own = self.role == EXCHANGE or self.is_client or self.nearness < ANSWERED
        return () if is_own else states_told(self.text)

    @cached_property
    def is_effect(self) -> bool:
        """It shows what is known to follow from a state, which it does not tell itself."""
        return not self.states and not self.is_lasting and any(effects_shown(self.text))

    @cached_property
    def tells_state(self) -> bool:
        """It is lasting by what it says."""
        return self.is_lasting and tells_lasting_state(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Of its message and what was raised, in lower case, names with hyphens whole."""
        return frozenset(_WORDS.findall(f"{self.message} {self.raised or ''}".lower()))

    @property
    def is_shown_line(self) -> bool:
        """A line about a request that failed."""
        return self.nearness == SHOWN and self.role != EXCHANGE

    @property
    def is_felt(self) -> bool:
        """The user saw it: a failed request, a line that the client itself wrote, or what a run ended with."""
        return not self.is_noise and (self.role == EXCHANGE or self.is_client or self.is_outcome)

    @cached_property
    def is_noise(self) -> bool:
        """A browser writes it on most pages, whatever else is wrong."""
        return (self.is_client or self.role == EXCHANGE) and is_browser_noise(f"{self.message} {self.net_error or ''}")


def in_causal_order(nodes: Sequence[Node]) -> list[Node]:
    """Sorted by `order_key`; but a service that says that it stops says so after what it wrote moments before."""
    keys = {node.row: order_key(node) for node in nodes}
    last: dict[tuple[object, str], tuple[float, int, int]] = {}
    for node in sorted(nodes, key=lambda one: one.row):
        own, key = (node.file, node.service), keys[node.row]
        before = last.get(own, key)
        if node.is_lasting and node.nearness < ORIGIN and key < before and before[0] - key[0] <= -_LATER_OF_STATES:
            keys[node.row] = key = (*before[:2], node.row)
        if node.nearness > ANSWERED and not node.lost_peer:
            last[own] = max(before, key)
    return sorted(nodes, key=lambda one: keys[one.row])


def order_key(node: Node) -> tuple[float, int, int]:
    """Within a second a trace counts as before the lines that were written about it, and an answer as after them; then
    the request that it was given to, and then what its client wrote about it.
    """
    at = node.at
    if at is None:
        # What it may have led to need not have a time either; the end of a build follows from what it wrote before.
        at = float("-inf" if node.states and not node.ends_build else "inf")
    later = _LATER_AT_CLIENT if node.is_shown_line else _LATER[node.nearness]
    if node.is_lasting or (node.states and node.nearness > ANSWERED):
        later = min(later, _LATER_OF_STATES)
    elif node.lost_peer and node.nearness == ORIGIN:
        later = _LATER_OF_LOSERS
    return at + _LATER_BY_ROLE.get(node.role, later), -node.nearness, node.row


_LATER = {ORIGIN: -1.0, STATED: 0.0, ANSWERED: 0.5, SHOWN: 1.0}
_LATER_AT_CLIENT = 2.1
"""Seconds: access logs write whole ones."""
_LATER_OF_STATES = -1.0
"""What stopped was not there before it is said."""
_LATER_OF_LOSERS = -0.5
"""A trace tells of its own service, unless it is about another one that was lost."""
_LATER_BY_ROLE = {FLOW: -2.0, EVENT: 0.75}
"""What went over a connection fails after the connection did, by whatever clock; an event tells what was before."""
_WORDS = re.compile(r"[a-z0-9][\w-]+")
