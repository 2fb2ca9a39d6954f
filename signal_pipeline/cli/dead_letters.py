"""`signal-pipeline dead-letters`: messages and reports that failed, and replaying them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.errors import PermanentError
from signal_pipeline.intake.replay import replay_letters
from signal_pipeline.printable import printable
from signal_pipeline.storage.dead_letters import DeadLetter, letter_of, listed, payload_of


class NoSuchDeadLetter(PermanentError):
    """No dead letter has this id."""


app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def root() -> None:
    """List and replay messages and reports that failed."""


@app.command("list")
def list_letters(
    include_replayed: Annotated[bool, typer.Option("--all", help="Include those already replayed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List invalid messages and reports whose last attempt failed, newest first."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        letters = listed(connection, include_replayed=include_replayed)
    if as_json:
        print_json([_as_json(letter) for letter in letters])
        return
    if not letters:
        console().print("no dead letters")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    # Whole also on a narrow terminal and in a pipe: the id is what `show` and `replay` take.
    table.add_column("id", no_wrap=True, min_width=36)
    for column in ("kind", "reason", "detail", "when"):
        table.add_column(column, overflow="fold")
    for letter in letters:
        table.add_row(
            str(letter.id), letter.kind, letter.reason, letter.detail or "", f"{letter.created_at:%Y-%m-%d %H:%M:%S}"
        )
    console().print(table)


@app.command("show")
def show(
    letter_id: Annotated[UUID, typer.Argument(help="An id from `dead-letters list`.")],
    as_json: JsonOption = False,
) -> None:
    """Show one dead letter: the reason, and for a message its content with secrets masked."""
    with opened_platform() as platform, platform.database.transaction() as connection:
        letter = letter_of(connection, letter_id)
        payload = payload_of(connection, letter_id)
    if letter is None:
        raise NoSuchDeadLetter(f"there is no dead letter {letter_id}; see `dead-letters list`")
    content = None if payload is None else printable(payload[0].decode("utf-8", "replace"), lines=True)
    if as_json:
        print_json(_as_json(letter) | {"payload": content, "payload_is_redacted": payload is not None and payload[1]})
        return
    for name, value in _as_json(letter).items():
        if value is not None:
            console().print(f"{name:<16} {value}")
    if content is not None:
        console().print(content, markup=False)


@app.command("replay")
def replay(
    letter_ids: Annotated[list[UUID] | None, typer.Argument(help="Ids from `dead-letters list`.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that have not been replayed yet.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Process dead letters again: a report from its first attempt, a message as it was received."""
    if everything == bool(letter_ids):
        raise typer.BadParameter("name the dead letters or pass --all")
    with opened_platform() as platform:
        results = replay_letters(platform, letter_ids)
    if as_json:
        print_json([{"id": str(letter_id), "replayed": why is None, "reason": why} for letter_id, why in results])
    else:
        for letter_id, why in results:
            console().print(f"{letter_id}  {'replayed' if why is None else f'not replayed: {why}'}")
    if any(why is not None for _, why in results):
        raise typer.Exit(1)


def _as_json(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": str(letter.id),
        "kind": letter.kind,
        "reason": letter.reason,
        "detail": letter.detail,
        "report_id": str(letter.report_id) if letter.report_id else None,
        "stream_sequence": letter.stream_sequence,
        "payload_bytes": letter.payload_bytes,
        "created_at": letter.created_at.isoformat(),
        "announced_at": letter.announced_at.isoformat() if letter.announced_at else None,
        "replayed_at": letter.replayed_at.isoformat() if letter.replayed_at else None,
    }
