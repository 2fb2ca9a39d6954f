"""Deleting from Dagster's event log what Dagster itself never deletes: events of a partition, old step events.

Dagster has a method for the first that its own SQL storages do not implement, and none for the second.
"""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg
import sqlalchemy as db
from dagster._core.storage.event_log import SqlEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetEventTagsTable

# How a run began and ended stays known.
KEPT_EVENTS = ("PIPELINE_START", "PIPELINE_SUCCESS", "PIPELINE_FAILURE", "PIPELINE_CANCELED")


def wipe_partition(instance: dg.DagsterInstance, asset: dg.AssetKey, key: str) -> int:
    """Events, their tags and check results of one partition of an asset; how many events went."""
    events, tags, checks = SqlEventLogStorageTable.c, AssetEventTagsTable.c, AssetCheckExecutionsTable.c
    name = asset.to_string()
    chosen = db.and_(events.asset_key == name, events.partition == key)
    with _storage(instance).index_transaction() as connection:
        connection.execute(db.delete(AssetEventTagsTable).where(tags.event_id.in_(db.select(events.id).where(chosen))))
        connection.execute(
            db.delete(AssetCheckExecutionsTable).where(db.and_(checks.asset_key == name, checks.partition == key))
        )
        return int(connection.execute(db.delete(SqlEventLogStorageTable).where(chosen)).rowcount)


def drop_step_events(instance: dg.DagsterInstance, run_ids: Sequence[str]) -> int:
    """Keep of these runs what tells of assets and how they ended; how many events went."""
    events = SqlEventLogStorageTable.c
    unneeded = db.and_(
        events.run_id.in_(list(run_ids)),
        events.asset_key.is_(None),
        db.or_(events.dagster_event_type.is_(None), events.dagster_event_type.not_in(KEPT_EVENTS)),
    )
    with _storage(instance).index_transaction() as connection:
        return int(connection.execute(db.delete(SqlEventLogStorageTable).where(unneeded)).rowcount)


def _storage(instance: dg.DagsterInstance) -> SqlEventLogStorage:
    storage = instance.event_log_storage
    assert isinstance(storage, SqlEventLogStorage), "Dagster's events lie in an SQL database"
    return storage
