"""On how many threads Polars works in a run's process.

On frames of some hundred rows its threads cost more than they do: two wait for each other some hundred times for each
report, by spinning, beside other runs that want the same cores.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
from uuid import UUID

import polars as pl

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.reports import has_file_over

VARIABLE = "POLARS_MAX_THREADS"
LARGE_BYTES = 1024 * 1024
"""A log of this size takes some tenths of a second on one thread; packed it may be twenty times as long."""

_may_choose = ContextVar("_may_choose", default=False)


def choose_in_this_process() -> None:
    """Said where a process is forked for one run: what is chosen holds for all that it does."""
    _may_choose.set(VARIABLE not in os.environ)


def fit_to(platform: Platform, reports: Sequence[UUID]) -> None:
    """One thread when all files of these reports are small. Before the first frame is made; later it has no effect."""
    if not _may_choose.get():
        return
    _may_choose.set(False)
    with platform.database.transaction() as connection:
        if has_file_over(connection, reports, LARGE_BYTES):
            return
    os.environ[VARIABLE] = "1"
    pl.Config.reload_env_vars()
