"""`signal-pipeline watch`: submit files that appear in a folder as reports."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from signal_pipeline.cli.output import opened_platform, progress_console
from signal_pipeline.cli.stop_signals import StopRequested, stop_signals
from signal_pipeline.printable import printable

_WORDS = {
    "taken": "report {id}",
    "known": "already submitted as report {id}",
    "refused": "refused: {why}",
    "later": "later: {why}",
}


def watch(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, writable=True, help="The folder to watch.")],
    once: Annotated[bool, typer.Option("--once", help="Scan once and exit.")] = False,
    every: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds between scans.")] = 1.0,
    ready_file: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Submit files that appear in a folder. A sub-folder is one report; a file directly in the folder is one report.

    A report is submitted once none of its files has changed for DROP_FOLDER_SETTLE_SECONDS. Its files then move to
    taken/ in the folder, with a note of the report's id. The same content is not submitted twice.
    """
    from signal_pipeline.intake.drop_folder import take_settled
    from signal_pipeline.logs import configure
    from signal_pipeline.operations.runtime_settings import apply_runtime_settings

    console = progress_console()
    said: dict[Path, str] = {}
    with stop_signals():
        try:
            with opened_platform() as platform:
                configure(platform.settings.log_level)
                base = platform.settings
                while True:
                    platform.settings = base
                    apply_runtime_settings(platform)
                    for taken in take_settled(platform, folder):
                        words = _WORDS[taken.what].format(id=taken.report_id, why=taken.reason)
                        # What stays for later is printed once, not with every scan.
                        if said.get(taken.bundle) != words:
                            console.print(f"{printable(taken.bundle.name)}: {words}")
                        said[taken.bundle] = words
                        if taken.what != "later":
                            said.pop(taken.bundle)
                    if ready_file is not None:
                        ready_file.touch()
                    if once:
                        return
                    time.sleep(every)
        except StopRequested:
            return
