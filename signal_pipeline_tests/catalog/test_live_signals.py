"""Signals of events that were sent alone, among the errors of reports: one identity, in search, known problems."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from signal_pipeline.catalog.causes import listed_problems
from signal_pipeline.catalog.live_signals import place_live_signals
from signal_pipeline.catalog.search import search
from signal_pipeline.catalog.update import update_catalog
from signal_pipeline.intake.deletion import delete_report
from signal_pipeline.intake.event_acceptance import judge_due
from signal_pipeline.intake.event_batch import checks_of, read_batch, record
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.cause_words import seen_in_words
from signal_pipeline.reports.causes import report_causes
from signal_pipeline.storage.known_problem import known_problem
from signal_pipeline.storage.live_signals import ask_for_placing, live_signals_of
from signal_pipeline.storage.lookup import problem_of
from signal_pipeline.storage.problems import problems_of
from signal_pipeline.storage.search import Filters
from signal_pipeline.storage.signal_lists import SignalFilter, signal_groups
from signal_pipeline_tests.worked_report import submit_and_work

NO_FILTER = Filters()
LAST_WEEK, TODAY = datetime(2024, 3, 1, 10, tzinfo=UTC), datetime(2024, 3, 8, 10, tzinfo=UTC)


def placed(id_: str, at: datetime, order: str, **more: Any) -> dict[str, Any]:
    data = {"order_id": order, "amount": 5, "currency": "EUR"} | more
    return {
        "specversion": "1.0", "id": id_, "source": "/shop/live", "type": "order.placed", "time": at.isoformat(),
        "data": data,
    }  # fmt: skip


def send(platform: Platform, *events: dict[str, Any]) -> None:
    checks = checks_of(platform)
    body = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    record(platform, [read_batch(body, EventChecker(checks, platform.redactor()))], checks)
    judge_due(platform.database, checks.rules)


def report_of(platform: Platform, folder: Path, *events: dict[str, Any]) -> UUID:
    path = folder / "orders.events.ndjson"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return submit_and_work(platform, [path])


def signatures(platform: Platform) -> dict[str, tuple[str, UUID | None, int]]:
    with platform.database.transaction() as connection:
        rows = connection.execute(
            "select key_components ->> 'template', signature_hash, report_id, frequency from error_signatures"
        ).fetchall()
    return {template: (hash_, report, frequency) for template, hash_, report, frequency in rows}


def test_found_by_words_and_by_meaning_and_listed_as_problems(platform: Platform) -> None:
    send(platform, placed("e1", LAST_WEEK, "A-1"), placed("e2", LAST_WEEK, "A-2", amount="x"))
    assert search(platform, "order_not_paid", NO_FILTER, 5) == []
    done = place_live_signals(platform)
    assert done.subjects == done.placed.new_problems + done.placed.joined >= 3
    assert place_live_signals(platform).subjects == 0, "placed once"
    (first, *_) = search(platform, "order_not_paid", NO_FILTER, 5)
    assert (first.row.signals, first.row.reports, first.row.frequency) == (2, 0, 0)
    assert first.row.first_seen == first.row.last_seen == LAST_WEEK + timedelta(minutes=30)
    assert "words" in first.hit.places and "meaning" in first.hit.places
    by_meaning = search(platform, "an order was placed and no payment was captured", NO_FILTER, 1)
    assert by_meaning[0].row.template.startswith("order_not_paid")
    later = Filters(since=LAST_WEEK + timedelta(days=5))
    assert search(platform, "amount currency order", later, 5) == []
    assert len(search(platform, "order_not_paid", Filters(until=TODAY), 1)) == 1
    with platform.database.transaction() as connection:
        listed = {one.problem.title: one.problem for one in listed_problems(connection, limit=50)}
        none = listed_problems(connection, limit=50, since=TODAY)
        groups = {one.subject: one for one in signal_groups(connection)}
    assert none == []
    assert {(one.reports, one.incidents) for one in listed.values()} == {(0, 0)}
    violation = listed["schema order.placed 1: /amount type"]
    assert (violation.signals, violation.error_type) == (1, "TypeError")
    group = groups["schema order.placed 1: /amount type"]
    assert (group.problem_id, group.reports, group.known_since) == (violation.id, 0, LAST_WEEK)
    assert group.known_since == signal_groups_since(platform, group.subject)


def signal_groups_since(platform: Platform, subject: str) -> datetime:
    """`known_since` where other signals are asked for."""
    send(platform, placed("later", TODAY, "A-9", amount="x"))
    with platform.database.transaction() as connection:
        found = {one.subject: one for one in signal_groups(connection, SignalFilter(since=TODAY))}
    assert found[subject].count == 1
    return found[subject].known_since


def test_a_report_has_the_same_signatures_and_knows_them(platform: Platform, tmp_path: Path) -> None:
    send(platform, placed("e1", LAST_WEEK, "A-1", amount="x"))
    place_live_signals(platform)
    before = signatures(platform)
    assert {report for _, report, _ in before.values()} == {None}
    report = report_of(
        platform,
        tmp_path,
        placed("e2", TODAY, "B-1", amount="y"),
        placed("e3", TODAY + timedelta(hours=2), "B-2"),
    )
    after = signatures(platform)
    subjects = ["schema order.placed 1: /amount type", next(one for one in before if one.startswith("order_not_paid"))]
    for subject in subjects:
        assert after[subject] == (before[subject][0], report, 1)
    with platform.database.transaction() as connection:
        rows = {row.title: row for row in problems_of(connection, report)}
        known = known_problem(connection, rows[subjects[0]].problem_id or UUID(int=0))
    for subject in subjects:
        assert rows[subject].is_known and rows[subject].signal_since is not None
    assert known is not None
    assert (known.reports, known.signals, known.first_seen) == (1, 2, LAST_WEEK)
    causes = report_causes(platform.database, report)
    words = {problem.title: seen_in_words(problem) for problem in causes.problems}
    assert any("a signal of events since 2024-03-01" in said for said in words.values()), words


def test_its_own_events_do_not_make_a_report_known(platform: Platform, tmp_path: Path) -> None:
    """Also where they were sent before as well."""
    events = placed("e2", TODAY, "B-1", amount="y"), placed("e3", TODAY + timedelta(hours=2), "B-2")
    send(platform, *events)
    place_live_signals(platform)
    report = report_of(platform, tmp_path, *events)
    with platform.database.transaction() as connection:
        assert [row.title for row in problems_of(connection, report) if row.is_known] == []


def test_deleting_the_report_leaves_what_signals_say_and_nothing_of_the_report(
    platform: Platform, tmp_path: Path
) -> None:
    send(platform, placed("e1", LAST_WEEK, "A-1", amount="x"))
    report = report_of(platform, tmp_path, placed("e2", TODAY, "B-secret", amount="y", color="red"))
    place_live_signals(platform)
    assert any("B-secret" in text for text in messages(platform))
    delete_report(platform, report)
    assert {report for _, report, _ in signatures(platform).values()} == {None}
    assert not any("B-secret" in text for text in messages(platform))
    assert search(platform, "order.placed amount type", NO_FILTER, 5)[0].row.signals == 1
    subject = "schema order.placed 1: /amount type"
    problem = problem_named(platform, signatures(platform)[subject][0])
    with platform.database.transaction() as connection:
        connection.execute("delete from business_events")
    assert place_live_signals(platform).gone == 3
    assert signatures(platform) == {}
    send(platform, placed("e5", TODAY, "C-1", amount="z"))
    place_live_signals(platform)
    assert problem_named(platform, signatures(platform)[subject][0]) == problem, "what comes back has its id"


def messages(platform: Platform) -> list[str]:
    with platform.database.transaction() as connection:
        return [text for (text,) in connection.execute("select message from error_signatures")]


def problem_named(platform: Platform, signature: str) -> UUID | None:
    with platform.database.transaction() as connection:
        return problem_of(connection, signature)


def test_what_a_late_event_takes_back_is_forgotten(platform: Platform) -> None:
    send(platform, placed("e1", LAST_WEEK, "A-1"))
    update_catalog(platform, None)
    assert {template.partition(":")[0] for template in signatures(platform)} == {"order_not_paid", "order_stalled"}
    paid = placed("e2", LAST_WEEK + timedelta(minutes=1), "A-1") | {"type": "payment.captured"}
    send(platform, paid, placed("e3", LAST_WEEK + timedelta(minutes=2), "A-1") | {"type": "order.completed"})
    update_catalog(platform, None)
    left = {template.partition(":")[0] for template in signatures(platform)}
    assert "order_not_paid" not in left


def test_a_run_is_asked_for_once_in_a_while(platform: Platform) -> None:
    def asked(seconds: float) -> bool:
        with platform.database.transaction() as connection:
            return ask_for_placing(connection, seconds) is not None

    assert not asked(0)
    send(platform, placed("e1", LAST_WEEK, "A-1"))
    assert asked(600) and not asked(600), "a run is on its way"
    send(platform, placed("e2", LAST_WEEK, "A-2", amount="x"))
    assert not asked(600)
    assert asked(0), "the run did not place them"
    place_live_signals(platform)
    assert not asked(0)


def test_a_problem_tells_of_its_signals(platform: Platform) -> None:
    send(platform, placed("e1", LAST_WEEK, "A-1", amount="x"), placed("e2", TODAY, "A-2", amount="x"))
    place_live_signals(platform)
    problem = problem_named(platform, signatures(platform)["schema order.placed 1: /amount type"][0])
    assert problem is not None
    with platform.database.transaction() as connection:
        live = live_signals_of(connection, problem)
    assert (live.signals, live.first_at, live.last_at, live.sources) == (2, LAST_WEEK, TODAY, ["/shop/live"])
