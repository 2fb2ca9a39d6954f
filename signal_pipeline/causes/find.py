"""From the entries of a report to its incidents: the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from signal_pipeline.causes.incidents import Incident, incidents_of
from signal_pipeline.causes.linking import Link, links_of
from signal_pipeline.causes.nodes import Node, by_row, nodes_of
from signal_pipeline.causes.settings import CauseSettings


@dataclass(frozen=True)
class Causes:
    """What was found in one report: its nodes by row (the position in the frame of entries) and its incidents."""

    nodes: Mapping[int, Node]
    incidents: Sequence[Incident]


def find_causes(
    entries: pl.DataFrame,
    settings: CauseSettings,
    files: Mapping[str, str] | None = None,
    told: Mapping[int, Sequence[Link]] | None = None,
) -> Causes:
    """`entries` has the columns `nodes.NEEDED` of one report, and `at` where a timeline was made.

    `files` are names by signal id; `told` are links that the timeline made, by the row of the symptom.
    """
    nodes = nodes_of(entries, settings, files)
    return Causes(by_row(nodes), incidents_of(nodes, links_of(nodes, told or {}, settings)))
