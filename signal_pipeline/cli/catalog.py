"""`signal-pipeline catalog`: problems across all reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.causes import ListedProblem, ProblemPart, listed_problems, part_of
from signal_pipeline.catalog.update import as_json as update_json
from signal_pipeline.catalog.update import update_catalog
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.errors import SignatureUnknown
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.storage.known_problem import KnownProblem, ReportWithProblem, known_problem, reports_with
from signal_pipeline.storage.lookup import problem_of, signature_named

MAX_SYMPTOMS = 3

app = typer.Typer(
    name="catalog",
    help="Problems across all reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("list")
def list_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20,
    since: Annotated[datetime | None, typer.Option(help="Only reports made at or after this time (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Only reports made before this time (UTC).")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the problems that are the cause of something in the most reports, with what follows from them; then those
    that only signals of business events say."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        found = listed_problems(connection, limit=limit, since=_utc(since), until=_utc(until))
    if as_json:
        print_json([_with_plain_values(one.as_json()) for one in found])
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
    """Show a problem, what follows from it or what it follows from, and the reports that have it, newest first."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        problem_id = problem_of(connection, signature_named(connection, problem))
        found = None if problem_id is None else known_problem(connection, problem_id)
        reports = [] if found is None else reports_with(connection, found.id, limit=limit)
        part = None if found is None else part_of(connection, found.id)
    if found is None or part is None:
        raise SignatureUnknown(f"{problem[:80]!r} is not in the catalog yet; run `catalog update` to add it")
    if as_json:
        facts = _with_plain_values(asdict(found) | part.as_json())
        print_json(facts | {"items": [{name: _plain(value) for name, value in asdict(one).items()} for one in reports]})
    else:
        console().print(_card(found, part))
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


def _table(found: Sequence[ListedProblem]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("problem", no_wrap=True)
    has_signals = any(one.problem.signals for one in found)
    for name in ("reports", "incidents", *(["signals"] if has_signals else [])):
        table.add_column(name, justify="right")
    table.add_column("error type")
    table.add_column("verdict")
    table.add_column("name, and what follows from it", ratio=1, overflow="fold")
    for one in found:
        row = one.problem
        lines = [Text(printable(row.title)[:200])]
        lines += [
            Text(f"→ {printable(symptom.title)[:120]} ({counted(symptom.reports, 'report')})", style="dim")
            for symptom in one.symptoms[:MAX_SYMPTOMS]
        ]
        table.add_row(
            str(row.id)[:8],
            str(row.reports),
            str(row.incidents),
            *([str(row.signals or "")] if has_signals else []),
            row.error_type,
            " ".join(filter(None, (row.verdict, row.fixed_in))).replace("_", " "),
            Text("\n").join(lines),
        )
    return table


def _card(found: KnownProblem, part: ProblemPart) -> Text:
    seen = f"{counted(found.frequency, 'time')} in {counted(found.reports, 'report')}"
    if found.signals:
        seen += f", {counted(found.signals, 'signal')} of events"
    if found.first_seen and found.last_seen:
        seen += f", {found.first_seen:%Y-%m-%d %H:%M} to {found.last_seen:%Y-%m-%d %H:%M} UTC"
    lines = {
        "problem": str(found.id),
        "what": f"{found.error_type}, signatures: {found.signatures}",
        "seen": seen,
        "part": part.in_words(),
        "verdict": " ".join(filter(None, (found.verdict, found.fixed_in))),
    }
    rows = "".join(f"\n{name:<11}{printable(text)}" for name, text in lines.items() if text)
    others = [(f"→ {one.title}", one.reports) for one in part.symptoms[:MAX_SYMPTOMS]]
    others += [(f"← {one.title}", one.reports) for one in part.causes]
    rows += "".join(f"\n{'':<11}{printable(text)[:160]} ({counted(count, 'report')})" for text, count in others)
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


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)


def _with_plain_values(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, list) else _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
