"""Pairs of a state and what it is known to lead to elsewhere."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.known_effects import KNOWN_EFFECTS, KnownEffect, effects_shown, states_told
from signal_pipeline.causes.statements import normalised
from signal_pipeline_tests.causes.stories import Story, told

WARNING = {"is_error": False, "level": "warning", "severity": None}


@pytest.mark.parametrize("row", KNOWN_EFFECTS, ids=lambda row: row.name)
def test_the_examples_of_each_row_are_recognised(row: KnownEffect) -> None:
    state, effect = map(normalised, row.examples)
    assert row.name in states_told(state)
    assert row in effects_shown(effect)


@pytest.mark.parametrize(
    "text",
    ["order 17 could not be placed", "certificate issued for shop.example", "12 workers are ready", "read 3 rows"],
)
def test_other_texts_are_neither_state_nor_effect(text: str) -> None:
    assert (states_told(normalised(text)), list(effects_shown(normalised(text)))) == ((), [])


def test_of_two_killed_processes_the_one_with_its_number_explains_the_lost_worker() -> None:
    story = Story()
    other = story.quiet(10.0, "kernel-a", "Out of memory: Killed process 3312 (indexer)", level=None)
    killed = story.quiet(12.0, "kernel-b", "Out of memory: Killed process 2210 (celery)", level=None)
    lost = story.error(13.0, "worker", "Process 'ForkPoolWorker-3' pid:2210 exited with 'signal 9 (SIGKILL)'")
    late = story.error(14.0, "search", "indexer 3312 did not respond")
    assert told(story.causes()) == [(other, {late}), (killed, {lost})]


def test_a_leak_explains_the_empty_pool_of_its_own_service_alone() -> None:
    story = Story()
    leak = story.quiet(10.0, "accounts", "Connection leak detection triggered for conn7 on thread job-1")
    own = story.raised(
        60.0, "accounts", "find", "PoolError: HikariPool-1 - Connection is not available, timed out after 30 s"
    )
    other = story.raised(61.0, "stock", "find", "PoolError: QueuePool limit of size 5 overflow 10 reached")
    assert told(story.causes()) == [(leak, {own}), (other, set())]


def test_what_came_long_after_a_state_is_not_its_effect() -> None:
    story = Story()
    story.quiet(10.0, "redis", "Background saving error")
    late = story.raised(4_000.0, "web", "save", "ResponseError: MISCONF Redis is configured to save RDB snapshots")
    assert told(story.causes()) == [(late, set())]


def test_a_page_of_an_error_that_a_client_could_not_read_follows_from_the_failure() -> None:
    story = Story()
    root = story.raised(10.0, "backend", "total", "KeyError: 'currency'")
    unread = story.raised(10.2, "phone", "parse", "JsonSyntaxException: Expected BEGIN_OBJECT but was STRING")
    later = story.raised(60.0, "phone", "parse", "JsonSyntaxException: Expected BEGIN_OBJECT but was NULL")
    assert told(story.causes()) == [(root, {unread}), (later, set())]


def test_a_heading_comes_after_what_it_announces() -> None:
    story = Story()
    story.error(10.0, "build", "COMPILATION ERROR :")
    root = story.error(10.1, "build", "PriceService.java:[41,17] cannot find symbol")
    assert [incident.root for incident in story.causes().incidents] == [root]


def test_programs_that_meet_the_same_expired_certificate_are_one_incident() -> None:
    story = Story()
    root = story.error(10.0, "broker", "TLS server: in state certify, fatal alert: certificate expired")
    late = story.raised(14.0, "billing", "publish", "SslError: validity check failed: certificate expired on 20260302")
    assert told(story.causes()) == [(root, {late})]


def test_processes_that_were_killed_apart_are_incidents_apart() -> None:
    story = Story()
    story.error(10.0, "a.log", "Killed process 3312 (indexer)", service="indexer")
    story.error(40.0, "b.log", "Killed process 900 (renderer)", service="renderer")
    assert len(told(story.causes())) == 2
