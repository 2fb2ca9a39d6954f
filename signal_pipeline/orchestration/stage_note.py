"""How long a step took for each report: into the table that metrics and charts are made of, and into the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.logs import bound
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.stage_measures import record_stages

logger = logging.getLogger(__name__)


class StageNotes:
    """Collected while a step works, and kept in one statement at its end."""

    def __init__(self, platform: Platform, stage: str) -> None:
        self._platform, self._stage = platform, stage
        self._seconds: dict[UUID, float] = {}

    @contextmanager
    def of(self, reports: Sequence[UUID]) -> Iterator[None]:
        """Around the work on these reports; each is noted with its share of the time."""
        began = time.monotonic()
        named = {"report_id": reports[0]} if len(reports) == 1 else {}
        with bound(stage=self._stage, **named):
            yield
        share = (time.monotonic() - began) / max(len(reports), 1)
        for report_id in reports:
            self._seconds[report_id] = share
            with bound(stage=self._stage, report_id=report_id):
                logger.info("%s is done", self._stage, extra={"duration_ms": round(share * 1000, 1)})

    def keep(self) -> None:
        """Notes that cannot be kept are no failure of the step."""
        with suppress(SignalPipelineError), self._platform.database.transaction() as connection:
            record_stages(connection, self._stage, self._seconds)
