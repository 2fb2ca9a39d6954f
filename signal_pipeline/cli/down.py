"""`signal-pipeline down`: stop the processes of a state folder; with --purge, delete its data."""

from __future__ import annotations

from typing import Annotated

import typer

from signal_pipeline.cli.up import HomeOption


def down(
    home: HomeOption = None,
    purge: Annotated[bool, typer.Option("--purge", help="Delete the state folder and all data in it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Stop the local stack, including processes that a killed one left behind. The data is kept without --purge."""
    from signal_pipeline.errors import LocalServerFailed
    from signal_pipeline.local.shutdown import purge_state, stop_stack
    from signal_pipeline.local.state import StateFolder, state_home

    folder = StateFolder(home or state_home())
    if not folder.is_ours():
        if purge and folder.root.exists():
            raise LocalServerFailed(f"{folder.root} is not a state folder of signal-pipeline; nothing was deleted")
        typer.echo(f"no stack was ever started in {folder.root}")
        return
    if purge and not yes:
        typer.confirm(f"Delete {folder.root} with its database, files and messages?", abort=True)
    stopped = stop_stack(folder)
    typer.echo(f"stopped: {', '.join(stopped)}" if stopped else f"nothing is running in {folder.root}")
    if purge:
        purge_state(folder)
        typer.echo(f"deleted {folder.root}")
