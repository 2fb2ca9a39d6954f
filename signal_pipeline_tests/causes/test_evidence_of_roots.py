"""Whether the root is in the files at all, and what a report without any error tells."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.causes.leftovers import LEFTOVERS, is_leftover
from signal_pipeline.causes.phrase import Phrase
from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.quiet_signs import NOTICES, OUTCOMES, is_notice, says_it_failed
from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.statements import normalised
from signal_pipeline_tests.causes.stories import Story, told

IN_THE_WAY = "OSError: volume 'spare' already exists on the host"


@pytest.mark.parametrize("row", LEFTOVERS, ids=lambda row: row.name)
def test_the_example_of_each_kind_of_leftover_is_recognised(row: Phrase) -> None:
    assert is_leftover(normalised(row.example))


# what was raised; whether it is a cause where nothing else is told
TOLD_ALONE = [
    ("LockWaitTimeout: Lock wait timeout exceeded; try restarting transaction", True),
    ("TimeoutError: search for lamps timed out after 600 ms", True),
    ("ReadTimeout: http://stock.shop.svc:8080/items timed out", False),
    ("ConnectionRefusedError: [Errno 111] Connection refused", False),
    ("TimeoutError: Timeout reading from redis", False),
]


@pytest.mark.parametrize(("raised", "expected"), TOLD_ALONE)
def test_only_what_needs_something_else_is_no_cause_by_itself(raised: str, expected: bool) -> None:
    story = Story()
    story.raised(10.0, "shop", "find", raised)
    assert [record.in_evidence for record in records_of(story.causes())] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        'duplicate key value violates unique constraint "mails": Key (mail) already exists',
        "the file does not exist",
        "the connection is already closed",
    ],
)
def test_a_broken_rule_of_a_database_is_no_leftover(text: str) -> None:
    assert not is_leftover(normalised(text))


def test_what_is_in_the_way_follows_from_a_failure_that_came_before() -> None:
    story = Story()
    before = story.raised(10.0, "agent", "detach", "TypeError: detach() takes 2 arguments (1 given)")
    later = story.raised(60.0, "compute", "create", IN_THE_WAY)
    assert told(story.causes()) == [(before, {later})]


def test_which_of_several_failures_left_it_in_the_way_nobody_can_tell() -> None:
    story = Story()
    story.raised(10.0, "agent", "detach", "TypeError: detach() takes 2 arguments (1 given)")
    story.raised(20.0, "mail", "send", "KeyError: 'address of the customer'")
    later = story.raised(60.0, "compute", "create", IN_THE_WAY, request_id="r-0009")
    assert (later, set()) in told(story.causes())


def test_of_several_failures_the_one_that_nobody_was_told_of_left_it_in_the_way() -> None:
    story = Story()
    silent = story.raised(10.0, "agent", "detach", "TypeError: detach() takes 2 arguments (1 given)")
    shown = story.raised(20.0, "mail", "send", "KeyError: 'address of the customer'", request_id="r-0001")
    answer = story.request(20.1, "https://shop.example/mail", 500, request_id="r-0001")
    later = story.raised(60.0, "compute", "create", IN_THE_WAY, request_id="r-0009")
    assert told(story.causes()) == [(silent, {later}), (shown, {answer})]


def test_what_left_it_in_the_way_may_have_been_another_request() -> None:
    story = Story()
    before = story.raised(10.0, "agent", "detach", "TypeError: detach() takes 2 arguments", request_id="r-0001")
    later = story.raised(60.0, "compute", "create", IN_THE_WAY, request_id="r-0009")
    assert told(story.causes()) == [(before, {later})]


def test_what_is_in_the_way_for_no_known_reason_is_no_root_in_evidence() -> None:
    story = Story()
    story.raised(60.0, "compute", "create", IN_THE_WAY)
    assert [record.in_evidence for record in records_of(story.causes())] == [False]


def _matches(sign: pl.Expr, text: str) -> bool:
    return bool(pl.DataFrame({"message": [text]}).select(sign).item())


@pytest.mark.parametrize("sign", OUTCOMES, ids=lambda sign: sign.name)
def test_the_example_of_each_outcome_is_recognised(sign: Phrase) -> None:
    assert _matches(says_it_failed(), sign.example)


@pytest.mark.parametrize("text", ["Test 3 passed", "exited with status 0", "retry (#0) wait: 0 sec", "status: active"])
def test_other_outcomes_are_not(text: str) -> None:
    assert not _matches(says_it_failed(), text)


@pytest.mark.parametrize("sign", NOTICES, ids=lambda sign: sign.name)
def test_the_example_of_each_notice_is_recognised(sign: Phrase) -> None:
    assert _matches(is_notice(), sign.example)


def test_without_an_error_the_failed_outcome_comes_first_and_notices_are_left_out() -> None:
    story = Story()
    story.quiet(1.0, "api", 'Option "driver" is deprecated for removal')
    odd = story.quiet(5.0, "api", "found 1 instance here and 0 on the host")
    failed = story.quiet(9.0, "run", "Assertion results: FAILURE_SSH", level="info")
    story.quiet(9.5, "run", "Workload terminated", level="info")
    found = story.causes()
    assert told(found) == [(odd, set()), (failed, set())]
    problems = problems_of(records_of(found), {})
    assert [(one.first.root.message, one.first.in_evidence) for one in problems] == [
        ("Assertion results: FAILURE_SSH", False),
        ("found 1 instance here and 0 on the host", False),
    ]


def test_notices_are_told_where_there_is_nothing_else() -> None:
    story = Story()
    notice = story.quiet(1.0, "api", 'Option "driver" is deprecated for removal')
    assert told(story.causes()) == [(notice, set())]
