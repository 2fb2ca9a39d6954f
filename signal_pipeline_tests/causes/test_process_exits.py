"""How a process ended is never why: texts, and the stories of processes that died."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.phrase import Phrase
from signal_pipeline.causes.process_exits import EXIT_WORDINGS, tells_how_it_ended
from signal_pipeline.causes.records import records_of
from signal_pipeline_tests.causes.stories import Story, told


@pytest.mark.parametrize("wording", EXIT_WORDINGS, ids=lambda wording: wording.name)
def test_the_example_of_each_wording_is_recognised(wording: Phrase) -> None:
    assert tells_how_it_ended(wording.example)


@pytest.mark.parametrize(
    "text", ["exited with code 0", "Main process exited, code=killed, status=9/KILL", "unknown status 7 of the order"]
)
def test_a_success_and_a_signal_are_not(text: str) -> None:
    assert not tells_how_it_ended(text)


def test_the_end_of_a_service_follows_from_what_the_service_wrote() -> None:
    story = Story()
    ended = story.error(10.0, "systemd", "shop-api.service: Main process exited, code=exited, status=1/FAILURE")
    root = story.error(9.9, "shop-api", "cannot read the certificate of the vault")
    assert told(story.causes()) == [(root, {ended})]


def test_an_end_alone_is_no_root_in_evidence() -> None:
    story = Story()
    story.error(10.0, "ci", "Process completed with exit code 1.")
    assert [record.in_evidence for record in records_of(story.causes())] == [False]


@pytest.mark.parametrize(("kind", "follows"), [("NetworkError", True), ("DatabaseError", False)])
def test_a_refused_connection_follows_from_a_process_that_was_killed(kind: str, follows: bool) -> None:
    story = Story()
    killed = story.error(10.0, "kern", "Out of memory: Killed process 2211 (java)", severity="critical")
    refused = story.error(16.0, "proxy", "connect() failed (111: Connection refused)", error_type=kind, stack_trace="x")
    found = told(story.causes(aftermath_seconds=1.0))
    assert found == ([(killed, {refused})] if follows else [(killed, set()), (refused, set())])
