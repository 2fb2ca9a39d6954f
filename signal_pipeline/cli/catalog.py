"""`signal-pipeline catalog`: problems across all reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.update import as_json as update_json
from signal_pipeline.catalog.update import update_catalog
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.errors import SignatureUnknown
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.storage.catalog_runs import top_problems
from signal_pipeline.storage.known_problem import KnownProblem, ReportWithProblem, known_problem, reports_with
from signal_pipeline.storage.lookup import problem_of, signature_named

app = typer.Typer(
    name="catalog",
    help="Problems across all reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("list")
def list_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20, as_json: JsonOption = False
) -> None:
    """List the problems that are in the most reports."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        found = top_problems(connection, limit)
    if as_json:
        print_json([{name: _plain(value) for name, value in row.items()} for row in found])
    elif found:
        console().print(_table(found))
    else:
        console().print("the catalog is empty")


@app.command("show")
def show_command(
    problem: Annotated[str, typer.Argument(help="A problem's id or a signature's hash, or the beginning of one.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many reports to show.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show a known problem and the reports that have it, newest first."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        problem_id = problem_of(connection, signature_named(connection, problem))
        found = None if problem_id is None else known_problem(connection, problem_id)
        reports = [] if found is None else reports_with(connection, found.id, limit=limit)
    if found is None:
        raise SignatureUnknown(f"{problem[:80]!r} is not in the catalog yet; run `catalog update` to add it")
    if as_json:
        facts = {name: _plain(value) for name, value in asdict(found).items()}
        print_json(facts | {"items": [{name: _plain(value) for name, value in asdict(one).items()} for one in reports]})
    else:
        console().print(_card(found))
        console().print(_reports_table(reports))


@app.command("update")
def update_command(as_json: JsonOption = False) -> None:
    """Add new signatures to the catalog and merge known problems that now match. The nightly job does the same."""
    with opened_platform() as platform:
        done = update_catalog(platform, None)
    if as_json:
        print_json(update_json(done))
    else:
        for name, count in done.counts().items():
            console().print(f"{name.replace('_', ' ')}: {count}")
        quality = done.quality
        console().print(f"{counted(quality.signatures, 'signature')} in {counted(quality.clusters, 'problem')},")
        for finding in done.blocking:
            console().print(f"not published: {finding}", style="red")
    if not done.published:
        raise typer.Exit(1)


def _table(found: Any) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("problem")
    for name in ("reports", "errors", "signatures"):
        table.add_column(name, justify="right")
    table.add_column("error type")
    table.add_column("name", ratio=1, overflow="fold")
    for row in found:
        table.add_row(
            str(row["id"])[:8],
            str(row["reports"]),
            str(row["frequency"]),
            str(row["signatures"]),
            row["error_type"],
            Text(printable(row["title"])[:200]),
        )
    return table


def _card(found: KnownProblem) -> Text:
    seen = f"{counted(found.frequency, 'time')} in {counted(found.reports, 'report')}"
    if found.first_seen and found.last_seen:
        seen += f", {found.first_seen:%Y-%m-%d %H:%M} to {found.last_seen:%Y-%m-%d %H:%M} UTC"
    lines = {
        "problem": str(found.id),
        "what": f"{found.error_type}, signatures: {found.signatures}",
        "seen": seen,
        "verdict": " ".join(filter(None, (found.verdict, found.fixed_in))),
    }
    rows = "".join(f"\n{name:<11}{printable(text)}" for name, text in lines.items() if text)
    return Text.assemble((printable(found.title)[:400], "bold"), rows)


def _reports_table(reports: Sequence[ReportWithProblem]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("report", "created"):
        table.add_column(name, no_wrap=True, min_width=36 if name == "report" else 16)
    table.add_column("errors", justify="right")
    table.add_column("title", ratio=1, overflow="fold")
    for one in reports:
        created = f"{one.created_at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.report_id), created, str(one.frequency), Text(printable(one.title or "")[:200]))
    return table


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
