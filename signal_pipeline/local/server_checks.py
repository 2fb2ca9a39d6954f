"""What `doctor`, and every start, asks of the servers and the embedding model, embedded or not.

What belongs here: one function per server; a server that does not answer raises one of our errors.
"""

from __future__ import annotations

from collections.abc import Callable

from signal_pipeline.errors import (
    EmbeddingRefused,
    EmbeddingUnavailable,
    SettingsInvalid,
    VectorInvalid,
)
from signal_pipeline.local.finding import Finding, ok, wrong
from signal_pipeline.local.nats_checks import check_nats
from signal_pipeline.local.postgres_checks import check_postgres
from signal_pipeline.settings import Settings

_PATIENCE_SECONDS = 6.0


def check_s3(settings: Settings) -> list[Finding]:
    from botocore.exceptions import BotoCoreError, ClientError

    from signal_pipeline.storage.object_store import ObjectStore

    place = f"{settings.s3_endpoint or 'AWS'} bucket {settings.s3_bucket}"
    store = ObjectStore(settings, answer_seconds=_PATIENCE_SECONDS, attempts=1)
    try:
        store.client.head_bucket(Bucket=settings.s3_bucket)
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
    from signal_pipeline.platform.embedders import embedder_of

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
