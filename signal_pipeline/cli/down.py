"""`signal-pipeline down`: stop what runs, or was left, in a state folder; with --purge delete its data."""

from __future__ import annotations

from typing import Annotated

import typer

from signal_pipeline.cli.up import HomeOption


def down(
    home: HomeOption = None,
    purge: Annotated[bool, typer.Option("--purge", help="Delete the state folder, with all data.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting.")] = False,
) -> None:
    """Stop the local stack: also what one that was killed left running. Without --purge the data is kept."""
    from signal_pipeline.errors import LocalServerFailed
    from signal_pipeline.local.shutdown import purge_state, stop_stack
    from signal_pipeline.local.state import StateFolder, state_home

    folder = StateFolder(home or state_home())
    if not folder.is_ours():
        if purge and folder.root.exists():
            raise LocalServerFailed(f"{folder.root} is not a state folder of signal-pipeline: nothing is deleted")
        typer.echo(f"no stack was ever started in {folder.root}")
        return
    if purge and not yes:
        typer.confirm(f"Delete {folder.root} with the database, the files and the messages in it?", abort=True)
    stopped = stop_stack(folder)
    typer.echo(f"stopped: {', '.join(stopped)}" if stopped else f"nothing runs in {folder.root}")
    if purge:
        purge_state(folder)
        typer.echo(f"deleted {folder.root}")
