"""What was read of a file before, for a file that cannot be fetched again.

A re-run replaces what a report has. Where a raw file is gone meanwhile, or is another one, that would put less in the
place of more: what was read then is kept, and the file's outcome says so.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from uuid import UUID

import polars as pl

from signal_pipeline.errors import PartialReason, PermanentError, RejectionCode
from signal_pipeline.frames import HeldFrame, spool
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.schemas import PARSED
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.frames import FrameBroken, FrameMissing, FrameStore
from signal_pipeline.storage.outcomes import FileOutcome, outcomes_of

NOT_FETCHED = frozenset(
    (
        RejectionCode.NOT_FOUND,
        RejectionCode.FORBIDDEN,
        RejectionCode.CHANGED,
        RejectionCode.ERROR_DOCUMENT,
        RejectionCode.BAD_ANSWER,
    )
)


class EarlierResultKept(PermanentError):
    """A raw file is gone, and so are the entries that were read of it: a re-run would only lose what is known."""


class EarlierReading:
    """What an earlier run recorded and stored of one report. Nothing is read before it is asked for."""

    def __init__(self, database: Database, frames: FrameStore, report_id: UUID) -> None:
        self._database, self._frames, self._report_id = database, frames, report_id

    @cached_property
    def _outcomes(self) -> dict[UUID, FileOutcome]:
        with self._database.transaction() as connection:
            return {outcome.signal_id: outcome for outcome in outcomes_of(connection, self._report_id)}

    @cached_property
    def _entries(self) -> pl.LazyFrame:
        try:
            return self._frames.scan("parsed_entries", self._report_id)
        except (FrameMissing, FrameBroken) as error:
            raise EarlierResultKept(
                f"a raw file of report {self._report_id} cannot be fetched, and what was read of it before is no longer"
                f" stored; the earlier result is kept as it is ({type(error).__name__})"
            ) from None

    def original_of(self, signal_id: UUID, outcome: SignalOutcome) -> UUID | None:
        """The file of which this one was a copy, where it cannot be fetched now."""
        before = self._outcomes.get(signal_id) if _is_gone(outcome) else None
        return None if before is None else before.duplicate_of

    def kept(
        self, signal_id: UUID, outcome: SignalOutcome, target: Path, present: Collection[str]
    ) -> tuple[SignalOutcome, HeldFrame] | None:
        """The file's earlier outcome and entries, when `outcome` says that it cannot be fetched now.

        None when nothing was read of it then, or when a file with the same bytes (SHA-256 in `present`) is there.
        """
        before = self._outcomes.get(signal_id) if _is_gone(outcome) else None
        if before is None or before.status == "failed" or not before.entries or before.duplicate_of is not None:
            return None
        own = self._entries.filter(pl.col("signal_id") == str(signal_id))
        sha256 = own.select(pl.col("signal_sha256").first()).collect().item()
        if sha256 in present:
            return None
        spooled = spool(own.collect_batches(maintain_order=True), PARSED, target)
        reasons = {*before.reasons, PartialReason.RAW_FILE_GONE.value}
        return (
            SignalOutcome(
                status="partial",
                kind=before.kind,
                format=before.format,
                runner_up=before.runner_up,
                share_understood=before.share_understood,
                entries=before.entries,
                lines=before.lines,
                reasons=tuple(sorted(reasons)),
                redactions=before.redactions,
            ),
            HeldFrame(spooled.rows, spooled.path),
        )


def _is_gone(outcome: SignalOutcome) -> bool:
    return outcome.status == "failed" and outcome.reasons[0] in NOT_FETCHED
