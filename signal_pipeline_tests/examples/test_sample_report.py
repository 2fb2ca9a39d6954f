"""The recordings that ship with the package: valid, small, joined by trace ids, true to scenarios.json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

TEXTS = ("shop.har", "browser-console.log", "server.log", "events.ndjson", "scenarios.json")
NAMES = (*TEXTS, "network.pcap")


@pytest.fixture(scope="module")
def entries(sample_report: Path) -> list[dict[str, Any]]:
    archive = json.loads((sample_report / "shop.har").read_text(encoding="utf-8"))
    assert archive["log"]["version"] == "1.2"
    found: list[dict[str, Any]] = archive["log"]["entries"]
    return found


@pytest.fixture(scope="module")
def scenarios(sample_report: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((sample_report / "scenarios.json").read_text(encoding="utf-8"))[
        "scenarios"
    ]
    return found


def lines_of(sample_report: Path, name: str) -> list[str]:
    return (sample_report / name).read_text(encoding="utf-8").splitlines()


def test_all_files_together_are_below_one_megabyte(sample_report: Path) -> None:
    assert {path.name for path in sample_report.iterdir()} == set(NAMES)
    assert sum(path.stat().st_size for path in sample_report.iterdir()) < 1_000_000


OF_ENTRY = {"pageref", "startedDateTime", "time", "request", "response", "cache", "timings"}
OF_BOTH = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}


def test_every_entry_has_what_har_asks_for(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        assert entry.keys() >= OF_ENTRY
        assert entry["request"].keys() >= OF_BOTH | {"method", "url", "queryString"}
        assert entry["response"].keys() >= OF_BOTH | {"status", "statusText", "content", "redirectURL"}
        spent = sum(value for name, value in entry["timings"].items() if value > 0 and not name.startswith("_"))
        assert spent == pytest.approx(entry["time"], abs=0.1)


def test_entries_are_in_order_and_on_a_page(sample_report: Path, entries: list[dict[str, Any]]) -> None:
    started = [entry["startedDateTime"] for entry in entries]
    assert started == sorted(started)
    pages = json.loads((sample_report / "shop.har").read_text(encoding="utf-8"))["log"]["pages"]
    assert {entry["pageref"] for entry in entries} == {page["id"] for page in pages}
    assert all(page["pageTimings"]["onLoad"] > 0 for page in pages)


def test_failures_of_every_kind_are_there(entries: list[dict[str, Any]]) -> None:
    assert {entry["response"]["status"] for entry in entries} >= {0, 200, 201, 401, 404, 500, 502, 504}
    net_errors = {entry["response"].get("_error") for entry in entries if entry["response"]["status"] == 0}
    assert net_errors == {"net::ERR_NAME_NOT_RESOLVED", "net::ERR_ABORTED", "net::ERR_EMPTY_RESPONSE"}


@pytest.mark.parametrize(
    "text",
    [
        "Uncaught (in promise) TypeError: Cannot read properties of null",
        "Uncaught TypeError: Cannot destructure property",
        "Uncaught ReferenceError: copyToClipboard is not defined",
        "SyntaxError: Unterminated string in JSON at position 512",
        "TypeError: Failed to fetch",
        "TimeoutError: signal timed out",
        "    at formatPrice (catalog.js:",
        "pay @ checkout.js:",
    ],
)
def test_the_console_has(sample_report: Path, text: str) -> None:
    assert text in (sample_report / "browser-console.log").read_text(encoding="utf-8")


def test_trace_ids_join_page_and_server(sample_report: Path, scenarios: list[dict[str, Any]]) -> None:
    log, archive = ((sample_report / name).read_text(encoding="utf-8") for name in ("server.log", "shop.har"))
    trace_ids = [trace for item in scenarios for occurrence in item["occurrences"] for trace in occurrence["trace_ids"]]
    aborted = {
        request["trace_id"]
        for item in scenarios
        for occurrence in item["occurrences"]
        for request in occurrence["requests"]
        if request["net_error"]
    }
    assert len(trace_ids) == len(set(trace_ids)) > 100
    assert all(f"00-{trace}-" in archive for trace in trace_ids)
    assert all(f"trace_id={trace} " in log for trace in trace_ids if trace not in aborted)


def test_ground_truth_points_at_the_right_places(
    sample_report: Path, entries: list[dict[str, Any]], scenarios: list[dict[str, Any]]
) -> None:
    console, log = lines_of(sample_report, "browser-console.log"), lines_of(sample_report, "server.log")
    seen = set()
    for occurrence in (occurrence for item in scenarios for occurrence in item["occurrences"]):
        for request in occurrence["requests"]:
            entry = entries[request["entry_index"]]
            assert entry["response"]["status"] == request["status"]
            assert request["path"] in entry["request"]["url"]
            seen.add(request["entry_index"])
        for message in occurrence["console"]:
            assert re.match(r"\d\d:\d\d:\d\d\.\d{3} \S+:\d+ ", console[message["line"] - 1])
        for record in occurrence["server_log"]:
            assert f"{record['level']} {record['logger']} [trace_id={record['trace_id']}" in log[record["line"] - 1]
            end = record["line"] - 1 + record["line_count"]
            assert end == len(log) or re.match(r"\d{4}-", log[end]), "the record ends where the next begins"
    failed = {
        i for i, entry in enumerate(entries) if entry["response"]["status"] == 0 or entry["response"]["status"] >= 400
    }
    assert failed <= seen


def test_each_fault_comes_back_with_other_ids(scenarios: list[dict[str, Any]]) -> None:
    assert len(scenarios) == 17
    for item in scenarios:
        assert [occurrence["visitor"] for occurrence in item["occurrences"]] == ["ada", "bob", "carol"]
        troubles = [occurrence["console"] or occurrence["server_log"] for occurrence in item["occurrences"]]
        assert all(troubles) or item["error_type"] is None


def test_nothing_of_the_recording_machine_is_in_it(sample_report: Path, examples: Path) -> None:
    for name in TEXTS:
        text = (sample_report / name).read_text(encoding="utf-8")
        assert str(examples.parent) not in text
        assert str(Path.home()) + "/" not in text


def test_the_invented_secrets_are_in_it(sample_report: Path) -> None:
    archive = (sample_report / "shop.har").read_text(encoding="utf-8")
    for secret in ("FAKE-password-of-ada-1815", "Bearer eyJ", "shop_session=", "api_key=AIzaFAKE", "4242 4242"):
        assert secret in archive
    assert "api_key=AIzaFAKE" in (sample_report / "server.log").read_text(encoding="utf-8")
