"""The one line that says how a report stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from signal_pipeline.reports.headline import FirstCause, is_clean, verdict
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.intake import IntakeStatus
from signal_pipeline.storage.outcomes import FileOutcome
from signal_pipeline.storage.problems import ProblemRow

REPORT = UUID(int=1)
NOW = datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)
FILE = FileOutcome(REPORT, "a.log", "ok", "log", None, None, 1.0, 1, 1, [], {}, None)
BAD = replace(FILE, name="b.har", status="failed", reasons=["not_har"])
PROBLEM = ProblemRow(
    label=0, title="t", label_terms="", error_type="TypeError", severity="high", size=1, frequency=1, radius=0.0,
    first_seen=None, last_seen=None, signature_hashes=["h"], medoid_hash="h", problem_id=None, problems=[],
    is_known=False, reports=1, first_report_id=None, first_reported_at=None, first_seen_anywhere=None,
    last_seen_anywhere=None, verdict=None, fixed_in=None, seen_after_fix=False, nearest=[], evidence=[],
)  # fmt: skip


def status(state: str, *files: FileOutcome, progress: int = 0, error: str | None = None) -> ReportStatus:
    request = IntakeStatus(REPORT, REPORT, state, 1, progress, None, error, None, NOW, NOW, None, None)
    return ReportStatus(REPORT, request, list(files))


CASES = [
    (status("PENDING"), None, {}, "Waiting to be worked."),
    (status("RUNNING", progress=40), None, {}, "Being worked: 40 % done."),
    (status("DEAD", error="worker_lost: gone"), None, {}, "Could not be worked: worker_lost: gone."),
    (status("COMPLETED", FILE), [], {}, "No error was found in 1 file."),
    (status("COMPLETED", replace(FILE, status="failed")), [], {}, "1 file, and none of them could be read."),
    (status("COMPLETED"), [], {}, "The report has no files."),
    (
        status("COMPLETED", FILE, BAD, replace(BAD, name="c.har")),
        [],
        {},
        "2 of 3 files could not be read: b.har, c.har. No error was found in the 1 file that could be read.",
    ),
    (
        status("COMPLETED", FILE, BAD),
        [PROBLEM],
        {},
        "1 of 2 files could not be read: b.har. 1 problem (1 high).",
    ),
    (
        status("COMPLETED", FILE, replace(FILE, name="d.log", status="partial", reasons=["truncated", "text_capped"])),
        [],
        {},
        "1 of 2 files was read only in part: d.log. No error was found in 2 files.",
    ),
    (
        status("COMPLETED", replace(FILE, status="partial", reasons=["text_capped"])),
        [],
        {},
        "No error was found in 1 file.",
    ),
    (
        status("COMPLETED", FILE, *(replace(BAD, name=f"{n}.har") for n in range(5))),
        [],
        {},
        "5 of 6 files could not be read: 0.har, 1.har, 2.har and 2 more."
        " No error was found in the 1 file that could be read.",
    ),
    (
        status("DEAD", FILE, error="EarlierResultKept: gone"),
        [PROBLEM],
        {},
        "The latest attempt failed (EarlierResultKept: gone); what follows is from before. 1 problem (1 high).",
    ),
    (status("COMPLETED", FILE), [PROBLEM], {}, "1 problem (1 high)."),
    (
        status("COMPLETED", FILE),
        [PROBLEM, replace(PROBLEM, severity="low"), replace(PROBLEM, severity="critical")],
        {"known": 1, "known_since": NOW, "first": FirstCause("DatabaseError", "server.log:110", NOW)},
        "3 problems (1 critical, 1 high), 1 known since 2026-03-01,"
        " first cause DatabaseError in server.log:110 at 10:00:05.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "problems", "more", "expected"), CASES, ids=[case[3][:30] for case in CASES])
def test_verdicts(told, problems, more, expected):
    assert verdict(told, problems, **more) == expected


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
