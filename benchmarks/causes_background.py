"""Reports of many services that always write errors: is the service with the fault first, once the usual is known?

The usual is known from one report without a fault, or as what more than half of the other reports have too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from benchmarks.causes_data import Labelled
from benchmarks.causes_ranking import Solved, beside, errors_of, places_of
from benchmarks.result import Figure
from signal_pipeline.causes.problems import Problem
from signal_pipeline.causes.settings import CauseSettings

NO_FAULT = ""
Measured = Sequence[tuple[Labelled, Solved]]


def figures(measured: Measured) -> dict[str, Figure]:
    """Held-out reports apart from the others; the usual comes from all others of the source."""
    places = {report.name: places_of(solved) for report, solved in measured}
    known: dict[str, frozenset[str]] = {}
    for report, _ in measured:
        if report.truth["service"] == NO_FAULT:
            known["healthy"] = places[report.name]
    found: dict[str, Figure] = {}
    rules = _rules(measured)
    name, best = max(rules.items(), key=lambda pair: pair[1])
    for how in ("healthy", "share"):
        ranked = [
            (report, beside(solved, known["healthy"] if how == "healthy" else _usual(report.name, places)))
            for report, solved in measured
        ]
        for part, held_out in (("dev", False), ("held_out", True), ("all", None)):
            chosen = [
                (r, problems)
                for r, problems in ranked
                if r.truth["service"] != NO_FAULT and held_out in (None, r.is_held_out)
            ]
            for metric, most, target in (("first", 1, 0.8), ("top3", 3, 0.95)):
                peer = (name, best) if metric == "first" and part == "all" else (None, None)
                value = round(sum(is_there(r, problems[:most]) for r, problems in chosen) / max(len(chosen), 1), 4)
                found[f"trainticket_{how}_{part}_{metric}"] = Figure(value, target, "higher", "share", *peer)
        without = sum(len(problems) for r, problems in ranked if r.truth["service"] == NO_FAULT)
        found[f"trainticket_{how}_problems_without_fault"] = Figure(without, 0, "lower", "problems")
    for name, value in rules.items():
        found[f"trainticket_rule_{name.replace(' ', '_')}"] = Figure(value, None, "higher", "share first")
    return found


def _usual(name: str, places: Mapping[str, frozenset[str]]) -> frozenset[str]:
    others = [found for other, found in places.items() if other != name]
    often = Counter(place for found in others for place in found)
    return frozenset(place for place, times in often.items() if times > CauseSettings().background_share * len(others))


def is_there(report: Labelled, problems: Sequence[Problem]) -> bool:
    return any(report.truth["service"] in problem.first.root_service for problem in problems)


def _rules(measured: Measured) -> dict[str, float]:
    """The share of reports in which a plain rule names the service with the fault first."""
    errors = {report.name: errors_of(solved.entries) for report, solved in measured}
    have = {name: set(frame["signature_hash"]) for name, frame in errors.items()}
    hits: Counter[str] = Counter()
    faulty = [report for report, _ in measured if report.truth["service"] != NO_FAULT]
    for report in faulty:
        frame = errors[report.name]
        often = Counter(one for name, those in have.items() if name != report.name for one in those)
        few = frame.filter(~pl.col("signature_hash").is_in([s for s, n in often.items() if n > 0.5 * (len(have) - 1)]))
        told = {
            "earliest error": frame["service"].head(1).to_list(),
            "service with most errors": _most(frame),
            "earliest error that few reports have": few["service"].head(1).to_list(),
            "most errors that few reports have": _most(few),
        }
        for rule, services in told.items():
            hits[rule] += any(report.truth["service"] in service for service in services)
    return {rule: round(hits[rule] / len(faulty), 4) for rule in hits}


def _most(errors: pl.DataFrame) -> list[str]:
    counted = errors.group_by("service", maintain_order=True).len().sort("len", descending=True, maintain_order=True)
    return counted["service"].head(1).to_list()
