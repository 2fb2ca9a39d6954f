"""The example shop with its sixteen faults and three visitors: problems told, entries put to the right incident, and
causes named from the browser's side alone.

The recording that ships with the package says which fault caused which entry; ids are kept or taken out, and clocks are
shifted. Recordings of several visitors at once are made in this run: a visitor's own files and the shop's whole log are
a report, and each failed request is an incident.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import polars as pl

from benchmarks.result import Figure
from benchmarks.shop_visitors import record
from benchmarks.timeline import (
    CONSOLE,
    HAR,
    SAMPLE,
    SERVER,
    Case,
    Place,
    case_of_visitor,
    entries_of,
    sample_case,
    shifted,
    without_ids,
)  # fmt: skip
from signal_pipeline.causes.find import Causes, find_causes
from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import records_of, signature_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.timeline import build_timeline
from signal_pipeline.pipeline.incidents import ReportFrames, joined_entries, timeline_links

FAULTS = 16
MOST_PROBLEMS = 19
SHIFTS = ((SERVER, 47.3), (SERVER, -300.0), (CONSOLE, 0.7), (HAR, 93.1))
HELD_OUT = ((101, 3, 0.1), (102, 2, 0.02))
LEARNED = ((111, 3, 0.02), (112, 3, 0.02), (113, 3, 0.02), (114, 1, 0.02))
ASKED = ((121, 2, 0.02), (122, 2, 0.02))
"""Seed, visitors, think time (s)."""
Truth = Mapping[Place, Hashable]


@dataclass
class Tally:
    """Pairs of entries of one incident, as told and as they are."""

    both: int = 0
    told: int = 0
    there: int = 0
    problems: list[int] = field(default_factory=list)

    def add(self, solved: ShopReport, truth: Truth) -> None:
        incidents: dict[int, set[int]] = {}
        for number, incident in enumerate(solved.found.incidents):
            for row in incident.rows:
                incidents.setdefault(row, set()).add(number)
        rows = [row for row in incidents if solved.place(row) in truth]
        for one, other in combinations(rows, 2):
            together = bool(incidents[one] & incidents[other])
            same = truth[solved.place(one)] == truth[solved.place(other)]
            self.both += together and same
            self.told += together
            self.there += same
        self.problems.append(solved.problems)

    @property
    def precision(self) -> float:
        return round(self.both / max(self.told, 1), 4)

    @property
    def recall(self) -> float:
        return round(self.both / max(self.there, 1), 4)


@dataclass(frozen=True)
class ShopReport:
    """A report of the shop with its incidents; the steps are those of the pipeline."""

    entries: pl.DataFrame
    found: Causes
    problems: int

    def place(self, row: int) -> Place:
        name, line, entry = self.entries.select("signal_id", "line_number", "entry_index").row(row)
        return name, int(entry if name == HAR else line)


def solved(case: Case) -> ShopReport:
    entries = entries_of(case)
    timeline = build_timeline(entries, CorrelationSettings()).frame
    frames = ReportFrames(entries.lazy(), entries.filter("is_error").lazy(), timeline.lazy())
    joined = joined_entries(frames)
    found = find_causes(joined, CauseSettings(), None, timeline_links(joined))
    return ShopReport(joined, found, len(problems_of(records_of(found), {})))


def figures() -> dict[str, Figure]:
    tallies = {"ids": Tally(), "no_ids": Tally(), "visitors_ids": Tally(), "visitors_no_ids": Tally()}
    case, truth = sample_case(), sample_truth()
    tallies["ids"].add(solved(case), truth)
    plain = without_ids(case)
    tallies["no_ids"].add(solved(plain), truth)
    for name, seconds in SHIFTS:
        tallies["no_ids"].add(solved(shifted(plain, name, seconds)), truth)
    for visited, told in _visits(HELD_OUT):
        tallies["visitors_ids"].add(solved(visited), told)
        plain = without_ids(visited)
        tallies["visitors_no_ids"].add(solved(plain), told)
        tallies["visitors_no_ids"].add(solved(shifted(plain, SERVER, -47.3)), told)
    found = {}
    for name, tally in tallies.items():
        precision, recall = (
            (0.97, 0.95) if (name.endswith("_ids") and "no_ids" not in name) or name == "ids" else (0.95, 0.9)
        )
        found[f"shop_{name}_precision"] = Figure(tally.precision, precision, "higher", "share of pairs")
        found[f"shop_{name}_recall"] = Figure(tally.recall, recall, "higher", "share of pairs")
        if "visitors" not in name:
            found[f"shop_{name}_problems"] = Figure(
                max(tally.problems), MOST_PROBLEMS, "lower", "problems", "faults", FAULTS
            )
    right, asked = browser_alone()
    return found | {"shop_browser_alone_cause_named": Figure(round(right / max(asked, 1), 4), 0.9, "higher", "share")}


def sample_truth() -> Truth:
    """By place, the fault and the visitor."""
    truth: dict[Place, Hashable] = {}
    for scenario in json.loads((SAMPLE / "scenarios.json").read_text(encoding="utf-8"))["scenarios"]:
        for occurrence in scenario["occurrences"]:
            which = (scenario["name"], occurrence["visitor"])
            truth |= {(HAR, one["entry_index"]): which for one in occurrence["requests"]}
            truth |= {(CONSOLE, one["line"]): which for one in occurrence["console"]}
            truth |= {(SERVER, one["line"]): which for one in occurrence["server_log"]}
    return truth


def _visits(recordings: Sequence[tuple[int, int, float]]) -> Iterator[tuple[Case, Truth]]:
    """By place, the failed request. Refusals of one client in the same words are one incident, until
    something that it sends is accepted."""
    for seed, visitors, think in recordings:
        people, log = record(seed, visitors, think)
        for person in people:
            case = case_of_visitor(person, log)
            incident_of: dict[int, int] = {}
            refused: dict[str, int] = {}
            for exchange in person.exchanges:
                if exchange.failed:
                    first = refused.setdefault(exchange.body, exchange.number) if exchange.status == 401 else None
                    incident_of[exchange.number] = exchange.number if first is None else first
                elif exchange.method == "POST":
                    refused = {}
            truth: dict[Place, Hashable] = {(HAR, number): which for number, which in incident_of.items()}
            truth |= {place: incident_of[entry] for place, entry in case.any.items() if entry in incident_of}
            yield case, truth


def browser_alone() -> tuple[int, int]:
    """Failed requests whose cause in the log is what they mostly followed from in the reports before, and all."""
    followed: dict[str, Counter[str]] = {}
    for case, _ in _visits(LEARNED):
        report = solved(case)
        for incident in report.found.incidents:
            root = signature_of(report.found.nodes[incident.root])
            for signature in {signature_of(report.found.nodes[symptom.row]) for symptom in incident.symptoms} - {root}:
                followed.setdefault(signature, Counter())[root] += 1
    right = asked = 0
    for case, _ in _visits(ASKED):
        entries = entries_of(case)
        signatures = {
            (name, entry if name == HAR else line): signature
            for name, entry, line, signature in entries.select(
                "signal_id", "entry_index", "line_number", pl.coalesce("signature_hash", "template")
            ).iter_rows()
        }
        alone = solved(Case({HAR: case.files[HAR]}, {}, {}, {}))
        for incident in alone.found.incidents:
            cause = case.causes.get(alone.place(incident.root)[1])
            if cause is None:
                continue
            causes = followed.get(signature_of(alone.found.nodes[incident.root]), Counter())
            named = next((one for one, _ in causes.most_common(1)), "")
            right += named.removeprefix("template:") == signatures[cause]
            asked += 1
    return right, asked
