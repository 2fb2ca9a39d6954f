"""Taking a report in through the API: files streamed to the object store, or objects that lie there already.

The answer is given after the transaction that makes the work impossible to lose. What is given up leaves no object.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from anyio import CancelScope
from anyio.to_thread import run_sync

from signal_pipeline.api.multipart import Sink, read_form
from signal_pipeline.api.problems import Problem
from signal_pipeline.api.shapes import References
from signal_pipeline.api.work_form import FIELDS, work_order_of
from signal_pipeline.errors import DatabaseUnavailable, RejectionCode, SignalRejected
from signal_pipeline.intake.submission import MAX_FILES, StoredFile, register_report, storable
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.idempotency import key_hash, remember, remembered
from signal_pipeline.storage.object_keys import check_key, signal_key
from signal_pipeline.storage.uploads import ObjectWriter
from signal_pipeline.work_order import WorkOrder

FORM_FIELDS = ("title", *FIELDS)


@dataclass(frozen=True)
class Accepted:
    """`is_new` is False for a repetition of what was accepted before."""

    report_id: UUID
    files: int
    bytes: int
    is_new: bool = True


@dataclass
class _Hashed:
    """A file of which only the hash is of interest, since this submission was seen before."""

    name: str
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    size_bytes: int = 0

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.size_bytes += len(data)

    def finish(self) -> None:
        return

    @property
    def sha256(self) -> str:
        return self.digest.hexdigest()


class Submissions:
    """One for the application."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def upload(self, content_type: str, body: AsyncIterator[bytes], *, who: str, key: str | None) -> Accepted:
        """A form with `file` once or more, and each of FORM_FIELDS once or not at all."""
        known = await run_sync(self._known, who, key)
        if known is not None:
            return await self._compare(content_type, body, *known)
        report_id = uuid4()
        written: list[tuple[UUID, str, ObjectWriter]] = []

        def open_sink(name: str) -> Sink:
            if len(written) >= MAX_FILES:
                raise Problem(422, "too_many_files", f"a report may have {MAX_FILES} files")
            signal_id = uuid4()
            writer = ObjectWriter(self._platform.objects, signal_key(report_id, signal_id))
            written.append((signal_id, name, writer))
            return writer

        try:
            form = await read_form(content_type, body, open_sink, FORM_FIELDS)
            if not written:
                raise Problem(422, "no_files", "send at least one `file`")
            files = [
                StoredFile(signal_id, _file_name(name), w.key, w.size_bytes, w.sha256) for signal_id, name, w in written
            ]
            title, order = form.fields.get("title"), work_order_of(form.fields)
            return await run_sync(self._register, report_id, files, title, order, who, key)
        except DatabaseUnavailable:
            # The transaction may have been committed although its answer was lost: the files must stay.
            raise
        except BaseException:
            # Also when the client has gone, which cancels this very task.
            with CancelScope(shield=True):
                for _, _, writer in written:
                    await run_sync(writer.abort)
            raise

    def refer(self, references: References, *, who: str, key: str | None) -> Accepted:
        """Objects below API_REFERENCE_PREFIX. What is not there is said now and not found out by a run."""
        prefix = self._platform.settings.api_reference_prefix
        files: list[StoredFile] = []
        for reference in references.objects:
            try:
                if not check_key(reference.key).startswith(prefix):
                    raise Problem(422, "forbidden_prefix", f"references must be to objects below {prefix}")
                stored = self._platform.objects.head(reference.key)
            except SignalRejected as rejected:
                known = {RejectionCode.NOT_FOUND: "is not in the bucket", RejectionCode.FORBIDDEN: "may not be read"}
                detail = f"object {len(files)} {known.get(rejected.code, 'has a key that is not acceptable')}"
                raise Problem(422, rejected.code.value, detail) from None
            name = reference.name or reference.key.rpartition("/")[2]
            files.append(StoredFile(uuid4(), _file_name(name), reference.key, stored.size_bytes, None))
        if len({file.object_key for file in files}) != len(files):
            raise Problem(422, "listed_twice", "an object is referenced twice")
        return self._register(uuid4(), files, references.title, references.work, who, key)

    def _known(self, who: str, key: str | None) -> tuple[UUID, str] | None:
        if key is None:
            return None
        with self._platform.database.transaction() as connection:
            found = remembered(connection, key_hash(who, key))
        return None if found is None else (found.report_id, found.content_digest)

    async def _compare(self, content_type: str, body: AsyncIterator[bytes], report_id: UUID, digest: str) -> Accepted:
        hashed: list[_Hashed] = []

        def open_sink(name: str) -> Sink:
            hashed.append(_Hashed(_file_name(name)))
            return hashed[-1]

        form = await read_form(content_type, body, open_sink, FORM_FIELDS)
        submitted = _digest(form.fields.get("title"), [(file.name, file.sha256) for file in hashed])
        if submitted != digest:
            raise _conflict()
        return Accepted(report_id, len(hashed), sum(file.size_bytes for file in hashed), is_new=False)

    def _register(
        self,
        report_id: UUID,
        files: list[StoredFile],
        title: str | None,
        order: WorkOrder | None,
        who: str,
        key: str | None,
    ) -> Accepted:
        digest = _digest(title, [(file.name, file.sha256 or file.object_key) for file in files])
        with self._platform.database.transaction() as connection:
            register_report(
                connection, self._platform, report_id, files, title=title, source=f"api ({who})", order=order
            )
            won = key is None or remember(connection, key_hash(who, key), report_id, digest)
            if not won:
                # Somebody sent the same key at the same time; theirs counts.
                connection.rollback()
        if won:
            return Accepted(report_id, len(files), sum(file.size_bytes for file in files))
        known = self._known(who, key)
        if known is None or known[1] != digest:
            raise _conflict()
        for file in files:
            if file.sha256 is not None:
                self._platform.objects.delete(file.object_key)
        return Accepted(known[0], len(files), sum(file.size_bytes for file in files), is_new=False)


def _conflict() -> Problem:
    return Problem(409, "idempotency_conflict", "this Idempotency-Key was used with other content")


def _file_name(name: str) -> str:
    """Only what comes after the last separator: a name is for reading and never a path."""
    return storable(name.replace("\\", "/").rpartition("/")[2]) or "unnamed"


def _digest(title: str | None, files: list[tuple[str, str]]) -> str:
    digest = hashlib.sha256(f"{title!r};".encode("utf-8", "surrogatepass"))
    for name, content in files:
        digest.update(f"{name!r}={content};".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
