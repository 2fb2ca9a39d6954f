"""Failures of several requests: what keeps them apart, and what several have in common."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import records_of
from signal_pipeline_tests.causes.stories import Story, told

AGAIN = {"signature_hash": "f00d"}


def test_one_fault_in_two_requests_is_two_incidents_of_one_problem() -> None:
    story = Story()
    roots, answers = [], []
    for at, request in ((10.0, "r-0001"), (40.0, "r-0002")):
        roots.append(story.raised(at, "api", "pay", "KeyError: 'price of the order'", request_id=request, **AGAIN))
        answers.append(story.request(at + 0.1, "https://shop.example/pay", 500, request_id=request))
    found = story.causes()
    assert told(found) == [(root, {answer}) for root, answer in zip(roots, answers, strict=True)]
    assert [len(problem.incidents) for problem in problems_of(records_of(found), {})] == [2]


def test_what_the_timeline_put_to_two_requests_is_of_two_requests_also_without_ids() -> None:
    story = Story()
    pairs = []
    for at in (10.0, 10.4):
        root = story.raised(at, "api", "pay", "KeyError: 'price of the order'", **AGAIN)
        answer = story.request(at + 0.1, "https://shop.example/pay", 500)
        story.put_to(answer, root)
        pairs.append((root, {answer}))
    assert told(story.causes()) == pairs


def test_a_record_of_no_known_request_is_not_put_under_one_that_was_near() -> None:
    story = Story()
    root = story.raised(10.0, "api", "pay", "KeyError: 'price of the order'")
    answer = story.request(10.1, "https://shop.example/pay", 500)
    story.put_to(answer, root)
    other = story.error(10.3, "api", "could not render the receipt")
    assert told(story.causes()) == [(root, {answer}), (other, set())]


def test_two_failures_of_one_statement_are_two_problems() -> None:
    story = Story()
    for at, said in (
        (10.0, "UNIQUE constraint failed: orders.number"),
        (20.0, "NOT NULL constraint failed: orders.mail"),
    ):
        error = f"IntegrityError: {said}"
        story.raised(at, "api", "place", error, message="cannot save", request_id=f"r-{at}", signature_hash=said)
    assert len(problems_of(records_of(story.causes()), {})) == 2


def test_what_one_ended_session_refuses_is_one_incident_until_something_is_accepted() -> None:
    story = Story()
    said = {"error_text": "session has expired, please log in", "error_type": "AuthenticationError"}
    first = story.request(10.0, "https://shop.example/account", 401, **said)
    second = story.request(10.5, "https://shop.example/orders", 401, **said)
    warned = story.quiet(10.4, "server", "rejected /orders: session over")
    story.put_to(second, warned)
    story.request(12.0, "https://shop.example/login", 200, is_error=False, method="POST", signature_hash=None)
    later = story.request(14.0, "https://shop.example/account", 401, **said)
    assert told(story.causes()) == [(warned, {first, second}), (later, set())]


def test_a_warning_about_a_failed_request_is_its_cause_where_no_error_is_about_it() -> None:
    story = Story()
    warned = story.quiet(10.0, "server", "image file lamp is missing", request_id="r-0001")
    line = story.quiet(10.1, "access", "GET /lamp.png 404", status=404, request_id="r-0001")
    answer = story.request(10.0, "https://shop.example/lamp.png", 404, request_id="r-0001", duration_ms=90.0)
    story.quiet(10.2, "server", "cache is nearly full", request_id="r-0007")
    found = story.causes()
    assert told(found) == [(warned, {answer, line})]
    assert [record.in_evidence for record in records_of(found)] == [True]


def test_a_client_that_left_explains_what_the_server_says_of_that() -> None:
    story = Story()
    given_up = story.request(10.0, "https://shop.example/suggest", 0, net_error="net::ERR_ABORTED", duration_ms=500.0)
    gone = story.quiet(11.0, "server", "Client went away: [Errno 32] Broken pipe")
    story.put_to(given_up, gone)
    assert told(story.causes()) == [(given_up, {gone})]


@pytest.mark.parametrize(("status", "follows"), [(404, False), (500, True)])
def test_a_failed_request_follows_by_time_alone_only_where_the_server_failed(status: int, follows: bool) -> None:
    story = Story()
    root = story.raised(10.0, "worker", "reserve", "LookupError: no shelf for the article")
    answer = story.request(13.0, "https://shop.example/cart", status)
    assert told(story.causes()) == ([(root, {answer})] if follows else [(root, set()), (answer, set())])


def test_a_fault_of_the_clients_own_code_fails_no_request() -> None:
    story = Story()
    browser = {"format": "browser-console", "error_type": "TypeError"}
    own = story.raised(10.0, "console", "formatPrice", "TypeError: Cannot read properties of null", **browser)
    answer = story.request(10.2, "https://shop.example/pay", 500)
    assert told(story.causes()) == [(own, set()), (answer, set())]


def test_what_failed_a_request_is_read_before_a_fault_of_the_clients_own_code() -> None:
    story = Story()
    browser = {"format": "browser-console", "error_type": "TypeError"}
    story.raised(1.0, "console", "formatPrice", "TypeError: Cannot read properties of null", **browser)
    story.raised(10.0, "api", "pay", "KeyError: 'price of the order'", request_id="r-0001")
    story.request(10.1, "https://shop.example/pay", 500, request_id="r-0001")
    problems = problems_of(records_of(story.causes()), {})
    assert [problem.first.root.frame for problem in problems] == ["shop.api:pay", "shop.console:formatPrice"]


def test_what_is_near_to_one_that_is_only_near_is_no_longer_near() -> None:
    story = Story()
    first, near, far = (
        story.error(at, "app", said) for at, said in ((1.0, "disk gone"), (2.5, "no log"), (4.0, "no cat"))
    )
    assert told(story.causes()) == [(first, {near}), (far, set())]


@pytest.mark.parametrize(("later", "is_one"), [(90.0, True), (7_000.0, False)])
def test_an_object_ties_what_happened_to_it_soon_after(later: float, is_one: bool) -> None:
    volume = "4d2a46c7-71cb-4cf1-b5bb-b68406d9da6a"
    story = Story()
    root = story.raised(1.0, "volumes", "create", f"OSError: no room for volume {volume}", request_id="r-0001")
    attach = story.error(later, "api", f"volume {volume} must be available", request_id="r-0002")
    assert told(story.causes()) == ([(root, {attach})] if is_one else [(root, set()), (attach, set())])
