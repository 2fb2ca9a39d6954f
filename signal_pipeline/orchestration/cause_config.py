"""What a person may change when incidents are found, or problems are made, again."""

from __future__ import annotations

import dagster as dg
from pydantic import Field

from signal_pipeline.causes.settings import CauseSettings

_DEFAULT = CauseSettings()


class CauseConfig(dg.Config):
    """Windows and strengths of the search for causes."""

    moment_seconds: float = Field(
        _DEFAULT.moment_seconds,
        ge=0,
        le=60,
        description="Entries of one thread or file within this time may be linked by time alone.",
    )
    retry_seconds: float = Field(
        _DEFAULT.retry_seconds, ge=0, le=86_400, description="The same error within this time counts as a retry."
    )
    aftermath_seconds: float = Field(
        _DEFAULT.aftermath_seconds,
        ge=0,
        le=86_400,
        description="A failure that nothing else explains is attributed to a cause at most this long before.",
    )
    least_strength: float = Field(
        _DEFAULT.least_strength, ge=0.05, le=0.99, description="Weaker evidence does not join two entries."
    )

    def settings(self) -> CauseSettings:
        return CauseSettings(
            moment_seconds=self.moment_seconds,
            retry_seconds=self.retry_seconds,
            aftermath_seconds=self.aftermath_seconds,
            least_strength=self.least_strength,
        )


class ProblemConfig(dg.Config):
    """What counts as background."""

    background_share: float = Field(
        _DEFAULT.background_share,
        ge=0.1,
        le=1,
        description="What occurs at a place in more than this share of the source's other reports is background.",
    )
    background_reports: int = Field(
        _DEFAULT.background_reports,
        ge=1,
        le=1_000,
        description="The number of other reports of the source from which a share counts. One report that is marked"
        " healthy is enough.",
    )

    def settings(self) -> CauseSettings:
        return CauseSettings(background_share=self.background_share, background_reports=self.background_reports)
