"""Answers that several programs record, and browsers that say why they did not do what was asked."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.browser_words import (
    BROWSER_WORDINGS,
    BrowserWording,
    shows_failed_request,
    tells_why_it_was_blocked,
)
from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.statements import only_says_it_failed
from signal_pipeline_tests.causes.stories import Story, told

BROWSER = {"format": "browser-console"}
URL = "https://api.shop.example/quotes"


@pytest.mark.parametrize("row", BROWSER_WORDINGS, ids=lambda row: row.name)
def test_the_example_of_each_wording_is_recognised(row: BrowserWording) -> None:
    assert tells_why_it_was_blocked(row.example) == row.is_decision
    assert shows_failed_request(row.example) != row.is_decision


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("fail", True),
        ("request errored", True),
        ("class=ThumbnailJob jid=17 INFO: fail", True),
        ("disk failed", False),
        ("could not render the receipt", False),
        ("", False),
    ],
)
def test_a_message_that_only_says_that_something_failed(message: str, *, expected: bool) -> None:
    assert only_says_it_failed(message) is expected


def test_a_line_of_an_access_log_is_the_request_that_the_browser_recorded() -> None:
    story = Story()
    root = story.raised(10.0, "api", "pay", "KeyError: 'price of the order'", request_id="r-0001")
    answer = story.request(10.0, "https://shop.example/pay", 500, request_id="r-0001")
    line = story.error(10.0, "access", "POST /pay -> 500", status=500)
    assert told(story.causes()) == [(root, {answer, line})]


def test_a_client_that_tells_of_an_answer_follows_from_what_led_to_it() -> None:
    story = Story()
    story.raised(1.0, "phone", "start", "LookupError: no such surface here")
    root = story.raised(10.0, "api", "upload", "KeyError: 'date of the picture'")
    answer = story.request(9.8, "https://shop.example/pictures", 500, duration_ms=230.0)
    story.put_to(answer, root)
    told_of = story.error(10.1, "phone", "retrofit2.HttpException: HTTP 500")
    assert (root, {answer, told_of}) in told(story.causes())


def test_a_request_that_the_browser_blocked_follows_from_its_reason_and_what_the_script_says_of_it_too() -> None:
    story = Story()
    request = story.request(10.0, URL, 0, net_error="net::ERR_FAILED")
    said = f"Access to fetch at '{URL}' from origin 'https://shop.example' has been blocked by CORS policy"
    reason = story.error(10.1, "console", said, **BROWSER)
    script = story.raised(10.2, "console", "load", "TypeError: Failed to fetch", error_type="TypeError", **BROWSER)
    found = story.causes()
    assert told(found)[0][0] == reason
    assert request in told(found)[0][1]
    assert script not in [root for root, _ in told(found) if records_of(found)[0].root.is_origin]


def test_requests_of_one_ended_session_are_one_incident_also_where_few_words_say_so() -> None:
    story = Story()
    first, *others = [
        story.request(10.0 + n, f"https://shop.example/{name}", 401, error_text="token expired")
        for n, name in enumerate(("me", "news", "mail"))
    ]
    assert told(story.causes()) == [(first, set(others))]


def test_an_error_and_the_failed_request_whose_address_it_names_are_one() -> None:
    story = Story()
    chunk = "https://shop.example/assets/7.js"
    later = story.error(14.0, "console", f"no styles without {chunk}.")
    asked = story.request(10.0, chunk, 404)
    raised = story.raised(
        10.2, "console", "load", "ChunkLoadError: Loading chunk 7 failed", message=f"failed ({chunk})"
    )
    assert told(story.causes()) == [(raised, {asked, later})]


def test_a_failed_response_is_passed_on_after_what_another_service_wrote_about_it() -> None:
    story = Story()
    root = story.error(10.0, "mailer", "MountVolume.SetUp failed for volume keys: secret not found")
    lost = story.raised(11.0, "api", "send", "ConnectionRefusedError: connection to mailer:8025 refused")
    passed = story.error(11.1, "gateway", "upstream answered 502 for POST /signup")
    assert told(story.causes()) == [(root, {lost, passed})]


def test_a_service_that_is_named_as_a_word_explains_what_nothing_else_does() -> None:
    story = Story()
    root = story.error(10.0, "rates", "refresh gave up: 429 Too Many Requests")
    stale = story.error(15.0, "api", "price without rate: rates are 9 minutes old")
    other = story.error(16.0, "mail", "the list of addresses is empty")
    assert told(story.causes()) == [(root, {stale}), (other, set())]
