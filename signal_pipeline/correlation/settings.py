"""The version of the rules that join entries, what counts as slow, and bounds on what a timeline may cost."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.errors import SettingsInvalid

# Goes up when the same entries give another timeline.
TIMELINE_VERSION = "2026.11"
# Changelog
# 2026.11  ids, clocks by voting, evidence in log-odds, first causes


@dataclass(frozen=True)
class CorrelationSettings:
    """Defaults suit a report of a few files on one machine."""

    slow_ms: float = 1_000.0
    """A request that took longer than this is looked into although it succeeded."""
    least_confidence: float = 0.5
    """A link that is less probable than this is not made."""
    max_entries: int = 200_000
    """Entries on one timeline; of more, quiet records without a tie to a request are left out first."""

    def __post_init__(self) -> None:
        if not 1 <= self.slow_ms <= 3_600_000:
            raise SettingsInvalid("slow_ms must be between 1 and 3600000")
        if not 0 < self.least_confidence < 1:
            raise SettingsInvalid("least_confidence must be between 0 and 1")
        if not 1 <= self.max_entries <= 1_000_000:
            raise SettingsInvalid("max_entries must be between 1 and 1000000")
