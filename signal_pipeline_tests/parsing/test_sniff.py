"""Content decides what a file is; names and hints only where content leaves it open."""

from __future__ import annotations

import pytest

from signal_pipeline.errors import SignalRejected
from signal_pipeline.parsing.sniff import sniff
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
    ("unknown hint", LOG, "", "pcap", "log"),
]


@pytest.mark.parametrize(("name", "head", "file", "hint", "kind"), TOLD, ids=[case[0] for case in TOLD])
def test_told(name: str, head: bytes, file: str, hint: str | None, kind: str) -> None:
    assert sniff(head, file, hint) == kind


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("nothing", b"", "a.log", "empty"),
    ("nothing, HAR", b"", "a.har", "empty"),
    ("white space", b" \r\n\t\n", "a.log", "empty"),
    ("zeros", bytes(4_096), "a.log", "binary"),
    ("PNG", PNG, "a.log", "binary"),
    ("PNG called HAR", PNG, "a.har", "not_har"),
    ("PDF", b"%PDF-1.7\n" + bytes(range(256)), "a.log", "binary"),
    ("PDF called HAR", b"%PDF-1.7\n%", "a.har", "not_har"),
    ("JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.log", "binary"),
    ("program", b"\x7fELF\x02\x01\x01", "core", "binary"),
    ("random bytes", bytes(range(256)) * 16, "a.log", "binary"),
    ("packet capture", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "a.pcap", "binary"),
]


@pytest.mark.parametrize(("name", "head", "file", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(name: str, head: bytes, file: str, code: str) -> None:
    with pytest.raises(SignalRejected) as caught:
        sniff(head, file)
    assert caught.value.code == code
