"""Incidents of short stories: what is the root, what follows from it, and what is never joined."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline_tests.causes.stories import Story, told


def test_an_exception_that_is_logged_again_and_answered_is_one_incident_with_its_trace_as_root() -> None:
    story = Story()
    first = story.error(10.0, "worker", "Task failed: 'NoneType' object has no attribute 'token'", request_id="r-1a2b")
    root = story.raised(
        10.2, "worker", "open", "AttributeError: 'NoneType' object has no attribute 'token'", request_id="r-1a2b"
    )
    again = story.error(
        11.0, "api", "Unhandled: AttributeError: 'NoneType' object has no attribute 'token'", request_id="r-1a2b"
    )
    answer = story.request(9.0, "https://shop.example/api/orders", 500, request_id="r-1a2b", duration_ms=2_100.0)
    assert told(story.causes()) == [(root, {first, again, answer})]


def test_a_symptom_of_two_causes_does_not_join_them() -> None:
    story = Story()
    one = story.raised(1.0, "stock", "reserve", "KeyError: 'warehouse of the order'", request_id="r-0001")
    other = story.raised(1.1, "mail", "send", "ConnectionError: mail relay does not answer", request_id="r-0002")
    text = "two jobs failed: KeyError: 'warehouse of the order'; ConnectionError: mail relay does not answer"
    both = story.error(1.5, "console", text)
    assert told(story.causes()) == [(one, {both}), (other, {both})]


def test_the_same_error_again_within_moments_is_one_incident_of_several_tries() -> None:
    story = Story()
    tries = [story.error(5.0 * n, "sync", "could not reach the ledger: connection refused") for n in range(6)]
    assert told(story.causes()) == [(tries[0], set(tries[1:]))]
    assert len(told(story.causes(retry_seconds=1.0, aftermath_seconds=1.0, moment_seconds=0.5))) == 6


def test_errors_of_different_requests_that_are_near_to_each_other_are_two() -> None:
    story = Story()
    one = story.raised(1.0, "api", "pay", "ValueError: amount must be positive", request_id="r-0001", thread="7")
    other = story.raised(1.2, "api", "ship", "LookupError: no carrier for the zone", request_id="r-0002", thread="7")
    assert told(story.causes()) == [(one, set()), (other, set())]


def test_an_answer_that_names_the_request_of_the_server_follows_from_it() -> None:
    story = Story()
    identifier = "req-309e9012-8885-473b-8f19-936e57b28487"
    root = story.raised(1.0, "volumes", "attach", "TypeError: 'NoneType' is not iterable", request_id=identifier)
    client = story.error(9.0, "compute", f"Failed to attach: bad request (HTTP 400) (Request-ID: {identifier})")
    found = story.causes()
    assert told(found) == [(root, {client})]
    assert identifier.removeprefix("req-").replace("-", "") in found.incidents[0].symptoms[0].reason


def test_what_fails_after_a_process_ran_out_of_something_follows_from_that() -> None:
    story = Story()
    root = story.raised(
        10.0, "agent", "measure", "OSError: [Errno 24] Too many open files: '/proc/meminfo'", thread="71"
    )
    later = story.raised(180.0, "agent", "parse", "ImportError: No module named _strptime", thread="71")
    other = story.raised(190.0, "agent", "bill", "ValueError: amount must be positive", thread="99")
    assert told(story.causes()) == [(root, {later}), (other, set())]


def test_the_class_of_an_exception_alone_ties_nothing_together() -> None:
    story = Story()
    roots = [
        story.raised(at, "api", f"handle_{request}", f"AttributeError: no field {request} here", request_id=request)
        for at, request in ((10.0, "r-0001"), (40.0, "r-0002"))
    ]
    seen = [story.error(at + 0.2, "api", "<type 'exceptions.AttributeError'>") for at in (10.0, 40.0)]
    assert told(story.causes()) == [(root, {line}) for root, line in zip(roots, seen, strict=True)]


def test_what_another_service_answered_follows_from_its_failure_also_in_the_same_moment() -> None:
    story = Story()
    answered = story.error(10.0, "shop", "stock answered: 500 Internal Server Error", trace_id="4bf92f3577b34da6")
    root = story.error(10.004, "stock", "shelf list of warehouse 7 is empty", trace_id="4bf92f3577b34da6")
    assert told(story.causes()) == [(root, {answered})]


def test_an_answer_without_the_failing_side_is_no_root_in_evidence() -> None:
    story = Story()
    story.error(10.0, "shop", "stock answered: 500 Internal Server Error")
    assert [one.in_evidence for one in records_of(story.causes())] == [False]


def test_requests_that_only_worked_on_one_object_are_not_one_incident() -> None:
    account = "4d2a46c7-71cb-4cf1-b5bb-b68406d9da6a"
    story = Story()
    for at, request, said in ((1.0, "r-0001", "no seats left in wagon"), (30.0, "r-0002", "price table has no row")):
        story.error(at - 0.5, "shop", f"account {account}", is_error=False, level="info", request_id=request)
        story.error(at, "shop" if at < 5 else "prices", said, request_id=request)
    assert [root for root, _ in told(story.causes())] == [1, 3]


def test_who_is_refused_again_and_again_is_one_incident_and_another_address_another() -> None:
    story = Story()
    refused = {"error_type": "AuthenticationError"}
    root = story.error(10.0, "gate", "Invalid user oracle from <IP:11110001>", **refused)
    other = story.error(15.0, "gate", "Failed login of carol at <IP:22220002>", **refused)
    again = story.error(25.0, "gate", "Failed password for root from <IP:11110001> port 4711", **refused)
    assert told(story.causes()) == [(root, {again}), (other, set())]


def test_warnings_tell_where_there_is_no_error() -> None:
    story = Story()
    quiet = story.error(1.0, "app", "disk is 91 % full", is_error=False, level="warning", severity=None)
    assert told(story.causes()) == [(quiet, set())]
    story.error(2.0, "app", "cannot write the order: no space left on device")
    assert [root for root, _ in told(story.causes())] == [1]


def test_settings_out_of_bounds_are_refused() -> None:
    with pytest.raises(SettingsInvalid, match="background_share"):
        CauseSettings(background_share=0.0)


def test_a_fault_of_the_clients_own_code_is_a_root_and_in_evidence() -> None:
    story = Story()
    browser = {"format": "browser-console", "error_type": "TypeError"}
    one = story.raised(1.0, "console", "formatPrice", "TypeError: Cannot read properties of null", **browser)
    other = story.raised(1.2, "console", "share", "TypeError: copyToClipboard is not a function", **browser)
    found = story.causes()
    assert told(found) == [(one, set()), (other, set())]
    assert [record.in_evidence for record in records_of(found)] == [True, True]


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.9])
def test_a_service_that_stops_says_so_after_what_stopped_it(seconds: float) -> None:
    story = Story()
    root = story.error(10.0, "shop", "cannot parse settings.toml: unexpected token at line 7")
    stopped = story.error(10.0 + seconds, "shop", "shutting down", severity="critical")
    assert told(story.causes()) == [(root, {stopped})]


def test_what_another_service_wrote_moments_before_one_stops_may_follow_from_that() -> None:
    story = Story()
    lost = story.error(10.0, "web", "cannot reach shop: connection refused", error_type="NetworkError")
    root = story.error(10.5, "shop", "out of memory, shutting down", severity="critical")
    assert told(story.causes()) == [(root, {lost})]


def test_without_times_an_entry_next_to_a_trace_follows_from_it() -> None:
    story = Story()
    beside = story.error(None, "api", "Failed executing DbCommand (12ms)")
    root = story.raised(None, "api", "save", "UniqueViolation: the key (number)=(17) already exists")
    story.quiet(None, "api", "serving", level="info")
    other = story.error(None, "api", "the list of prices is empty")
    assert sorted(told(story.causes())) == [(root, {beside}), (other, set())]


def test_what_does_not_start_says_so_itself_whoever_answered() -> None:
    pulled = 'Failed to pull image "acme/shop:1": rpc error: code = NotFound desc = not found'
    story = Story()
    root = story.error(None, "events", f"pod/shop-1 {pulled}")
    after = ("Error: ErrImagePull", "Back-off pulling image")
    others = [story.error(None, "events", f"pod/shop-1 {text}") for text in after]
    assert told(story.causes()) == [(root, set(others))]
