"""Grouping accuracy against the logging statements in the programs' own source; the peers are Drain3 and it with masks.

A line is read as `parse` reads it, and Drain3 is given the message that was read, so that heads do not mislead it.
Lines without a known statement are not counted. What splits statements was listed once over all systems; the rules and
thresholds of the batch step were then set with those of SET_WITH, and the others were only scored.
"""

from __future__ import annotations

import csv
import gzip
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.labelled import DATA, grouping
from benchmarks.result import Figure
from signal_pipeline.classification.generalise import generalise_templates
from signal_pipeline.parsing import parse_log

FOLDER = DATA / "logs" / "labelled"
TARGET = 0.85
SET_WITH = frozenset({"kafka", "openstack-cinder-volume", "openstack-nova-compute", "openstack-placement"})

_MASKS = (
    (r"(?<=[^A-Za-z0-9])([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?=[^A-Za-z0-9]|$)", "UUID"),
    (r"(?<=[^A-Za-z0-9])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?=[^A-Za-z0-9]|$)", "IP"),
    (r"(?<=[^A-Za-z0-9])(0x[a-f0-9A-F]+)(?=[^A-Za-z0-9]|$)", "HEX"),
    (r"(?<=[^A-Za-z0-9])([\-+]?\d+)(?=[^A-Za-z0-9]|$)", "NUM"),
    (r"(?<=executed cmd )(\".+?\")", "CMD"),
)
"""As in the example of Drain3's own documentation, with identifiers."""


def statements() -> dict[str, Figure]:
    """Per system, and the mean of those that the thresholds were set with and of the others."""
    figures: dict[str, Figure] = {}
    scores: dict[str, list[tuple[float, float]]] = {}
    peers: dict[str, list[tuple[float, float]]] = {}
    for folder in sorted(FOLDER.iterdir()):
        text, events = _labelled(folder)
        truth = list(events.values())
        groups, messages = read_lines(text, list(events))
        product = grouping(groups, truth)
        bare = grouping(drain_groups(messages, masked=False), truth)
        masked = grouping(drain_groups(messages, masked=True), truth)
        for part in ("", "_set_with" if folder.name in SET_WITH else "_held_out"):
            scores.setdefault(part, []).append(product)
            peers.setdefault(part, []).append(bare)
            peers.setdefault(part + "_masked", []).append(masked)
        for at, metric in enumerate(("ga", "fga")):
            name = f"{metric}_statements_{folder.name.removeprefix('openstack-')}"
            figures[name] = Figure(round(product[at], 4), None, "higher", "share", "drain3", round(bare[at], 4))
    for part, rows in scores.items():
        for at, metric in enumerate(("ga", "fga")):
            mean, bare_mean, masked_mean = (
                round(sum(row[at] for row in found) / len(found), 4)
                for found in (rows, peers[part], peers[part + "_masked"])
            )
            name = f"{metric}_statements_mean{part}"
            figures[name] = Figure(mean, TARGET, "higher", "share", "drain3", bare_mean)
            figures[f"{name}_against_masked"] = Figure(mean, None, "higher", "share", "drain3 with masks", masked_mean)
    return figures


def _labelled(folder: Path) -> tuple[str, dict[int, str]]:
    """The text of the log, and the statement of each line that has a known one, by its number from 1."""
    with gzip.open(folder / "labels.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        events = {int(row["LineId"]): row["EventId"] for row in csv.DictReader(stream) if row["EventId"]}
    text = gzip.decompress((folder / "raw.log.gz").read_bytes()).decode("utf-8", "replace")
    return text, events


def read_lines(text: str, wanted: Sequence[int]) -> tuple[list[str], list[str]]:
    """Template and message (its first line) of each wanted line, as the log reader reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.log"
        path.write_text(text, encoding="utf-8")
        entries = generalise_templates(parse_log(path))
    found: dict[int, tuple[str, str]] = {}
    for first, count, *told in entries.select("line_number", "line_count", "template_id", "message").iter_rows():
        found.update(dict.fromkeys(range(first, first + (count or 1)), (told[0], told[1].split("\n", 1)[0])))
    rows = [found.get(number, ("", "")) for number in wanted]
    return [template for template, _ in rows], [message for _, message in rows]


def drain_groups(messages: Sequence[str], *, masked: bool) -> list[int]:
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    logging.getLogger("drain3").setLevel(logging.ERROR)
    config = TemplateMinerConfig()
    if masked:
        config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in _MASKS]
    miner = TemplateMiner(config=config)
    return [miner.add_log_message(message)["cluster_id"] for message in messages]
