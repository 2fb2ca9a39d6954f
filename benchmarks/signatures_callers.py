"""Grouping accuracy on services of `incidents/openstack` other than those of the labelled logs; the peer is Drain3.

DEBUG lines say at their end which line of the source wrote them, so within one report that place is the statement.
"""

from __future__ import annotations

import gzip
import re

from benchmarks.labelled import DATA, grouping
from benchmarks.result import Figure
from benchmarks.signatures_statements import drain_groups, read_lines

SERVICES = {
    "cinder_api": "cinder__api",
    "cinder_scheduler": "cinder__scheduler",
    "heat_engine": "heat__heat-engine",
    "neutron_l3_agent": "neutron__l3-agent",
    "neutron_openvswitch_agent": "neutron__openvswitch-agent",
    "neutron_server": "neutron__server",
    "nova_api": "nova__nova-api",
    "nova_conductor": "nova__nova-conductor",
    "nova_scheduler": "nova__nova-scheduler",
}
REPORTS = 3
"""Of each service; the first of those that have its log, by name."""
MAX_LINES = 5_000
_CALLER = re.compile(r" (\S+ /usr/lib/python\S+:[0-9]+)\s*$")


def statements_by_caller() -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    scores: list[tuple[float, float]] = []
    peers: list[tuple[float, float]] = []
    for service, name in SERVICES.items():
        own: list[tuple[float, float]] = []
        for path in sorted((DATA / "incidents" / "openstack").glob(f"*_test_*/{name}.log.gz"))[:REPORTS]:
            lines = gzip.decompress(path.read_bytes()).decode("utf-8", "replace").split("\n")[:MAX_LINES]
            truth = {number: found[1] for number, line in enumerate(lines, 1) if (found := _CALLER.search(line))}
            groups, messages = read_lines("\n".join(lines), list(truth))
            own.append(grouping(groups, list(truth.values())))
            peers.append(grouping(drain_groups(messages, masked=False), list(truth.values())))
        scores += own
        for at, metric in enumerate(("ga", "fga")):
            mean = round(sum(row[at] for row in own) / len(own), 4)
            figures[f"{metric}_callers_{service}"] = Figure(mean, None, "higher", "share")
    for at, metric in enumerate(("ga", "fga")):
        mean, peer = (round(sum(row[at] for row in rows) / len(rows), 4) for rows in (scores, peers))
        figures[f"{metric}_callers_mean"] = Figure(mean, None, "higher", "share", "drain3", peer)
    return figures
