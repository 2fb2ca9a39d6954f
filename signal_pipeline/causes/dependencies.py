"""Links from what lost something that it depends on, or was harmed, to what had become of that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signal_pipeline.causes.known_effects import effects_shown, shared_states
from signal_pipeline.causes.link import Link, link
from signal_pipeline.causes.node import ANSWERED, Node
from signal_pipeline.causes.seen import Seen
from signal_pipeline.causes.services import same_service
from signal_pipeline.causes.ties import is_within, seconds_between

UNNAMED_SECONDS = 120.0
MAX_STATES = 24
_NUMBER = re.compile(r"\b\d{3,}\b")


def by_dependency(node: Node, seen: Seen) -> Iterator[Link]:
    """To the last state that lasts of what the text names: a host, or a kind of database or broker. What it names by an
    address alone may be whatever stopped shortly before.
    """
    if not node.lost_peer:
        return
    near = [one for one in seen.lasting[-MAX_STATES:] if is_within(node, one, seen.settings.aftermath_seconds)]
    others = [one for one in near if one.signature != node.signature and one.nearness >= ANSWERED]
    named = [(one, name) for one in others if (name := _named(node, one))]
    # Of one end its first sign; later ones tell of the same.
    for other, name in named[:1]:
        yield link(node, other, "lost_peer", name)
    if named or seen.knows_services(node.hosts) or node.backing:
        return
    unnamed = [one for one in others if one.service != node.service and is_within(node, one, UNNAMED_SECONDS)]
    for other in sorted(unnamed, key=lambda one: seconds_between(node, one))[:1]:
        yield link(node, other, "lost_something")


def by_known_effect(node: Node, seen: Seen) -> Iterator[Link]:
    for row in effects_shown(node.text) if seen.states else ():
        if row.name in node.states:
            continue
        told = [one for one in seen.states.get(row.name, ())[-MAX_STATES:] if is_within(node, one, row.seconds)]
        of_it = [one for one in told if one.service == node.service or one.file == node.file or not row.is_own]
        if (state := _likeliest(node, of_it)) is not None:
            yield link(node, state, "known_effect", row.name)
    for row in shared_states(node.states):
        told = [one for one in seen.states[row.name][-MAX_STATES:] if is_within(node, one, row.seconds)]
        elsewhere = [one for one in told if one.file != node.file and one.nearness >= ANSWERED]
        if elsewhere and node.is_error:
            yield link(node, elsewhere[0], "known_effect", row.name)


def _likeliest(node: Node, states: Sequence[Node]) -> Node | None:
    """Of several that tell a state, the one that has a number of the node's text (a process id), else the nearest."""
    numbers = set(_NUMBER.findall(node.message))
    sharing = [one for one in states if not numbers.isdisjoint(_NUMBER.findall(one.message))]
    return min(sharing or states, key=lambda one: seconds_between(node, one), default=None)


def _named(node: Node, other: Node) -> str | None:
    """What both name: the other is it, or tells of it."""
    if other.service != node.service or other.file != node.file:
        for host in node.hosts:
            if same_service(host, other.service) or host.partition(".")[0] in other.words:
                return host.partition(".")[0]
        if shared := node.backing & other.own_backing:
            return min(shared)
    return None
