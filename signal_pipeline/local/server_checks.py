"""What `doctor` asks of Postgres, NATS, S3 and the embedding model, embedded or not.

What belongs here: one function per server; a server that does not answer raises one of our errors.
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg

from signal_pipeline.errors import (
    BrokerUnavailable,
    EmbeddingRefused,
    EmbeddingUnavailable,
    SettingsInvalid,
    VectorInvalid,
)
from signal_pipeline.local.finding import Finding, ok, warning, wrong
from signal_pipeline.settings import Settings

_OLDEST_POSTGRES = 150000
_OLDEST_VECTOR = (0, 8)
_PATIENCE_SECONDS = 6.0


def check_postgres(settings: Settings) -> list[Finding]:
    from signal_pipeline.storage.database import mapped_errors
    from signal_pipeline.storage.migrations import missing_steps

    with mapped_errors(), psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection:
        version = connection.info.server_version
        row = connection.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
        missing = missing_steps(connection)
    place = f"{settings.db_host}:{settings.db_port}/{settings.db_name}, Postgres {version // 10000}.{version % 10000}"
    return [
        ok("postgres", place)
        if version >= _OLDEST_POSTGRES
        else wrong("postgres", place, "Postgres 15 or newer is needed"),
        _vector_finding(None if row is None else str(row[0])),
        ok("migrations", "all steps are applied")
        if not missing
        else wrong("migrations", f"missing: {', '.join(missing)}", "`signal-pipeline up` applies them"),
    ]


def _vector_finding(version: str | None) -> Finding:
    if version is None:
        return wrong("pgvector", "not in this database", "run `create extension vector` as a superuser")
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_VECTOR:
        return wrong("pgvector", version, "pgvector 0.8 or newer is needed: `alter extension vector update`")
    return ok("pgvector", version)


def check_nats(settings: Settings) -> list[Finding]:
    from nats.aio.client import Client
    from nats.js.errors import NotFoundError

    from signal_pipeline.messaging.connection import connected
    from signal_pipeline.messaging.stream import stream_config

    place = urlsplit(settings.nats_url)

    async def look(client: Client) -> list[Finding]:
        seen = client.connected_server_version
        version = f"NATS {seen.major}.{seen.minor}.{seen.patch}"
        found = [ok("nats", f"{place.hostname}:{place.port or 4222}, {version}")]
        try:
            info = await client.jetstream().stream_info(settings.nats_stream)
        except NotFoundError:
            return [*found, wrong("stream", f"no stream {settings.nats_stream}", "`signal-pipeline up` creates it")]
        wanted = stream_config(settings)
        differs = [
            name
            for name in ("retention", "storage", "discard", "subjects", "duplicate_window")
            if getattr(info.config, name) != getattr(wanted, name)
        ]
        if differs:
            advice = "`signal-pipeline up` brings the stream to the settings that lose nothing"
            return [*found, wrong("stream", f"other {', '.join(differs)} than wanted", advice)]
        return [*found, ok("stream", f"{settings.nats_stream}: {info.state.messages} messages wait")]

    async def connect_and_look() -> list[Finding]:
        try:
            # The client itself would try a wrong password, or a server that is down, for minutes.
            async with asyncio.timeout(_PATIENCE_SECONDS), connected(settings) as client:
                return await look(client)
        except TimeoutError:
            raise BrokerUnavailable(
                f"{place.hostname}:{place.port or 4222} does not answer, or refuses the password"
            ) from None

    return [*asyncio.run(connect_and_look()), *_fsync_finding(settings)]


def _fsync_finding(settings: Settings) -> list[Finding]:
    """The effective value, from the server: in its file, `2m` without quotes means 23 days."""
    name = "nats fsync"
    if settings.nats_monitor_url is None:
        return [warning(name, "not known", "set NATS_MONITOR_URL to have sync_interval checked")]
    try:
        with urllib.request.urlopen(f"{settings.nats_monitor_url}/varz", timeout=3) as answer:
            store = json.loads(answer.read()).get("jetstream", {}).get("config", {})
    except (OSError, ValueError):
        return [warning(name, "the monitoring address does not answer", "check NATS_MONITOR_URL")]
    if store.get("sync_always"):
        return [ok(name, "every message is on disk before it is acknowledged (sync_interval: always)")]
    seconds = store.get("sync_interval", 0) / 1e9
    return [
        warning(name, f"sync_interval is {seconds:.0f} s: a power cut loses that much", "set sync_interval: always")
    ]


def check_s3(settings: Settings) -> list[Finding]:
    from botocore.exceptions import BotoCoreError, ClientError

    from signal_pipeline.storage.object_store import ObjectStore

    place = f"{settings.s3_endpoint or 'AWS'} bucket {settings.s3_bucket}"
    try:
        ObjectStore(settings).client.head_bucket(Bucket=settings.s3_bucket)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        advice = (
            "create it, or let `signal-pipeline up` do so" if code == "404" else "check S3_ACCESS_KEY and S3_SECRET_KEY"
        )
        return [wrong("s3", f"{place}: answered {code}", advice)]
    except BotoCoreError as error:
        return [wrong("s3", f"{place}: {type(error).__name__}", "check S3_ENDPOINT, and that the server runs")]
    return [ok("s3", place)]


def check_model(settings: Settings) -> list[Finding]:
    from signal_pipeline.steps.embedders import embedder_of

    advice = {
        "onnx": "`signal-pipeline up` exports it",
        "sentence-transformers": "check EMBEDDING_MODEL",
        "endpoint": "check EMBEDDING_URL, EMBEDDING_MODEL and EMBEDDING_API_KEY",
    }[settings.embedding_runtime]
    try:
        embedder = embedder_of(settings)
        embedder.check()
    except (SettingsInvalid, EmbeddingRefused, EmbeddingUnavailable, VectorInvalid) as error:
        return [wrong("model", str(error), advice)]
    return [ok("model", f"{embedder.model_version}, {embedder.dimension} numbers")]


SERVER_CHECKS: tuple[tuple[str, Callable[[Settings], list[Finding]]], ...] = (
    ("postgres", check_postgres),
    ("nats", check_nats),
    ("s3", check_s3),
    ("model", check_model),
)
