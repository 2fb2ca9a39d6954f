"""The contract of a frame store, for both of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from signal_pipeline.errors import StorageUnavailable
from signal_pipeline.frames import SpooledFrame, spool
from signal_pipeline.local.ports import random_ports
from signal_pipeline.schemas import MANIFEST
from signal_pipeline.settings import Settings
from signal_pipeline.storage.frames import FrameBroken, FrameMissing, FrameStore, LocalFrames, S3Frames, open_frames
from signal_pipeline.storage.object_store import ObjectStore

Open = Callable[[], FrameStore]


@pytest.fixture(params=["local", "s3"])
def open_store(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Open]:
    opened: list[FrameStore] = []

    def work() -> FrameStore:
        opened.append(open_frames(settings.model_copy(update={"frame_store": request.param})))
        return opened[-1]

    yield work
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Open) -> FrameStore:
    return open_store()


def frame(store: FrameStore, name: str, rows: int = 3) -> SpooledFrame:
    data = pl.DataFrame(
        {"report_id": [name] * rows, "signal_id": [str(i) for i in range(rows)], "outcome": ["ok"] * rows}
    )
    return spool([data], MANIFEST, store.spool_path())


def test_what_is_put_is_read_back_with_its_columns(store: FrameStore) -> None:
    report = uuid4()
    spooled = frame(store, "a")
    expected = spooled.scan().collect()
    place = store.put("raw_signals", report, spooled)
    assert str(report) in place
    assert not spooled.path.exists()
    found = store.scan("raw_signals", report)
    assert dict(found.collect_schema()) == MANIFEST.polars
    assert_frame_equal(found.collect(), expected)


def test_putting_again_replaces(store: FrameStore) -> None:
    report = uuid4()
    store.put("raw_signals", report, frame(store, "old", 5))
    old = store.scan("raw_signals", report)
    store.put("raw_signals", report, frame(store, "new", 2))
    assert store.scan("raw_signals", report).collect()["report_id"].to_list() == ["new", "new"]
    del old


def test_an_empty_frame_keeps_its_columns(store: FrameStore) -> None:
    report = uuid4()
    store.put("raw_signals", report, spool([], MANIFEST, store.spool_path()))
    found = store.scan("raw_signals", report).collect()
    assert (found.height, dict(found.schema)) == (0, MANIFEST.polars)


def test_reports_and_assets_do_not_mix(store: FrameStore) -> None:
    first, second = uuid4(), uuid4()
    store.put("raw_signals", first, frame(store, "first"))
    store.put("raw_signals", second, frame(store, "second"))
    store.put("clusters", first, frame(store, "other asset"))
    assert store.scan("raw_signals", first).collect()["report_id"][0] == "first"
    assert store.scan("raw_signals", second).collect()["report_id"][0] == "second"


def test_what_was_never_made_is_named_with_what_to_do(store: FrameStore) -> None:
    report = uuid4()
    with pytest.raises(FrameMissing, match=f"clusters of report {report} is not there; materialize clusters"):
        store.scan("clusters", report)


def test_what_is_deleted_is_missing_and_deleting_twice_is_fine(store: FrameStore) -> None:
    report = uuid4()
    store.put("clusters", report, frame(store, "x"))
    store.delete("clusters", report)
    store.delete("clusters", report)
    with pytest.raises(FrameMissing):
        store.scan("clusters", report)


def test_another_process_sees_it(open_store: Open) -> None:
    report = uuid4()
    writer, reader = open_store(), open_store()
    writer.put("clusters", report, frame(writer, "x"))
    writer.close()
    assert reader.scan("clusters", report).collect().height == 3


def test_closing_leaves_only_what_was_put(open_store: Open, settings: Settings) -> None:
    store = open_store()
    report = uuid4()
    store.put("clusters", report, frame(store, "kept"))
    store.scan("clusters", report).collect()
    abandoned = frame(store, "never put")
    store.close()
    assert not abandoned.path.exists()
    left = [path for folder in (settings.frame_dir, settings.temp_dir) for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in left) in ([], [f"{report}.parquet", f"{report}.sha256"])


def test_a_frame_whose_bytes_have_changed_is_named_with_what_to_do(open_store: Open, settings: Settings) -> None:
    report = uuid4()
    writer = open_store()
    place = writer.put("clusters", report, frame(writer, "x", 500))
    damage(settings, place)
    with pytest.raises(FrameBroken, match=f"clusters of report {report} is damaged; materialize clusters"):
        open_store().scan("clusters", report)
    writer.put("clusters", report, frame(writer, "again"))
    assert open_store().scan("clusters", report).collect().height == 3, "a re-run repairs it"


def damage(settings: Settings, place: str) -> None:
    """Flip one bit in the middle, where Parquet itself does not notice; what is stored beside the bytes stays."""
    if not place.startswith("s3://"):
        path = Path(place)
        path.write_bytes(flipped(path.read_bytes()))
        return
    store = ObjectStore(settings)
    key = place.split("/", 3)[3]
    told = store.client.get_object(Bucket=store.bucket, Key=key)
    changed = flipped(told["Body"].read())
    store.client.put_object(Bucket=store.bucket, Key=key, Body=changed, Metadata=told["Metadata"])


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("content", [b"", b"no parquet at all"])
def test_a_frame_without_a_checksum_that_is_no_parquet(settings: Settings, content: bytes) -> None:
    """As one from before there were checksums."""
    report = uuid4()
    (settings.frame_dir / "clusters").mkdir(parents=True)
    (settings.frame_dir / "clusters" / f"{report}.parquet").write_bytes(content)
    with pytest.raises(FrameBroken):
        open_frames(settings).scan("clusters", report)


def test_a_crash_before_the_rename_leaves_a_frame_that_fits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, store = uuid4(), open_frames(settings)
    store.put("clusters", report, frame(store, "old"))
    coming = frame(store, "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop_at_parquet(Path.replace))
        with pytest.raises(KeyboardInterrupt):
            store.put("clusters", report, coming)
    assert open_frames(settings).scan("clusters", report).collect()["report_id"][0] == "old"


def stop_at_parquet(work: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def replace(self: Path, target: Path) -> Path:
        if target.suffix == ".parquet":
            raise KeyboardInterrupt
        return work(self, target)

    return replace


def test_the_settings_choose(settings: Settings, tmp_path: Path) -> None:
    assert isinstance(open_frames(settings), LocalFrames)
    assert isinstance(open_frames(settings.model_copy(update={"frame_store": "s3"})), S3Frames)


def test_a_store_that_does_not_answer_is_not_a_missing_frame(settings: Settings) -> None:
    nowhere = settings.model_copy(
        update={"frame_store": "s3", "s3_endpoint": f"http://127.0.0.1:{random_ports()['s3']}"}
    )
    with pytest.raises(StorageUnavailable):
        open_frames(nowhere).scan("clusters", uuid4())
