"""`signal-pipeline diff`: compare two clusterings of one report, or the problems of two reports."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.clustering.diff import Change
from signal_pipeline.printable import printable
from signal_pipeline.reports.clustering_diff import Compared, compare, diff_json, kept_clusterings
from signal_pipeline.reports.problem_changes import ReportsCompared, compare_reports


def diff_command(
    report: Annotated[UUID, typer.Argument(help="The report's id.")],
    old: Annotated[
        str | None, typer.Argument(help="A clustering's id or a prefix of it. [default: the previous one]")
    ] = None,
    new: Annotated[str | None, typer.Argument(help="Another clustering. [default: the current one]")] = None,
    other: Annotated[
        UUID | None, typer.Option("--with", help="Another report: which problems it has in common with this one.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the stored clusterings.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare two clusterings of a report: problems and clusters kept, grown, shrunk, merged, split, new or gone, with
    samples. With --with, compare the problems of two reports.
    """
    if other is not None and (old is not None or listed):
        raise typer.BadParameter("--with takes no clusterings and no --list")
    with opened_platform() as platform:
        if other is not None:
            both = compare_reports(platform, report, other)
            if as_json:
                print_json({"first": str(report), "second": str(other)} | both.as_json())
            else:
                console().print(_compared(both))
            return
        if listed:
            rows = kept_clusterings(platform, report)
            if as_json:
                print_json(rows)
            else:
                console().print(_list(rows))
            return
        found = compare(platform, report, old, new)
    if as_json:
        shown = {"report_id": str(report), "old": found.old, "new": found.new, **diff_json(found.diff)}
        print_json(shown | {"problems": found.problems.as_json()})
    else:
        _show(found)


def _list(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("clustering", "created", "algorithm", "threshold", "clusters", "single", "state"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row["id"],
            row["created_at"][:19],
            row["algorithm"],
            f"{row['threshold']:g}",
            str(row["clusters"]),
            str(row["noise"]),
            row["state"],
        )
    return table


def _show(found: Compared) -> None:
    out = console()
    out.print(
        f"old  {found.old['id']}  {found.old['algorithm']} {found.old['threshold']:g}  {found.old['created_at'][:19]}"
    )
    out.print(
        f"new  {found.new['id']}  {found.new['algorithm']} {found.new['threshold']:g}  {found.new['created_at'][:19]}"
    )
    problems = found.problems
    shown = "  ".join(f"{name} {count}" for name, count in problems.diff.counts.items() if count)
    out.print(f"problems  {problems.before} before, {problems.after} after  {shown}")
    for change, title in problems.titles:
        out.print(Text(f"  {change.value}  {printable(title)}"))
    out.print("clusters  " + "  ".join(f"{name} {count}" for name, count in found.diff.counts.items()))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("change", "signatures", "examples"):
        table.add_column(name, overflow="fold")
    for one in found.diff.changes:
        if one.change is Change.KEPT:
            continue
        texts = [f"{signature[:12]} {printable(found.templates.get(signature, ''))}" for signature in one.sample]
        table.add_row(one.change.value, str(one.members), Text("\n".join(texts)))
    if table.row_count:
        out.print(table)


def _compared(found: ReportsCompared) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("problem", "in", "incidents", "service", "title"):
        table.add_column(name, overflow="fold")
    rows = [(one, "both", f"{len(one.found.incidents)}, {len(other.found.incidents)}") for one, other in found.both]
    rows += [(one, "first", str(len(one.found.incidents))) for one in found.first]
    rows += [(one, "second", str(len(one.found.incidents))) for one in found.second]
    for problem, where, incidents in rows:
        service, title = printable(problem.found.first.root_service), printable(problem.title)
        table.add_row(problem.problem_id[:8], where, incidents, service, Text(title))
    return table
