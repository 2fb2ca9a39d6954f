"""The bucket: what is fetched is what was looked at, and every fault has its type and no quotation."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from signal_pipeline.errors import RejectionCode, SignalRejected, StorageUnavailable
from signal_pipeline.local.ports import random_ports
from signal_pipeline.settings import Settings
from signal_pipeline.storage.object_store import ObjectStore, StoredObject, UploadRefused


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return ObjectStore(settings)


def put(store: ObjectStore, folder: Path, content: bytes, key: str | None = None) -> str:
    key = key or f"tests/{uuid4()}"
    (folder / "source").write_bytes(content)
    store.put_file(key, folder / "source")
    return key


@pytest.mark.parametrize("size", [0, 1, 3 * 1024 * 1024 + 7, 9 * 1024 * 1024])
def test_what_is_put_is_fetched_with_its_hash(store: ObjectStore, tmp_path: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    key = put(store, tmp_path, content)
    seen = store.head(key)
    assert seen.size_bytes == size
    assert store.fetch(key, tmp_path / "target", seen) == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "target").read_bytes() == content
    found = store.fetch_if(key, tmp_path / "other", lambda _: None)
    assert found == (seen, hashlib.sha256(content).hexdigest())
    assert (tmp_path / "other").read_bytes() == content


def test_an_object_that_may_not_be_fetched_leaves_nothing(store: ObjectStore, tmp_path: Path) -> None:
    key = put(store, tmp_path, b"x" * 5_000_000)
    seen = []

    def refuse(stored: StoredObject) -> None:
        seen.append(stored.size_bytes)
        raise SignalRejected(RejectionCode.TOO_LARGE)

    for _ in range(20):  # more than the client has connections
        with pytest.raises(SignalRejected) as rejected:
            store.fetch_if(key, tmp_path / "target", refuse)
        assert rejected.value.code is RejectionCode.TOO_LARGE
    assert seen == [5_000_000] * 20 and not (tmp_path / "target").exists()


def test_an_object_that_is_not_there(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(SignalRejected) as rejected:
        store.head("tests/nothing")
    assert rejected.value.code is RejectionCode.NOT_FOUND
    with pytest.raises(SignalRejected) as rejected:
        store.fetch_if("tests/nothing", tmp_path / "target", lambda _: None)
    assert rejected.value.code is RejectionCode.NOT_FOUND


def test_an_object_that_changed_since_it_was_looked_at(store: ObjectStore, tmp_path: Path) -> None:
    key = put(store, tmp_path, b"one")
    seen = store.head(key)
    put(store, tmp_path, b"two", key)
    with pytest.raises(SignalRejected) as rejected:
        store.fetch(key, tmp_path / "target", seen)
    assert rejected.value.code is RejectionCode.CHANGED


def test_a_body_of_another_length_is_not_taken_for_the_whole(store: ObjectStore, tmp_path: Path) -> None:
    key = put(store, tmp_path, b"one")
    seen = store.head(key)
    with pytest.raises(StorageUnavailable, match="3 of 4 bytes"):
        store.fetch(key, tmp_path / "target", StoredObject(4, seen.etag))


def test_a_bad_key_is_never_sent(store: ObjectStore, tmp_path: Path) -> None:
    for call in (
        lambda: store.head("../x"),
        lambda: store.delete("a//b"),
        lambda: put(store, tmp_path, b"", "a/../b"),
        lambda: store.fetch("a\0b", tmp_path / "target", StoredObject(0, "")),
    ):
        with pytest.raises(SignalRejected) as rejected:
            call()
        assert rejected.value.code is RejectionCode.BAD_OBJECT_KEY


def test_wrong_keys(settings: Settings, tmp_path: Path) -> None:
    wrong = ObjectStore(settings.model_copy(update={"s3_secret_key": SecretStr("nobody's key")}))
    with pytest.raises(SignalRejected) as rejected:
        wrong.head("tests/x")
    assert rejected.value.code is RejectionCode.FORBIDDEN
    with pytest.raises(UploadRefused, match=r"forbidden.*S3_BUCKET") as refused:
        put(wrong, tmp_path, b"x", "tests/secret-name")
    assert "secret-name" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_store_that_does_not_answer(settings: Settings, tmp_path: Path) -> None:
    down = ObjectStore(settings.model_copy(update={"s3_endpoint": f"http://127.0.0.1:{random_ports()['s3']}"}))
    for call in (lambda: down.head("tests/x"), lambda: put(down, tmp_path, b"x"), down.ensure_bucket):
        with pytest.raises(StorageUnavailable):
            call()


def test_the_bucket_is_made_once(settings: Settings, tmp_path: Path) -> None:
    store = ObjectStore(settings.model_copy(update={"s3_bucket": f"made-{uuid4()}"}))
    store.ensure_bucket()
    key = put(store, tmp_path, b"kept")
    store.ensure_bucket()
    assert store.head(key).size_bytes == 4
