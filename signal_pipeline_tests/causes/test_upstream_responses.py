"""Texts that tell of another service's answer, and texts that only look so."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.phrase import Phrase
from signal_pipeline.causes.upstream_responses import RESPONSE_WORDINGS, reports_upstream_failure


@pytest.mark.parametrize("form", RESPONSE_WORDINGS, ids=lambda form: form.name)
def test_the_example_of_each_form_is_recognised(form: Phrase) -> None:
    assert reports_upstream_failure(form.example)


@pytest.mark.parametrize(
    "text",
    [
        "worker 3 failed 412 of 500 rows",
        "KeyError: 'status'",
        "allocated 503 pages, 404 of them free",
        "the HTTP server could not bind to port 8500",
        "TypeError: 'NoneType' object is not iterable",
    ],
)
def test_numbers_that_are_no_status_are_not(text: str) -> None:
    assert not reports_upstream_failure(text)
