"""A start is refused on servers whose settings lose data, with the line that fixes each."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import psycopg
import pytest
from nats.js.api import DiscardPolicy

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.nats_checks import check_nats
from signal_pipeline.local.nats_server import bundled_binary
from signal_pipeline.local.ports import is_free, random_ports
from signal_pipeline.local.postgres_checks import durability_findings
from signal_pipeline.local.self_check import refuse_what_loses_data
from signal_pipeline.messaging.connection import url_of
from signal_pipeline.messaging.stream import ensure_stream
from signal_pipeline.messaging.stream_configs import stream_config
from signal_pipeline.settings import Settings
from signal_pipeline.storage.dagster_database import refuse_without_database
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.object_store import ObjectStore


def refusal(settings: Settings) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        refuse_what_loses_data(settings, with_model=False)
    return str(caught.value)


def test_a_missing_database_of_dagster_is_named(settings: Settings) -> None:
    """Its own processes end with "too many retries", and the reason is some screens above that."""
    found = settings.model_copy(update={"dagster_db_name": settings.db_name, "dagster_db_username": None})
    refuse_without_database(found.dagster_database_url, 10)
    missing = found.model_copy(update={"dagster_db_name": "not_there"})
    with pytest.raises(SettingsInvalid) as caught:
        refuse_without_database(missing.dagster_database_url, 10)
    assert 'cannot be opened: database "not_there" does not exist' in str(caught.value)
    assert settings.db_password.get_secret_value() not in str(caught.value)


def test_the_embedded_servers_pass(settings: Settings) -> None:
    ObjectStore(settings).ensure_bucket()
    told: list[str] = []
    refuse_what_loses_data(settings, with_model=False, on_progress=told.append)
    assert told == []


def test_a_stream_that_drops_messages_is_refused(settings: Settings) -> None:
    async def spoil() -> None:
        client = await nats.connect(url_of(settings, "operator"))
        await client.jetstream().update_stream(stream_config(settings), discard=DiscardPolicy.OLD)
        await client.close()

    asyncio.run(spoil())
    assert "discard" in refusal(settings)
    assert "signal-pipeline init" in refusal(settings)
    ensure_stream(settings)
    refuse_what_loses_data(settings, with_model=False)


@pytest.mark.parametrize("index", ["error_signatures_embedding", "intake_due", "clusterings_current"])
def test_a_missing_index_is_refused_with_the_statement_that_makes_it(settings: Settings, index: str) -> None:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(f"drop index {index}".encode())
        said = refusal(settings)
        assert f"missing or invalid: {index}" in said
        mending = said.split("→ run: ", 1)[1].split(";", 1)[0]
        connection.execute(mending.encode())
    refuse_what_loses_data(settings, with_model=False)


def test_a_database_without_its_tables_is_refused(settings: Settings) -> None:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("delete from schema_steps where name = '0020_batches'")
    assert "migrations: missing: 0020_batches" in refusal(settings)


def test_a_commit_that_is_not_on_disk_is_refused(settings: Settings) -> None:
    with Database(settings) as database, database.transaction() as connection:
        connection.execute("set local synchronous_commit = off")
        (first, *_) = durability_findings(connection)
    assert (first.state, first.name) == ("wrong", "postgres durability")
    assert "alter system set synchronous_commit = on" in first.advice


@pytest.fixture
def forgetful_nats(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A NATS server whose file says `2m` without quotes, which it takes for 23 days."""
    ports = random_ports()
    config = tmp_path / "nats.conf"
    config.write_text(
        f'listen: "127.0.0.1:{ports["nats"]}"\nhttp: "127.0.0.1:{ports["api"]}"\n'
        f'jetstream {{ store_dir: "{tmp_path}/js", sync_interval: 2m }}\n'
    )
    process = subprocess.Popen([bundled_binary("nats-server"), "-c", str(config)], stderr=subprocess.DEVNULL)
    own = settings.model_copy(
        update={
            "nats_url": f"nats://127.0.0.1:{ports['nats']}",
            "nats_producer_url": None,
            "nats_operator_url": None,
            "nats_monitor_url": f"http://127.0.0.1:{ports['api']}",
        }
    )
    deadline = time.monotonic() + 20
    while is_free(ports["nats"]) and time.monotonic() < deadline:
        time.sleep(0.02)
    ensure_stream(own)
    yield own
    process.terminate()
    process.wait(20)


def test_a_broker_that_keeps_messages_in_memory_for_days_is_refused(forgetful_nats: Settings) -> None:
    said = refusal(forgetful_nats)
    assert "sync_interval is 2000000 s" in said
    assert "sync_interval: always" in said
    states = {finding.name: finding.state for finding in check_nats(forgetful_nats)}
    assert states == {"nats": "ok", "nats fsync": "wrong", "stream": "ok"}
