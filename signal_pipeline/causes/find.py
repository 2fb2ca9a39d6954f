"""From the entries of a report to its incidents: the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from signal_pipeline.causes.incidents import Incident, incidents_of
from signal_pipeline.causes.link import Link
from signal_pipeline.causes.linking import links_of
from signal_pipeline.causes.node import Node
from signal_pipeline.causes.nodes import by_row, nodes_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.frame_schema import EXCHANGE


@dataclass(frozen=True)
class Causes:
    """What was found in one report: its nodes by row (the position in the frame of entries) and its incidents."""

    nodes: Mapping[int, Node]
    incidents: Sequence[Incident]


def find_causes(
    entries: pl.DataFrame,
    settings: CauseSettings,
    files: Mapping[str, str] | None = None,
    timeline_links: Mapping[int, Sequence[Link]] | None = None,
) -> Causes:
    """`entries` has the columns `nodes.NEEDED` of one report, and `at` where a timeline was made.

    `files` are names by signal id; `timeline_links` are links that the timeline made, by the row of the symptom.
    """
    either_way = _either_way(timeline_links or {})
    nodes = nodes_of(entries, settings, files, _exchanges(entries, either_way))
    found = by_row(nodes)
    incidents = incidents_of(nodes, links_of(nodes, either_way, settings))
    if any(node.is_error for node in nodes):
        incidents = [one for one in incidents if not _is_idle_warning(one, found)]
    return Causes(found, incidents)


def _is_idle_warning(incident: Incident, nodes: Mapping[int, Node]) -> bool:
    """A warning of which nothing followed, which is of no interest beside errors."""
    members = [nodes[row] for row in incident.rows]
    quiet = (not one.is_error and one.exception is None and not one.is_felt for one in members)
    return bool(members[0].is_lasting or members[0].states) and all(quiet)


def _either_way(timeline_links: Mapping[int, Sequence[Link]]) -> dict[int, list[Link]]:
    """The links and their opposites: that a client left is logged after its request had ended."""
    found: dict[int, list[Link]] = {}
    for link in (one for links in timeline_links.values() for one in links):
        found.setdefault(link.symptom, []).append(link)
        found.setdefault(link.cause, []).append(replace(link, symptom=link.cause, cause=link.symptom))
    return found


def _exchanges(entries: pl.DataFrame, timeline_links: Mapping[int, Sequence[Link]]) -> dict[int, int]:
    """By row, the request that the timeline put it to."""
    pairs = ((link.symptom, link.cause) for links in timeline_links.values() for link in links)
    roles = entries["role"]
    return {
        (cause if roles[symptom] == EXCHANGE else symptom): (symptom if roles[symptom] == EXCHANGE else cause)
        for symptom, cause in pairs
    }
