"""Events as they should not be: each costs itself at most, in a file and in a body alike, and what is kept can be stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.errors import MessageRejected
from signal_pipeline.intake.event_batch import Batch, read_batch
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.events.reading import EventReader
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor

EVENT = '{"specversion":"1.0","id":"e1","source":"/s","type":"order.placed","time":"2024-03-01T10:00:00Z","data":%s}'
ONE, TWO, THREE = (EVENT.replace("e1", f"e{number}") % '{"a":{"b":1}}' for number in (1, 2, 3))
DIGITS = "9" * 400


def number(text: str) -> str:
    return EVENT % f'{{"order_id":"A","amount":{text}}}'


def timed(text: str) -> str:
    return EVENT.replace('"2024-03-01T10:00:00Z"', text) % "{}"


Case = tuple[str, str | bytes, list[str], int]
"""Name, content, ids of the events in it, and how many of them have a time."""
CASES: list[Case] = [
    ("a number of 400 digits", number(DIGITS), ["e1"], 1),
    ("a number of 5,000 digits", number("9" * 5_000), ["e1"], 1),
    ("a large exponent", number("1e9999"), ["e1"], 1),
    ("a small exponent", number("1e-9999"), ["e1"], 1),
    ("no number", number("NaN"), ["e1"], 1),
    ("infinity", number("-Infinity"), ["e1"], 1),
    ("an id of 400 digits", EVENT.replace('"e1"', DIGITS) % "{}", [DIGITS[:200]], 1),
    ("a time of 400 digits", timed(DIGITS), ["e1"], 0),
    ("a time that is an object", timed('{"epochSecond":1e400}'), ["e1"], 0),
    ("the year 0", timed('"0000-00-00T00:00:00Z"'), ["e1"], 0),
    ("the year 12000", timed('"12000-03-01T10:00:00Z"'), ["e1"], 0),
    ("before the first year", timed('"0001-01-01T00:00:00+14:00"'), ["e1"], 0),
    ("after the last year", timed('"9999-12-31T23:59:59-14:00"'), ["e1"], 0),
    ("a lone surrogate", EVENT % '{"order_id":"\\ud800A","x\\udfff":1}', ["e1"], 1),
    ("a lone surrogate for an id", EVENT.replace('"e1"', '"\\udc00"') % "{}", ["�"], 1),
    ("a zero byte", EVENT.replace('"e1"', '"e\\u00001"') % '{"k\\u0000":"v\\u0000"}', ["e�1"], 1),
    ("the mark between source and id", EVENT.replace('"/s"', '"/s\\u001fx"') % "{}", ["e1"], 1),
    ("keys that are there twice", EVENT.replace('"id":"e1"', '"id":"a","id":"b"') % '{"a":1,"a":2}', ["b"], 1),
    ("60 levels", EVENT % ('{"a":' * 60 + "1" + "}" * 60), ["e1"], 1),
    ("5,000 levels beside a good one", EVENT % ("[" * 5_000 + "]" * 5_000) + "\n" + TWO + "\n", ["e2"], 1),
    ("brackets in a text", EVENT % ('{"a":"' + "{[" * 3_000 + '"}'), ["e1"], 1),
    ("50,000 keys", EVENT % ("{" + ",".join(f'"k{at}":{at}' for at in range(50_000)) + "}"), ["e1"], 1),
    ("5 MB beside a good one", EVENT % ('{"a":"' + "x" * 5_000_000 + '"}') + "\n" + TWO + "\n", ["e2"], 1),
    ("an array a line", f"[{ONE}]\n[{TWO},{THREE}]\n", ["e1", "e2", "e3"], 3),
    ("an event, an array, an event", f"{ONE}\n[{TWO}]\n{THREE}\n", ["e1", "e2", "e3"], 3),
    ("an array, an event", f"[{ONE},{TWO}]\n{THREE}\n", ["e1", "e2", "e3"], 3),
    ("CRLF", f"{ONE}\r\n{TWO}\r\n", ["e1", "e2"], 2),
    ("CR", f"{ONE}\r{TWO}\r", ["e1", "e2"], 2),
    ("side by side", f"{ONE} {TWO}{THREE}", ["e1", "e2", "e3"], 3),
    ("a separator of lines in a text", EVENT % '{"a":"\u2028"}' + "\n" + TWO, ["e1", "e2"], 2),
    ("a mark of the byte order a line", f"\ufeff{ONE}\n\ufeff{TWO}\n", ["e1", "e2"], 2),
    ("a comma a line", f"{ONE},\n{TWO},\n", ["e1", "e2"], 2),
    ("a comma too many", f"[{ONE},{TWO},]", ["e1", "e2"], 2),
    ("shapes of several producers",
     f'{ONE}\n{{"event":"cart_abandoned","id":"e2","ts":1709287200}}\n{{"AccountSid":"A","MessageStatus":"sent"}}\n',
     ["e1", "e2", "*"], 2),
    ("UTF-16", (EVENT % '{"order_id":"é"}' + "\n" + TWO).encode("utf-16"), ["e1", "e2"], 2),
    ("UTF-16 without a mark", f"{ONE}\n{TWO}\n".encode("utf-16-le"), ["e1", "e2"], 2),
    ("UTF-16, the other order, an array", f"[{ONE},\n{TWO}]".encode("utf-16-be"), ["e1", "e2"], 2),
    ("no UTF-8", (EVENT % '{"order_id":"é"}').encode("latin-1"), ["e1"], 1),
    ("nothing as it should be but what says what it is",
     '{"specversion":"1.0","id":{"a":1},"source":"/s","type":"order.placed","time":[],"data":[1],"subject":{}}', ["*"], 0),
]  # fmt: skip
NO_EVENT = [
    '{"specversion":1,"id":{},"source":[],"type":null,"time":{}}',
    '{"headers":[1,null,{"key":5},["a"],["X-Event-Type"]],"body":{"a":1}}',
    '{"headers":{"X-Event-Type":{"a":1}},"body":{"a":1}}',
    '{"TopicArn":5,"Message":"{}","MessageId":1}',
    '{"topic":"t","partition":null,"offset":[],"value":{}}',
    '{"NotificationRequestItem":{"eventCode":{},"pspReference":{}}}',
    '{"op":"c","source":{"table":{"a":1}}}',
    '{"op":["c"],"source":{"table":"x"}}',
    '{"database":{},"table":[],"type":{"a":1},"data":{}}',
    '{"database":"a","table":[],"type":"insert","data":{}}',
    '{"type":["track"],"messageId":"m","event":1}',
    '{"event":{"type":5},"event_id":{},"event_time":"x"}',
    '{"event":{"replayId":{}},"payload":{}}',
    '{"object_kind":[],"project":5}',
    '{"log_id":[1],"data":{"type":5,"date":"x"}}',
    '{"eventSource":5,"eventName":{"a":1}}',
    '{"message":{"messageId":1},"subscription":[]}',
    '{"kinesis":{"data":5},"eventID":"1"}',
]


def batch_of(content: bytes) -> Batch:
    return read_batch(content, EventChecker(event_checks(), local_redactor()))


def texts_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts_of(one)]
    return []


@pytest.mark.parametrize(("name", "content", "ids", "timed"), CASES, ids=[case[0] for case in CASES])
def test_in_a_body_and_in_a_file(tmp_path: Path, name: str, content: str | bytes, ids: list[str], timed: int) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    found = batch_of(raw).events
    assert [one.facts.id if wanted != "*" else "*" for one, wanted in zip(found, ids, strict=True)] == ids, name
    assert sum(one.is_timed for one in found) == timed
    for one in found:
        for text in (*texts_of(dict(one.facts.fields)), one.facts.id, one.facts.type, one.facts.source):
            assert not {"\0", "\x1f"} & set(text), "cannot be stored, or divides source from id"
            text.encode()
        json.dumps(dict(one.facts.fields), allow_nan=False)
    path = tmp_path / "a.events.json"
    path.write_bytes(raw)
    reading = read_signal(path, redactor=local_redactor())
    entries = sum(frame["entry_index"].n_unique() for frame in reading)
    assert (reading.outcome.kind, entries) == ("events", len(ids))
    assert "internal_error" not in reading.outcome.reasons


@pytest.mark.parametrize("content", NO_EVENT)
def test_what_looks_like_an_event_and_is_none(content: str) -> None:
    with pytest.raises(MessageRejected):
        batch_of(content.encode())
    EventReader().event(json.loads(content))


def test_an_event_on_which_a_step_fails_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that fails each time would otherwise hold up all others."""
    correct = EventReader.event

    def fails(self: EventReader, whole: Any, **more: Any) -> Any:
        if whole["id"] == "e2":
            raise ZeroDivisionError
        return correct(self, whole, **more)

    monkeypatch.setattr(EventReader, "event", fails)
    raw = f"{ONE}\n{TWO}\n{THREE}\n".encode()
    batch = batch_of(raw)
    assert ([one.facts.id for one in batch.events], batch.rejected) == (["e1", "e3"], [1])
    path = tmp_path / "a.events.json"
    path.write_bytes(raw)
    reading = read_signal(path, redactor=local_redactor())
    assert {index for frame in reading for index in frame["entry_index"]} == {0, 1}
    assert (reading.outcome.status, set(reading.outcome.reasons)) == ("partial", {"internal_error"})
