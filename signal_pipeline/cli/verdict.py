"""`signal-pipeline verdict`: what people decide about signatures, kept with who and when."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.verdicts import Decided, decide, undo
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.cli.report_view import printable
from signal_pipeline.storage.verdicts import PAIRS, Kind, Verdict, verdicts_of

app = typer.Typer(
    name="verdict",
    help="Decide about signatures: every later clustering obeys.",
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


ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; not given: the user who is logged in.")]


@app.command("set")
def set_command(
    kind: Annotated[Word, typer.Argument(help="What is decided.")],
    signature: Annotated[str, typer.Argument(help="A signature's hash, the beginning of it, or a problem's id.")],
    other: Annotated[str | None, typer.Argument(help="The other one, for same and not-same.")] = None,
    fixed_in: Annotated[str | None, typer.Option("--in", help="The version that fixes it, for fixed.")] = None,
    note: Annotated[str | None, typer.Option(help="Why; shown in the list.")] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide that two signatures are the same problem or are not, that one is no bug, or in which version it is fixed.

    The catalog obeys at once; a report obeys when it is clustered the next time.
    """
    chosen = Kind(kind.value.replace("-", "_"))
    if (chosen in PAIRS) != (other is not None):
        raise typer.BadParameter("same and not-same take two signatures, the others one")
    if (chosen is Kind.FIXED) != (fixed_in is not None):
        raise typer.BadParameter("fixed needs --in VERSION, and nothing else takes it")
    with opened_platform() as platform:
        done = decide(platform, chosen, signature, other, by=_who(by), fixed_in=fixed_in, note=note)
    _tell(done, as_json=as_json)


@app.command("list")
def list_command(
    everything: Annotated[bool, typer.Option("--all", help="Removed ones too.")] = False, as_json: JsonOption = False
) -> None:
    """List the verdicts that hold, oldest first."""
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
    verdict: Annotated[int, typer.Argument(help="Its number, as set and list show it.")],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a verdict back: it is kept in the list of all, and no longer obeyed."""
    with opened_platform() as platform:
        done = undo(platform, verdict, by=_who(by))
    _tell(done, as_json=as_json)


def _who(by: str | None) -> str:
    return (by or getpass.getuser()).strip()[:200] or "unknown"


def _tell(done: Decided, *, as_json: bool) -> None:
    if as_json:
        print_json(done.as_json())
        return
    verdict = done.verdict
    console().print(printable(verdict.words()) + (" (removed)" if verdict.removed_at else ""))
    if done.settled.moved:
        console().print(f"{done.settled.moved} signatures have another problem in the catalog now")
    if done.reports:
        console().print(f"{done.reports} reports have both; `signal-pipeline recluster` makes them obey")


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
