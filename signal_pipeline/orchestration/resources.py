"""Resources: Dagster's handle on the plain objects that do the work. Secrets stay in the environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from signal_pipeline.logs import configure
from signal_pipeline.operations.runtime_settings import apply_runtime_settings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import load_settings


@dg.resource(description="Database, object store, frames and model, as the environment names them.")
@contextmanager
def platform(_context: dg.InitResourceContext) -> Iterator[Platform]:
    settings = load_settings()
    configure(settings.log_level, key=settings.redaction_key.get_secret_value().encode())
    with Platform(settings) as opened:
        apply_runtime_settings(opened)
        yield opened
