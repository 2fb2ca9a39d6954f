"""Why a signature is where it is."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from signal_pipeline.catalog.explanation import explain
from signal_pipeline.catalog.search import search
from signal_pipeline.catalog.verdicts import decide
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import SignatureUnknown
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import signature_numbered
from signal_pipeline.reports.signature_map import catalog_map, report_map
from signal_pipeline.storage.search import Filters
from signal_pipeline.storage.verdicts import Kind
from signal_pipeline_tests.pipeline.reports import clustered_report, hash_of

ALPHA, BETA = "disk of server alpha is full", "disk of server beta is full"
OTHER = "disk of server alpha was full and is empty"


def test_a_member_says_what_it_shares_and_who_was_left_out(platform: Platform, tmp_path: Path) -> None:
    report = clustered_report(platform, tmp_path, [ALPHA, ALPHA, BETA, OTHER])
    found = explain(platform, hash_of(BETA)[:10], report)
    assert (found.card.frequency, found.card.reports, found.card.template) == (1, 1, BETA)
    for group in (found.report, found.catalog):
        assert group is not None
        assert (group.size, group.shared, group.differing) == (2, "disk of server <*> is full", ["beta"])
        assert 0 < group.distance_to_medoid < group.threshold == 0.7
        assert [(member.is_medoid, member.differing) for member in group.members] == [
            (True, ["alpha"]),
            (False, ["beta"]),
        ]
        assert group.rejected is not None
        assert group.rejected.signature_hash == hash_of(OTHER)
        assert group.rejected.reasons == ["another wording: the texts differ in more than values"]
    assert found.report is not None and found.report.facts["versions"]["clustering"]
    by_problem = explain(platform, str(found.catalog.facts["problem_id"]), None)  # type: ignore[union-attr]
    assert by_problem.card.template == ALPHA and by_problem.report is None


def test_the_algorithm_that_ran_is_the_one_that_is_explained(platform: Platform, tmp_path: Path) -> None:
    report = clustered_report(platform, tmp_path, [ALPHA, BETA, OTHER], ClusterSettings("dbscan", 0.001))
    found = explain(platform, hash_of(ALPHA), report).report
    assert found is not None and found.rejected is not None
    assert (found.size, found.name) == (1, "alone in this report")
    assert found.rejected.reasons[0].endswith("is more than the threshold 0.001")


def test_a_verdict_is_the_first_reason(platform: Platform, tmp_path: Path) -> None:
    decided = clustered_report(platform, tmp_path, [ALPHA, BETA])
    decide(platform, Kind.NOT_SAME, hash_of(ALPHA), hash_of(BETA), by="ann")
    report = clustered_report(platform, tmp_path, [ALPHA, BETA])
    found = explain(platform, hash_of(ALPHA), report)
    assert found.report is not None and found.report.rejected is not None
    assert found.report.rejected.reasons == ["a verdict says that they are not the same"]
    assert [verdict.kind for verdict in found.verdicts] == ["not_same"]
    assert explain(platform, hash_of(ALPHA), decided).report.size == 2, "as it was clustered"  # type: ignore[union-attr]


def test_what_is_not_there_is_said(platform: Platform, tmp_path: Path) -> None:
    report = clustered_report(platform, tmp_path, [ALPHA])
    for typed, words in (("f" * 64, "begins with"), ("xyz", "not a hash or id"), ("12345", "at least 6")):
        with pytest.raises(SignatureUnknown, match=words):
            explain(platform, typed, None)
    with pytest.raises(SignatureUnknown, match="in its clusters"):
        explain(platform, hash_of(ALPHA), uuid4())
    with pytest.raises(SignatureUnknown, match="it has 1"):
        signature_numbered(platform.database, report, 2)
    assert signature_numbered(platform.database, report, 1) == hash_of(ALPHA)


def test_search_finds_by_meaning_what_has_none_of_the_words(platform: Platform, tmp_path: Path) -> None:
    clustered_report(platform, tmp_path, [ALPHA, "payment was declined by the bank", "name of user is unknown"])
    found = search(platform, "no storage space left", Filters(), 3)
    assert found[0].row.template == ALPHA
    assert found[0].hit.places["meaning"] == 1
    with platform.database.transaction() as connection:
        before = connection.execute("select count(*) from embedding_store").fetchone()
    search(platform, "something that is asked for", Filters(), 3)
    with platform.database.transaction() as connection:
        assert connection.execute("select count(*) from embedding_store").fetchone() == before


def test_a_map_of_a_report_and_of_all(platform: Platform, tmp_path: Path) -> None:
    assert catalog_map(platform) is None
    report = clustered_report(platform, tmp_path, [ALPHA, BETA, OTHER])
    for drawn in (catalog_map(platform), report_map(platform, report)):
        assert drawn is not None
        assert drawn.svg.startswith("<svg ") and len(drawn.svg) < 200_000
        assert (drawn.signatures, drawn.groups, drawn.method) == (3, 2, "PCA")
    assert catalog_map(platform).svg == catalog_map(platform).svg  # type: ignore[union-attr]
