"""Deleting a report permanently, with proof: what each place held, and that it is now empty.

Dagster's part (partition, events, runs) is done by the sensor, which has an instance of Dagster: forgetting.py.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from signal_pipeline.errors import DatabaseRefused, ReportUnknown, RulesInvalid, SchemaInvalid, TransientError
from signal_pipeline.event_rules.rule import Rule
from signal_pipeline.intake.event_acceptance import without_events_of
from signal_pipeline.intake.event_batch import checks_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import FRAMES
from signal_pipeline.storage.claims import claim, let_go
from signal_pipeline.storage.dagster_database import HELD, held_of_report
from signal_pipeline.storage.deletions import (
    Reason,
    add_objects,
    deletion_of,
    erase_rows,
    note_erased,
    request_deletion,
    rows_of,
    take_object,
    used_by_others,
)
from signal_pipeline.storage.object_keys import is_good_key, report_prefix
from signal_pipeline.storage.reports import report_exists

CLAIM_SECONDS = 120.0
POLL_SECONDS = 0.2
DAGSTER_SECONDS = 3


class StillWorked(TransientError):
    """A run works on the report and has not noticed yet that it is not wanted."""


@dataclass(frozen=True)
class Place:
    """What was removed from a place, and what is left there; None where nobody could look."""

    name: str
    removed: int
    left: int | None

    def as_json(self) -> dict[str, str | int | None]:
        return {"place": self.name, "removed": self.removed, "left": self.left}


def delete_report(
    platform: Platform, report_id: UUID, *, reason: Reason = "asked", patience_seconds: float = 0.0
) -> None:
    """Rows, vectors, frames and raw files are gone when this returns. Safe to repeat after an interruption.

    Runs in progress notice within seconds that the report is not wanted; StillWorked when `patience_seconds` are over.
    """
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id) and deletion_of(connection, report_id) is None:
            raise ReportUnknown(f"report {report_id} is not in the database")
        request_deletion(connection, report_id, reason)
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return _erase(platform, report_id)
        except StillWorked:
            if time.monotonic() >= deadline:
                raise
            time.sleep(POLL_SECONDS)


def _erase(platform: Platform, report_id: UUID) -> None:
    """Rows first: they refer to the objects, and the row of the deletion then lists those without a reference, so that
    an interruption forgets none."""
    claimant = f"deletion-{uuid4()}"
    with platform.database.transaction() as connection:
        busy = claim(connection, claimant, [report_id], CLAIM_SECONDS).busy
        if busy:
            raise StillWorked(f"report {report_id} is being processed by run {busy[report_id]}; try again in a minute")
    try:
        with platform.database.transaction() as connection:
            without_events_of(connection, report_id, _rules(platform), lambda: erase_rows(connection, report_id))
        objects = _delete_objects(platform, report_id)
        frames = sum(platform.frames.delete(asset, report_id) for asset in FRAMES)
        with platform.database.transaction() as connection:
            note_erased(connection, report_id, {"frames": frames, "raw files": objects})
    finally:
        with platform.database.transaction() as connection:
            let_go(connection, claimant)


def _rules(platform: Platform) -> tuple[Rule, ...]:
    """None where the table cannot be used: a report is deleted all the same, and the rules judge again when it can."""
    try:
        return checks_of(platform).rules
    except (RulesInvalid, SchemaInvalid):
        return ()


def _delete_objects(platform: Platform, report_id: UUID) -> int:
    """Also what an upload left that was interrupted before its rows; never what a report still has as a file."""
    below = _below(platform, report_id)
    with platform.database.transaction() as connection:
        keys = add_objects(connection, report_id, sorted(below))
    return sum(_delete_object(platform, report_id, key) for key in keys if is_good_key(key))


def _delete_object(platform: Platform, report_id: UUID, key: str) -> bool:
    if not platform.objects.delete(key):
        return False
    with platform.database.transaction() as connection:
        return take_object(connection, report_id, key)


def _below(platform: Platform, report_id: UUID) -> set[str]:
    """What lies where `submit` puts the report's files and is nobody's."""
    keys = platform.objects.keys_below(report_prefix(report_id))
    with platform.database.transaction() as connection:
        return set(keys) - used_by_others(connection, keys, report_id)


def proof(platform: Platform, report_id: UUID) -> list[Place]:
    """What was removed and what is left, by place. A raw file that another report has as well is not counted: it is
    that one's now. ReportUnknown when nobody asked for the deletion."""
    with platform.database.transaction() as connection:
        deletion = deletion_of(connection, report_id)
        if deletion is None:
            raise ReportUnknown(f"deletion was not requested for report {report_id}")
        left: dict[str, int | None] = dict(rows_of(connection, report_id))
    left["frames"] = sum(platform.frames.has(asset, report_id) for asset in FRAMES)
    left["raw files"] = len(_below(platform, report_id))
    left |= _left_in_dagster(platform, report_id)
    return [Place(name, deletion.removed.get(name, 0), count) for name, count in left.items()]


def _left_in_dagster(platform: Platform, report_id: UUID) -> dict[str, int | None]:
    """Asked of its database: the command line has no instance of Dagster."""
    try:
        return dict(held_of_report(platform.settings.dagster_database_url, report_id, DAGSTER_SECONDS))
    except (TransientError, DatabaseRefused):  # down, or Dagster has never run on it
        return dict.fromkeys(HELD)
