"""What people decide about causes, on real reports in a real database: later reports obey, lists follow, ids stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from signal_pipeline import local
from signal_pipeline.catalog.causes import listed_problems, part_of
from signal_pipeline.catalog.search import search
from signal_pipeline.errors import ReportUnknown, VerdictRefused
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.pipeline.recluster import recluster
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.causes import ReportCauses, ReportProblem, report_causes
from signal_pipeline.reports.decisions import (
    decide_and_refresh,
    refresh_causes,
    set_healthy,
    undo_and_refresh,
    unset_healthy,
)
from signal_pipeline.reports.problem_changes import compare_reports
from signal_pipeline.storage.known_causes import known_causes
from signal_pipeline.storage.report_causes import headlines_of
from signal_pipeline.storage.search import Filters
from signal_pipeline.storage.verdicts import Kind
from signal_pipeline_tests.reports.test_causes import FINE, LEDGER, MAIL
from signal_pipeline_tests.worked_report import work

SAMPLE = Path(str(local.__file__)).parent / "sample_report"


@pytest.fixture
def make(platform: Platform, tmp_path: Path) -> Callable[..., UUID]:
    """A report of these files in a database of its own, all steps done."""

    def submit(source: str = "test", **files: bytes | str) -> UUID:
        folder = tmp_path / uuid4().hex
        folder.mkdir()
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("__", "-").replace("_", ".")).write_bytes(data)
        report_id = submit_report(platform, sorted(folder.iterdir()), title=None, source=source).report_id
        work(platform, report_id)
        return report_id

    return submit


def read(platform: Platform, report: UUID) -> ReportCauses:
    return report_causes(platform.database, report)


def roots(found: ReportCauses) -> list[str | None]:
    return [problem.root.exception for problem in found.causes]


def named(found: ReportCauses, exception: str) -> ReportProblem:
    return next(problem for problem in found.problems if problem.root.exception == exception)


def headline(platform: Platform, report: UUID) -> str:
    with platform.database.transaction() as connection:
        return headlines_of(connection, [report])[report].headline


class TestCausedBy:
    def test_it_holds_in_this_report_and_in_later_ones_until_it_is_removed(
        self, platform: Platform, make: Callable[..., UUID]
    ) -> None:
        report = make(server_log=LEDGER + MAIL)
        before = read(platform, report)
        mail, ledger = named(before, "ValueError"), named(before, "KeyError")
        done = decide_and_refresh(
            platform, Kind.CAUSED_BY, mail.root.signature, ledger.root.signature, by="ann", note="the receipt needs it"
        )
        assert done.reports == 1 and "is caused by" in done.verdict.words()
        for one in (report, make(server_log=FINE + LEDGER + MAIL)):
            found = read(platform, one)
            (problem,) = found.causes
            assert problem.problem_id == ledger.problem_id, "links by the root's id stay"
            assert [symptom.title for symptom in problem.symptoms] == [mail.title]
            assert problem.symptoms[0].reason.startswith("ann said so on ")
            assert headline(platform, one) == found.headline and found.headline.startswith("1 problem: ")
        assert roots(read(platform, make(server_log=MAIL))) == ["ValueError"], "alone it is what is left"
        undo_and_refresh(platform, done.verdict.id, by="ann")
        assert {one.problem_id for one in read(platform, report).causes} == {mail.problem_id, ledger.problem_id}
        assert headline(platform, report) == before.headline

    def test_where_only_the_symptom_is_there_the_cause_is_offered(
        self, platform: Platform, make: Callable[..., UUID]
    ) -> None:
        found = read(platform, make(server_log=LEDGER + MAIL))
        mail, ledger = named(found, "ValueError"), named(found, "KeyError")
        decide_and_refresh(platform, Kind.CAUSED_BY, mail.root.signature, ledger.root.signature, by="ann")
        alone = read(platform, make(server_log=MAIL))
        (offered,) = alone.causes[0].known_causes
        assert (str(offered.problem_id), offered.share) == (ledger.problem_id, 1.0)
        assert "Caused by “" in alone.headline and "ann said so" in alone.headline

    def test_the_catalog_learns_it(self, platform: Platform, make: Callable[..., UUID]) -> None:
        report = make(server_log=LEDGER + MAIL)
        mail, ledger = (named(read(platform, report), name) for name in ("ValueError", "KeyError"))
        with platform.database.transaction() as connection:
            assert len(listed_problems(connection, limit=10)) == 2
        decide_and_refresh(platform, Kind.CAUSED_BY, mail.problem_id, ledger.problem_id, by="ann", report_id=report)
        with platform.database.transaction() as connection:
            (listed,) = listed_problems(connection, limit=10)
            assert str(listed.problem.id) == ledger.problem_id
            assert [str(one.problem_id) for one in listed.symptoms] == [mail.problem_id]
            (cause,) = known_causes(connection, None, UUID(mail.problem_id))
            assert (str(cause.problem_id), cause.reports, cause.seen) == (ledger.problem_id, 1, 1)
            assert part_of(connection, UUID(mail.problem_id)).in_words() == "only ever a symptom, of 1 problem"
        (hit, *_) = search(platform, "address of the receipt", Filters(), 5)
        assert [str(one.problem_id) for one in hit.symptom_of] == [ledger.problem_id]

    def test_nothing_is_its_own_cause(self, platform: Platform, make: Callable[..., UUID]) -> None:
        found = read(platform, make(server_log=LEDGER + MAIL))
        mail, ledger = (named(found, name).root.signature for name in ("ValueError", "KeyError"))
        decide_and_refresh(platform, Kind.CAUSED_BY, mail, ledger, by="ann")
        for kind, one, other in (
            (Kind.CAUSED_BY, ledger, mail),
            (Kind.SAME, mail, ledger),
            (Kind.CAUSED_BY, mail, mail),
        ):
            with pytest.raises(VerdictRefused):
                decide_and_refresh(platform, kind, one, other, by="bob")
        again = decide_and_refresh(platform, Kind.CAUSED_BY, mail, ledger, by="bob")
        assert again.verdict.created_by == "ann", "the same verdict is the one that is there"


def test_a_cause_is_fixed_and_comes_back(platform: Platform, make: Callable[..., UUID]) -> None:
    report = make(server_log=LEDGER)
    decide_and_refresh(
        platform, Kind.FIXED, read(platform, report).causes[0].problem_id, None, by="ann", fixed_in="2.1",
        report_id=report,
    )  # fmt: skip
    assert [one.verdict for one in read(platform, report).causes[0].clusters] == ["fixed"]
    later = read(platform, make(server_log=FINE + LEDGER))
    assert later.causes[0].clusters[0].seen_after_fix


class TestTheClientsSideAlone:
    """The sample's own files: what its requests followed from is known from the reports that have the server's log."""

    def test_the_causes_are_offered_with_their_counts(self, platform: Platform, make: Callable[..., UUID]) -> None:
        files = {name: (SAMPLE / name).read_bytes() for name in ("shop.har", "browser-console.log", "server.log")}
        whole = {"shop_har": files["shop.har"], "browser__console_log": files["browser-console.log"]}
        for _ in range(2):
            full = read(platform, make(**whole, server_log=files["server.log"]))
        felt = {(symptom.signature, problem.problem_id) for problem in full.causes for symptom in problem.symptoms}
        alone = read(platform, make(shop_har=files["shop.har"]))
        offered = [problem for problem in alone.causes if problem.known_causes]
        assert offered, "the requests that failed"
        for problem in offered:
            assert not problem.found.first.in_evidence
            causes = {id for signature, id in felt if signature == problem.root.signature}
            assert causes <= {str(one.problem_id) for one in problem.known_causes}
            assert all(0 < one.share <= 1 and 0 < one.reports <= one.seen == 2 for one in problem.known_causes)
        seen = [problem.seen for problem in offered if problem.seen]
        assert any(one.at_all == 2 and one.as_cause == 0 for one in seen), "as a symptom alone"


class TestHealthy:
    def test_one_healthy_report_teaches_the_background_of_its_source(
        self, platform: Platform, make: Callable[..., UUID]
    ) -> None:
        healthy, other = make(server_log=MAIL), make(server_log=LEDGER + MAIL)
        elsewhere = make(source="elsewhere", server_log=MAIL)
        assert len(read(platform, other).causes) == 2
        set_healthy(platform, healthy, by="ann")
        found = read(platform, healthy)
        assert found.causes == [] and found.headline.startswith("No problem of its own; 1 background error")
        assert roots(read(platform, other)) == ["KeyError"]
        assert headline(platform, other).startswith("1 problem: ")
        assert len(read(platform, elsewhere).causes) == 1
        with platform.database.transaction() as connection:
            known = [one.problem.reports for one in listed_problems(connection, limit=10)]
        assert known == [1, 1], "background is in no list of problems"
        unset_healthy(platform, healthy)
        assert len(read(platform, other).causes) == 2 and len(read(platform, healthy).causes) == 1

    def test_a_report_that_is_not_there(self, platform: Platform) -> None:
        with pytest.raises(ReportUnknown):
            set_healthy(platform, uuid4(), by="ann")
        with pytest.raises(ReportUnknown):
            unset_healthy(platform, uuid4())


def test_ids_of_problems_survive_re_clustering(platform: Platform, make: Callable[..., UUID]) -> None:
    report = make(server_log=LEDGER + MAIL + LEDGER.replace("currency", "owner"))
    before = {problem.problem_id for problem in read(platform, report).causes}
    settings = chosen_settings(platform.settings, algorithm="dbscan", similarity_threshold=0.9)
    dict(recluster(platform, [report], settings, run_id="test"))
    after = refresh_causes(platform.database, report)
    still = {id for problem in after.causes for id in (problem.problem_id, *problem.former_ids)}
    assert before <= still


def test_two_reports_are_compared_by_problems(platform: Platform, make: Callable[..., UUID]) -> None:
    first, second = make(server_log=LEDGER + MAIL), make(server_log=FINE + MAIL)
    found = compare_reports(platform, first, second)
    assert [one.root.exception for one in found.first] == ["KeyError"] and not found.second
    assert [one.root.exception for one, _ in found.both] == ["ValueError"]
