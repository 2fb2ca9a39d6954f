"""A database that `pg_dump` wrote is restored whole, as docs/team.md says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from uuid import UUID

import psycopg

from signal_pipeline.local.postgres_server import binary
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.settings import Settings
from signal_pipeline.storage.migrations import missing_steps
from signal_pipeline_tests.servers import copied, dropped, maintenance

COUNTED = ("reports", "signals", "error_signatures", "clusters", "catalog_problems", "incidents", "intake_history")


def counts(settings: Settings) -> dict[str, int]:
    with psycopg.connect(settings.database_url) as connection:
        rows = {name: connection.execute(f"select count(*) from {name}".encode()).fetchone() for name in COUNTED}
    return {name: row[0] for name, row in rows.items() if row is not None}


def dump(settings: Settings) -> bytes:
    server = ("--host", settings.db_host, "--port", str(settings.db_port), "--username", settings.db_username)
    # Extensions are there: only a superuser may create them.
    command = [str(binary("pg_dump")), *server, "--inserts", "--no-owner", "--exclude-extension=*", settings.db_name]
    password = settings.db_password.get_secret_value()
    written = subprocess.run(command, env={"PGPASSWORD": password}, check=True, capture_output=True).stdout
    return b"\n".join(line for line in written.splitlines() if not line.startswith(b"\\"))


def test_a_dump_is_restored_whole(
    template_database: Settings, worked_platform: Platform, sample_report_id: UUID, tmp_path: Path
) -> None:
    before = worked_platform.settings
    with maintenance(template_database) as connection:
        name = copied(connection, template_database.db_name)
        restored = before.model_copy(update={"db_name": name})
        with psycopg.connect(restored.database_url) as script:
            script.execute(dump(before))
        assert counts(restored) == counts(before) and all(counts(restored).values())
        with psycopg.connect(restored.database_url) as reading:
            assert missing_steps(reading) == []
            found = reading.execute(
                "select count(*) from error_signatures where words @@ plainto_tsquery('english', 'checkout')"
            ).fetchone()
        assert found is not None
        assert wait_until(lambda: dropped(connection, name), 60)
