"""What lies between running servers and Dagster: tables, streams, the embedding model.

What belongs here: the order of these steps. What does not: any of the steps.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from signal_pipeline.errors import SettingsInvalid, TransientError
from signal_pipeline.local.self_check import refuse_what_loses_data
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.settings import Settings
from signal_pipeline.storage.dagster_database import refuse_without_database

LONGEST_SETTLING_SECONDS = 20.0
CONNECT_SECONDS = 10


def prepared_stack(
    home: Path,
    *,
    with_dagster: bool = True,
    ports: Mapping[str, int] | None = None,
    environment: Mapping[str, str] | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> LocalStack:
    """A stack, not yet entered, that has its tables, streams, bucket and model when it is."""

    def prepare(settings: Settings) -> None:
        prepare_servers(settings, on_progress)
        if with_dagster:
            refuse_without_database(settings.dagster_database_url, CONNECT_SECONDS)
            prepare_model(settings, stack, on_progress)
        refuse_what_loses_data(settings, with_model=with_dagster, on_progress=on_progress)

    stack = LocalStack(
        home,
        with_dagster=with_dagster,
        ports=ports,
        environment=environment,
        before_dagster=prepare,
        on_progress=on_progress,
    )
    return stack


def prepare_servers(settings: Settings, on_progress: Callable[[str], None]) -> None:
    """Tables, streams, bucket. Idempotent."""
    from signal_pipeline.messaging.stream import ensure_stream
    from signal_pipeline.storage.migrations import migrate
    from signal_pipeline.storage.object_store import ObjectStore

    steps = migrate(settings)
    on_progress(f"database is migrated ({len(steps)} new steps)")
    ensure_stream(settings)
    _patiently(ObjectStore(settings).ensure_bucket)
    on_progress("streams and bucket are there")


def _patiently(step: Callable[[], None]) -> None:
    """A server that answers its probe may still refuse the next request while it finds its other half."""
    deadline = time.monotonic() + LONGEST_SETTLING_SECONDS
    while True:
        try:
            return step()
        except TransientError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def prepare_model(settings: Settings, stack: LocalStack, on_progress: Callable[[str], None]) -> None:
    """Export the packaged model where that was not done yet (once, some ten seconds), and check what is configured.

    Each in a process of its own: a model's libraries would stay in ours, torch with 700 MB.
    """
    from signal_pipeline.embedding.manifest import read_manifest

    if settings.embedding_runtime == "onnx":
        try:
            read_manifest(settings.model_dir)
        except SettingsInvalid:
            on_progress("embedding model is exported, once")
            export = [sys.executable, "-P", "-m", "signal_pipeline.embedding.export", str(settings.model_dir)]
            stack.run("model", export)
            read_manifest(settings.model_dir)
    if not _is_measured(settings):
        stack.run("model", [sys.executable, "-P", "-m", "signal_pipeline.catalog.golden_set"])
    on_progress("embedding model is there")


def _is_measured(settings: Settings) -> bool:
    """Whether this model answered before, for this database: then it need not be loaded now."""
    from signal_pipeline.catalog.golden_set import is_embedded
    from signal_pipeline.platform.platform import Platform

    with Platform(settings) as platform:
        return settings.embedding_runtime == "onnx" and is_embedded(platform)
