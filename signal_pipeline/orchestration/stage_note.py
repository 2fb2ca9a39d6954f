"""How long a step took for a report: into the table that metrics and charts are made of, and into the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.logs import bound
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.measures import record_stage

logger = logging.getLogger(__name__)


@contextmanager
def noted_stage(platform: Platform, report_id: UUID, stage: str) -> Iterator[None]:
    """Around the work of one step on one report. A note that cannot be taken is no failure of the step."""
    began = time.monotonic()
    with bound(report_id=report_id, stage=stage):
        yield
        seconds = time.monotonic() - began
        with suppress(SignalPipelineError), platform.database.transaction() as connection:
            record_stage(connection, report_id, stage, seconds)
        logger.info("%s is done", stage, extra={"duration_ms": round(seconds * 1000, 1)})
