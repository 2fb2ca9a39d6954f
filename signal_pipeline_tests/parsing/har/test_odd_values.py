"""A value of any type in any place of a HAR costs that value and nothing else."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline_tests.parsing.har.samples import entry, har, har_bytes, read

Path = tuple[str | int, ...]
GRAPHQL = {"mimeType": "application/json", "text": json.dumps({"operationName": "Cart", "query": "query Cart{a}"})}
FULL: dict[str, Any] = entry(
    "https://shop.example/graphql?v=1",
    200,
    body=json.dumps({"errors": [{"message": "no cart", "path": ["cart", 1], "extensions": {"code": "GONE"}}]}),
    _resourceType="fetch",
    _webSocketMessages=[{"type": "receive", "time": 1.5, "opcode": 1, "data": '{"type":"error","message":"late"}'}],
    _error={"code": 1, "message": "x"},
    comment="net::ERR_FAILED",
    pageref="page_1",
)
FULL["request"] |= {"headers": [{"name": "Origin", "value": "https://a.example"}], "postData": GRAPHQL}
FULL["response"] |= {
    "headers": [{"name": "x-request-id", "value": "17"}, {"name": "grpc-status", "value": "13"}],
    "redirectURL": "/next",
    "_error": "net::ERR_FAILED",
}
FAILED: dict[str, Any] = entry(status=500, body='{"message": "boom", "trace": "a\\nb"}', mime="application/json")
OTHERS: list[Any] = [
    *(None, True, False, 0, -1, -0.25, 17, 3.5, 1e300, 10**30, "", "x", "12.5", "-1", "\x00", "\ud800", "net::ERR_X"),
    *([], [None], [1, "a"], [[]], [{}], {}, {"name": "a"}, {"name": None, "value": {}}, {"text": 5}, {"0": [{}]}),
]  # fmt: skip


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from _paths(inner, (*path, name))


def _replaced(document: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    return changed


def _removed(document: Any, path: Path) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return changed


def _check(odd: list[Any], name: str) -> None:
    before, after = entry("https://a.example/1", 503, body='{"message":"first"}'), entry("https://a.example/2")
    frame, outcome = read(har_bytes(before, *odd, after))
    frame = classify_entries(frame)
    assert frame.height == len(odd) + 2, name
    assert "bad_entries" not in outcome.reasons, name
    kept = frame.select("url", "status", "error_text", "is_error", "duration_ms", "flags")
    assert kept.row(0) == ("https://a.example/1", 503, "first", True, 120.5, None), name
    assert kept.row(-1) == ("https://a.example/2", 200, None, False, 120.5, None), name


@pytest.mark.parametrize("other", OTHERS, ids=lambda value: repr(value)[:30])
@pytest.mark.parametrize("whole", [FULL, FAILED], ids=["reported in the body", "failed"])
def test_a_value_of_another_type_costs_no_entry(whole: dict[str, Any], other: Any) -> None:
    _check([_replaced(whole, path, other) for path in _paths(whole)], repr(other))


def test_a_value_that_is_missing_costs_no_entry() -> None:
    _check([_removed(FULL, path) for path in _paths(FULL)], "removed")


@pytest.mark.parametrize("name", ["version", "creator", "pages", "browser", "comment"])
@pytest.mark.parametrize("other", OTHERS, ids=lambda value: repr(value)[:30])
def test_a_value_beside_the_entries_costs_no_entry(name: str, other: Any) -> None:
    document = har(entry("https://a.example/1"), entry("https://a.example/2"))
    document["log"][name] = other
    frame, _ = read(json.dumps(document).encode())
    assert frame["url"].to_list() == ["https://a.example/1", "https://a.example/2"]


@pytest.mark.parametrize("phases", [{"ssl": 0}, {"ssl": 5, "connect": "5"}, {"wait": math.inf}, {"connect": []}])
def test_timings_without_their_partners(phases: dict[str, Any]) -> None:
    _check([entry(timings=phases)], repr(phases))
