"""What a headline says beside the problems."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from signal_pipeline.reports.headline import failed_since, is_clean, nothing_found, unfinished, unread
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.intake import IntakeStatus
from signal_pipeline.storage.outcomes import FileOutcome

REPORT = UUID(int=1)
NOW = datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)
FILE = FileOutcome(REPORT, "a.log", "ok", "log", None, None, 1.0, 1, 1, [], {}, None)
BAD = replace(FILE, name="b.har", status="failed", reasons=["not_har"])


def status(state: str, *files: FileOutcome, progress: int = 0, error: str | None = None) -> ReportStatus:
    if state == "NOT REQUESTED":
        return ReportStatus(REPORT, None, list(files))
    request = IntakeStatus(REPORT, REPORT, state, 1, progress, None, error, None, NOW, NOW, None, None, "report", 4, [])
    return ReportStatus(REPORT, request, list(files))


UNFINISHED = [
    (status("NOT REQUESTED"), "No request to process this report has arrived yet."),
    (status("PENDING"), "Waiting to be processed."),
    (status("RUNNING", progress=40), "In progress: 40 % done."),
    (status("DEAD", error="worker_lost: gone"), "Failed: worker_lost: gone."),
    (status("COMPLETED", FILE), "Processed, but its clusters are not there."),
]


@pytest.mark.parametrize(("told", "expected"), UNFINISHED)
def test_what_has_no_clusters_yet(told, expected):
    assert unfinished(told) == expected


CUT = replace(FILE, name="d.log", status="partial", reasons=["truncated", "text_capped"])
# Status, the sentences before the problems, and the sentence where there is none.
CASES = [
    (status("COMPLETED", FILE), "", "No error was found in 1 file."),
    (status("COMPLETED", replace(FILE, status="failed")), "1 file, and none of them could be read.", ""),
    (status("COMPLETED"), "", "The report has no files."),
    (
        status("COMPLETED", FILE, BAD, replace(BAD, name="c.har")),
        "2 of 3 files could not be read: b.har, c.har.",
        "No error was found in the 1 file that could be read.",
    ),
    (
        status("COMPLETED", FILE, CUT),
        "1 of 2 files was read only in part: d.log.",
        "No error was found in 2 files.",
    ),
    (
        status("COMPLETED", replace(FILE, status="partial", reasons=["text_capped"])),
        "",
        "No error was found in 1 file.",
    ),
    (
        status("COMPLETED", FILE, *(replace(BAD, name=f"{n}.har") for n in range(5))),
        "5 of 6 files could not be read: 0.har, 1.har, 2.har and 2 more.",
        "No error was found in the 1 file that could be read.",
    ),
]


@pytest.mark.parametrize(("told", "before", "nothing"), CASES, ids=[case[1][:30] or case[2] for case in CASES])
def test_what_was_not_read_and_what_that_leaves(told, before, nothing):
    assert (unread(told.files), nothing_found(told)) == (before, nothing)


def test_an_attempt_that_failed_since_is_named():
    told = status("DEAD", FILE, error="EarlierResultKept: gone")
    assert failed_since(told) == "The latest attempt failed (EarlierResultKept: gone); what follows is from before."
    assert failed_since(status("COMPLETED", FILE)) == ""


CLEAN = [
    (status("COMPLETED", FILE), 0, True),
    (status("COMPLETED", FILE), 1, False),
    (status("COMPLETED", FILE, BAD), 0, False),
    (status("COMPLETED"), 0, False),
    (status("RUNNING", FILE), 0, False),
]


@pytest.mark.parametrize(("told", "problems", "expected"), CLEAN)
def test_only_a_report_that_was_read_whole_and_has_nothing_is_green(told, problems, expected):
    assert is_clean(told, problems) is expected
