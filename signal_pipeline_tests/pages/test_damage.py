"""A damaged frame is named on the page and by the API, with what makes it again; the rest of the page is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from signal_pipeline.frames import spool
from signal_pipeline.pages.report import Links, report_html
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.page_data import load_report_page
from signal_pipeline.schemas import TIMELINE
from signal_pipeline_tests.worked_report import submit_and_work

LOG = (
    "2026-03-01 10:00:01,000 WARNING [worker-1] shop.Pool - slow\n"
    "2026-03-01 10:00:02,000 ERROR [worker-1] shop.Cart - cart is empty\n"
)
Make = Callable[..., UUID]


@pytest.fixture
def make(worked_platform: Platform, tmp_path: Path) -> Make:
    def work(**files: bytes) -> UUID:
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(content)
        return submit_and_work(worked_platform, sorted(tmp_path.iterdir()), title="a cart")

    return work


@pytest.mark.parametrize("asset", ["timeline", "parsed_entries", "classified_errors", "embeddings"])
def test_the_page_says_which_and_that_a_re_run_repairs_it(worked_platform: Platform, make: Make, asset: str) -> None:
    report = make(server_log=LOG.encode())
    frame = worked_platform.settings.frame_dir / asset / f"{report}.parquet"
    content = frame.read_bytes()
    frame.write_bytes(content[: len(content) // 2] + b"?" + content[len(content) // 2 + 1 :])
    page = load_report_page(worked_platform, report)
    assert page.damaged == [asset]
    html = report_html(page, Links())
    assert f"The stored {asset} of this report is damaged. Materialize {asset} for it" in html
    assert "cart is empty" in page.headline
    frame.write_bytes(content)
    assert load_report_page(worked_platform, report).damaged == []


def test_a_timeline_that_was_not_built_does_not_say_that_nothing_failed(worked_platform: Platform, make: Make) -> None:
    report = make(server_log=LOG.encode())
    frames = worked_platform.frames
    frames.put("timeline", report, spool([TIMELINE.empty()], TIMELINE, frames.spool_path()))
    html = report_html(load_report_page(worked_platform, report), Links())
    assert "The timeline could not be built because of a fault in this program" in html


def test_a_report_with_an_unread_file_is_not_green_and_says_so_first(worked_platform: Platform, make: Make) -> None:
    calm = make(a_log=b"2026-03-01 10:00:02,000 INFO [worker-1] shop.Cart - fine\n", b_har=b"\x89PNG\r\n")
    page = load_report_page(worked_platform, calm)
    assert page.headline == (
        "1 of 2 files could not be read: b.har. No error was found in the 1 file that could be read."
    )
    html = report_html(page, Links())
    assert 'class="state completed"' in html and 'class="state completed clean"' not in html


def test_a_report_without_errors_that_was_read_whole_is_green(worked_platform: Platform, make: Make) -> None:
    calm = make(a_log=b"2026-03-01 10:00:02,000 INFO [worker-1] shop.Cart - fine\n")
    assert 'class="state completed clean"' in report_html(load_report_page(worked_platform, calm), Links())


def test_the_headline_and_the_list_begin_with_the_same_problem(
    worked_platform: Platform, sample_report_id: UUID
) -> None:
    page = load_report_page(worked_platform, sample_report_id)
    first = page.causes.problems[0]
    assert f"problems: {first.title} (" in page.headline
    html = report_html(page, Links())
    assert html.index(f'id="problem-{first.problem_id}"') == html.index('id="problem-')
