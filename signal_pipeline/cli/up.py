"""`signal-pipeline up`: the whole product on this machine, in the foreground."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from signal_pipeline.cli.stop_signals import StopRequested, stop_signals

if TYPE_CHECKING:
    from signal_pipeline.local.stack import LocalStack

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="State folder with data, logs and passwords. [default: $SIGNAL_PIPELINE_HOME or ./.signal_pipeline]",
    ),
]
_POLL_SECONDS = 0.2


def up(
    home: HomeOption = None,
    ui_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the Dagster UI.")] = None,
    servers_only: Annotated[
        bool, typer.Option(help="Start only Postgres, NATS and S3, without Dagster and the API.")
    ] = False,
    kinds: Annotated[
        str | None,
        typer.Option("--kinds", help="Process only requests of these kinds, comma-separated. [default: $INTAKE_KINDS]"),
    ] = None,
) -> None:
    """Start everything on this machine: Postgres, NATS, S3, Dagster and the API. Ctrl-C stops it.

    A server named in the environment (DB_HOST, NATS_URL, S3_ENDPOINT) is used instead of a local one. A port that is in
    use is replaced by a free one. Only this machine can connect.
    """
    from signal_pipeline.local.addresses import without_login
    from signal_pipeline.local.preparation import prepared_stack
    from signal_pipeline.local.state import state_home

    if kinds is not None:
        os.environ["INTAKE_KINDS"] = _checked(kinds)
    console = Console(highlight=False, soft_wrap=True)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    began = time.monotonic()
    is_up = False

    def show(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.1f} s[/dim]  {line}")

    with stop_signals():
        stack = prepared_stack(
            home or state_home(),
            with_dagster=not servers_only,
            ports={} if ui_port is None else {"dagster_webserver": ui_port},
            on_progress=show,
        )
        try:
            with stack:
                is_up = True
                show(f"ready; state and logs are in {stack.folder.root}")
                console.print(_addresses(stack))
                if stack.with_dagster and (warning := without_login(stack.environment(), stack.dagster_url)):
                    console.print(warning)
                console.print("Press Ctrl-C to stop. In another terminal: [bold]signal-pipeline submit FILE…[/bold]")
                _stay(stack)
        except StopRequested:
            console.print("stopped; the data is kept" if is_up else "stopped before it was ready")
            raise typer.Exit(0 if is_up else 1) from None


def _checked(kinds: str) -> str:
    """Refused now: the processes that read the setting would fail one by one."""
    from signal_pipeline.setting_rules import kind_names

    try:
        return kind_names(kinds)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--kinds") from None


def _stay(stack: LocalStack) -> None:
    """Until a signal, or until a process has failed permanently."""
    while stack.failure is None:
        time.sleep(_POLL_SECONDS)
    raise stack.failure


def _addresses(stack: LocalStack) -> Table:
    from signal_pipeline.local.addresses import addresses

    table = Table(box=None, show_header=False, pad_edge=False)
    pages = (stack.dagster_url, stack.api_url) if stack.with_dagster else (None, None)
    for name, address in addresses(stack.environment(), *pages):
        table.add_row(name, address)
    return table
