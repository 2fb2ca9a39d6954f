"""What a schedule of a person's own does when its time has come."""

from __future__ import annotations

from uuid import UUID

import dagster as dg
from pydantic import Field, ValidationError

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.intake.due_work import DueWork, clean_up
from signal_pipeline.operations.schedule_file import OwnSchedule
from signal_pipeline.operations.toml_file import sentences
from signal_pipeline.pipeline.cluster import ClusterOutcome
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.pipeline.recluster import recluster
from signal_pipeline.platform.platform import Platform
from signal_pipeline.plural import counted
from signal_pipeline.reports.decisions import refresh_all
from signal_pipeline.storage.clusterings import clustered_reports


class ScheduledConfig(dg.Config):
    """One schedule as the file has it, so that the Dagster UI shows what a run was for."""

    action: str = Field(description="recluster, retention or process")
    days: float | None = Field(None, description="Age of reports: younger ones are clustered, older ones deleted.")
    algorithm: str | None = Field(None, description="As for clusters. Empty: CLUSTER_ALGORITHM.")
    similarity_threshold: float | None = Field(None, description="As for clusters. Empty: SIMILARITY_THRESHOLD.")
    min_samples: int | None = Field(None, description="As for clusters. Empty: MIN_SAMPLES_CLUSTER.")
    hold: bool = Field(False, description="Keep new clusterings beside the current ones until they are published.")

    def row(self) -> OwnSchedule:
        """dg.Failure for what the file would not be allowed to say either."""
        given = {name: value for name, value in self.model_dump(exclude_defaults=True).items() if value is not None}
        try:
            # When it runs by hand its times do not matter.
            return OwnSchedule.model_validate({"cron": "0 0 * * *", **given})
        except ValidationError as error:
            raise dg.Failure("; ".join(sentences(error)), allow_retries=False) from None


def do_scheduled(platform: Platform, row: OwnSchedule, run_id: str) -> str:
    """Does it and says what was done. dg.Failure when some reports could not be clustered."""
    if row.action == "retention":
        assert row.days is not None
        return _delete(platform, row.days)
    if row.action == "process":
        work = DueWork(platform, None)
        return f"{counted(len(work.now.requests), 'request')} due; the intake sensor starts their runs"
    return _cluster(platform, row, run_id)


def _delete(platform: Platform, days: float) -> str:
    deleted = 0
    while (found := clean_up(platform, days)).reports:
        deleted += len(found.reports)
    return f"{counted(deleted, 'report')} deleted; {found.left} of that age left for later"


def _cluster(platform: Platform, row: OwnSchedule, run_id: str) -> str:
    settings = chosen_settings(
        platform.settings,
        algorithm=row.algorithm,
        similarity_threshold=row.similarity_threshold,
        min_samples=row.min_samples,
    )
    with platform.database.transaction() as connection:
        wanted = clustered_reports(connection, row.days)
    published: list[UUID] = []
    failed: dict[UUID, SignalPipelineError] = {}
    hold = row.hold or platform.settings.hold_reclusterings
    for report_id, outcome in recluster(platform, wanted, settings, run_id=run_id, hold=hold):
        if not isinstance(outcome, ClusterOutcome):
            failed[report_id] = outcome
        elif outcome.is_published:
            published.append(report_id)
    refresh_all(platform.database, published)
    said = f"{counted(len(wanted), 'report')} clustered again, {len(published)} published"
    if failed:
        named = "; ".join(f"{report_id}: {error}" for report_id, error in list(failed.items())[:10])
        raise dg.Failure(f"{said}; {len(failed)} failed: {named}", allow_retries=False)
    return said
