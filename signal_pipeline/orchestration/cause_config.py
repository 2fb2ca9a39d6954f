"""What a person may change when incidents are found again."""

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
        description="Entries of one thread or file this near to each other may belong together by that alone.",
    )
    retry_seconds: float = Field(
        _DEFAULT.retry_seconds, ge=0, le=86_400, description="The same error within this time is another try."
    )
    aftermath_seconds: float = Field(
        _DEFAULT.aftermath_seconds,
        ge=0,
        le=86_400,
        description="A failure that nothing else explains is put down to a cause at most this long before.",
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
