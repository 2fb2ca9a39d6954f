"""Each kind of rule by small cases, the table of rules, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.errors import RulesInvalid
from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.kinds import KINDS
from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.event_rules.rule import SECOND, spelled
from signal_pipeline.event_rules.table import read_rules, rules_of

MINUTE = 60 * SECOND
START = 1_709_287_200 * SECOND
BASE = {"entity": "order_id", "types": ["order.placed"]}

# kind, fields of the rule, (minute, type, fields) of each event, the numbers of the events that are signals
CASES: list[tuple[str, str, dict[str, Any], list[tuple[float, str, dict[str, Any]]], list[int]]] = [
    ("no next step", "stalled", {"types": ["*"], "final": ["order.done"], "within": "10m"}, [(0, "order.placed", {})], [0]),
    ("the next step in time", "stalled", {"types": ["*"], "final": ["order.done"], "within": "10m"},
     [(0, "order.placed", {}), (10, "order.done", {})], []),
    ("the next step too late", "stalled", {"types": ["*"], "final": ["order.done"], "within": "10m"},
     [(0, "order.placed", {}), (10.5, "order.done", {})], [0]),
    ("another order", "follow_up", {"then": ["order.paid"], "within": "10m"},
     [(0, "order.placed", {}), (1, "order.paid", {"order_id": "B"})], [0]),
    ("followed", "follow_up", {"then": ["order.paid"], "within": "10m"},
     [(0, "order.placed", {}), (10, "order.paid", {})], []),
    ("followed before", "follow_up", {"then": ["order.paid"], "within": "10m"},
     [(1, "order.placed", {}), (0, "order.paid", {})], [0]),
    ("never before", "order", {"types": ["sent"], "then": ["order.paid"]}, [(0, "sent", {}), (1, "order.paid", {})], [0]),
    ("before", "order", {"types": ["sent"], "then": ["order.paid"]}, [(1, "sent", {}), (0, "order.paid", {})], []),
    ("at the same time", "order", {"types": ["sent"], "then": ["order.paid"]}, [(1, "sent", {}), (1, "order.paid", {})], []),
    ("again", "duplicate", {"within": "5m", "same": ["n"]},
     [(0, "order.placed", {"n": 1}), (5, "order.placed", {"n": 1}), (5, "order.placed", {"n": 2})], [1]),
    ("again later", "duplicate", {"within": "5m"}, [(0, "order.placed", {}), (6, "order.placed", {})], []),
    ("too low", "range", {"value": "n", "min": 0.01, "max": 10},
     [(0, "order.placed", {"n": 0}), (1, "order.placed", {"n": 0.01}), (2, "order.placed", {"n": 10.1})], [0, 2]),
    ("a number in a text", "range", {"value": "n", "min": 1}, [(0, "order.placed", {"n": "0.5"})], [0]),
    ("no number", "range", {"value": "n", "min": 1}, [(0, "order.placed", {"n": "x"}), (0, "order.placed", {"n": True})], []),
    ("far", "history", {"value": "n", "history": 10, "least": 3, "deviations": 3},
     [(n, "order.placed", {"n": v}) for n, v in enumerate([10, 11, 10, 100, 10])], [3]),
    ("a constant that moves a little", "history", {"value": "n", "history": 10, "least": 3, "deviations": 3},
     [(n, "order.placed", {"n": v}) for n, v in enumerate([100, 100, 100, 101])], []),
    ("too little history", "history", {"value": "n", "history": 10, "least": 5, "deviations": 3},
     [(n, "order.placed", {"n": v}) for n, v in enumerate([10, 11, 10, 100])], []),
    ("silence", "silence", {"within": "10m", "window": "10m", "least": 3}, [(n, "order.placed", {}) for n in (0, 1, 2, 20)], [2]),
    ("seldom anyway", "silence", {"within": "10m", "window": "10m", "least": 3}, [(n, "order.placed", {}) for n in (0, 1, 20)], []),
    ("burst", "burst", {"window": "1m", "most": 2}, [(n / 10, "order.placed", {}) for n in range(6)], [2]),
    ("burst against history", "burst", {"window": "1m", "history": "10m", "least": 3, "times": 4},
     [*((n * 3, "order.placed", {}) for n in range(4)), *((10 + n / 10, "order.placed", {}) for n in range(6))], [6]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "fields", "events", "found"), CASES, ids=[case[0] for case in CASES])
def test_kind(name: str, kind: str, fields: dict[str, Any], events: list[Any], found: list[int]) -> None:
    rules = rules_of({"rule": [{"name": "the_rule", "kind": kind, **BASE, **fields}]})
    engine = RuleEngine(rules)
    last = 0
    for number, (minute, type_, more) in enumerate(events):
        at = START + round(minute * MINUTE)
        last = max(last, at)
        engine.add(EventFacts("/s", str(number), type_, at, {"order_id": "A", **more}))
    engine.advance(last + 60 * MINUTE if kind != "silence" else last)
    assert sorted(int(signal.event.rpartition("\x1f")[2]) for signal in engine.signals.values()) == found
    for signal in engine.signals.values():
        assert signal.subject.startswith("the_rule: ")
        assert "A" not in signal.subject


def test_every_kind_has_a_case() -> None:
    assert {case[1] for case in CASES} == {kind.name for kind in KINDS}


def test_a_late_event_takes_a_signal_back() -> None:
    engine = RuleEngine(
        rules_of({"rule": [{"name": "a", "kind": "follow_up", **BASE, "then": ["paid"], "within": "10m"}]})
    )
    engine.add(EventFacts("/s", "1", "order.placed", START, {"order_id": "A"}))
    engine.advance(START + 20 * MINUTE)
    assert len(engine.signals) == 1
    assert engine.add(EventFacts("/s", "2", "paid", START + MINUTE, {"order_id": "A"}))
    assert not engine.signals


def test_an_event_counts_once() -> None:
    engine = RuleEngine(rules_of({"rule": [{"name": "a", "kind": "duplicate", **BASE, "within": "10m"}]}))
    event = EventFacts("/s", "1", "order.placed", START, {"order_id": "A"})
    assert [engine.add(event), engine.add(event)] == [True, False]
    assert not engine.signals


def test_the_shipped_table() -> None:
    assert {rule.kind for rule in read_rules()} == {kind.name for kind in KINDS}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "range", "value": "a", "min": 1, "types": "a"}, "name"),
    ({"name": "a", "kind": "never"}, "kind is one of"),
    ({"name": "a", "kind": "range", "types": "a", "value": "v"}, "min or max"),
    ({"name": "a", "kind": "range", "types": "a", "value": "v", "min": "1"}, "min is a number"),
    ({"name": "a", "kind": "stalled", "types": "a", "final": []}, "needs within"),
    ({"name": "a", "kind": "duplicate", "types": "a", "within": "soon"}, "duration"),
    ({"name": "a", "kind": "duplicate", "types": "a", "within": "5m", "colour": 1}, "colour is not known"),
    ({"name": "a", "kind": "duplicate", "types": "a", "within": "5m", "severity": "bad"}, "severity"),
    ({"name": "a", "kind": "duplicate", "types": [1], "within": "5m"}, "list of texts"),
    ({"name": "a", "kind": "burst", "types": "a", "window": "5m"}, "burst needs"),
]


@pytest.mark.parametrize(("row", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_refused(row: dict[str, Any], why: str) -> None:
    with pytest.raises(RulesInvalid, match=why):
        rules_of({"rule": [row]})


def test_refused_files(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    for text in ("[[rule", "a = 1", '[[rule]]\nname="a"\nkind="range"\ntypes="a"\nvalue="v"\nmin=1\n' * 2):
        path.write_text(text)
        with pytest.raises(RulesInvalid):
            read_rules(path)
    with pytest.raises(RulesInvalid):
        read_rules(tmp_path / "none.toml")


def test_durations_in_words() -> None:
    assert [spelled(n * SECOND) for n in (45, 90, 1800, 7200, 172800)] == ["45s", "90s", "30m", "2h", "2d"]
