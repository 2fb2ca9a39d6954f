"""What a step made of one report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from signal_pipeline.frames import SpooledFrame


@dataclass(frozen=True)
class ReportResult:
    """What a step made of one report. `problems` maps a check's name to what it found."""

    frame: SpooledFrame
    metadata: Mapping[str, Any]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beside: Mapping[str, ReportResult] = field(default_factory=dict)
    """By asset: what the step made of the report for assets that are no steps of the run."""

    def without_rows(self) -> ReportResult:
        """With the frame in its file alone."""
        beside = {asset: made.without_rows() for asset, made in self.beside.items()}
        return replace(self, frame=replace(self.frame, few=None), beside=beside)
