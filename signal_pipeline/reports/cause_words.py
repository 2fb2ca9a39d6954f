"""What is said beside a problem, alike in the terminal and on the page: how often, and whether it was seen before."""

from __future__ import annotations

from signal_pipeline.plural import counted
from signal_pipeline.reports.causes import ReportProblem


def times_in_words(problem: ReportProblem) -> str:
    incidents = len(problem.found.incidents)
    tries = sum(incident.tries for incident in problem.found.incidents)
    counts_text = counted(incidents, "incident")
    return counts_text if tries == incidents else f"{counts_text}, {counted(tries, 'time')}"


def seen_in_words(problem: ReportProblem) -> str:
    signal_since = min((one.signal_since for one in problem.clusters if one.signal_since), default=None)
    if signal_since is not None:
        in_reports = _seen_in_reports(problem) if problem.seen is not None and problem.seen.at_all else "new in reports"
        return f"{in_reports}; a signal of events since {signal_since:%Y-%m-%d}"
    return _seen_in_reports(problem)


def _seen_in_reports(problem: ReportProblem) -> str:
    if problem.seen is None or not problem.seen.at_all:
        return "new"
    if not problem.seen.as_cause:
        return f"new as a cause; seen as a symptom in {counted(problem.seen.at_all, 'earlier report')}"
    return f"seen in {counted(problem.seen.as_cause, 'earlier report')}"


def decided_in_words(problem: ReportProblem) -> str:
    """What people decided about its root; empty where nothing was."""
    decided = next((cluster for cluster in problem.clusters if cluster.verdict), None)
    if decided is None:
        return ""
    if decided.verdict == "not_a_bug":
        return "not a bug"
    return f"{'came back after it was fixed in' if decided.seen_after_fix else 'fixed in'} {decided.fixed_in}"
