"""Tables about a report: its files and its clusters. Text from inputs is shown without control characters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from signal_pipeline.evidence import Place
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.reports.headline import nothing_found, unread
from signal_pipeline.reports.overview import ReportProblems, ReportStatus
from signal_pipeline.storage.intake import IntakeStatus
from signal_pipeline.storage.problems import ProblemRow
from signal_pipeline.work_order import DEFAULT_KIND, Priority

SEVERITY_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
STATE_STYLES = {"COMPLETED": "green", "DEAD": "bold red", "FAILED": "red", "CANCELLED": "yellow"}


def evidence_text(item: dict[str, Any]) -> str:
    """`server.log:120-134` or `shop.har entry 12`."""
    return printable(Place.of(item).label())


def status_view(status: ReportStatus) -> RenderableType:
    request = status.request
    lines = [Text.assemble("report   ", str(status.report_id))]
    style = "yellow" if status.state == "COMPLETED" and unread(status.files) else STATE_STYLES.get(status.state, "cyan")
    state = Text.assemble("state    ", (status.state, style))
    if request is not None:
        state.append(f"  {request.progress} %, attempt {request.attempt}")
        if request.reason:
            state.append(f"  ({printable(request.reason)})")
    lines.append(state)
    if request is not None and status.state == "PENDING" and (waits := _waits_for(request)):
        lines.append(Text(f"waits    {waits}"))
    if request is not None and request.last_error:
        lines.append(Text(f"error    {printable(request.last_error)}"))
    if request is not None and request.dagster_run_id:
        lines.append(Text(f"run      {request.dagster_run_id}"))
    if not status.files:
        return Group(*lines)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("file", "outcome", "format", "understood", "entries", "redacted", "reasons"):
        table.add_column(column, justify="right" if column in ("understood", "entries", "redacted") else "left")
    for file in status.files:
        table.add_row(
            printable(file.name),
            "copy" if file.duplicate_of else file.status,
            file.format or file.kind,
            f"{file.share_understood:.0%}",
            str(file.entries),
            str(sum(file.redactions.values())),
            ", ".join(file.reasons),
        )
    return Group(*lines, Text(), table)


def _waits_for(request: IntakeStatus) -> str:
    """`normal priority in queue nightly, not before 2026-01-31 02:00 UTC, after report …`; empty for what is usual."""
    said = []
    if (request.priority, request.kind) != (Priority.normal, DEFAULT_KIND):
        said.append(f"{Priority(request.priority).name} priority in queue {request.kind}")
    if request.due_at > datetime.now(UTC):
        said.append(f"not before {request.due_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
    said += [f"after report {report}" for report in request.depends_on]
    return ", ".join(said)


def problems_view(found: ReportProblems) -> RenderableType:
    """One row per cluster or single signature, worst first."""
    head = found.clustering
    if head is None:
        return Text(f"report {found.status.report_id} is {found.status.state} and has no clusters yet")
    if not found.problems:
        return Text(printable(" ".join(filter(None, (unread(found.status.files), nothing_found(found.status))))))
    table = Table(pad_edge=False, box=None, header_style="bold", row_styles=["", "on grey7"])
    table.add_column("#", justify="right")
    table.add_column("severity")
    table.add_column("error type")
    table.add_column("count", justify="right")
    table.add_column("seen before", min_width=11)
    table.add_column("template", ratio=3, overflow="fold")
    table.add_column("evidence", ratio=1, overflow="fold", min_width=20)
    for number, problem in enumerate(found.problems, 1):
        places = [evidence_text(item) for item in problem.evidence]
        more = problem.frequency - len(places)
        table.add_row(
            str(number),
            Text(problem.severity, style=SEVERITY_STYLES.get(problem.severity, "")),
            problem.error_type,
            str(problem.frequency),
            Text(_seen_before(problem)),
            Text.assemble(printable(problem.title) + _variants(problem.size), *_near(problem)),
            Text("\n".join(places[:3]) + (f"\n… {more + len(places[3:])} more" if more + len(places[3:]) > 0 else "")),
        )
    counts = f"{found.known} seen before, {len(found.problems) - found.known} new"
    groups = f"{counted(len(found.problems), 'group')} of equal errors from {counted(head.signatures, 'signature')}"
    summary = f"{groups} ({head.algorithm}): {counts}"
    lines: list[RenderableType] = [table, Text(), Text(summary, style="bold")]
    if not_read := unread(found.status.files):
        lines.insert(0, Text(printable(not_read) + "\n", style="yellow"))
    if found.held is not None:
        lines.append(Text(f"a newer clustering is held: {found.held.held_reason}", style="yellow"))
    return Group(*lines)


def _seen_before(problem: ProblemRow) -> str:
    """`new`, or in how many reports and since when; and what was decided about it."""
    lines = []
    if problem.verdict == "not_a_bug":
        lines.append("not a bug")
    elif problem.verdict == "fixed":
        lines.append(f"fixed in {problem.fixed_in}{', seen again' if problem.seen_after_fix else ''}")
    if not problem.is_known:
        lines.append("new" if problem.reports < 2 else f"first here, then {problem.reports - 1} more")
    else:
        lines.append(counted(problem.reports, "report"))
        if problem.signal_since is not None:
            lines.append(f"signal since {problem.signal_since:%Y-%m-%d}")
        elif problem.first_reported_at is not None:
            lines.append(f"since {problem.first_reported_at:%Y-%m-%d}")
    return "\n".join(lines)


def _near(problem: ProblemRow) -> list[tuple[str, str]]:
    """The nearest known problem, where this one is new: perhaps it is that one."""
    if problem.is_known or not problem.nearest:
        return []
    first = problem.nearest[0]
    return [(f"\nsimilar, at {first['distance']:.2f}: {printable(str(first['title']))[:100]}", "dim")]


def _variants(size: int) -> str:
    return f"  (+{size - 1} similar)" if size > 1 else ""


def show_problems(console: Console, found: ReportProblems) -> None:
    console.print(problems_view(found))
