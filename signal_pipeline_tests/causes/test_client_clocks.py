"""A browser's clock that is not the server's, with no id in both."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.records import records_of
from signal_pipeline_tests.causes.stories import Story, told

BASKET = "https://shop.example/basket"
GAPS = (0.0, 7.0, 31.0)
FAULT = "TypeError: the discount of this basket is missing"


def in_step(by: float, *, gaps: tuple[float, ...] = GAPS, url: str = BASKET) -> tuple[Story, list[int], list[int]]:
    """Faults, and requests that fail at the same distances by a clock that is off by `by` seconds."""
    story = Story()
    faults = [story.raised(1_000.0 + gap, "api", "load", FAULT) for gap in gaps]
    requests = [story.request(1_000.1 + gap + by, url, 500, duration_ms=0.0) for gap in gaps]
    return story, faults, requests


@pytest.mark.parametrize("by", [-0.2, -37.0, 55.0, 3_600.0])
def test_failures_that_are_as_far_apart_are_the_same(by: float) -> None:
    story, _, requests = in_step(by)
    found = story.causes()
    assert {root for root, _ in told(found)}.isdisjoint(requests)
    reasons = {symptom.reason for one in records_of(found) for symptom in one.symptoms}
    assert any("clocks" in reason for reason in reasons)


def test_failures_that_are_not_as_far_apart_are_others() -> None:
    story = Story()
    for gap in GAPS:
        story.raised(1_000.0 + gap, "api", "load", FAULT)
    first, *_ = [story.request(5_000.0 + gap, BASKET, 500, duration_ms=0.0) for gap in (0.0, 3.0, 50.0)]
    assert first in {root for root, _ in told(story.causes())}


def test_a_trace_without_a_request_beside_them_is_another() -> None:
    story, _, requests = in_step(-400.0)
    story.raised(1_300.0, "api", "load", FAULT)
    assert requests[0] in {root for root, _ in told(story.causes())}


@pytest.mark.parametrize(("url", "is_its"), [(BASKET, True), ("https://shop.example/login", False)])
def test_a_single_failure_needs_a_word_of_the_path(url: str, *, is_its: bool) -> None:
    story, _, (request,) = in_step(-37.0, gaps=(0.0,), url=url)
    assert (request in {root for root, _ in told(story.causes())}) is not is_its
