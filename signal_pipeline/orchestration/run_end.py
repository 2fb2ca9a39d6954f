"""How a run ended: by Dagster, or by the end of its process, in words that hold no text of an input."""

from __future__ import annotations

import signal
from contextlib import suppress

import dagster as dg

from signal_pipeline.orchestration.run_limits import MEMORY_MB

_PROCESS = "the run's process "


def process_ended(run: dg.DagsterRun, exit_code: int | None) -> str:
    """Beside the signal the limit of memory, where there is one: libraries abort when they are given no more."""
    return _PROCESS + ("ended for an unknown reason" if exit_code is None else _in_words(exit_code)) + _limit(run)


def is_ended_by_dagster(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the process is stopped since Dagster ends the run: for a person, or as it exceeded its time. Its status
    does not say: in the second case it is that of a failed run before the process has noticed."""
    return bool(instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_CANCELING))


def ended_by(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """What `process_ended` said of a failed run; empty when it failed otherwise, and its steps say how."""
    for event in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE):
        message = event.dagster_event.message if event.dagster_event else None
        if message and message.startswith(_PROCESS):
            return message
    return ""


def _in_words(exit_code: int) -> str:
    if exit_code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exit_code).name}"
    return f"ended with {exit_code}"


def _limit(run: dg.DagsterRun) -> str:
    memory = run.tags.get(MEMORY_MB)
    return f" (its kind may use {memory} MiB of memory)" if memory else ""
