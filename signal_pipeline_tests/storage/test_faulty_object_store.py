"""A store that answers badly: each way has its own outcome, and the object beside it is read as ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from signal_pipeline.errors import RejectionCode, SignalPipelineError, SignalRejected, StorageUnavailable
from signal_pipeline.settings import Settings, load_settings
from signal_pipeline.storage import object_store
from signal_pipeline.storage.object_store import ObjectStore, StoredObject
from signal_pipeline_tests.storage.faulty_s3 import CONTENT, faulty_s3, waited_for_all

# What comes of it for good is a file's outcome; what may pass is tried again with the whole report.
WAYS: dict[str, RejectionCode | None] = {
    "missing": RejectionCode.NOT_FOUND,
    "forbidden": RejectionCode.FORBIDDEN,
    "changing": RejectionCode.CHANGED,
    "short": None,
    "versionless": None,
    "sizeless": None,
    "broken": None,
    "full": None,
    "busy": None,
}


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with faulty_s3() as (address, _):
        yield ObjectStore(settings_for(address))


def settings_for(address: str) -> Settings:
    return load_settings(
        s3_endpoint=address,
        s3_access_key="key",
        s3_secret_key="key-of-the-faulty-store",
        nats_url="nats://127.0.0.1:4222",
        db_password="of-the-tests",
        redaction_key=SecretStr("a-key-of-the-tests-alone"),
    )


def fetch(store: ObjectStore, way: str, folder: Path) -> bytes:
    key = f"{way}.log"
    target = folder / key
    store.fetch(key, target, store.head(key))
    return target.read_bytes()


@pytest.mark.parametrize(("way", "code"), WAYS.items(), ids=WAYS.keys())
def test_each_way_has_its_outcome_and_the_neighbour_is_read(
    store: ObjectStore, tmp_path: Path, way: str, code: RejectionCode | None
) -> None:
    with pytest.raises(SignalPipelineError) as failure:
        fetch(store, way, tmp_path)
    if code is None:
        assert isinstance(failure.value, StorageUnavailable)
    else:
        assert isinstance(failure.value, SignalRejected) and failure.value.code is code
    assert way + ".log" not in str(failure.value)
    assert fetch(store, "good", tmp_path) == CONTENT


@pytest.mark.parametrize("way", ["dripping", "hanging"])
def test_a_store_that_sends_too_slowly_is_not_waited_for(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(object_store, "BASE_DEADLINE_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(StorageUnavailable, match="too slowly"):
        fetch(store, way, tmp_path)
    assert not waited_for_all(began)
    monkeypatch.undo()
    assert fetch(store, "good", tmp_path) == CONTENT


def test_what_is_larger_than_it_was_is_not_taken(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="bytes"):
        store.fetch("good.log", tmp_path / "target", StoredObject(len(CONTENT) - 1, '"one"'))


def test_the_time_for_an_object_grows_with_its_size(store: ObjectStore, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(object_store, "BASE_DEADLINE_SECONDS", 0.0)
    monkeypatch.setattr(object_store, "SLOWEST_BYTES_PER_SECOND", 1)
    assert fetch(store, "good", tmp_path) == CONTENT
