"""The catalog's update: what it counts, what it holds back, and where the next one goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from signal_pipeline.catalog import golden_set as golden
from signal_pipeline.catalog import update as catalog_update
from signal_pipeline.catalog.golden_set import GoldenResult
from signal_pipeline.catalog.update import catalog_findings, update_catalog
from signal_pipeline.clustering.golden import PairScore
from signal_pipeline.clustering.identity import id_of
from signal_pipeline.clustering.quality import Quality
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.known_problem import known_problem
from signal_pipeline.storage.verdicts import Kind, set_verdict
from signal_pipeline_tests.storage.tables import new_report, value
from signal_pipeline_tests.storage.vectors import contribute_rows, signature, vector

WORDS = ("red", "green", "blue", "black", "white", "brown")


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The golden set is embedded by one test alone: that takes a second."""
    monkeypatch.setattr(catalog_update, "embed_golden", lambda _: 0)


def add(platform: Platform, words: Sequence[str]) -> None:
    with platform.database.transaction() as connection:
        report = new_report(connection)
        rows = [
            signature(
                connection,
                f"mode {word}",
                template=f"mode {word} cannot be entered twice",
                vectors=vector(word, near="mode"),
            )
            for word in words
        ]
        contribute_rows(connection, report, rows)


def problems(platform: Platform) -> set[str]:
    with platform.database.transaction() as connection:
        return {str(row[0]) for row in connection.execute("select distinct problem_id from catalog_members")}


def test_an_empty_catalog_is_up_to_date_and_measured(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_update, "embed_golden", golden.embed_golden)
    assert not golden.is_embedded(platform)
    update = update_catalog(platform, None)
    assert golden.is_embedded(platform)
    assert update.golden.golden is not None and update.golden.golden.precision >= 0.98
    with platform.database.transaction() as connection:
        assert value(connection, "select count(*) from golden_scores") == 1
    assert update.published
    assert set(update.counts().values()) == {0}


def test_it_places_compares_and_goes_on_where_it_stopped(platform: Platform) -> None:
    add(platform, WORDS[:5])
    first = update_catalog(platform, "run 1")
    assert (first.counts()["new_problems"], first.compared, first.settled.moved) == (5, 5, 0)
    assert first.quality.singles_share == 1.0
    assert update_catalog(platform, "run 2").compared == 0
    add(platform, WORDS[5:])
    third = update_catalog(platform, "run 3")
    assert (third.compared, third.settled.moved, third.settled.redirects) == (1, 5, 4)
    assert problems(platform) == {str(id_of("mode black"))}, (
        "all five are of one moment: the smallest hash is the oldest"
    )
    assert (third.quality.clusters, third.quality.singles_share, third.quality.largest_share) == (1, 0.0, 1.0)
    with platform.database.transaction() as connection:
        top = known_problem(connection, id_of("mode black"))
        runs = connection.execute("select dagster_run_id, published from catalog_runs order by id").fetchall()
    assert top is not None
    assert (top.title, top.reports, top.signatures) == ("mode <*> cannot be entered twice", 2, 6)
    assert runs == [("run 1", True), ("run 2", True), ("run 3", True)]


def test_a_blocking_finding_keeps_ids_as_they_are_but_newcomers_are_placed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(platform, WORDS[:5])
    update_catalog(platform, None)
    before = problems(platform)
    add(platform, [*WORDS[5:], "grey"])
    monkeypatch.setattr(catalog_update, "JUDGED_FROM", 2)
    held = update_catalog(platform, None)
    assert not held.published
    assert "of the signatures would have another problem" in held.blocking[0]
    assert problems(platform) == before
    assert held.placed.joined == 2
    monkeypatch.undo()
    again = update_catalog(platform, None)
    assert again.published and again.settled.moved == 6, "what was held back is looked at again"


def test_a_bad_golden_score_blocks(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = GoldenResult(PairScore(10, 5, 10), PairScore(0, 0, 0))
    monkeypatch.setattr(catalog_update, "golden_result", lambda *_: bad)
    assert "50% of the pairs joined on the golden set" in update_catalog(platform, None).blocking[0]


def test_a_verdict_that_was_not_obeyed_is(platform: Platform) -> None:
    """As after a crash between setting it and settling the catalog."""
    add(platform, WORDS[:2])
    update_catalog(platform, None)
    with platform.database.transaction() as connection:
        set_verdict(connection, Kind.SAME, "mode red", "mode green", by="ann")
    assert update_catalog(platform, None).settled.moved == 1
    assert len(problems(platform)) == 1


def test_findings_look_at_what_the_update_did() -> None:
    fine = Quality(1000, 500, 0.5, 0.4, 0.1, churn=0.01)
    assert catalog_findings(fine, fine) == [], "what was large before is no fault of this update"
    assert len(catalog_findings(replace(fine, largest_share=0.1), fine)) == 1
    assert len(catalog_findings(fine, replace(fine, churn=0.2))) == 1
    assert catalog_findings(fine, replace(fine, churn=0.2, signatures=50)) == []
