"""`signal-pipeline search`: search errors by meaning, by words and by parts of words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.search import Found, search
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.report_view import SEVERITY_STYLES
from signal_pipeline.printable import printable
from signal_pipeline.schemas import ERROR_TYPES, SEVERITIES
from signal_pipeline.storage.search import Filters


def search_command(
    text: Annotated[str, typer.Argument(help="A sentence, some words, or part of an identifier.")],
    error_type: Annotated[str | None, typer.Option("--type", help=f"One of {', '.join(ERROR_TYPES)}.")] = None,
    severity: Annotated[str | None, typer.Option(help=f"One of {', '.join(SEVERITIES)}.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Occurred at or after this time (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Occurred at or before this time (UTC).")] = None,
    report: Annotated[UUID | None, typer.Option(help="Only in this report.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Maximum number of results.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Search signatures by meaning (vectors) and by keyword, best match first."""
    if error_type is not None and error_type not in ERROR_TYPES:
        raise typer.BadParameter(f"--type is one of {', '.join(ERROR_TYPES)}")
    if severity is not None and severity not in SEVERITIES:
        raise typer.BadParameter(f"--severity is one of {', '.join(SEVERITIES)}")
    filters = Filters(error_type, severity, report, _utc(since), _utc(until))
    with opened_platform() as platform:
        found = search(platform, text, filters, limit)
    if as_json:
        print_json([one.as_json() for one in found])
    elif found:
        console().print(_table(found))
    else:
        console().print("no matches")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)


def _table(found: list[Found]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("signature", "severity", "error type"):
        table.add_column(name)
    has_signals = any(one.row.signals for one in found)
    for name in ("count", "reports", *(["signals"] if has_signals else [])):
        table.add_column(name, justify="right")
    table.add_column("template, and what it follows from", ratio=1, overflow="fold")
    table.add_column("found by")
    for one in found:
        row = one.row
        table.add_row(
            row.signature_hash[:12],
            Text(row.severity, style=SEVERITY_STYLES.get(row.severity, "")),
            row.error_type,
            str(row.frequency),
            str(row.reports),
            *([str(row.signals or "")] if has_signals else []),
            _with_causes(one),
            ", ".join(f"{name} {place}" for name, place in one.hit.places.items()),
        )
    return table


def _with_causes(found: Found) -> Text:
    """An error that is only ever a symptom is found by its problem."""
    text = Text(printable(found.row.template))
    for cause in found.symptom_of:
        text.append(f"\n← {printable(cause.title)[:160]} ({cause.reports} of {cause.seen})", style="dim")
    return text
