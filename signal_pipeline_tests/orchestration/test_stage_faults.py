"""A mistake in the code of each stage, for one report of a batch: it costs a file, or that stage of that report."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from polars.exceptions import PanicException

from signal_pipeline.classification import classify
from signal_pipeline.orchestration import cluster_results, report_results, timeline_result
from signal_pipeline.pipeline import manifest, parse
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.outcomes import outcomes_of
from signal_pipeline_tests.orchestration.test_report_batch import has_clusters, lease, run_batch, states

LOG = "2026-03-01 10:00:01,000 ERROR [worker-1] shop.Cart - cart {} is empty\n"
ODD = "2026-03-01 10:00:02,000 ERROR [worker-1] shop.Stable - the {} is loose\n"


@pytest.fixture
def reports(submit: Any) -> list[UUID]:
    """Three reports of two files; the second file of the second report holds what some step stumbles over."""
    return [
        submit(server_log=LOG.format(number), odd_log=ODD.format("quagga" if number == 1 else "horse"))
        for number in range(3)
    ]


def raise_when(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, is_odd: Callable[..., bool], fault: BaseException
) -> None:
    work = getattr(module, step)

    def unlucky(*args: Any, **kwargs: Any) -> Any:
        if is_odd(*args):
            raise fault
        return work(*args, **kwargs)

    monkeypatch.setattr(module, step, unlucky)


def reasons(platform: Platform, report: UUID) -> dict[str, list[str]]:
    with platform.database.transaction() as connection:
        return {file.name: file.reasons for file in outcomes_of(connection, report)}


def clustered(platform: Platform, report: UUID) -> int:
    return platform.frames.scan("clusters", report).collect().height


@pytest.mark.parametrize("stage", ["manifest", "parse"])
def test_looking_at_or_reading_a_file(
    runner: Any, platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """The file is lost, with its own code; the file beside it and the other reports are done."""

    def has_quagga(copy: Any, *_: Any) -> bool:
        return b"quagga" in copy.read_bytes()

    if stage == "manifest":
        raise_when(monkeypatch, manifest, "container_and_kind", has_quagga, KeyError("a secret"))
    else:
        raise_when(monkeypatch, parse, "crashpoint", lambda _: False, KeyError("a secret"))
        read = parse.read_here

        def unlucky(raw: Any, *more: Any) -> Any:
            if has_quagga(raw.path):
                raise KeyError("a secret")
            return read(raw, *more)

        monkeypatch.setattr(parse, "read_here", unlucky)
    assert run_batch(runner, platform, lease(platform, reports)).success
    assert states(platform, reports) == ["COMPLETED"] * 3
    assert [clustered(platform, report) for report in reports] == [2, 1, 2]
    assert reasons(platform, reports[1]) == {"server.log": [], "odd.log": ["internal_error"]}


def test_classifying_an_entry(
    runner: Any, platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is still an error, of no certain kind, and its file says that it was not read in full."""

    def has_quagga(frame: pl.DataFrame, *_: Any) -> bool:
        return bool(frame["message"].str.contains("quagga").any())

    raise_when(monkeypatch, classify, "_is_error", has_quagga, PanicException("a secret"))
    assert run_batch(runner, platform, lease(platform, reports)).success
    assert states(platform, reports) == ["COMPLETED"] * 3
    assert [clustered(platform, report) for report in reports] == [2, 2, 2]
    assert reasons(platform, reports[1]) == {"server.log": [], "odd.log": ["internal_error"]}
    assert reasons(platform, reports[0]) == {"server.log": [], "odd.log": []}


def test_the_timeline(runner: Any, platform: Platform, reports: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands beside the way to the problems, which are found without it."""
    raise_when(
        monkeypatch,
        timeline_result,
        "report_timelines",
        lambda told, *_: reports[1] in told,
        PanicException("a secret"),
    )
    assert run_batch(runner, platform, lease(platform, reports)).success
    assert states(platform, reports) == ["COMPLETED"] * 3
    assert [clustered(platform, report) for report in reports] == [2, 2, 2]
    heights = [platform.frames.scan("timeline", report).collect().height for report in reports]
    assert heights == [2, 0, 2]


@pytest.mark.parametrize("fault", [KeyError("a secret"), PanicException("a secret")], ids=["exception", "panic"])
@pytest.mark.parametrize(
    ("module", "step"),
    [(report_results, "classify_reports"), (report_results, "embed_reports"), (cluster_results, "cluster_reports")],
    ids=["classified_errors", "embeddings", "clusters"],
)
def test_a_whole_stage(
    runner: Any,
    platform: Platform,
    reports: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    step: str,
    fault: BaseException,
) -> None:
    """That report is tried again by itself; the others of the batch are done."""
    raise_when(
        monkeypatch, module, step, lambda *args: any(reports[1] in one for one in args[:2] if _holds(one)), fault
    )
    result = run_batch(runner, platform, lease(platform, reports))
    assert result.success
    assert states(platform, reports) == ["COMPLETED", "PENDING", "COMPLETED"]
    assert [has_clusters(platform, report) for report in reports] == [True, False, True]
    assert "a secret" not in str([event.event_specific_data for event in result.all_events])


def _holds(value: object) -> bool:
    return isinstance(value, dict | list | tuple)
