"""Content decides what a file is; names and hints only where content leaves it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.parsing.events.kind import EVENTS
from signal_pipeline.parsing.kinds import KINDS, sniff
from signal_pipeline.parsing.refused_kinds import REFUSED_KINDS, RefusedKind, refusal_of
from signal_pipeline.parsing.signal_kind import SignalKind
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes

HAR = har_bytes(entry())
LOG = b"2024-01-01 10:00:00 ERROR boom\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

# name of the case, first bytes, file name, hint, kind
TOLD: list[tuple[str, bytes, str, str | None, str]] = [
    ("HAR", HAR, "page.har", None, "har"),
    ("HAR under another name", HAR, "trace.log", None, "har"),
    ("HAR that is called a log", HAR, "", "log", "har"),
    ("HAR with a mark", b"\xef\xbb\xbf" + HAR, "", None, "har"),
    ("HAR in UTF-16", HAR.decode().encode("utf-16"), "", None, "har"),
    ("HAR in UTF-16 without a mark", HAR.decode().encode("utf-16-le"), "", None, "har"),
    ("HAR in a call", b"cb(" + HAR + b")", "", None, "har"),
    ("HAR with a prefix", b")]}'\n" + HAR, "", None, "har"),
    ("HAR with members of its own before log", b'{"_meta": {"a": 1}, ' + HAR[1:], "", None, "har"),
    ("HAR, private member first", b'{"log": {"_recordingName": "x", "entries": []}}', "", None, "har"),
    ("entry without a log", b'{"startedDateTime": "x", "request": {}, "response": {}}', "", None, "har"),
    ("log", LOG, "app.log", None, "log"),
    ("log under another name", LOG, "data.bin", None, "log"),
    ("log line with a log member", b'{"log": {"level": "error"}, "message": "x"}\n', "app.json", None, "log"),
    ("container log line", b'{"log": "boom\\n", "stream": "stderr"}\n', "c.log", None, "log"),
    ("log line about HARs", b'INFO wrote "log": {"entries": 5}\n', "", None, "log"),
    ("log in UTF-16", LOG.decode().encode("utf-16"), "", None, "log"),
    ("log after a run of NULs", bytes(5_000) + LOG * 50, "", None, "log"),
    ("log with colours", b"\x1b[31mERROR\x1b[0m boom\n" * 20, "", None, "log"),
    ("log called HAR is for the HAR reader to refuse", LOG, "x.har", None, "har"),
    ("JSON called HAR", b'{"a": 1}', "x.HAR", None, "har"),
    ("JSON that the sender calls HAR", b'{"a": 1}', "", "har", "har"),
    ("unknown hint", LOG, "", "telemetry", "log"),
    ("text that the sender calls events", LOG, "", "events", "log"),
    ("JSON that the sender calls events", b'{"a": 1}', "", "events", "events"),
    ("JSON by the name of events", b'{"a": 1}', "orders.events.ndjson", None, "events"),
    ("events", EVENTS.sample, "app.log", None, "events"),
    ("capture", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "a.log", None, "pcap"),
    ("capture in the newer form", b"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a", "", "log", "pcap"),
    ("text called a capture", LOG, "dump.pcap", None, "log"),
]


@pytest.mark.parametrize(("name", "head", "file", "hint", "kind"), TOLD, ids=[case[0] for case in TOLD])
def test_told(name: str, head: bytes, file: str, hint: str | None, kind: str) -> None:
    assert sniff(head, file, hint).name == kind


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("nothing", b"", "a.log", "empty"),
    ("nothing, HAR", b"", "a.har", "empty"),
    ("white space", b" \r\n\t\n", "a.log", "empty"),
    ("zeros", bytes(4_096), "a.log", "binary"),
    ("PNG", PNG, "a.log", "picture"),
    ("PNG called HAR", PNG, "a.har", "not_har"),
    ("PDF", b"%PDF-1.7\n" + bytes(range(256)), "a.log", "document"),
    ("PDF called HAR", b"%PDF-1.7\n%", "a.har", "not_har"),
    ("JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.log", "picture"),
    ("program", b"\x7fELF\x02\x01\x01", "core", "binary"),
    ("random bytes", bytes(range(256)) * 16, "a.log", "binary"),
    ("packet capture of another format", b"snoop\0\0\0\0\0\0\x02", "a.pcap", "capture"),
]


@pytest.mark.parametrize(("name", "head", "file", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(name: str, head: bytes, file: str, code: str) -> None:
    with pytest.raises(SignalRejected) as caught:
        sniff(head, file)
    assert caught.value.code == code


@pytest.mark.parametrize("row", REFUSED_KINDS, ids=lambda row: row.name)
def test_what_is_no_signal_is_refused_as_what_it_is(row: RefusedKind) -> None:
    with pytest.raises(SignalRejected) as caught:
        sniff(row.example, "attached.log", "log")
    assert caught.value.code == row.code


COMMENTS = 'id,user,"comment text"\n' + "".join(f'{n},ann,"it failed, ""again"":\nerror {n}"\n' for n in range(50))

# name of the case, text, whether it is refused as a table
TABLES: list[tuple[str, str, bool]] = [
    ("comments over several lines", COMMENTS, True),
    ("tabs", "name\tcount\n" + "error\t1\n" * 5, True),
    ("semicolons", "Kunde;Betrag;Status\n" + "a;1,5;failed\n" * 5, True),
    ("Windows line ends", "id,name,state\r\n" + "1,a,ERROR\r\n" * 5, True),
    ("old Mac line ends", "id,name,state\r" + "1,a,ERROR\r" * 5, True),
    ("torn in the middle of a quoted value", COMMENTS[:-20], True),
    ("export of a log store", "timestamp,level,message\n" + "2024-03-01T10:00:00Z,ERROR,boom\n" * 5, False),
    ("export with hosts", "Date,Host,Service,Message\n" + "2024-03-01T10:00:00Z,a,b,boom\n" * 5, False),
    ("log lines with commas", "Starting up, please wait\n" + "2024-03-01 10:00:00,123 ERROR a, b\n" * 5, False),
    ("rows of other lengths", "a,b,c\n" + "one, two\nthree\nfour, five, six, seven\n" * 3, False),
    ("a header alone", "a,b,c\n", False),
    ("key=value lines", "level=info,msg=up\n" * 6, False),
]


@pytest.mark.parametrize(("name", "text", "refused"), TABLES, ids=[case[0] for case in TABLES])
def test_a_table_is_no_log_and_an_export_of_a_log_store_is_one(name: str, text: str, refused: bool) -> None:
    assert (refusal_of(text.encode()) == RejectionCode.TABLE) is refused


def test_a_page_that_a_program_printed_does_not_make_its_log_a_web_page() -> None:
    assert refusal_of(b"<html><body>502</body></html>") == RejectionCode.WEB_PAGE
    assert refusal_of(b"<html><b>1</b></html>\n at com.example.Main.run(Main.java:12)\n") is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_sample_of_each_kind_is_read_as_that_kind(kind: SignalKind, tmp_path: Path) -> None:
    path = tmp_path / "sample"
    path.write_bytes(kind.sample)
    reading = read_signal(path, redactor=local_redactor())
    frames = list(reading)
    assert (reading.outcome.status, reading.outcome.kind) == ("ok", kind.name)
    assert {role for frame in frames for role in frame["role"]} == {kind.role}
