"""Pages that the API serves, in a browser and on the wire."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from signal_pipeline.api.identity import Scope
from signal_pipeline.api.sessions import SESSION_SECONDS, Sessions
from signal_pipeline.api.tokens import Tokens
from signal_pipeline_tests.api.conftest import TOKENS, Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_the_list_leads_to_the_report_and_back(browser: Any, api: Client, sample_report_id: Any) -> None:
    def read(page: Any) -> tuple[str, str]:
        page.locator(f"a[href='/reports/{sample_report_id}']").click()
        page.wait_for_selector("html[data-ready=yes]")
        title = page.locator("h1").inner_text()
        page.locator("header a", has_text="Reports").click()
        return str(title), str(page.locator("h1").inner_text())

    titles, seen = browser.visit(f"http://127.0.0.1:{api.port}/", read)
    assert titles == ("Web shop: checkout fails", "Reports")
    assert (seen.complaints, seen.dialogs) == ([], [])
    assert all(url.startswith(f"http://127.0.0.1:{api.port}/") for url in seen.requests)


def test_the_served_page_has_its_policy_as_a_header(api: Client, sample_report_id: Any) -> None:
    first, second = (api.get(f"/reports/{sample_report_id}") for _ in range(2))
    assert first.status == 200 and first.body == second.body
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy


def test_a_change_of_the_report_is_seen(api: Client, worked_platform: Any, tmp_path: Any) -> None:
    from signal_pipeline_tests.worked_report import submit_and_work

    (tmp_path / "a.log").write_text("2026-03-01 10:00:00,000 ERROR [main] app - it broke\n", encoding="utf-8")
    report = submit_and_work(worked_platform, [tmp_path / "a.log"], title="t")
    assert b"COMPLETED" in api.get(f"/reports/{report}").body
    api.ask("POST", f"/v1/reports/{report}/retry")
    assert b"PENDING" in api.get(f"/reports/{report}").body


def test_pages_of_reports_that_are_not_there(api: Client) -> None:
    assert api.get(f"/reports/{uuid4()}").status == 404
    assert api.get("/reports/nonsense").status == 422
    assert api.get("/?before=forged").status == 422


def test_older_reports_are_on_further_pages(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.routes.pages.REPORTS_ON_A_PAGE", 1)
    first = api.get("/").body.decode()
    older = first.split('href="/?before=')[1].split('"')[0]
    second = api.get(f"/?before={older}").body.decode()
    assert first.count("/reports/") == second.count("/reports/") == 1
    assert first.split("/reports/")[1][:36] != second.split("/reports/")[1][:36]


def test_a_person_shows_a_token_once(browser: Any, closed_port: int, sample_report_id: Any) -> None:
    def read(page: Any) -> list[str]:
        seen = [page.url]
        page.fill("input[name=token]", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        page.fill("input[name=token]", TOKENS[Scope.READ])
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Reports')")
        page.goto(f"http://127.0.0.1:{closed_port}/reports/{sample_report_id}")
        return [*seen, page.url, str(page.evaluate("document.cookie"))]

    (first, last, cookie), seen = browser.visit(f"http://127.0.0.1:{closed_port}/", read)
    assert first.endswith("/login") and last.endswith(str(sample_report_id))
    assert cookie == "", "no script can read the session"
    assert seen.complaints == [] and not any(TOKENS[Scope.READ] in url for url in seen.requests)


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", ""])
def test_signing_in_leads_to_a_page_of_ours(closed_port: int, to: str) -> None:
    answer = Client(closed_port).ask("POST", "/login", urlencode({"token": TOKENS[Scope.READ], "to": to}), FORM)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie


def test_a_program_is_told_and_not_led(closed_port: int) -> None:
    assert Client(closed_port).get("/").status == 401
    assert Client(closed_port).get("/v1/reports", Accept="text/html").status == 401
    assert Client(closed_port).get("/", Accept="text/html").headers["location"] == "/login"


def test_sessions_end(api_settings: Any, tmp_path: Any) -> None:
    from signal_pipeline.api.identity import Identity
    from signal_pipeline.api.token_file import hash_of, write_tokens

    path = tmp_path / "tokens"
    write_tokens(path, {hash_of("t" * 20): Identity("anna", Scope.SUBMIT)})
    sessions = Sessions(b"secret", Tokens(api_settings.model_copy(update={"api_tokens_file": path})))
    cookie = sessions.begin("t" * 20, now=1_000.0)
    assert cookie is not None and sessions.begin("other") is None
    assert sessions.identity(cookie, now=1_001.0) == Identity("anna", Scope.SUBMIT)
    assert sessions.identity(cookie, now=1_001.0 + SESSION_SECONDS) is None
    for forged in ("", "x", cookie[:-2] + "AA", "é", cookie + "A" * 8):
        assert sessions.identity(forged, now=1_001.0) is None
    path.write_text("", encoding="utf-8")
    assert sessions.identity(cookie, now=1_001.0) is None, "the token was taken away"
