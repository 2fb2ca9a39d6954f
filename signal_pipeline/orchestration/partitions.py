"""A report is a partition: its UUID is the key."""

from __future__ import annotations

from uuid import UUID

import dagster as dg

from signal_pipeline.errors import PermanentError

REPORTS = dg.DynamicPartitionsDefinition(name="reports")

# Bounds memory, progress and what a failure repeats; 2,000 reports took 10 s longer than in a single run.
REPORTS_PER_RUN = 200


class PartitionKeyInvalid(PermanentError):
    """A partition was added by hand whose key is not a report's UUID."""


def report_id_of(partition_key: str) -> UUID:
    """Dagster takes any string as a key, so it is checked here."""
    try:
        report_id = UUID(partition_key)
    except ValueError:
        raise PartitionKeyInvalid("a partition key is not a UUID; delete that partition") from None
    if str(report_id) != partition_key:
        raise PartitionKeyInvalid("a partition key is not a UUID in its usual form; delete that partition")
    return report_id
