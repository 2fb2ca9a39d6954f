"""What a person may change when the windows of a report's captures are made again."""

from __future__ import annotations

import dagster as dg
from pydantic import Field

from signal_pipeline.settings import Settings
from signal_pipeline.traffic.windows import WindowSettings


class WindowConfig(dg.Config):
    """Windows of time."""

    window_seconds: int | None = Field(
        None, ge=1, le=86_400, description="Length of a window, seconds; not set means WINDOW_SECONDS."
    )
    max_windows_keep: int | None = Field(
        None,
        ge=1,
        le=1_000,
        description="Newest windows of a report that are kept, and of earlier captures that they are compared with;"
        " not set means MAX_WINDOWS_KEEP.",
    )

    def settings(self, otherwise: Settings) -> WindowSettings:
        return WindowSettings(
            self.window_seconds or otherwise.window_seconds, self.max_windows_keep or otherwise.max_windows_keep
        )
