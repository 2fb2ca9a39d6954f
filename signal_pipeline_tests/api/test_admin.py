"""The operator's page and runtime settings through the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from signal_pipeline.api.identity import Scope
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.api.conftest import TOKENS, Client, running
from signal_pipeline_tests.api.test_pages import FORM


@pytest.fixture(autouse=True)
def as_before(worked_platform: Platform) -> Iterator[None]:
    yield
    with worked_platform.database.transaction() as connection:
        connection.execute("truncate runtime_settings, runtime_settings_history")


def put(api: Client, name: str, value: Any) -> Any:
    import json

    return api.ask("PUT", f"/v1/settings/{name}", json.dumps({"value": value}), {"Content-Type": "application/json"})


def test_settings_through_the_api(api: Client) -> None:
    items = {item["name"]: item for item in api.get("/v1/settings").json["items"]}
    assert items["lease_seconds"]["bounds"] == "a number at least 5 and at most 3,600"
    told = put(api, "lease_seconds", 75).json
    assert (told["value"], told["source"], told["changed_by"]) == (75.0, "operator", "loopback")
    assert api.ask("DELETE", "/v1/settings/lease_seconds").json["source"] == "environment"


@pytest.mark.parametrize("value", [0, -1, 1e309, "abc", "x" * 500, [], {}, True, {"a": 1}])
def test_values_out_of_bounds(api: Client, value: Any) -> None:
    answer = put(api, "lease_seconds", value)
    assert answer.status == 422 and answer.is_problem
    assert api.get("/v1/settings").json["items"][0]["source"] == "environment"


@pytest.mark.parametrize("name", ["db_password", "redaction_key", "nonsense", "a" * 300, "lease_seconds%00"])
def test_other_settings_cannot_be_changed(api: Client, name: str) -> None:
    answer = put(api, name, 1)
    assert answer.status in (404, 422) and answer.is_problem


def test_limits_of_the_api_change_while_it_runs(api_settings: Any, worked_platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr("signal_pipeline.api.live_bounds.FRESH_SECONDS", 0.05)
    with running(api_settings, worked_platform) as port:
        client = Client(port)
        assert put(client, "api_requests_per_second", 0.5).status == 200
        assert wait_until(lambda: client.get("/v1/reports?limit=1").status == 429, 20)


def test_the_page_shows_how_everything_is(browser: Any, api: Client, sample_report_id: Any) -> None:
    def read(page: Any) -> tuple[str, str, int]:
        return page.locator("h1").inner_text(), page.locator("main").inner_text(), page.locator(".chart rect").count()

    (title, text, bars), seen = browser.visit(f"http://127.0.0.1:{api.port}/admin", read)
    assert title == "The pipeline is degraded" and "Signatures by type" in text and "postgres" in text
    assert bars > 0 and (seen.complaints, seen.dialogs) == ([], [])


def test_a_setting_is_changed_in_the_browser(browser: Any, closed_port: int) -> None:
    base = f"http://127.0.0.1:{closed_port}"

    def read(page: Any) -> list[str]:
        page.fill("input[name=token]", TOKENS[Scope.ADMIN])
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Reports')")
        page.goto(f"{base}/admin")
        field = page.locator("input[aria-label=lease_seconds]")
        field.fill("4")
        page.keyboard.press("Enter")
        refused = page.locator("[role=alert]").inner_text()
        page.locator("input[aria-label=lease_seconds]").fill("95")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status]")
        return [refused, page.locator("[role=status]").inner_text(), page.locator("main").inner_text()]

    (refused, told, text), seen = browser.visit(f"{base}/login", read)
    assert refused == "LEASE_SECONDS must be a number at least 5 and at most 3,600"
    assert told == "lease_seconds is changed" and re.search(r"admin\s+lease_seconds\s+–\s+95.0", text)
    # The browser itself tells of the form that was refused, with its status.
    assert [c for c in seen.complaints if "422" not in c] == []


def test_whoever_may_only_read_sees_no_forms(closed_port: int) -> None:
    assert b"<form" not in Client(closed_port, TOKENS[Scope.READ]).get("/admin").body
    assert b"<form" in Client(closed_port, TOKENS[Scope.ADMIN]).get("/admin").body


def test_a_form_of_somebody_else_is_refused(closed_port: int) -> None:
    client = Client(closed_port, TOKENS[Scope.ADMIN])
    body = urlencode({"key": "0" * 48, "name": "lease_seconds", "value": "95", "do": "set"})
    answer = client.ask("POST", "/admin/settings", body, FORM)
    assert answer.status == 403 and answer.json["code"] == "foreign_form"


@pytest.mark.parametrize("key", ["é" * 48, "ключ", "😀", "a b", "x" * 201])
def test_a_key_that_no_form_of_ours_has_is_422(closed_port: int, key: str) -> None:
    client = Client(closed_port, TOKENS[Scope.ADMIN])
    body = urlencode({"key": key, "name": "lease_seconds", "value": "95", "do": "set"})
    answer = client.ask("POST", "/admin/settings", body, FORM)
    assert answer.status == 422 and answer.is_problem


def test_markup_in_the_address_is_inert(api: Client) -> None:
    assert b"<script" not in api.get("/admin?done=%3Cscript%3Ealert(1)%3C/script%3E").body
