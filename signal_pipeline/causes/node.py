"""An entry that may be a cause or a symptom, and the order in which entries may have caused each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from signal_pipeline.causes.connections import NO_CONNECTIONS, Connections
from signal_pipeline.causes.leftovers import is_leftover
from signal_pipeline.causes.own_frames import own_frame
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

    @property
    def counted_role(self) -> str:
        """The role that `entry_index` counts: an exchange in a capture is found by its flow."""
        return FLOW if self.in_capture else self.role

    @cached_property
    def frame(self) -> str | None:
        """The innermost function of the application."""
        return own_frame(self.stack_trace, self.service, self.logger, self.frames)

    @cached_property
    def is_leftover(self) -> bool:
        """It is about something that was left in the way, by what came before."""
        return self.nearness > ANSWERED and is_leftover(self.statement)

    @property
    def is_shown_line(self) -> bool:
        """A line about a request that failed."""
        return self.nearness == SHOWN and self.role != EXCHANGE

    @property
    def is_felt(self) -> bool:
        """The user saw it: a failed request, a line that the client itself wrote, or what a run ended with."""
        return self.role == EXCHANGE or self.is_client or self.is_outcome


def order_key(node: Node) -> tuple[float, int, int]:
    """Within a second a trace counts as before the lines that were written about it, and an answer as after them; then
    the request that it was given to, and then what its client wrote about it.
    """
    at = float("inf") if node.at is None else node.at
    later = _LATER_AT_CLIENT if node.is_shown_line else _LATER[node.nearness]
    return at + _LATER_BY_ROLE.get(node.role, later), -node.nearness, node.row


_LATER = {ORIGIN: -1.0, STATED: 0.0, ANSWERED: 0.5, SHOWN: 1.0}
_LATER_AT_CLIENT = 1.5
"""Seconds."""
_LATER_BY_ROLE = {FLOW: -2.0, EVENT: 0.75}
"""What went over a connection fails after the connection did, by whatever clock; an event tells what was before."""
