"""A failed connection, what it failed, and the event that was sent about it: one cause, in its order and its words."""

from __future__ import annotations

import json

from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.wording import described
from signal_pipeline.frame_schema import EVENT, FLOW
from signal_pipeline_tests.causes.stories import Story, told

REQUEST = "req-104fd9d1a4ef"
FACTS = {"source": "10.0.0.4", "source_port": 40_000, "target": "10.0.0.9", "target_port": 8402, "protocol": "TCP"}


def refused(story: Story, at: float) -> int:
    return story.error(
        at, "net.pcap", "TCP connection refused by 10.0.0.9 (TCP 10.0.0.4:40000 -> 10.0.0.9:8402 REJ)", role=FLOW,
        format="pcap", net_error="ECONNREFUSED", error_type="NetworkError", flow=json.dumps(FACTS),
        line_number=None, entry_index=0,
    )  # fmt: skip


def trace(story: Story, at: float) -> int:
    return story.raised(
        at, "charge", "charge", "ConnectionRefusedError: [Errno 111] refused",
        message="Payment service at http://10.0.0.9:8402 is not reachable", request_id=REQUEST,
    )  # fmt: skip


def event(story: Story, at: float) -> int:
    message = "payment.failed: connection_refused: no answer (order_id=W-1046, error.code=connection_refused)"
    return story.error(at, "events.ndjson", message, role=EVENT, request_id=REQUEST, error_type="NetworkError")


def test_the_event_follows_from_the_record_though_it_was_sent_before_it() -> None:
    story = Story()
    sent, written = event(story, 9.0), trace(story, 9.1)
    (incident,) = story.causes().incidents
    assert (incident.root, [one.row for one in incident.symptoms]) == (written, [sent])


def test_flow_record_and_event_are_one_incident() -> None:
    story = Story()
    sent, written, flow = event(story, 9.0), trace(story, 9.1), refused(story, 8.99)
    assert told(story.causes()) == [(flow, {written, sent})]


def test_a_connection_that_failed_a_trace_is_read_where_the_trace_would_be() -> None:
    story = Story()
    story.raised(20.0, "later", "later", "KeyError: 'SUMMER'")
    story.error(1.0, "jobs", "nightly import of 3 files was left out", error_type="GenericError")
    refused(story, 8.99)
    trace(story, 9.1)
    found = problems_of(records_of(story.causes()), {})
    assert [problem.first.root.message.partition(" ")[0] for problem in found] == ["TCP", "KeyError:", "nightly"]


def test_the_title_has_no_details() -> None:
    story = Story()
    refused(story, 8.99)
    event(story, 900.0)
    titles = [described(incident.root) for incident in records_of(story.causes())]
    assert titles == ["TCP connection refused by 10.0.0.9", "payment.failed: connection_refused: no answer"]
