"""Real servers for the tests: one Postgres, NATS and S3 per test process, a fresh database and stream per test.

`make fast` does not load this file: its imports take longer than many tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import nats
import nats.js.errors
import psycopg
import pytest

from signal_pipeline import local
from signal_pipeline.cli.demo import SAMPLE_FILES
from signal_pipeline.embedding.export import RECIPE, export_minilm
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.messaging.connection import url_of
from signal_pipeline.messaging.stream import ensure_stream
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.migrations import migrate
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline_tests.worked_report import submit_and_work

TEMPLATE = "signal_pipeline_template"


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """Kept between runs: the export takes seconds, and an intact one is recognised by its hashes."""
    cache = os.environ.get("SIGNAL_PIPELINE_TEST_CACHE", tempfile.gettempdir())
    return export_minilm(Path(cache) / f"signal-pipeline-tests-{os.getuid()}" / f"minilm-r{RECIPE}")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("stack"), with_dagster=False, environment={}) as running:
        ObjectStore(running.settings()).ensure_bucket()
        yield running


@pytest.fixture(scope="session")
def template_database(stack: LocalStack) -> Settings:
    """A migrated database that tests copy, which is faster than migrating each.

    A copy of the stack's own, because only a superuser may create the extension vector.
    """
    settings = stack.settings()
    with maintenance(settings) as connection:
        connection.execute(f"create database {TEMPLATE} template {settings.db_name}".encode())
    settings = settings.model_copy(update={"db_name": TEMPLATE})
    migrate(settings)
    return stack.settings()


@pytest.fixture
def settings(template_database: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty, migrated database, an empty stream, empty folders."""
    with empty_servers(template_database, tmp_path) as own:
        yield own


@contextlib.contextmanager
def empty_servers(template_database: Settings, folder: Path) -> Iterator[Settings]:
    """The same for a fixture of another scope."""
    with maintenance(template_database) as connection:
        name = copied(connection, TEMPLATE)
        own = template_database.model_copy(
            update={
                "db_name": name,
                "frame_dir": folder / "frames",
                "temp_dir": folder / "temp",
                "intake_wait_seconds": 0.3,
                "retry_delay_seconds": 0.0,
            }
        )
        _delete_streams(own)
        ensure_stream(own)
        yield own
        # A vacuum that runs there just now is the superuser's, and only that one may end it.
        assert wait_until(lambda: dropped(connection, name), 60)


@pytest.fixture
def platform(settings: Settings, model_dir: Path) -> Iterator[Platform]:
    with Platform(settings.model_copy(update={"model_dir": model_dir})) as opened:
        yield opened


def maintenance(settings: Settings) -> psycopg.Connection:
    """A connection to none of the databases that are copied and dropped."""
    return psycopg.connect(settings.database_url, dbname="postgres", autocommit=True)


def copied(connection: psycopg.Connection, template: str) -> str:
    """The name of a new database, copied as files: that takes half the time of a copy through the log."""
    name = f"test_{uuid4().hex[:12]}"
    connection.execute(f"create database {name} template {template} strategy file_copy".encode())
    return name


def dropped(connection: psycopg.Connection, name: str) -> bool:
    """False while Postgres's own vacuum is in the database."""
    try:
        connection.execute(f"drop database {name} with (force)".encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@pytest.fixture(scope="session")
def worked_platform(
    template_database: Settings, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A database of its own for all tests that only read, or whose writes do not meet."""
    folder = tmp_path_factory.mktemp("worked")
    with maintenance(template_database) as connection:
        name = copied(connection, TEMPLATE)
    own = template_database.model_copy(
        update={
            "db_name": name, "frame_dir": folder / "frames", "temp_dir": folder / "temp", "model_dir": model_dir,
            "nats_stream": f"S{name}",
        }
    )  # fmt: skip
    with Platform(own) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_report_id(worked_platform: Platform) -> UUID:
    """The sample report, worked."""
    folder = Path(str(local.__file__)).parent / "sample_report"
    paths = [folder / name for name in SAMPLE_FILES]
    return submit_and_work(worked_platform, paths, title="Web shop: checkout fails")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for all tests that look at pages."""
    from signal_pipeline_tests.browser import Browser, chromium

    program = chromium()
    if program is None:
        pytest.skip("no Chromium on the PATH or in CHROMIUM")
    opened = Browser(program)
    yield opened
    opened.close()


def _delete_streams(settings: Settings) -> None:
    async def work() -> None:
        client = await nats.connect(url_of(settings, "operator"))
        for name in (settings.nats_stream, f"{settings.nats_stream}_DEAD", f"{settings.nats_stream}_EVENTS"):
            with contextlib.suppress(nats.js.errors.NotFoundError):
                await client.jetstream().delete_stream(name)
        await client.close()

    asyncio.run(work())


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with Database(settings) as opened:
        yield opened
