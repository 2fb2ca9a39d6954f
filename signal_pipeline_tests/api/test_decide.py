"""Deciding about causes through the API and on the pages, and the problems of all reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from signal_pipeline.platform.platform import Platform
from signal_pipeline_tests.api.conftest import Client
from signal_pipeline_tests.api.test_pages import FORM
from signal_pipeline_tests.reports.test_causes import LEDGER, MAIL
from signal_pipeline_tests.worked_report import submit_and_work

BOOK = LEDGER.replace("post_entry", "close_ledger").replace("currency", "year")
POST = MAIL.replace("send_receipt", "send_letter").replace("receipt", "letter")


@pytest.fixture(scope="module")
def report(worked_platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> UUID:
    path: Path = tmp_path_factory.mktemp("two") / "server.log"
    path.write_text(BOOK + POST, encoding="utf-8")
    return submit_and_work(worked_platform, [path], title="two causes")


def problems(api: Client, report: UUID) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for one in api.get(f"/v1/reports/{report}/problems").json["problems"]}


def two_of(api: Client, report: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    found = problems(api, report)
    letter = next(one for title, one in found.items() if "letter" in title)
    book = next(one for title, one in found.items() if "year" in title)
    return letter, book


def test_a_corrected_root_through_the_api(api: Client, report: UUID) -> None:
    letter, book = two_of(api, report)
    wish = {
        "kind": "caused_by",
        "signature": letter["problem_id"],
        "other": book["problem_id"],
        "report_id": str(report),
    }
    made = api.post_json("/v1/verdicts", wish)
    assert (made.status, made.json["kind"], made.json["reports_with_both"]) == (201, "caused_by", 1)
    (only,) = problems(api, report).values()
    assert only["problem_id"] == book["problem_id"]
    assert [one["title"] for one in only["symptoms"]] == [letter["title"]]
    (line,) = [one for one in api.get("/v1/reports?limit=200").json["items"] if one["report_id"] == str(report)]
    assert line["problems"] == 1
    assert line["headline"] == api.get(f"/v1/reports/{report}/problems").json["headline"]
    back = wish | {"signature": wish["other"], "other": wish["signature"]}
    assert api.post_json("/v1/verdicts", back).status == 409, "nothing is its own cause"
    known = api.get(f"/v1/problems/{letter['problem_id']}").json
    assert [one["problem_id"] for one in known["causes"]] == [book["problem_id"]] and not known["is_cause"]
    found = api.get("/v1/search?q=the+address+of+the+letter+is+empty").json["items"][0]
    assert [one["problem_id"] for one in found["symptom_of"]] == [book["problem_id"]]
    assert letter["problem_id"] not in {one["id"] for one in api.get("/v1/problems?limit=200").json["items"]}
    assert api.ask("DELETE", f"/v1/verdicts/{made.json['id']}").status == 200
    assert len(problems(api, report)) == 2


def test_problems_of_all_reports_page_by_page(api: Client, report: UUID, sample_report_id: UUID) -> None:
    whole = api.get("/v1/problems?limit=200").json
    ids, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/v1/problems?limit=3{f'&cursor={cursor}' if cursor else ''}").json
        ids += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert ids == [one["id"] for one in whole["items"]] and len(ids) == len(set(ids)) > 3
    assert all(one["reports"] >= 1 and one["incidents"] >= 1 for one in whole["items"])
    own = {one["problem_id"] for one in problems(api, sample_report_id).values() if one["error_type"]}
    assert own <= set(ids)
    assert api.get("/v1/problems?until=2001-01-01T00:00:00").json["items"] == []


@pytest.mark.parametrize("query", ["cursor=forged", "limit=0", "since=yesterday"])
def test_a_wrong_question_is_refused(api: Client, query: str) -> None:
    answer = api.get(f"/v1/problems?{query}")
    assert answer.status == 422 and answer.is_problem


def test_a_healthy_report_through_the_api(api: Client, report: UUID) -> None:
    assert api.ask("PUT", f"/v1/reports/{uuid4()}/healthy").status == 404
    assert api.ask("PUT", f"/v1/reports/{report}/healthy").json["by"] == "loopback"
    told = api.get(f"/v1/reports/{report}/problems").json
    assert told["healthy"]["by"] == "loopback" and told["problems"] == [] and len(told["background"]) == 2
    assert api.ask("DELETE", f"/v1/reports/{report}/healthy").json["state"] == "not marked"
    assert len(problems(api, report)) == 2


def test_a_person_corrects_a_root_on_the_page(browser: Any, api: Client, report: UUID) -> None:
    _, book = two_of(api, report)

    def read(page: Any) -> tuple[str, str]:
        page.locator("header a", has_text="decide about its problems").click()
        section = page.locator("section.decide").filter(has=page.locator("h3", has_text="letter"))
        section.locator("select").select_option(book["problem_id"])
        section.locator("button", has_text="Correct the root").click()
        told = page.locator("[role=status]").inner_text()
        page.locator("p.kind a", has_text="report").last.click()
        page.wait_for_selector("html[data-ready=yes]")
        return str(told), str(page.locator("#headline").inner_text())

    (told, headline), seen = browser.visit(f"http://127.0.0.1:{api.port}/reports/{report}", read)
    assert told == "Recorded." and headline.startswith("1 problem: ")
    assert seen.complaints == []

    def undo(page: Any) -> str:
        page.locator("tr", has_text="is caused by").locator("button").click()
        return str(page.locator("[role=status]").inner_text())

    told, _ = browser.visit(f"http://127.0.0.1:{api.port}/reports/{report}/decide", undo)
    assert told == "Recorded." and len(problems(api, report)) == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"key": "forged", "do": "healthy"}, 403),
        ({"do": "caused_by", "problem": "own"}, 422),
        ({"do": "fixed", "problem": "own", "version": " "}, 422),
        ({"do": "not_a_bug", "problem": "0" * 64}, 422),
        ({"do": "remove", "verdict": "999999"}, 422),
        ({"do": "nonsense"}, 422),
    ],
)
def test_forms_that_cannot_be_meant(api: Client, report: UUID, fields: dict[str, str], status: int) -> None:
    page = api.get(f"/reports/{report}/decide").body.decode()
    sent = {"key": page.split('name="key" value="')[1].split('"')[0]} | fields
    if sent.get("problem") == "own":
        sent["problem"] = two_of(api, report)[0]["problem_id"]
    answer = api.ask("POST", f"/reports/{report}/decide", urlencode(sent).encode(), FORM)
    assert answer.status == status
    assert len(problems(api, report)) == 2


def test_pages_of_problems_lead_to_each_other(browser: Any, api: Client, report: UUID, sample_report_id: UUID) -> None:
    _, book = two_of(api, report)

    def read(page: Any) -> tuple[str, str, str]:
        page.locator("input[name=q]").fill("currency of the year")
        page.locator("button", has_text="Search").click()
        found = page.locator("h2", has_text="Found").count()
        page.locator(f"a[href='/problems/{book['problem_id']}']").first.click()
        title = page.locator("h1").inner_text()
        page.locator(f"a[href^='/reports/{report}']").click()
        page.wait_for_selector("html[data-ready=yes]")
        return str(found), str(title), str(page.evaluate("document.querySelector(location.hash).open"))

    (found, title, is_open), seen = browser.visit(f"http://127.0.0.1:{api.port}/problems", read)
    assert (found, is_open) == ("1", "True") and title
    assert seen.complaints == []
    assert api.get(f"/problems/{uuid4()}").status == 404
