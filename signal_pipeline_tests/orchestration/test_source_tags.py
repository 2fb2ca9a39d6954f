"""Runs can be searched by where their report came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg
import pytest

from signal_pipeline.intake.submission import submit_report
from signal_pipeline.orchestration.source_tags import source_word, with_sources
from signal_pipeline.orchestration.tags import REPORT, SOURCE

WORDS = [
    ("api (anna)", "api"), ("command line", "command-line"), ("drop folder", "drop-folder"), ("demo", "demo"),
    ("unknown", "producer"), ("api (x) <script>", "api"), ("", "producer"), ("\x00evil", "producer"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "word"), WORDS)
def test_words(source: str, word: str) -> None:
    assert source_word(source) == word


def test_each_run_of_a_report_is_tagged(worked_platform: Any, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("fine\n", encoding="utf-8")
    report = submit_report(worked_platform, [tmp_path / "a.log"], title=None, source="drop folder").report_id
    requests = [
        dg.RunRequest(run_key="1", partition_key=str(report), tags={REPORT: str(report), "other": "kept"}),
        dg.RunRequest(run_key="2", tags={REPORT: str(uuid4())}),
        dg.RunRequest(run_key="3"),
    ]
    found = with_sources(worked_platform, dg.SensorResult(run_requests=requests, cursor="5"))
    assert isinstance(found, dg.SensorResult) and found.run_requests is not None and found.cursor == "5"
    assert [run.tags.get(SOURCE) for run in found.run_requests] == ["drop-folder", None, None]
    assert found.run_requests[0].tags["other"] == "kept" and found.run_requests[0].partition_key == str(report)
    skipped = dg.SkipReason("nothing")
    assert with_sources(worked_platform, skipped) is skipped
