"""Migrations: once, twice, at the same time, and half-way."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from signal_pipeline.errors import SchemaStepChanged
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.settings import Settings
from signal_pipeline.storage import migrations
from signal_pipeline.storage.migrations import VIEWS, migrate, missing_steps, step_names
from signal_pipeline_tests.servers import copied, dropped, maintenance


@pytest.fixture
def empty(template_database: Settings) -> Iterator[Settings]:
    """A database with the extensions, which only a superuser may create, and nothing else."""
    with maintenance(template_database) as connection:
        name = copied(connection, template_database.db_name)
        yield template_database.model_copy(update={"db_name": name})
        assert wait_until(lambda: dropped(connection, name), 60)


def missing(settings: Settings) -> list[str]:
    with psycopg.connect(settings.database_url) as connection:
        return missing_steps(connection)


def test_all_steps_are_applied_in_order_and_then_none(empty: Settings) -> None:
    assert missing(empty) == step_names()
    assert migrate(empty) == step_names() == sorted(step_names())
    assert missing(empty) == []
    assert migrate(empty) == []


def test_processes_that_migrate_at_the_same_time_share_the_work(empty: Settings) -> None:
    applied: list[list[str]] = []
    begin = threading.Barrier(4)

    def work() -> None:
        begin.wait(20)
        applied.append(migrate(empty))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(applied) == [[], [], [], step_names()]


def test_a_step_that_fails_leaves_nothing_of_itself_and_can_be_tried_again(
    empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = migrations.files
    last = step_names()[-1]

    class Broken:
        """The folder of steps, the last of which breaks off after its first statements."""

        def __init__(self, path: object) -> None:
            self.path = path

        def __truediv__(self, name: str) -> Broken:
            return Broken(self.path / name)  # type: ignore[operator]

        def iterdir(self) -> object:
            return self.path.iterdir()  # type: ignore[attr-defined]

        def read_bytes(self) -> bytes:
            script: bytes = self.path.read_bytes()  # type: ignore[attr-defined]
            return script + (b"\nselect 1 / 0;" if last in str(self.path) else b"")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "files", lambda package: Broken(whole(package)))
        with pytest.raises(Exception, match="SQLSTATE 22012"):
            migrate(empty)
    assert missing(empty) == [last]
    assert migrate(empty) == [last]


def test_a_step_whose_file_changed_after_it_was_applied_is_refused(empty: Settings) -> None:
    migrate(empty)
    first = step_names()[0]
    with psycopg.connect(empty.database_url, autocommit=True) as connection:
        connection.execute("update schema_steps set sha256 = 'another' where name = %s", (first,))
    with pytest.raises(SchemaStepChanged, match=f"{first} was applied.*restore "):
        migrate(empty)


def test_a_view_is_applied_again_when_its_file_has_changed(empty: Settings) -> None:
    migrate(empty)
    with psycopg.connect(empty.database_url, autocommit=True) as connection:
        connection.execute("update schema_steps set sha256 = 'another' where name = 'views/known_problems'")
    assert migrate(empty) == ["views/known_problems"]
    assert migrate(empty) == []


def test_a_database_of_a_version_without_hashes_is_taken_over(empty: Settings) -> None:
    migrate(empty)
    with psycopg.connect(empty.database_url, autocommit=True) as connection:
        connection.execute("alter table schema_steps drop column sha256")
        connection.execute("delete from schema_steps where name like 'views/%'")
    views = [name for name in step_names() if name.startswith(VIEWS)]
    assert missing(empty) == views
    assert migrate(empty) == views
    assert missing(empty) == []
