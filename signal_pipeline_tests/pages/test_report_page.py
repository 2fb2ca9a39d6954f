"""The report page as its reader has it: in a browser, by keyboard, on a phone, without scripts, with hostile input."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from signal_pipeline.intake.submission import submit_report
from signal_pipeline.pages.report import Links, report_html
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.page_data import ReportPage, load_report_page
from signal_pipeline.schemas import TIMELINE
from signal_pipeline_tests.pages import hostile
from signal_pipeline_tests.worked_report import submit_and_work

READY = "html[data-ready=yes]"


@pytest.fixture(scope="module")
def page(worked_platform: Platform, sample_report_id: Any) -> ReportPage:
    return load_report_page(worked_platform, sample_report_id)


@pytest.fixture(scope="module")
def url(page: ReportPage, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _written(tmp_path_factory.mktemp("page") / "report.html", report_html(page, Links()))


@pytest.fixture(scope="module")
def hostile_html(worked_platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "a<img src=x onerror=window.hit=7>.har").write_text(hostile.har(), encoding="utf-8")
    (folder / "b.log").write_text(hostile.log(), encoding="utf-8")
    report = submit_and_work(worked_platform, sorted(folder.iterdir()), title=hostile.TITLE)
    return report_html(load_report_page(worked_platform, report), Links())


def _written(path: Path, html: str) -> str:
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


def test_the_page_is_quiet_and_fetches_nothing(browser: Any, url: str) -> None:
    _, seen = browser.visit(url, lambda _: None, ready=READY)
    assert seen.requests == [url]
    assert (seen.complaints, seen.dialogs) == ([], [])


def test_evidence_opens_at_the_exact_lines(browser: Any, url: str) -> None:
    def read(page: Any) -> str:
        page.locator("#tabs a", has_text="All errors").click()
        problem = page.locator("details.group", has_text="Could not save order").first
        problem.locator("summary").first.click()
        return str(problem.locator(".line.focus").first.inner_text())

    text, _ = browser.visit(url, read, ready=READY)
    assert text.split()[0] == "110" and "database is locked" in text


def test_a_problem_folds_its_symptoms_each_with_its_reason(browser: Any, url: str) -> None:
    def read(page: Any) -> tuple[list[str], str]:
        problem = page.locator("#problems > details.problem", has_text="TCP connection refused by").first
        problem.locator("summary").first.click()
        raised = page.locator("#problems > details.problem", has_text="OperationalError").first  # a flow has no trace
        raised.locator("summary").first.click()
        lines = raised.locator(".line.stack").all_inner_texts()
        return [str(text) for text in problem.locator(".cascade ul li").all_inner_texts()], "\n".join(lines)

    (symptoms, trace), _ = browser.visit(url, read, ready=READY)
    (answer,) = [text for text in symptoms if "POST http://shop.example/api/orders -> 502" in text]
    assert "same id" in answer
    assert all(re.search(r"(?::\d+|(?:entry|event) \d+).*: .+", text) for text in symptoms)
    assert "OperationalError" in trace


def test_the_only_problem_is_open_and_one_of_several_is_not(
    worked_platform: Platform, url: str, browser: Any, tmp_path: Path
) -> None:
    log = tmp_path / "shop.log"
    log.write_text("2026-03-01 10:00:01,250 ERROR [w1] shop.Orders - Cannot save order 7: disk is full\n")
    alone = report_html(load_report_page(worked_platform, submit_and_work(worked_platform, [log])), Links())
    opened = "[...document.querySelectorAll('#problems > details.problem')].map((one) => one.open)"
    for address, count in ((_written(tmp_path / "one.html", alone), 1), (url, 0)):
        shown, _ = browser.visit(address, lambda page: page.evaluate(opened), ready=READY)
        assert sum(shown) == count and (len(shown) == 1) == bool(count)


def test_what_was_read_in_part_is_said_under_the_headline(
    worked_platform: Platform, browser: Any, tmp_path: Path
) -> None:
    log = tmp_path / "shop.log"
    log.write_text(f"2026-03-01 10:00:01,250 ERROR [w1] shop.Orders - Cannot save {'x' * 400_000}\n")
    report = submit_and_work(worked_platform, [log])
    html = report_html(load_report_page(worked_platform, report), Links())
    said, _ = browser.visit(
        _written(tmp_path / "part.html", html),
        lambda page: page.locator("header a[href='#files']").all_inner_texts(),
        ready=READY,
    )
    assert said == ["1 of 1 files read in part"]


def test_incidents_lead_to_their_problems(browser: Any, url: str, page: ReportPage) -> None:
    def read(shown: Any) -> tuple[int, bool]:
        shown.locator("#incidents > details.more > summary").click()
        listed = shown.locator("#incidents details.incident")
        listed.first.locator("a").first.click()
        return listed.count(), bool(shown.evaluate("document.querySelector(location.hash).open"))

    (count, is_open), _ = browser.visit(url, read, ready=READY)
    assert count == len(page.causes.incidents) and is_open


def test_everything_can_be_reached_by_keyboard(browser: Any, url: str, page: ReportPage) -> None:
    def read(page: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        page.keyboard.press("Tab")
        found["first"] = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        found["problem"] = page.evaluate("document.activeElement.parentElement.id")
        found["open"] = page.evaluate("document.activeElement.parentElement.open")
        page.keyboard.press("/")
        page.keyboard.type("coupon 500")
        found["shown"] = page.locator("#shown").inner_text()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("t")
        page.keyboard.press("ArrowDown")
        found["active"] = page.locator(".row.active").inner_text()
        found["detail"] = page.locator("#detail").inner_text()
        return found

    found, _ = browser.visit(url, read, ready=READY)
    assert found["first"] == "#problems"
    assert (found["problem"], found["open"]) == (f"problem-{page.problems[0].problem.problem_id}", True)
    assert re.fullmatch(r"[1-9]\d? of \d+ entries", found["shown"])
    assert "coupon 500" in found["active"] and "line" in found["detail"]


@pytest.mark.parametrize("kind", ["problem", "group", "incident"])
def test_a_link_to_a_problem_a_group_or_an_incident_opens_it(
    browser: Any, url: str, page: ReportPage, kind: str
) -> None:
    anchor = f"{kind}-{page.problems[2].problem.problem_id if kind == 'problem' else 3}"
    shown, _ = browser.visit(
        f"{url}#{anchor}",
        lambda p: p.evaluate(f"[document.getElementById('{anchor}').open, document.activeElement.parentElement.id]"),
        ready=READY,
    )
    assert shown == [True, anchor]


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out_sideways(browser: Any, url: str, width: int) -> None:
    def read(page: Any) -> Any:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        return page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")

    (whole, seen_width), _ = browser.visit(url, read, width=width, ready=READY)
    assert whole <= seen_width


def test_without_scripts_all_of_the_text_is_there(browser: Any, url: str, page: ReportPage) -> None:
    def read(shown: Any) -> tuple[str, bool, str]:
        return (
            str(shown.locator("#headline").inner_text()),
            bool(shown.locator("#timeline-tool").is_visible()),
            str(shown.locator("main").text_content()),
        )

    (told, tool, text), _ = browser.visit(url, read, scripts=False)
    assert told == page.headline and not tool
    assert all(view.row.title in text for view in page.clusters)
    assert all(view.problem.title in text for view in page.problems)
    assert "What was masked" in text and "query_secret" in text


def test_hostile_input_is_inert(browser: Any, hostile_html: str, tmp_path: Path) -> None:
    def read(page: Any) -> tuple[Any, int, str]:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.keyboard.press("t")
        page.keyboard.press("End")
        return page.evaluate("window.hit"), page.locator("h1").count(), page.title()

    address = _written(tmp_path / "hostile.html", hostile_html)
    (hit, titles, title), seen = browser.visit(address, read, ready=READY)
    assert hit is None and titles == 1
    assert title.startswith("Broken <img src=x")
    assert seen.requests == [address]
    assert (seen.complaints, seen.dialogs) == ([], [])


def test_hostile_input_leaves_no_control_character_and_no_address(hostile_html: str) -> None:
    assert "\x1b" not in hostile_html and "\x07" not in hostile_html
    assert set(re.findall(r'(?:href|src|action)="([^"#][^"]*)"', hostile_html)) == set()
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", hostile_html)
    assert not re.search(r"<[a-z][^>]*\sstyle=", hostile_html)


def test_a_hundred_thousand_entries_are_a_window_of_a_few(browser: Any, page: ReportPage, tmp_path: Path) -> None:
    count = 100_000
    begin = pl.lit(page.timeline["at"].min())  # type: ignore[index]
    constant = {
        "report_id": "r", "signal_id": "s", "kind": "har", "duration_ms": 7.0, "status": 200, "is_error": False,
        "is_target": False, "clock_basis": "reference", "clock_offset_ms": 0.0, "clock_confidence": 1.0,
        "clock_events": 0,
    }  # fmt: skip
    timeline = TIMELINE.conform(
        pl.DataFrame({"ordinal": range(count)}).with_columns(
            *(pl.lit(value).alias(name) for name, value in constant.items()),
            entry_index="ordinal",
            at=begin + pl.duration(milliseconds=pl.col("ordinal") * 5),
            message=pl.format("GET http://shop.example/item/{} -> 200", "ordinal"),
        )
    )
    large = report_html(replace(page, timeline=timeline), Links())

    def read(shown: Any) -> tuple[int, int, str, str, str]:
        shown.locator("#tabs a", has_text="Timeline").click()
        shown.locator("#find").fill("item/99999 ")
        found = shown.locator("#shown").inner_text()
        shown.locator("#find").fill("")
        shown.keyboard.press("Escape")
        shown.locator("#rows").focus()
        shown.keyboard.press("End")
        return (
            shown.locator("#rows .row").count(),
            shown.locator("#bars .row").count(),
            found,
            shown.locator(".row.active").inner_text(),
            shown.locator("#shown").inner_text(),
        )

    (rows, bars, found, last, shown), _ = browser.visit(_written(tmp_path / "large.html", large), read, ready=READY)
    assert 0 < rows < 60 and 0 < bars < 60
    assert found == "1 of 100,000 entries" and shown == "100,000 of 100,000 entries"
    assert "item/99999" in last
    assert len(large) < 8_000_000


def test_a_report_without_anything_yet_says_so(worked_platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("fine\n", encoding="utf-8")
    report = submit_report(worked_platform, [path], title=None, source="test").report_id
    html = report_html(load_report_page(worked_platform, report), Links())
    # The message that asks for it is on its way; where the stream is missing, the request is in the table at once.
    assert "No request to process this report has arrived yet." in html or "Waiting to be processed." in html
    assert "no timeline of this report yet" in html
