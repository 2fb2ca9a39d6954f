"""One file in, frames of the contract and one outcome out, whatever the file is."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.errors import SignalRejected
from signal_pipeline.limits import Limits
from signal_pipeline.parsing import parse_har, parse_log
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import ENTRIES, PARSED
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes
from signal_pipeline_tests.parsing.test_containers import zipped

HAR = har_bytes(entry(), entry(status=503, body=json.dumps({"message": "ask frank@shop.example"})))
LOG = b"".join(b"2024-01-01 10:00:%02d ERROR payment %d failed\n" % (i % 60, i) for i in range(300))


def _read(path: Path, limits: Limits | None = None, **given: str) -> tuple[pl.DataFrame, SignalOutcome]:
    reading = read_signal(path, redactor=Redactor(b"k" * 32), limits=limits or Limits(), **given)
    frames = list(reading)
    return pl.concat([PARSED.empty(), *frames]), reading.outcome


def _file(tmp_path: Path, data: bytes, name: str = "file") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("data", "kind", "count"), [(HAR, "har", 2), (LOG, "log", 300)], ids=["har", "log"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_frames_are_of_the_contract(tmp_path: Path, data: bytes, kind: str, count: int, pack: type[bytes]) -> None:
    packed = pack(data)
    frame, outcome = _read(_file(tmp_path, packed), report_id="r", signal_id="s")
    assert PARSED.violations(frame.schema, {name: frame[name].null_count() for name in frame.columns}) == []
    assert (outcome.status, outcome.kind, outcome.entries, frame.height) == ("ok", kind, count, count)
    assert frame["signal_sha256"].unique().to_list() == [hashlib.sha256(packed).hexdigest()]
    assert frame.select("report_id", "signal_id", "member").unique().rows() == [("r", "s", None)]
    assert frame["ordinal"].to_list() == list(range(count))


def test_ids_are_null_unless_given(tmp_path: Path) -> None:
    frame, _ = _read(_file(tmp_path, HAR))
    assert frame.select("report_id", "signal_id").unique().rows() == [(None, None)]


def test_redactions_are_counted_for_this_file_alone(tmp_path: Path) -> None:
    path, redactor = _file(tmp_path, HAR), Redactor(b"k" * 32)
    redactor.text("anna@shop.example")
    reading = read_signal(path, redactor=redactor)
    list(reading)
    assert reading.outcome.redactions == {"email": 1}


def test_members_of_a_zip_are_numbered_through_and_named(tmp_path: Path) -> None:
    data = zipped({"a.har": HAR, "logs/frank@shop.example.log": LOG, "pic.png": b"\x89PNG\r\n\x1a\n" + bytes(50)})
    frame, outcome = _read(_file(tmp_path, data))
    assert frame["ordinal"].to_list() == list(range(302))
    assert frame["kind"].value_counts().sort("kind").rows() == [("har", 2), ("log", 300)]
    assert "frank" not in frame["member"].str.join("").item()
    assert (outcome.status, outcome.kind, outcome.entries) == ("partial", "log", 302)
    assert outcome.reasons == ("bad_member",)


# name, content, file name, code
REFUSED: list[tuple[str, bytes, str, str]] = [
    ("empty", b"", "a.log", "empty"),
    ("empty member only", zipped({"a.log": b""}), "a.zip", "empty"),
    ("empty zip", zipped({}), "a.zip", "empty"),
    ("binary", bytes(range(256)) * 20, "a.log", "binary"),
    ("PNG as HAR", b"\x89PNG\r\n\x1a\n" + bytes(50), "a.har", "not_har"),
    ("HTML as HAR", b"<html><body>{}</body></html>", "a.har", "not_har"),
    ("one byte as HAR", b"x", "a.har", "not_har"),
    ("JSON as HAR", b'{"a": 1}', "a.har", "har_shape"),
    ("log as HAR", LOG, "a.har", "not_har"),
    ("deep", b"[" * 100_000, "a.har", "json_depth"),
    ("bomb of zeros", gzip.compress(bytes(300 * 1024 * 1024), 1), "a.har.gz", "expand_ratio"),
    ("nothing whole in it", gzip.compress(LOG)[:12], "a.log.gz", "bad_archive"),
    ("not a kind that is read", b"Rar!\x1a\x07\x00", "a.rar", "unsupported_kind"),
]


@pytest.mark.parametrize(("name", "data", "file", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_bad_input_is_an_outcome_not_an_exception(tmp_path: Path, name: str, data: bytes, file: str, code: str) -> None:
    frame, outcome = _read(_file(tmp_path, data, file))
    assert frame.is_empty()
    assert (outcome.status, outcome.reasons) == ("failed", (code,))


def test_a_file_that_is_not_there_is_an_outcome(tmp_path: Path) -> None:
    assert _read(tmp_path / "gone.log")[1].reasons == ("not_found",)


def test_too_many_entries_fail_after_frames_were_handed_out(tmp_path: Path) -> None:
    path = _file(tmp_path, har_bytes(*[entry()] * 8_500))
    frame, outcome = _read(path, Limits(max_har_entries=8_400))
    assert frame.height == 8_000
    assert outcome.reasons == ("too_many_entries",)


def test_a_torn_gzip_is_partial(tmp_path: Path) -> None:
    data = gzip.compress(har_bytes(*(entry(f"https://a.example/{i * 7919 % 10007}") for i in range(2_000))))
    frame, outcome = _read(_file(tmp_path, data[: len(data) // 2]))
    assert 500 < frame.height < 1_500
    assert (outcome.status, outcome.reasons) == ("partial", ("truncated",))


def test_a_name_given_counts_before_the_path(tmp_path: Path) -> None:
    path = _file(tmp_path, b'{"a": 1}', "tmp-0001")
    assert _read(path, name="page.har")[1].reasons == ("har_shape",)


def test_no_outcome_before_the_end(tmp_path: Path) -> None:
    reading = read_signal(_file(tmp_path, HAR), redactor=Redactor(b"k" * 32))
    with pytest.raises(RuntimeError, match="when all its frames"):
        _ = reading.outcome


def test_parse_har_and_parse_log_give_classified_entries(tmp_path: Path) -> None:
    har = parse_har(str(_file(tmp_path, HAR, "a.har")))
    log = parse_log(_file(tmp_path, LOG, "a.log"))
    for frame in (har, log):
        assert ENTRIES.violations(frame.schema, {name: frame[name].null_count() for name in frame.columns}) == []
    assert har["is_error"].to_list() == [False, True]
    assert log["is_error"].all()


def test_parse_har_raises_what_the_file_was_refused_with(tmp_path: Path) -> None:
    with pytest.raises(SignalRejected) as caught:
        parse_har(_file(tmp_path, LOG, "a.har"))
    assert caught.value.code == "not_har"


def test_copies_of_a_har_have_the_same_signatures(tmp_path: Path) -> None:
    shapes = [HAR, json.dumps(json.loads(HAR), sort_keys=True, indent=3).encode()]
    hashes = [parse_har(_file(tmp_path, data, "a.har"))["signature_hash"].to_list() for data in shapes]
    assert hashes[0] == hashes[1]
    assert hashes[0][1] is not None
