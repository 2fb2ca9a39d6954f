"""The S3 bucket with the raw files: put, look, fetch. Raw files lie here and nowhere else.

What does not belong here: Parquet between assets (frames.py) and any idea of what a file contains.
"""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
)
from urllib3.exceptions import HTTPError

from signal_pipeline.errors import BadObjectAnswer, PermanentError, RejectionCode, SignalRejected, StorageUnavailable
from signal_pipeline.settings import Settings
from signal_pipeline.storage.object_keys import check_key

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

CHUNK_BYTES = 1024 * 1024
# A server that drips a byte now and then never trips a read timeout, so a whole object has a deadline as well.
BASE_DEADLINE_SECONDS = 60.0
SLOWEST_BYTES_PER_SECOND = 256 * 1024


class UploadRefused(PermanentError):
    """The bucket is not there, or the keys may not write to it."""


@dataclass(frozen=True)
class StoredObject:
    """What the store says of an object: size in bytes, the version tag of its content, and what we put beside it."""

    size_bytes: int
    etag: str
    metadata: Mapping[str, str] = field(default_factory=dict, compare=False)


class ObjectStore:
    """One bucket. Transient faults are StorageUnavailable; a missing or closed object is SignalRejected."""

    def __init__(self, settings: Settings, *, answer_seconds: float = 30, attempts: int = 4) -> None:
        """Each attempt waits `answer_seconds` for bytes; to ask only whether a store is there, once is enough."""
        self._settings = settings
        self._answer_seconds = answer_seconds
        self._attempts = attempts
        self.bucket = settings.s3_bucket

    @cached_property
    def client(self) -> S3Client:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self._settings.s3_endpoint,
            aws_access_key_id=self._settings.s3_access_key.get_secret_value(),
            aws_secret_access_key=self._settings.s3_secret_key.get_secret_value(),
            region_name=self._settings.s3_region,
            # boto3 presigns with SigV2 for such an endpoint unless told, and virtual hosts need DNS.
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=self._answer_seconds,
                retries={"mode": "standard", "total_max_attempts": self._attempts},
            ),
        )

    def ensure_bucket(self) -> None:
        """Create the bucket when it is not there."""
        with mapped_errors():
            names = {bucket["Name"] for bucket in self.client.list_buckets().get("Buckets", [])}
            if self.bucket not in names:
                self.client.create_bucket(Bucket=self.bucket)

    def put_file(self, key: str, path: Path, metadata: Mapping[str, str] | None = None) -> None:
        """Upload, with `metadata` as part of the object; UploadRefused when the store will not have it."""
        from boto3.exceptions import S3UploadFailedError

        check_key(key)
        try:
            with mapped_errors():
                try:
                    self.client.upload_file(str(path), self.bucket, key, ExtraArgs={"Metadata": dict(metadata or {})})
                except S3UploadFailedError as error:
                    # boto3 hides the store's answer in a sentence that quotes path and key.
                    raise (error.__context__ or error) from None
        except SignalRejected as refused:
            raise UploadRefused(
                f"the object store refused an upload ({refused.code.value}); check S3_BUCKET and the S3 keys"
            ) from None

    def head(self, key: str) -> StoredObject:
        with mapped_errors():
            return _stored_object(self.client.head_object(Bucket=self.bucket, Key=check_key(key)))

    def fetch(self, key: str, target: Path, expected: StoredObject) -> str:
        """Write the object to `target` and return its SHA-256.

        The content must still be what `look` saw: another version or a shorter body is an error, since boto3 itself
        accepts a body that was cut short.
        """
        with mapped_errors():
            answer = self.client.get_object(Bucket=self.bucket, Key=check_key(key), IfMatch=expected.etag)
            return _received(answer["Body"], target, expected)

    def fetch_if(self, key: str, target: Path, may_fetch: Callable[[StoredObject], None]) -> tuple[StoredObject, str]:
        """`look` and `fetch` in one request. What `may_fetch` raises is raised before a byte of the content is read."""
        with mapped_errors():
            answer = self.client.get_object(Bucket=self.bucket, Key=check_key(key))
            try:
                stored = _stored_object(answer)
                may_fetch(stored)
            except BaseException:
                answer["Body"].close()
                raise
            return stored, _received(answer["Body"], target, stored)

    def answers(self) -> None:
        """Returns when the bucket is there and may be read."""
        with mapped_errors():
            self.client.head_bucket(Bucket=self.bucket)

    def close(self) -> None:
        """Its connections; it may be used again and opens others then."""
        self.client.close()

    def delete(self, key: str) -> bool:
        """Whether there was one."""
        try:
            with mapped_errors():
                self.client.head_object(Bucket=self.bucket, Key=check_key(key))
                self.client.delete_object(Bucket=self.bucket, Key=key)
        except SignalRejected as rejected:
            if rejected.code is RejectionCode.NOT_FOUND:
                return False
            raise
        return True

    def keys_below(self, prefix: str) -> list[str]:
        with mapped_errors():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return [found["Key"] for page in pages for found in page.get("Contents", [])]


def _stored_object(answer: Mapping[str, Any]) -> StoredObject:
    """Proxies and error pages answer without what every store says of an object."""
    size, etag = answer.get("ContentLength"), answer.get("ETag")
    if not isinstance(size, int) or not etag:
        raise BadObjectAnswer("the object store answered without the size or the version of the object")
    return StoredObject(size, etag, answer.get("Metadata") or {})


def _received(content: StreamingBody, target: Path, expected: StoredObject) -> str:
    """The SHA-256 of what came, all of it now in `target`."""
    deadline = time.monotonic() + BASE_DEADLINE_SECONDS + expected.size_bytes / SLOWEST_BYTES_PER_SECOND
    digest = hashlib.sha256()
    received = 0
    with target.open("wb") as file, _cut_off_at(deadline, content) as body:
        try:
            for chunk in body.iter_chunks(CHUNK_BYTES):
                received += len(chunk)
                digest.update(chunk)
                file.write(chunk)
        except (IncompleteReadError, ResponseStreamingError):
            if time.monotonic() >= deadline:
                raise
    if received != expected.size_bytes:
        raise BadObjectAnswer(f"the object store sent {received} of {expected.size_bytes} bytes")
    return digest.hexdigest()


@contextmanager
def _cut_off_at(deadline: float, body: StreamingBody) -> Iterator[StreamingBody]:
    """StorageUnavailable when the block is not through by then. A read returns only once it has all that it asked for,
    so a look at the clock between reads would come too late: the connection is closed under the one that waits."""
    is_over = threading.Event()

    def cut_off() -> None:
        is_over.set()
        # The way by which botocore itself gets at the socket, for its timeouts.
        with suppress(AttributeError, OSError):
            body._raw_stream._fp.fp.raw._sock.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]

    timer = threading.Timer(max(deadline - time.monotonic(), 0.0), cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield body
    except (BotoCoreError, HTTPClientError, HTTPError, OSError):
        if not is_over.is_set():
            raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise StorageUnavailable("the object store sends too slowly")


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn botocore's errors into ours; their texts name keys, so only status and code are kept."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code", "")
        if status == 404:
            raise SignalRejected(RejectionCode.NOT_FOUND) from None
        if status in (401, 403):
            raise SignalRejected(RejectionCode.FORBIDDEN) from None
        if status == 412:
            raise SignalRejected(RejectionCode.CHANGED) from None
        raise StorageUnavailable(f"the object store answered {status} {code[:40]}") from None
    except (HTTPClientError, ResponseStreamingError, BotoCoreError) as error:
        raise StorageUnavailable(f"the object store did not respond ({type(error).__name__})") from None
