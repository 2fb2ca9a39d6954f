"""Values of registers and flags are details of what went wrong."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.phrase import Phrase
from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.value_dumps import VALUE_DUMPS, is_value_dump
from signal_pipeline_tests.causes.stories import Story, told


@pytest.mark.parametrize("row", VALUE_DUMPS, ids=lambda row: row.name)
def test_the_example_of_each_kind_is_recognised(row: Phrase) -> None:
    assert is_value_dump(row.example)


@pytest.mark.parametrize("text", ["failed to map 0x1f00", "waiting...", "fault at address: 0x1f00, killed", "retry 3"])
def test_other_texts_are_none(text: str) -> None:
    assert not is_value_dump(text)


def test_values_follow_from_the_error_before_them() -> None:
    story = Story()
    root = story.error(10.0, "node", "data TLB error interrupt of the compute kernel")
    values = [story.error(10.1, "node", text) for text in ("problem state.......0", "data address: 0x00000002")]
    assert told(story.causes()) == [(root, set(values))]


def test_values_without_an_error_are_one_problem_that_is_no_cause() -> None:
    story = Story()
    for at, text in enumerate(("problem state.......0", "data address: 0x00000002", "store operation......1")):
        story.error(10_000.0 * at, "node", text)
    incidents = records_of(story.causes())
    assert len(problems_of(incidents, {})) == 1
    assert not any(incident.in_evidence for incident in incidents)
