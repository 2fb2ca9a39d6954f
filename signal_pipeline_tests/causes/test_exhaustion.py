"""Resources that a process runs out of, as programs write it."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.exhaustion import EXHAUSTIONS, Exhaustion, exhausted_resource
from signal_pipeline.causes.statements import normalised
from signal_pipeline_tests.causes.stories import Story, told


@pytest.mark.parametrize("row", EXHAUSTIONS, ids=lambda row: row.resource)
def test_the_example_of_each_resource_is_recognised(row: Exhaustion) -> None:
    assert exhausted_resource(normalised(row.example)) == row.resource


@pytest.mark.parametrize(
    "text", ["disk is 91 % full", "opened 12 files", "memory: 512 MB free", "too many items in cart"]
)
def test_a_resource_that_is_only_named_is_not_used_up(text: str) -> None:
    assert exhausted_resource(normalised(text)) is None


def test_what_runs_out_minutes_after_a_fault_of_another_program_is_a_cause_of_its_own() -> None:
    story = Story()
    fault = story.raised(3.0, "jobs", "row", "ValueError: invalid literal for int()")
    full = story.error(60.0, "nightly", "write /exports/feed.xml: disk quota exceeded")
    assert told(story.causes()) == [(fault, set()), (full, set())]
