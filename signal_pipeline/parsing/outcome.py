"""What became of one file: read, read in part, or refused. Frozen records, no logic beyond wording."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from signal_pipeline.errors import PartialReason, RejectionCode

Status = Literal["ok", "partial", "failed"]


@dataclass(frozen=True)
class SignalOutcome:
    """The recorded outcome of reading one file.

    `share_understood` is the share (0 to 1) of lines or entries that matched `format`.
    `redactions` counts masked values by rule name; it never holds a value.
    `reasons` are PartialReason values when partial, one RejectionCode value when failed.
    """

    status: Status
    kind: str
    format: str | None = None
    runner_up: str | None = None
    share_understood: float = 0.0
    entries: int = 0
    lines: int = 0
    reasons: tuple[str, ...] = ()
    redactions: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def failed(kind: str, code: RejectionCode) -> SignalOutcome:
        return SignalOutcome(status="failed", kind=kind, reasons=(code.value,))


@dataclass
class OutcomeNotes:
    """What a parser notes while it streams; turned into a SignalOutcome when the file ends."""

    kind: str
    format: str | None = None
    runner_up: str | None = None
    understood: int = 0
    units: int = 0
    entries: int = 0
    lines: int = 0
    reasons: set[PartialReason] = field(default_factory=set)
    redactions: dict[str, int] = field(default_factory=dict)

    def finish(self) -> SignalOutcome:
        return SignalOutcome(
            status="partial" if self.reasons else "ok",
            kind=self.kind,
            format=self.format,
            runner_up=self.runner_up,
            share_understood=self.understood / self.units if self.units else 0.0,
            entries=self.entries,
            lines=self.lines,
            reasons=tuple(sorted(reason.value for reason in self.reasons)),
            redactions=dict(sorted(self.redactions.items())),
        )
