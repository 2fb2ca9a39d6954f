"""A report's problems as readers get them, from real reports in a real database: the contract, and the odd ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from signal_pipeline.catalog.verdicts import decide, undo
from signal_pipeline.cli.demo import SAMPLE_FILES
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.cause_json import report_json
from signal_pipeline.reports.causes import ReportCauses, report_causes
from signal_pipeline.storage.incidents import replace_incidents
from signal_pipeline.storage.verdicts import Kind
from signal_pipeline_tests.worked_report import work

TRACE = """2026-03-01 10:00:{at},000 ERROR [{thread}] {logger} - {said}
Traceback (most recent call last):
  File "/srv/app/{file}.py", line 31, in {function}
    run(order)
{error}
"""
TOLD = "2026-03-01 10:00:{at},000 {level} [{thread}] {logger} - {said}\n"
LEDGER = TRACE.format(
    at="02", thread="worker-1", logger="ledger.Post", said="Task failed", file="ledger", function="post_entry",
    error="KeyError: 'currency of the account'",
)  # fmt: skip
MAIL = TRACE.format(
    at="44", thread="worker-9", logger="mail.Send", said="Could not send", file="mail", function="send_receipt",
    error="ValueError: the address of the receipt is empty",
)  # fmt: skip
NOISE = TOLD.format(
    at="50", level="ERROR", thread="cron-1", logger="licence.Check", said="no licence key is set"
).replace("10:00", "11:30")
FINE = TOLD.format(at="01", level="INFO", thread="main", logger="app.Main", said="started")
WARNING = TOLD.format(at="{at}", level="WARNING", thread="main", logger="app.Cache", said="cache is {said}")
Make = Callable[..., UUID]


@pytest.fixture
def make(worked_platform: Platform, tmp_path: Path) -> Make:
    """A report of these files, all steps done. Each test has its own source, so that none is another's background."""
    own = f"test-{uuid4().hex[:8]}"

    def submit(source: str = own, is_worked: bool = True, **files: bytes | str) -> UUID:
        folder = tmp_path / uuid4().hex
        folder.mkdir()
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("_", ".")).write_bytes(data)
        report_id = submit_report(worked_platform, sorted(folder.iterdir()), title=None, source=source).report_id
        if is_worked:
            work(worked_platform, report_id)
        return report_id

    return submit


@pytest.fixture
def read(worked_platform: Platform) -> Callable[[UUID], ReportCauses]:
    return lambda report_id: report_causes(worked_platform.database, report_id)


KEYS = {
    "report": {"report_id", "state", "headline", "healthy", "problems", "background", "unread"},
    "problem": {
        "problem_id", "title", "root_evidence", "root_service", "root_in_evidence", "error_type", "severity",
        "seen_before", "symptom_seen_before", "incidents", "symptoms", "known_causes",
    },
    "symptom": {"cluster_id", "title", "service", "count", "reason", "evidence"},
    "place": {"file", "line_number", "line_count", "entry_index", "unit", "label"},
}  # fmt: skip


def test_the_contract_of_the_json(read: Any, sample_report_id: UUID) -> None:
    told = json.loads(json.dumps(report_json(read(sample_report_id))))
    assert set(told) == KEYS["report"] and told["report_id"] == str(sample_report_id)
    problems = told["problems"] + told["background"]
    symptoms = [symptom for problem in problems for symptom in problem["symptoms"]]
    places = [place for one in problems for place in one["root_evidence"]]
    places += [place for one in symptoms for place in one["evidence"]]
    assert {frozenset(one) for one in problems} == {frozenset(KEYS["problem"])}
    assert {frozenset(one) for one in symptoms} == {frozenset(KEYS["symptom"])}
    assert {frozenset(one) for one in places} == {frozenset(KEYS["place"])}
    assert {one["file"] for one in places} <= set(SAMPLE_FILES)
    by_both = [one["file"] for one in places if None not in (one["line_number"], one["entry_index"])]
    assert set(by_both) == {"events.ndjson"}, "an event has a number and a line, others have one of them"
    assert not [one for one in places if one["line_number"] is None and one["entry_index"] is None]
    assert all(one["reason"] and one["count"] > 0 for one in symptoms)
    assert len({one["problem_id"] for one in problems}) == len(problems)


def test_a_refused_connection_is_the_cause_in_every_kind_of_file(read: Any, sample_report_id: UUID) -> None:
    found = report_json(read(sample_report_id))
    (refused,) = [one for one in found["problems"] if "connection refused" in one["title"]]
    assert {(one["file"], one["line_number"]) for one in refused["root_evidence"]} == {("network.pcap", None)}
    assert refused["root_in_evidence"] and refused["incidents"] == 3
    shown = {(place["file"], symptom["count"]) for symptom in refused["symptoms"] for place in symptom["evidence"]}
    others = set(SAMPLE_FILES) - {"network.pcap"}
    assert shown == {(file, 3) for file in others}
    (event,) = [one for one in refused["symptoms"] if one["evidence"][0]["file"] == "events.ndjson"]
    assert event["title"] == "payment.failed: connection_refused: payment service refused the connection"


def test_there_are_not_more_problems_than_groups(read: Any, sample_report_id: UUID) -> None:
    found = read(sample_report_id)
    assert 0 < len(found.problems) <= found.groups
    assert all(problem.found.incidents for problem in found.problems)


def test_two_causes_are_two_problems_and_the_headline_names_the_first(make: Make, read: Any) -> None:
    found = read(make(server_log=LEDGER + MAIL))
    assert [problem.root.exception for problem in found.causes] == ["KeyError", "ValueError"]
    assert found.headline.startswith("2 problems: ") and "in `post_entry` (server), new" in found.headline
    assert found.causes[0].problem_id == str(found.causes[0].clusters[0].problem_id)


def test_a_report_without_errors(make: Make, read: Any) -> None:
    found = read(make(server_log=FINE))
    assert (found.headline, found.problems, found.incidents) == ("No error was found in 1 file.", [], [])


def test_warnings_are_told_where_there_is_no_error(make: Make, read: Any) -> None:
    said = [("02", "cold"), ("03", "cold"), ("40", "full")]
    found = read(make(server_log=FINE + "".join(WARNING.format(at=at, said=one) for at, one in said)))
    assert found.headline == "No error; 3 warnings of 2 kinds, first: cache is cold (server)."
    told = report_json(found)["problems"]
    assert {one["error_type"] for one in told} == {None}
    assert all(len(one["problem_id"]) == 64 for one in told), "it stands in links"


def test_what_was_not_read_comes_before_anything_else(make: Make, read: Any) -> None:
    found = read(make(a_log=LEDGER, b_har=b"\x89PNG\r\n"))
    assert found.headline.startswith("1 of 2 files could not be read: b.har. 1 problem: ")
    assert [(one["file"], one["outcome"]) for one in report_json(found)["unread"]] == [("b.har", "failed")]


def test_before_there_are_clusters_the_state_is_told(make: Make, read: Any) -> None:
    found = read(make(server_log=LEDGER, is_worked=False))
    assert not found.is_clustered and report_json(found)["problems"] == []
    assert found.headline in (
        "Waiting to be processed.",
        "No request to process this report has arrived yet.",
    )


def test_a_report_from_before_causes_were_sought_says_what_to_do(
    worked_platform: Platform, make: Make, read: Any
) -> None:
    report = make(server_log=LEDGER + MAIL)
    with worked_platform.database.transaction() as connection:
        replace_incidents(connection, report, [])
    assert read(report).headline == "2 error groups; their causes were not sought yet: materialize incidents."


def test_a_report_that_is_not_there(read: Any) -> None:
    with pytest.raises(ReportUnknown):
        read(uuid4())


def test_what_most_reports_of_the_source_have_is_background(make: Make, read: Any) -> None:
    for _ in range(3):
        make(server_log=NOISE)
    found = read(make(server_log=NOISE + LEDGER))
    assert [problem.root.exception for problem in found.causes] == ["KeyError"]
    assert [problem.title for problem in found.background] == ["no licence key is set"]
    assert found.headline.startswith("1 problem: ")
    healthy = read(make(server_log=NOISE))
    assert healthy.headline == "No problem of its own; 1 background error, first: no licence key is set (server)."
    elsewhere = read(make(source=f"test-{uuid4().hex[:8]}", server_log=NOISE))
    assert elsewhere.background == [] and elsewhere.headline.startswith("1 problem: no licence key is set (server)")


def test_what_is_not_a_bug_is_background_until_the_verdict_is_removed(
    worked_platform: Platform, make: Make, read: Any
) -> None:
    report = make(server_log=LEDGER + MAIL.replace("address", "subject"))
    (mail,) = [one for one in read(report).causes if one.root.exception == "ValueError"]
    decided = decide(worked_platform, Kind.NOT_A_BUG, mail.root.signature, None, by="ann")
    found = read(report)
    assert [one.problem_id for one in found.background] == [mail.problem_id]
    assert found.headline.startswith("1 problem: ")
    undo(worked_platform, decided.verdict.id, by="ann")
    assert len(read(report).causes) == 2


def test_a_verdict_that_two_errors_are_the_same_makes_them_one_problem(
    worked_platform: Platform, make: Make, read: Any
) -> None:
    report = make(server_log=LEDGER.replace("currency", "owner") + MAIL.replace("address", "sender"))
    one, other = read(report).causes
    decided = decide(worked_platform, Kind.SAME, one.root.signature, other.root.signature, by="ann")
    (problem,) = read(report).causes
    assert len(problem.found.incidents) == 2 and len(problem.clusters) == 2
    assert problem.problem_id in (one.problem_id, other.problem_id)
    undo(worked_platform, decided.verdict.id, by="ann")
    assert {found.problem_id for found in read(report).causes} == {one.problem_id, other.problem_id}


def test_seen_before_says_whether_it_was_a_cause(make: Make, read: Any) -> None:
    log = LEDGER.replace("post_entry", "close_book").replace("currency", "number")
    make(server_log=log)
    again = read(make(server_log=log))
    assert again.causes[0].seen.as_cause == 1
    assert "seen before" in again.headline and report_json(again)["problems"][0]["seen_before"] == 1


def test_a_warning_is_seen_before_as_an_error_is(make: Make, read: Any) -> None:
    said = f"gone {uuid4().hex.translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    log = FINE + WARNING.format(at="02", said=said)
    assert read(make(server_log=log)).causes[0].seen is None
    again = read(make(server_log=log)).causes[0]
    assert again.seen.as_cause == 1 and again.found.is_known


class TestProblemsCommand:
    @pytest.fixture
    def run(self, worked_platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        from typer.testing import CliRunner

        from signal_pipeline.cli.main import app

        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr("signal_pipeline.cli.output.settings_for_cli", lambda: worked_platform.settings)
        yield lambda *arguments: CliRunner().invoke(app, ["problems", *map(str, arguments)])

    def test_the_headline_and_each_problem_with_its_symptoms(self, run: Any, read: Any, sample_report_id: UUID) -> None:
        answer = run(sample_report_id)
        assert answer.exit_code == 0, answer.output
        told, found = " ".join(answer.output.split()), read(sample_report_id)
        assert told.startswith(" ".join(found.headline.split()))
        assert all(" ".join(problem.title.split()) in told for problem in found.causes)
        assert "→ POST http://shop.example/api/orders -> 502" in told and "same id" in told

    def test_json_is_that_of_the_api(self, run: Any, read: Any, sample_report_id: UUID) -> None:
        answer = run(sample_report_id, "--json")
        assert answer.exit_code == 0 and json.loads(answer.stdout) == report_json(read(sample_report_id))

    def test_a_report_that_is_not_finished_is_not_a_success(self, run: Any, make: Make) -> None:
        answer = run(make(server_log=LEDGER, is_worked=False))
        assert answer.exit_code == 1 and "process" in answer.output
