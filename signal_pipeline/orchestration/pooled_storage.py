"""Dagster's Postgres storage on one connection pool per process, with planned events written in bulk.

The storage as it comes opens a connection for each statement (159 for a run of five assets) and writes each planned
event by itself. Named in dagster.yaml. Remove when dagster-postgres pools (upstream 20325, 33935).
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg
import sqlalchemy as db
from dagster._core.events import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqlEventLogStorageTable
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage, PostgresEventLogStorage, PostgresRunStorage

POOL_SIZE = 4
MOST_CONNECTIONS = 16
RECYCLE_SECONDS = 300
# A connection that was in use just now is not asked whether it still works: a run takes one from the pool 270 times.
UNASKED_SECONDS = 1.0
# A run over a range asks for all keys 19 times, 0.2 s each with 100,000 of them.
KEYS_KEPT_SECONDS = 5.0

_PLANNED_CHECK = db.text(
    "delete from asset_check_executions where asset_key = :asset and check_name = :name and run_id = :run"
    " and execution_status = 'PLANNED'"
)
_engines: dict[str, db.Engine] = {}
_with_tables: set[str] = set()
_columns: set[tuple[str, str]] = set()


class KnownRunStorage(PostgresRunStorage):
    """Asks once per process whether a column is there, and not with each query."""

    def has_run_stats_index_cols(self) -> bool:
        return _known(self.postgres_url, "run stats", super().has_run_stats_index_cols)


class PooledEventLogStorage(PostgresEventLogStorage):
    """Bulk inserts of planned events; partition keys remembered for seconds."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._keys: dict[str, tuple[float, Sequence[str]]] = {}
        self._seen: dict[tuple[str, str], float] = {}

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        planned = [event for event in events if _is_planned(event)]
        if len(planned) < 2:
            super().store_event_batch(events)
            return
        for event in events:
            if not _is_planned(event):
                self.store_event(event)
        with self._connect() as connection:
            inserted = connection.execute(
                self.prepare_insert_event_batch(planned).returning(SqlEventLogStorageTable.c.id)
            )
            ids = [int(row[0]) for row in inserted.fetchall()]
        of_asset: dict[str, list[tuple[EventLogEntry, int]]] = defaultdict(list)
        for event, event_id in zip(planned, ids, strict=True):
            of_asset[str(event.get_dagster_event().asset_key)].append((event, event_id))
        with self.index_transaction() as connection:
            for stored in of_asset.values():
                self._store_asset_event_tags(connection, [event for event, _ in stored], [id_ for _, id_ in stored])
                self._store_asset_event(connection, *stored[-1])

    def store_asset_check_event(self, event: EventLogEntry, event_id: int | None) -> None:
        """An evaluation takes its place when it is made, and not when its run was planned: of runs for several reports
        at once the last one that was planned need not end last, and the UI would then call the checks not evaluated.
        """
        if event.get_dagster_event().event_type == DagsterEventType.ASSET_CHECK_EVALUATION and event.run_id:
            made = event.get_dagster_event().asset_check_evaluation_data
            with self.index_connection() as connection:
                connection.execute(
                    _PLANNED_CHECK, {"asset": made.asset_key.to_string(), "name": made.check_name, "run": event.run_id}
                )
        super().store_asset_check_event(event, event_id)

    def has_asset_key_col(self, column_name: str) -> bool:
        query = super().has_asset_key_col
        return _known(self.postgres_url, column_name, lambda: query(column_name))

    def _has_asset_key_col_on_connection(self, conn: Any, column_name: str) -> bool:
        query = super()._has_asset_key_col_on_connection
        return _known(self.postgres_url, column_name, lambda: query(conn, column_name))

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        read_at, keys = self._keys.get(partitions_def_name, (0.0, []))
        if time.monotonic() - read_at > KEYS_KEPT_SECONDS or not read_at:
            keys = super().get_dynamic_partitions(partitions_def_name)
            self._keys[partitions_def_name] = (time.monotonic(), keys)
        return keys

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """A run for one partition asks 50 times."""
        key = (partitions_def_name, partition_key)
        if time.monotonic() - self._seen.get(key, float("-inf")) < KEYS_KEPT_SECONDS:
            return True
        found = super().has_dynamic_partition(partitions_def_name, partition_key)
        if found:
            self._seen[key] = time.monotonic()
        return found

    def add_dynamic_partitions(self, partitions_def_name: str, partition_keys: Sequence[str]) -> None:
        self._keys.pop(partitions_def_name, None)
        super().add_dynamic_partitions(partitions_def_name, partition_keys)

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        self._keys.pop(partitions_def_name, None)
        self._seen = {}
        super().delete_dynamic_partition(partitions_def_name, partition_key)


class PooledPostgresStorage(DagsterPostgresStorage):
    """The three storages on one engine. An instance of Dagster is made for every request; the engine is not."""

    def __init__(
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,
        inst_data: ConfigurableClassData | None = None,
    ) -> None:
        create = should_autocreate_tables and postgres_url not in _with_tables
        super().__init__(postgres_url, create, inst_data)
        self._run_storage = KnownRunStorage(postgres_url, should_autocreate_tables=False)
        self._event_log_storage = PooledEventLogStorage(postgres_url, should_autocreate_tables=False)
        self.should_autocreate_tables = should_autocreate_tables
        _with_tables.add(postgres_url)
        engine = _engine(postgres_url)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = engine

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> PooledPostgresStorage:
        create = bool(config_value.get("should_autocreate_tables", True))
        return cls(str(config_value["postgres_url"]), create, inst_data)

    @classmethod
    def config_type(cls) -> Any:
        return {"postgres_url": dg.StringSource, "should_autocreate_tables": dg.Field(bool, is_required=False)}


def _known(postgres_url: str, name: str, query: Callable[[], bool]) -> bool:
    """A column that is there stays; one that is missing may come with a migration."""
    if (postgres_url, name) not in _columns and query():
        _columns.add((postgres_url, name))
    return (postgres_url, name) in _columns


def _is_planned(event: EventLogEntry) -> bool:
    return event.get_dagster_event().event_type == DagsterEventType.ASSET_MATERIALIZATION_PLANNED


def _engine(postgres_url: str) -> db.Engine:
    if postgres_url not in _engines:
        engine = db.create_engine(
            postgres_url,
            isolation_level="AUTOCOMMIT",
            pool_size=POOL_SIZE,
            max_overflow=MOST_CONNECTIONS - POOL_SIZE,
            pool_recycle=RECYCLE_SECONDS,
            # The one used last first: the others get old, and are asked when they are needed after all.
            pool_use_lifo=True,
        )
        db.event.listen(engine, "checkout", _ask_when_old)
        db.event.listen(engine, "checkin", _note_use)
        _engines[postgres_url] = engine
    return _engines[postgres_url]


def _note_use(_connection: Any, record: db.pool.ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_when_old(connection: Any, record: db.pool.ConnectionPoolEntry, _proxy: Any) -> None:
    """Raising DisconnectionError makes the pool connect again; a server that was restarted has ended all of them."""
    if time.monotonic() - record.info.get("used_at", float("inf")) < UNASKED_SECONDS:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception as error:
        raise db.exc.DisconnectionError from error


def close_connections() -> None:
    """For a process that is going to fork."""
    for engine in _engines.values():
        engine.dispose()


def _forget_engines() -> None:
    """In a forked child: the parent's connections are its own, and must be neither used nor closed from here."""
    for engine in _engines.values():
        engine.dispose(close=False)
    _engines.clear()


os.register_at_fork(after_in_child=_forget_engines)
