"""`signal-pipeline` as a person runs it: a process of its own, in a state folder of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from signal_pipeline.settings import Settings

COMMAND = (sys.executable, "-c", "from signal_pipeline.cli.main import app; app()")


def clean_environment(home: Path) -> dict[str, str]:
    """Without settings of this machine, and with a state folder."""
    theirs = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in theirs}
    return kept | {"SIGNAL_PIPELINE_HOME": str(home), "COLUMNS": "200"}


def run(home: Path, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=home.parent,
        env=clean_environment(home),
        input=given or "",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start_up(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "up", "--servers-only", *arguments],
        cwd=home.parent,
        env=clean_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Ignored signals are inherited, and `nohup make test` ignores one.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 (one system call)
    )


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it said up to a line with these words, or to its end."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            break
    return said
