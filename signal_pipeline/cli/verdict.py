"""`signal-pipeline verdict`: people's decisions about signatures, kept with who and when."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.verdicts import Decided
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.reports.decisions import decide_and_refresh, undo_and_refresh
from signal_pipeline.storage.verdicts import TWO_SIGNATURES, Kind, Verdict, verdicts_of

app = typer.Typer(
    name="verdict",
    help="Record what is the same problem, what caused what, what is not a bug, and what is fixed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Word(StrEnum):
    """A kind as it is typed."""

    same = "same"
    not_same = "not-same"
    not_a_bug = "not-a-bug"
    fixed = "fixed"
    caused_by = "caused-by"


ByOption = Annotated[str | None, typer.Option("--by", help="Who decides. [default: the current user]")]


@app.command("set")
def set_command(
    kind: Annotated[Word, typer.Argument(help="The verdict.")],
    signature: Annotated[str, typer.Argument(help="A signature's hash or a prefix of it, or a problem's id.")],
    other: Annotated[
        str | None, typer.Argument(help="The other signature, for same and not-same; the cause, for caused-by.")
    ] = None,
    fixed_in: Annotated[str | None, typer.Option("--in", help="The version that fixes it, for fixed.")] = None,
    note: Annotated[str | None, typer.Option(help="The reason, shown in the list.")] = None,
    report: Annotated[
        UUID | None,
        typer.Option(help="Take ids of problems and symptoms as this report's `problems --json` shows them."),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that two signatures are or are not the same problem, that one is caused by the other, that one is not a
    bug, or which version fixed it.

    The catalog and the causes in reports follow at once; the clusters of a report follow the next time it is clustered.
    """
    chosen = Kind(kind.value.replace("-", "_"))
    if (chosen in TWO_SIGNATURES) != (other is not None):
        raise typer.BadParameter("same, not-same and caused-by take two signatures, the others take one")
    if (chosen is Kind.FIXED) != (fixed_in is not None):
        raise typer.BadParameter("--in VERSION is required with fixed and not allowed with the others")
    with opened_platform() as platform:
        done = decide_and_refresh(
            platform, chosen, signature, other, by=who(by), fixed_in=fixed_in, note=note, report_id=report
        )
    _show(done, as_json=as_json)


@app.command("list")
def list_command(
    everything: Annotated[bool, typer.Option("--all", help="Include removed verdicts.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the verdicts in force, oldest first."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        found = verdicts_of(connection, with_removed=everything)
    if as_json:
        print_json([verdict.as_json() for verdict in found])
    elif found:
        console().print(_table(found))
    else:
        console().print("no verdicts")


@app.command("remove")
def remove_command(
    verdict: Annotated[int, typer.Argument(help="The verdict's number, as `set` and `list` show it.")],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a verdict: it no longer applies, and stays in the list of all."""
    with opened_platform() as platform:
        done = undo_and_refresh(platform, verdict, by=who(by))
    _show(done, as_json=as_json)


def who(by: str | None) -> str:
    return (by or getpass.getuser()).strip()[:200] or "unknown"


def _show(done: Decided, *, as_json: bool) -> None:
    if as_json:
        print_json(done.as_json())
        return
    verdict = done.verdict
    console().print(printable(verdict.words()) + (" (removed)" if verdict.removed_at else ""))
    if done.settled.moved:
        console().print(f"{counted(done.settled.moved, 'signature')} moved to another problem in the catalog")
    if done.reports and verdict.kind == Kind.CAUSED_BY:
        console().print(f"{counted(done.reports, 'report')} with both")
    elif done.reports:
        both = counted(done.reports, "report") + (" has both" if done.reports == 1 else " have both")
        console().print(f"{both}; run `signal-pipeline recluster` to apply the verdict to them")


def _table(found: list[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("#", "verdict", "by", "when", "note"):
        table.add_column(name, overflow="fold")
    for one in found:
        words = one.words().partition(": ")[2]
        gone = f" (removed by {one.removed_by}, {one.removed_at:%Y-%m-%d})" if one.removed_at else ""
        style = "dim" if one.removed_at else ""
        table.add_row(
            str(one.id),
            Text(printable(words) + gone, style=style),
            printable(one.created_by),
            f"{one.created_at:%Y-%m-%d %H:%M}",
            Text(printable(one.note or "")),
        )
    return table
