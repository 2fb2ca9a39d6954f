"""Reports of one injected fault each: is what holds it first, what is under it, and how many problems are told."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import polars as pl

from benchmarks.causes_data import Labelled
from benchmarks.causes_ranking import PLAIN_RULES, Row, Solved, errors_of, first_place
from benchmarks.result import Figure
from signal_pipeline.causes.problems import raised_at

Measured = Sequence[tuple[Labelled, Solved]]
FEW = 0.5
"""A signature that more than this share of the other reports have is no symptom of the fault."""


def figures(part: str, measured: Measured, usual: frozenset[str]) -> dict[str, Figure]:
    """`usual` are signatures that most reports have."""
    traced = [(report, solved) for report, solved in measured if report.truth["in_trace"] == "exact"]
    found: dict[str, Figure] = {}
    places = [first_place(_roots(solved), holds(report)) for report, solved in traced]
    rules = {name: [first_place(rule(r.entries), holds(r)) for r, _ in traced] for name, rule in PLAIN_RULES.items()}
    for metric, most, target in (("first", 1, 0.97), ("top3", 3, 1.0)):
        name, best = max(((name, _within(places, most)) for name, places in rules.items()), key=lambda pair: pair[1])
        found[f"openstack_{part}_{metric}"] = Figure(_within(places, most), target, "higher", "share", name, best)
    if part == "all":
        for name, those in rules.items():
            metric = f"openstack_rule_{name.replace(' ', '_')}"
            found[metric] = Figure(_within(those, 1), None, "higher", "share first")
    others = [(report, solved) for report, solved in measured if report.truth["in_trace"] != "exact"]
    named = [_names(report, solved) for report, solved in others if solved.problems]
    counts = [len(solved.problems) for _, solved in measured]
    recalls = [recall for report, solved in traced if (recall := _symptom_recall(report, solved, usual)) is not None]
    precision, recall = _same_first(traced)
    return found | {
        f"openstack_{part}_untraced_named": Figure(_mean(named), 0.8, "higher", "share"),
        f"openstack_{part}_problems_median": Figure(statistics.median(counts), 2, "lower", "problems"),
        f"openstack_{part}_problems_mean": Figure(round(statistics.mean(counts), 2), 2.5, "lower", "problems"),
        f"openstack_{part}_symptom_recall": Figure(_mean(recalls), 0.9, "higher", "share of error groups"),
        f"openstack_{part}_same_first_precision": Figure(precision, 0.97, "higher", "share of pairs"),
        f"openstack_{part}_same_first_recall": Figure(recall, 0.8, "higher", "share of pairs"),
        f"openstack_{part}_reports": Figure(len(measured), None, "higher", "reports"),
    }


def _roots(solved: Solved) -> Iterable[Row]:
    return (solved.row(problem) for problem in solved.problems)


def holds(report: Labelled) -> Callable[[Row], bool]:
    """Whether the trace of an entry goes through the function with the fault."""
    function = report.truth["function"]
    return lambda row: function in f"{' '.join(row['top_frames'] or ())} {row['stack_trace'] or ''}"


def _within(places: Sequence[int | None], most: int) -> float:
    return _mean([place is not None and place <= most for place in places])


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 1.0


def _names(report: Labelled, solved: Solved) -> bool:
    """Whether the first problem is in the component with the fault, or says that its root is not in evidence."""
    first = solved.problems[0].first
    component = report.truth["component"].strip("/").split("/")[0]
    return component in first.root_service or not first.in_evidence


def _symptom_recall(report: Labelled, solved: Solved, usual: frozenset[str]) -> float | None:
    """Of the error groups that not most reports have, the share that is under a problem that holds it."""
    right = {at for at, problem in enumerate(solved.problems) if holds(report)(solved.row(problem))}
    groups = errors_of(solved.entries).filter(~pl.col("signature_hash").is_in(list(usual)))
    rows = groups.group_by("signature_hash").agg("row")["row"].to_list()
    if not rows or not right:
        return None
    return sum(any(solved.problems_of_row.get(row, set()) & right for row in group) for group in rows) / len(rows)


def _same_first(traced: Measured) -> tuple[float, float]:
    """Pairs of reports with the same first problem against pairs with the same fault: precision, recall."""
    told = [(_fault(report), _identity(solved)) for report, solved in traced if solved.problems]
    same = [(one[0] == other[0], one[1] == other[1]) for one, other in combinations(told, 2)]
    both = sum(fault and problem for fault, problem in same)
    return round(both / max(sum(p for _, p in same), 1), 4), round(both / max(sum(f for f, _ in same), 1), 4)


def _fault(report: Labelled) -> tuple[str, str]:
    return report.truth["function"], report.truth["fault_type"]


def _identity(solved: Solved) -> tuple[str, ...]:
    root = solved.problems[0].first.root
    return raised_at(root) if root.exception and root.frame else (root.signature,)


def usual_signatures(reports: Sequence[Labelled]) -> frozenset[str]:
    every = pl.concat(
        report.entries.filter("is_error").select("signature_hash").unique().drop_nulls() for report in reports
    )
    often = every.group_by("signature_hash").len().filter(pl.col("len") > FEW * len(reports))
    return frozenset(often["signature_hash"])
