"""Hostile and broken HARs, case by case: what each is refused with, or what of it is kept and why it is partial."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from signal_pipeline.errors import SignalRejected
from signal_pipeline.limits import DEFAULT_LIMITS, Limits
from signal_pipeline_tests.parsing.har.samples import entry, har, har_bytes, read, row

GOOD = har_bytes(entry("https://a.example/1"), entry("https://a.example/2", 503), entry("https://a.example/3"))

REFUSED: list[tuple[str, bytes, str]] = [
    ("nested arrays 40 KB", b"[" * 20_000 + b"]" * 20_000, "json_depth"),
    ("nested arrays 1 MB", b"[" * 500_000 + b"]" * 500_000, "json_depth"),
    ("open brackets only", b"[" * 2_000_000, "json_depth"),
    ("nested objects in a field beside log", b'{"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001, "json_depth"),
    (
        "every entry too deep",
        har_bytes({"_x": 0}).replace(b'"_x": 0', b'"_x":' + b"[" * 900 + b"]" * 900),
        "json_depth",
    ),
    ("entries of something else", json.dumps({"entries": [{"id": 1}, {"id": 2}]}).encode(), "har_shape"),
    ("log under another name", json.dumps({"test": har(entry())}).encode(), "har_shape"),
    ("log null", b'{"log": null}', "har_shape"),
    ("log a list", b'{"log": [1, 2]}', "har_shape"),
    ("entries missing", b'{"log": {"version": "1.2"}}', "har_shape"),
    ("entries null", b'{"log": {"version": "1.2", "entries": null}}', "har_shape"),
    ("entries an object", b'{"log": {"entries": {"0": {}}}}', "har_shape"),
    ("entries a string", b'{"log": {"entries": "none"}}', "har_shape"),
    ("a later log takes the entries away", GOOD[:-1] + b', "log": null}', "har_shape"),
    ("plain JSON", b'{"hello": "world"}', "har_shape"),
    ("JSON number", b"[1, 2, 3]", "har_shape"),
    ("broken JSON", b'{"hello": world}', "not_har"),
    ("truncated other JSON", b'{"hello": {"a": [1, 2', "not_har"),
    ("stray closing bracket", b"[]]", "not_har"),
    ("HTML", b"<!doctype html><html><body onload='{[]}'>hi</body></html>", "not_har"),
    ("log text", b"2024-01-01 10:00:00 ERROR {boom}\n" * 20, "not_har"),
    ("one byte", b"x", "not_har"),
    ("one bracket", b"{", "not_har"),
    ("nothing", b"", "empty"),
    ("white space", b" \r\n\t ", "empty"),
]


@pytest.mark.parametrize(("name", "data", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(SignalRejected) as caught:
        read(data)
    assert caught.value.code == code


def _edited(**changes: Any) -> bytes:
    return har_bytes(entry(), entry(**changes))


def _with(old: str, new: str) -> bytes:
    """The good HAR with a piece of its text exchanged."""
    text = GOOD.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


# name, input, entries kept, reasons
KEPT: list[tuple[str, bytes, int, set[str]]] = [
    ("as it should be", GOOD, 3, set()),
    ("one entry too deep", _with('"cache": {}', '"_x": ' + '{"a":' * 50_000 + "1" + "}" * 50_000), 2, {"bad_entries"}),
    ("entries of other types", _with('"entries": [', '"entries": [null, 7, "x", [1], {}, '), 3, {"bad_entries"}),
    ("status of 5,000 digits", _with('"status": 503', '"status": ' + "9" * 5_000), 3, {"bad_values"}),
    ("time of 1,000,000 digits", _with('"time": 120.5', '"time": ' + "9" * 1_000_000), 3, {"bad_values"}),
    ("size of 5,000 digits", _with('"size": 2', '"size": ' + "9" * 5_000), 3, set()),
    ("NaN timing", _with('"wait": 80', '"wait": NaN'), 3, {"bad_values"}),
    ("infinite time", _with('"time": 120.5', '"time": 1e999'), 3, {"bad_values"}),
    ("negative time", _edited(time=-5), 2, {"bad_values"}),
    ("negative phase", _edited(timings={"wait": -3}), 2, {"bad_values"}),
    ("request null", _edited(request=None), 2, set()),
    ("response a string", _edited(response="gone"), 2, {"bad_values"}),
    (
        "headers an object",
        _edited(request={"method": "GET", "url": "https://a.example/", "headers": {"a": "b"}}),
        2,
        set(),
    ),
    ("no pages", har_bytes(entry(), pages=None), 1, set()),
    ("UTF-8 mark", b"\xef\xbb\xbf" + GOOD, 3, set()),
    ("UTF-16 little, mark", GOOD.decode().encode("utf-16"), 3, set()),
    ("UTF-16 big, mark", b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), 3, set()),
    ("UTF-16 little, no mark", GOOD.decode().encode("utf-16-le"), 3, set()),
    ("UTF-16 big, no mark", GOOD.decode().encode("utf-16-be"), 3, set()),
    ("UTF-32", GOOD.decode().encode("utf-32"), 3, set()),
    (
        "bytes that are not UTF-8",
        GOOD.replace(b"/api/cart", b"x").replace(b"a.example/2", b"a.example/\xff\xfe"),
        3,
        {"encoding_replaced"},
    ),
    ("function call around", b"onInputData(" + GOOD + b");\n", 3, set()),
    ("assignment around", b"var har = " + GOOD + b";", 3, set()),
    ("anti-hijacking prefix", b")]}',\n" + GOOD, 3, set()),
    ("documents line by line", GOOD + b"\n" + GOOD + b"\n", 6, {"trailing_data"}),
    ("a bracket too many", GOOD + b"}", 3, {"trailing_data"}),
    ("a log without the document around it", json.dumps(har(entry(), entry())["log"]).encode(), 2, set()),
    ("list of logs", json.dumps([har(entry())["log"], har(entry(), entry())["log"]]).encode(), 3, set()),
    ("a request that is a number", har_bytes(entry(), entry(request=17)), 2, {"bad_values"}),
    ("list of documents", b"[" + GOOD + b"," + GOOD + b"]", 6, set()),
    ("entries line by line", b"\n".join(json.dumps(entry()).encode() for _ in range(4)), 4, set()),
    ("list of entries", json.dumps([entry(), entry()]).encode(), 2, set()),
    ("no entries", har_bytes(), 0, set()),
    ("comma after the last entry", _with("}]}", "}, ]}"), 3, {"bad_values"}),
    ("broken JSON beside the entries", _with('"pages": []', '"pages": [1, ]'), 3, {"bad_values"}),
    ("broken JSON in one entry", _with('"cache": {}', '"cache": {1}'), 2, {"bad_entries"}),
    ("rubbish after the end", GOOD + b"rubbish", 3, {"trailing_data"}),
    ("raw control characters in a string", _with("a.example/2", "a.example/\x01\x02"), 3, set()),
]


@pytest.mark.parametrize(("name", "data", "count", "reasons"), KEPT, ids=[case[0] for case in KEPT])
def test_kept(name: str, data: bytes, count: int, reasons: set[str]) -> None:
    frame, outcome = read(data)
    assert (frame.height, outcome.entries) == (count, count)
    assert set(outcome.reasons) == reasons


@pytest.mark.parametrize("cut", range(1, 50))
def test_truncated_anywhere_keeps_the_entries_before_the_cut(cut: int) -> None:
    data = har_bytes(*(entry(f"https://a.example/{i}", body="x" * 400) for i in range(20)), comment="end")
    torn = data[: len(data) * cut // 50]
    ends = [at for at in range(len(data)) if data.startswith(b'"receive": 9}}', at)]
    whole = sum(at + len(b'"receive": 9}}') <= len(torn) for at in ends)
    frame, outcome = read(torn)
    assert frame["url"].to_list() == [f"https://a.example/{i}" for i in range(whole)]
    assert outcome.status == "partial"
    assert "truncated" in outcome.reasons


def test_cut_in_the_first_bytes_is_truncated_not_complete() -> None:
    _, outcome = read(b'{"log": {"version": "1.')
    assert outcome.reasons == ("truncated",)


REPEATED: list[tuple[str, bytes, list[str]]] = [
    ("log", b'{"log": {"entries": [%s]}, "log": {"entries": [%s]}}', ["https://a.example/new"]),
    ("entries", b'{"log": {"entries": [%s], "entries": [%s]}}', ["https://a.example/new"]),
]


@pytest.mark.parametrize(("name", "text", "urls"), REPEATED, ids=[case[0] for case in REPEATED])
def test_the_last_of_repeated_keys_counts(name: str, text: bytes, urls: list[str]) -> None:
    old, new = (json.dumps(entry(f"https://a.example/{word}")).encode() for word in ("old", "new"))
    frame, outcome = read(text % (old, new))
    assert frame["url"].to_list() == urls
    assert outcome.entries == 1


def test_the_last_of_repeated_keys_counts_in_an_entry() -> None:
    data = GOOD.replace(
        b'"url": "https://a.example/1"', b'"url": "https://a.example/old", "url": "https://a.example/1"'
    )
    assert read(data)[0]["url"][0] == "https://a.example/1"


def test_repeated_log_after_rows_were_handed_out_is_refused() -> None:
    many = json.dumps([entry()] * 4_500).encode()
    with pytest.raises(SignalRejected) as caught:
        read(b'{"log": {"entries": %s}, "log": {"entries": %s}}' % (many, many))
    assert caught.value.code == "har_shape"


def test_a_million_empty_entries_are_too_many() -> None:
    with pytest.raises(SignalRejected) as caught:
        read(b'{"log": {"entries": [' + b"{}," * 1_000_000 + b"{}]}}")
    assert caught.value.code == "too_many_entries"


def test_entry_limit_is_the_limit() -> None:
    limits = Limits(max_har_entries=3)
    assert read(GOOD, limits)[1].entries == 3
    with pytest.raises(SignalRejected):
        read(har_bytes(*[entry()] * 4), limits)


URLS: list[tuple[str, str]] = [
    ("2 MB", "https://a.example/" + "p/" * 1_000_000),
    ("2 MB without a separator", "https://a.example/" + "p" * 2_000_000),
    ("10,000 parameters", "https://a.example/?" + "&".join(f"p{i}={i}" for i in range(10_000))),
    ("two users", "http://a@b@c"),
    ("open bracket", "http://[::1"),
    ("port 99999", "http://a.example:99999/x"),
    ("homograph", "https://xn--pple-43d.com/\u0430pple"),
    ("data of 5 MB", "data:image/png;base64," + "iVBOR" * 1_000_000),
    ("script", "javascript:alert(document.cookie)"),
    ("blob", "blob:https://a.example/0d3c7f6e-1c8e-4d0e-8a5e-0d9b2c1f3a4b"),
    ("empty", ""),
    ("white space", " \t "),
    ("markup", "https://a.example/<script>alert(1)</script>"),
    ("escape sequence", "https://a.example/\x1b]52;c;aGk=\x07\x1b[31mred"),
]


@pytest.mark.parametrize(("name", "url"), URLS, ids=[case[0] for case in URLS])
def test_monstrous_urls(name: str, url: str) -> None:
    found = row(har_bytes(entry(url)))
    assert len(found["url"] or "") <= 2_048
    assert "\x1b" not in found["message"]
    assert "alert(document" not in found["message"]
    assert "iVBOR" not in found["message"]


def test_what_is_not_on_the_allow_list_is_dropped() -> None:
    planted = "C4n4ry-9f8e7d6c5b4a"
    pair = [{"name": "Cookie", "value": planted}, {"name": "X-Api-Key", "value": planted}]
    one = entry(
        f"https://u:{planted}@a.example/p?token={planted}#{planted}",
        body=json.dumps({"secret": planted}),
        _webSocketMessages=[{"type": "send", "data": planted}],
        _initiator={"type": "script", "url": planted, "stack": {"callFrames": [{"url": planted}]}},
        _priority=planted,
        comment=planted,
        serverIPAddress=planted,
        cache={"beforeRequest": {"eTag": planted}},
    )
    one["request"] |= {"headers": pair, "cookies": pair, "queryString": pair, "postData": {"text": planted}}
    one["response"] |= {"headers": pair, "cookies": pair, "redirectURL": planted, "statusText": planted}
    frame, _ = read(har_bytes(one, pages=[{"id": planted, "title": planted}], comment=planted))
    assert planted not in frame.write_json()


def test_secret_in_the_body_of_a_failed_request_is_masked() -> None:
    key = "AKIA" + "Q7RSTUVWXYZ23456"
    found = row(har_bytes(entry(status=500, body=json.dumps({"message": f"bad key {key}"}))))
    assert "bad key" in found["error_text"]
    assert key not in str(found)


@pytest.mark.parametrize(
    "change", [lambda data: data, lambda data: json.dumps(json.loads(data), sort_keys=True).encode()]
)
def test_order_of_keys_and_white_space_change_nothing(change: Callable[[bytes], bytes]) -> None:
    data = har_bytes(entry(status=503, body='{"message": "down"}'), entry(status=0, _error="net::ERR_FAILED"))
    spaced = json.dumps(json.loads(change(data)), indent=4).encode()
    same = [name for name in read(data)[0].columns if not name.startswith("byte_")]
    assert read(spaced)[0].select(same).equals(read(data)[0].select(same))


def test_byte_offsets_point_at_the_entry() -> None:
    for prefix in (b"", b"\xef\xbb\xbf", b"cb("):
        frame, _ = read(prefix + GOOD)
        for offset, length, url in frame.select("byte_offset", "byte_length", "url").iter_rows():
            assert json.loads((prefix + GOOD)[offset : offset + length])["request"]["url"] == url


def test_offsets_are_unknown_in_a_transcoded_file() -> None:
    assert read(GOOD.decode().encode("utf-16"))[0]["byte_offset"].null_count() == 3


def test_defaults_bound_what_the_cases_rely_on() -> None:
    assert DEFAULT_LIMITS.max_json_depth < 900
    assert DEFAULT_LIMITS.max_har_entries < 1_000_000
