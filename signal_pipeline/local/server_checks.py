"""What `doctor`, and every start, asks of the servers and the embedding model, embedded or not.

What belongs here: one function per server; a server that does not answer raises one of our errors.
"""

from __future__ import annotations

from collections.abc import Callable

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.finding import Finding, ok, wrong
from signal_pipeline.local.nats_checks import check_nats
from signal_pipeline.local.postgres_checks import check_postgres
from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.settings import Settings


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
    from signal_pipeline.embedding.manifest import read_manifest

    if settings.embedding_runtime != "onnx":
        return [ok("model", f"{settings.embedding_model} through {settings.embedding_runtime}")]
    try:
        manifest = read_manifest(settings.model_dir)
    except SettingsInvalid as error:
        return [wrong("model", str(error), "`signal-pipeline up` exports it")]
    if manifest.dimension != EMBEDDING_DIMENSION:
        detail = (
            f"{manifest.model_version} makes vectors of {manifest.dimension}, the table holds {EMBEDDING_DIMENSION}"
        )
        return [wrong("model", detail, f"use a model of {EMBEDDING_DIMENSION} dimensions: EMBEDDING_MODEL, MODEL_DIR")]
    return [ok("model", f"{manifest.model_version} in {settings.model_dir}")]


SERVER_CHECKS: tuple[tuple[str, Callable[[Settings], list[Finding]]], ...] = (
    ("postgres", check_postgres),
    ("nats", check_nats),
    ("s3", check_s3),
    ("model", check_model),
)
