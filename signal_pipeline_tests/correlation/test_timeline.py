"""Requests and records joined: by ids, without ids, under shifted clocks; causes before what follows from them."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.schemas import TIMELINE
from signal_pipeline_tests.correlation.stories import Story, links, roles, shopping

SHIFTS = (0.0, -300.0, 299.7, 0.4, -0.9, 3600.0 * 9 + 3)


def failing_checkout(story: Story) -> int:
    """A request that fails, the server's error, its access record, and what the page says."""
    failed = story.request(12.0, "POST", "/api/orders", 500, 40.0, error_text="UNIQUE constraint failed: orders.number")
    story.record(
        12.03, "Database error while handling POST /api/orders", "error", stack_trace="UNIQUE constraint failed"
    )
    story.record(12.034, "POST /api/orders 500 30 ms", "warning")
    story.record(
        12.041, "POST https://shop.example/api/orders 500 (Internal Server Error)", "error", file="console",
        format="chrome-console", clock_only=True,
    )  # fmt: skip
    return failed


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_failed_request_is_joined_without_ids_whatever_the_clock(shift: float) -> None:
    story = Story()
    story.ahead["server"] = shift
    shopping(story)
    failed = failing_checkout(story)
    made = story.timeline()
    assert links(made) == {("server", 12): failed, ("server", 13): failed, ("console", 0): failed}
    assert roles(made)[("server", 12)] == "cause"
    assert roles(made)[("har", failed)] == "request"
    assert roles(made)[("server", 13)] == roles(made)[("console", 0)] == "follower"
    clock = {c.signal_id: c.clock for c in made.clocks}["server"]
    assert abs(clock.offset - shift) < 0.02 and clock.confidence > 0.9


def test_times_on_the_axis_are_in_order_although_a_clock_was_shifted() -> None:
    story = Story()
    story.ahead["server"] = -212.5
    shopping(story)
    failing_checkout(story)
    told = story.timeline().frame.filter(pl.col("incident").is_not_null())["message"].to_list()
    assert [text[:12] for text in told] == ["POST https:/", "Database err", "POST /api/or", "POST https:/"]


def test_ids_win_over_everything_else() -> None:
    story = Story()
    first = story.request(0.0, "GET", "/a", 500, trace_id="0AF7651916CD43DD8448EB211C80319C")
    second = story.request(0.001, "GET", "/a", 500, request_id="req-77aa")
    story.record(0.005, "GET /a 500", "error", request_id="req-77aa", trace_id="ffff651916cd43dd8448eb211c803fff")
    story.record(900.0, "late", "error", trace_id="0af7651916cd43dd8448eb211c80319c")
    story.record(0.005, "GET /a 500", "error", trace_id="bbbb651916cd43dd8448eb211c80bbbb")
    assert links(story.timeline()) == {("server", 0): second, ("server", 1): first}


def test_of_requests_with_one_id_the_record_belongs_to_that_which_it_speaks_of() -> None:
    story = Story()
    for at, path in ((0.0, "/a"), (1.0, "/b"), (2.0, "/c")):
        story.request(at, "GET", path, 500, trace_id="page-load-1")
    story.record(5.0, "GET /b 500", "error", trace_id="page-load-1")
    (link,) = links(story.timeline()).items()
    assert link == (("server", 0), 1)


def test_the_traffic_of_others_is_left_alone() -> None:
    """The same request of somebody else fails 120 ms earlier, and again 4 s later."""
    story = Story()
    shopping(story)
    for at in (11.88, 16.0):
        story.record(at - 0.004, "Database error while handling POST /api/orders", "error")
        story.record(at, "POST /api/orders 500 30 ms", "warning")
    failed = failing_checkout(story)
    assert links(story.timeline()) == {("server", 16): failed, ("server", 17): failed, ("console", 0): failed}


def test_errors_without_a_request_are_causes_of_their_own() -> None:
    story = Story()
    shopping(story)
    story.record(30.0, "nightly import failed", "error")
    made = story.timeline()
    assert links(made) == {}
    assert roles(made) == {("server", 12): "cause"}


def test_a_slow_request_is_looked_into_although_it_succeeded() -> None:
    story = Story()
    shopping(story)
    slow = story.request(20.0, "GET", "/api/report", 200, 4_000.0)
    story.record(23.99, "GET /api/report 200 3985 ms")
    assert links(story.timeline())[("server", 12)] == slow
    assert links(story.timeline(slow_ms=5_000)) == {}


def test_what_a_server_says_of_a_client_that_has_gone_is_no_cause() -> None:
    story = Story()
    shopping(story)
    aborted = story.request(20.0, "GET", "/api/suggest", 0, 500.0, net_error="net::ERR_ABORTED")
    story.record(21.2, "Client went away: [Errno 32] Broken pipe", "warning")
    made = story.timeline()
    assert links(made) == {("server", 12): aborted}
    assert roles(made) == {("har", aborted): "cause", ("server", 12): "follower"}


def test_a_console_without_any_time_is_placed_by_order() -> None:
    story = Story()
    shopping(story)
    failing = [story.request(20.0 + n, "GET", f"/api/{name}", 500) for n, name in enumerate(("a", "b", "a", "c"))]
    for name in ("a", "b", "a", "c"):
        story.record(
            None, f"GET https://shop.example/api/{name} 500 (x)", "error", file="console", format="chrome-console"
        )
    made = story.timeline()
    assert links(made) == {("console", n): request for n, request in enumerate(failing)}
    assert {c.signal_id: c.clock.basis for c in made.clocks}["console"] == "order"


def test_a_log_with_ids_helps_although_the_requests_have_none() -> None:
    story = Story()
    shopping(story)
    failed = story.request(20.0, "POST", "/api/pay", 502, 900.0)
    story.record(20.1, "charging the card", trace_id="0af7651916cd43dd8448eb211c80319c")
    story.record(20.895, "POST /api/pay 502 890 ms", "warning", trace_id="0af7651916cd43dd8448eb211c80319c")
    made = story.timeline()
    assert links(made) == {("server", 12): failed, ("server", 13): failed}
    assert roles(made)[("server", 12)] == "context"


def test_two_browsers_are_set_against_the_server_both_of_them_spoke_to() -> None:
    story = Story()
    story.ahead |= {"har2": 77.0, "server": -5.0}
    shopping(story)
    for number, at in enumerate((0.5, 2.2, 2.9, 6.4, 8.8, 10.3, 12.9)):
        story.request(at, "GET", f"/other/{number}", 200, 9.0, file="har2")
        story.record(at + 0.008, f"GET /other/{number} 200 7 ms")
    failed = story.request(14.0, "GET", "/other/x", 500, 9.0, file="har2")
    story.record(14.007, "GET /other/x 500 6 ms", "error")
    made = story.timeline()
    offsets = {c.signal_id: c.clock.offset for c in made.clocks}
    assert abs(offsets["har2"] - 77.0) < 0.05 and abs(offsets["server"] + 5.0) < 0.05
    assert links(made) == {("server", 19): failed}


@pytest.mark.parametrize("entries", [0, 1])
def test_reports_with_next_to_nothing(entries: int) -> None:
    story = Story()
    for _ in range(entries):
        story.record(None, "it broke", "error")
    frame = story.timeline().frame
    assert frame.height == entries
    assert TIMELINE.violations(dict(frame.schema), {n: frame[n].null_count() for n in frame.columns}) == []


def test_the_frame_keeps_its_contract() -> None:
    story = Story()
    shopping(story)
    failing_checkout(story)
    frame = story.timeline().frame
    assert TIMELINE.violations(dict(frame.schema), {n: frame[n].null_count() for n in frame.columns}) == []
    linked = frame.filter(frame["link_confidence"].is_not_null())
    assert linked["link_reason"].null_count() == 0
    assert linked["link_confidence"].is_between(0.5, 1.0).all()


@pytest.mark.parametrize("name", ["slow_ms", "least_confidence", "max_entries"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), 1e12])
def test_settings_out_of_bounds_are_refused(name: str, value: float) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        CorrelationSettings(**{name: value})
