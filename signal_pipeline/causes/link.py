"""One link of evidence between two entries."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.causes.link_kinds import KIND
from signal_pipeline.causes.node import Node


@dataclass(frozen=True)
class Link:
    """`symptom` follows from `cause` (rows); `reason` completes "it belongs here because …"."""

    symptom: int
    cause: int
    kind: str
    strength: float
    reason: str


def link(node: Node, cause: Node, name: str, value: str = "") -> Link:
    """A link of the kind `name`, worded with the value that both share."""
    kind = KIND[name]
    return Link(node.row, cause.row, name, kind.strength, kind.wording.format(value=value))
