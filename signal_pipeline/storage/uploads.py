"""Writing an object of unknown size while it comes in, in parts, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from signal_pipeline.errors import SignalPipelineError, SignalRejected
from signal_pipeline.storage.object_keys import check_key
from signal_pipeline.storage.object_store import ObjectStore, UploadRefused, mapped_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 * 1024 * 1024
"""S3 takes at most 10,000 parts of at least 5 MB each."""


class ObjectWriter:
    """One object. Either `finish` or `abort` must be called; what was aborted leaves nothing behind."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._store, self.key = store, check_key(key)
        self._buffer = bytearray()
        self._digest = hashlib.sha256()
        self._upload_id: str | None = None
        self._parts: list[CompletedPartTypeDef] = []
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        self._digest.update(data)
        self.size_bytes += len(data)
        self._buffer += data
        if len(self._buffer) >= PART_BYTES:
            self._send_part()

    def finish(self) -> None:
        """The object is there when this returns."""
        client, bucket = self._store.client, self._store.bucket
        with _refusing():
            if self._upload_id is None:
                client.put_object(Bucket=bucket, Key=self.key, Body=bytes(self._buffer))
                return
            if self._buffer:
                self._send_part()
            client.complete_multipart_upload(
                Bucket=bucket, Key=self.key, UploadId=self._upload_id, MultipartUpload={"Parts": self._parts}
            )

    def abort(self) -> None:
        """Best effort: a part that is left is no object, and the store's own rules remove it."""
        with suppress(SignalPipelineError):
            if self._upload_id is None:
                self._store.delete(self.key)
                return
            with mapped_errors():
                self._store.client.abort_multipart_upload(
                    Bucket=self._store.bucket, Key=self.key, UploadId=self._upload_id
                )

    def _send_part(self) -> None:
        client, bucket = self._store.client, self._store.bucket
        with _refusing():
            if self._upload_id is None:
                self._upload_id = client.create_multipart_upload(Bucket=bucket, Key=self.key)["UploadId"]
            number = len(self._parts) + 1
            answer = client.upload_part(
                Bucket=bucket, Key=self.key, UploadId=self._upload_id, PartNumber=number, Body=bytes(self._buffer)
            )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._buffer.clear()


@contextmanager
def _refusing() -> Iterator[None]:
    """A store that will not have the object is no fault of the file."""
    try:
        with mapped_errors():
            yield
    except SignalRejected as refused:
        raise UploadRefused(
            f"the object store refused an upload ({refused.code.value}); check S3_BUCKET and the S3 keys"
        ) from None
