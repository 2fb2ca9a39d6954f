"""`signal-pipeline catalog`: problems across all reports."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.report_view import printable
from signal_pipeline.steps.catalog_update import as_json as update_json
from signal_pipeline.steps.catalog_update import top_problems, update_catalog

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


@app.command("update")
def update_command(as_json: JsonOption = False) -> None:
    """Place what has no place yet, and let known problems meet that have grown alike. The nightly job does the same."""
    with opened_platform() as platform:
        done = update_catalog(platform, None)
    if as_json:
        print_json(update_json(done))
    else:
        for name, count in done.counts().items():
            console().print(f"{name.replace('_', ' ')}: {count}")
        quality = done.quality
        console().print(
            f"{quality.signatures} signatures in {quality.clusters} problems, {quality.singles_share:.0%} alone"
        )
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


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
