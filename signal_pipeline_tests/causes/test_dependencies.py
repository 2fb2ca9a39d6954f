"""What was lost: states of services that last, and failures of those that needed them."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.backing_services import BACKING_SERVICES, backing_services_in
from signal_pipeline.causes.lasting_states import LASTING_STATES, tells_lasting_state
from signal_pipeline.causes.lost_peers import LOST_PEERS, says_peer_is_lost
from signal_pipeline.causes.phrase import Phrase
from signal_pipeline.causes.statements import normalised
from signal_pipeline_tests.causes.stories import Story, told

WARNING = {"is_error": False, "level": "warning", "severity": None}
NETWORK = {"error_type": "NetworkError"}


@pytest.mark.parametrize("row", LASTING_STATES, ids=lambda row: row.name)
def test_the_example_of_each_lasting_state_is_recognised(row: Phrase) -> None:
    assert tells_lasting_state(normalised(row.example))


@pytest.mark.parametrize("row", LOST_PEERS, ids=lambda row: row.name)
def test_the_example_of_each_lost_peer_is_recognised(row: Phrase) -> None:
    assert says_peer_is_lost(normalised(row.example))


@pytest.mark.parametrize("row", BACKING_SERVICES, ids=lambda row: row.name)
def test_the_example_of_each_backing_service_is_recognised(row: Phrase) -> None:
    assert row.name in backing_services_in(normalised(row.example))


@pytest.mark.parametrize(
    "text",
    [
        "failed to start libvirt guest of the instance",
        "order 17 could not be placed",
        "cannot read the address of the customer",
        "checkpoint complete: wrote 12 buffers",
    ],
)
def test_other_texts_tell_no_lasting_state(text: str) -> None:
    assert not tells_lasting_state(normalised(text))


def test_a_broker_that_ran_out_of_space_explains_what_its_clients_could_not_do_also_as_a_warning() -> None:
    story = Story()
    root = story.error(10.0, "redis", "Failed opening the temp file for saving: No space left on device", **WARNING)
    said = "redis.exceptions.ResponseError: MISCONF Redis is configured to save snapshots, but cannot persist to disk"
    failed = [story.raised(at, "web", "login", said, error_type="DatabaseError") for at in (12.0, 40.0)]
    assert told(story.causes()) == [(root, set(failed))]


def test_who_could_not_reach_a_service_that_had_been_stopped_names_it() -> None:
    story = Story()
    root = story.error(10.0, "events", "Killed process 41872 (cart) total-vm:912340kB, out of memory")
    refused = story.raised(11.0, "front", "get", "Error: request to http://cart:7070/ failed: ECONNREFUSED", **NETWORK)
    other = story.raised(12.0, "front", "pay", "Error: request to http://bank:80/ failed: ECONNREFUSED", **NETWORK)
    assert told(story.causes()) == [(root, {refused}), (other, set())]


def test_an_address_that_refused_may_be_what_stopped_before() -> None:
    story = Story()
    root = story.error(10.0, "api", "unhandled rejection, exiting", severity="critical")
    refused = story.error(10.4, "proxy", "connect() failed (111: Connection refused) to upstream 10.0.0.7", **NETWORK)
    late = story.error(400.0, "proxy", "connect() to 10.0.0.9 failed: no route to host", **NETWORK)
    assert told(story.causes()) == [(root, {refused}), (late, set())]


def test_the_failure_of_one_request_is_no_end_of_a_program_however_severe() -> None:
    story = Story()
    failed = story.error(10.0, "api", "connection dropped without an answer", severity="critical", request_id="r-0001")
    refused = story.error(10.4, "proxy", "connect() failed (111: Connection refused) to upstream 10.0.0.7", **NETWORK)
    assert told(story.causes()) == [(failed, set()), (refused, set())]


def test_an_open_breaker_follows_from_earlier_failures_of_what_it_is_for_in_other_requests() -> None:
    story = Story()
    root = story.raised(10.0, "stock-service", "share", "ZeroDivisionError: division by zero", request_id="r-0001")
    said = "CallNotPermittedException: CircuitBreaker 'stock-service' is OPEN and does not permit further calls"
    later = story.raised(14.0, "orders", "price", said, request_id="r-0002")
    other = story.raised(15.0, "orders", "ship", "KeyError: 'carrier of the zone'", request_id="r-0003")
    assert told(story.causes()) == [(root, {later}), (other, set())]


def test_a_warning_of_a_state_that_nothing_followed_from_is_not_told_beside_errors() -> None:
    story = Story()
    story.error(10.0, "host", "disk space is almost full on /var", **WARNING)
    error = story.raised(20.0, "api", "pay", "KeyError: 'price of the order'")
    assert told(story.causes()) == [(error, set())]


def test_trouble_of_one_service_that_is_told_in_several_ways_is_one_incident() -> None:
    story = Story()
    root = story.error(10.0, "kubelet", 'MountVolume.SetUp failed for volume "settings": configmap not found')
    later = story.error(40.0, "kubelet", "Unable to attach or mount volumes: timed out waiting for the condition")
    assert told(story.causes()) == [(root, {later})]


def test_programs_of_a_host_share_its_disk_and_not_its_users() -> None:
    story = Story()
    full = story.error(10.0, "syslog", "write failed: No space left on device", component="rsyslogd")
    after = story.error(60.0, "syslog", "(CRON) error (can't write pid file)", component="cron")
    refused = {"error_type": "AuthenticationError", "component": "sshd"}
    login = story.error(70.0, "syslog", "Failed password for root from <IP:00000001>", **refused)
    assert told(story.causes()) == [(full, {after}), (login, set())]
