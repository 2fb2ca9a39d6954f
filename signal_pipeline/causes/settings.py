"""Windows and strengths of the search for causes, and bounds on what one report may cost."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.errors import SettingsInvalid

CAUSES_VERSION = "16"
"""Goes up when the same entries give other incidents or problems."""


@dataclass(frozen=True)
class CauseSettings:
    """Defaults suit a report of some services and some minutes."""

    moment_seconds: float = 2.0
    """Entries of one thread or file that are this near to each other may belong together by that alone."""
    retry_seconds: float = 180.0
    """The same error again within this time is another try."""
    aftermath_seconds: float = 300.0
    """A failure that nothing else explains is put down to a cause that came at most this long before."""
    least_strength: float = 0.5
    """Evidence that is weaker than this does not join two entries."""
    background_share: float = 0.5
    """What occurs at the same place in more than this share of the source's other reports is background."""
    background_reports: int = 3
    """So many other reports of the source must be known before anything is background."""
    max_nodes: int = 20_000
    """Errors and warnings that are looked at; of more, repetitions of the same signature are left out first."""

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            if not low <= getattr(self, name) <= high:
                raise SettingsInvalid(f"{name} must be between {low:g} and {high:g}")


_BOUNDS = (
    ("moment_seconds", 0.0, 60.0),
    ("retry_seconds", 0.0, 86_400.0),
    ("aftermath_seconds", 0.0, 86_400.0),
    ("least_strength", 0.05, 0.99),
    ("background_share", 0.1, 1.0),
    ("background_reports", 1, 1_000),
    ("max_nodes", 100, 1_000_000),
)
