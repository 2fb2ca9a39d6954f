"""What `doctor`, and every start, asks of Postgres, embedded or not. One that does not answer raises our errors."""

from __future__ import annotations

import psycopg

from signal_pipeline.local.finding import Finding, ok, warning, wrong
from signal_pipeline.settings import Settings

_OLDEST_POSTGRES = 150000
_OLDEST_VECTOR = (0, 8)
_DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")
# Without the unique ones things are counted twice, without the others work and search stand still; and what makes each.
_INDEXES = {
    "intake_report_id_content_digest_key": "alter table intake add unique (report_id, content_digest)",
    "error_signatures_signature_hash_key": "alter table error_signatures add unique (signature_hash)",
    "clusterings_current": "create unique index clusterings_current on clusterings (report_id) where is_current",
    "intake_due": "create index intake_due on intake (priority desc, due_at, created_at) where state = 'PENDING'",
    "error_signatures_embedding": "create index error_signatures_embedding on error_signatures"
    " using hnsw (embedding vector_cosine_ops)",
}


def check_postgres(settings: Settings) -> list[Finding]:
    from signal_pipeline.storage.database import mapped_errors
    from signal_pipeline.storage.migrations import missing_steps

    with mapped_errors(), psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection:
        version = connection.info.server_version
        row = connection.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
        missing = missing_steps(connection)
        durability = durability_findings(connection)
        indexes = [index_finding(connection)] if not missing else []
    place = f"{settings.db_host}:{settings.db_port}/{settings.db_name}, Postgres {version // 10000}.{version % 10000}"
    return [
        ok("postgres", place)
        if version >= _OLDEST_POSTGRES
        else wrong("postgres", place, "Postgres 15 or newer is needed"),
        *durability,
        _vector_finding(None if row is None else str(row[0])),
        ok("migrations", "all steps are applied")
        if not missing
        else wrong("migrations", f"missing: {', '.join(missing)}", "`signal-pipeline init` applies them"),
        *indexes,
    ]


def durability_findings(connection: psycopg.Connection) -> list[Finding]:
    """What is committed must survive a power cut: the intake table is the record of truth."""
    off = [name for name in _DURABILITY if _shown(connection, name) == "off"]
    if off:
        mending = "; ".join(f"alter system set {name} = on" for name in off) + "; select pg_reload_conf();"
        return [wrong("postgres durability", f"{', '.join(off)} is off: a power cut loses reports", f"run: {mending}")]
    found = [ok("postgres durability", ", ".join(f"{name} on" for name in _DURABILITY))]
    if _shown(connection, "data_checksums") == "off":
        advice = "stop Postgres and run pg_checksums --enable"
        found.append(warning("postgres checksums", "off: damaged pages are not noticed", advice))
    return found


def index_finding(connection: psycopg.Connection) -> Finding:
    rows = connection.execute(
        "select c.relname from pg_class c join pg_index i on i.indexrelid = c.oid"
        " where i.indisvalid and c.relname = any(%s)",
        (list(_INDEXES),),
    ).fetchall()
    missing = sorted(set(_INDEXES) - {row[0] for row in rows})
    if not missing:
        return ok("indexes", f"{len(_INDEXES)} that matter are there and valid")
    advice = "; ".join(f"{_INDEXES[name]};" for name in missing)
    return wrong("indexes", f"missing or invalid: {', '.join(missing)}", f"run: {advice}")


def _shown(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute(f"show {name}".encode()).fetchone()
    return str(row[0]) if row else ""


def _vector_finding(version: str | None) -> Finding:
    if version is None:
        return wrong("pgvector", "not in this database", "run `create extension vector` as a superuser")
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_VECTOR:
        return wrong("pgvector", version, "pgvector 0.8 or newer is needed: `alter extension vector update`")
    return ok("pgvector", version)
