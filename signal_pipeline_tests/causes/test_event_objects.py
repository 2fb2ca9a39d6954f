"""A failed event joins the log line and the request that are about the same order, however each spells its id."""

from __future__ import annotations

import pytest

from signal_pipeline.frame_schema import EVENT
from signal_pipeline_tests.causes.stories import Story, told

LINE = "cannot reserve stock for order A-1017"
SPELLINGS = [
    "order_not_reserved: out (order_id=A-1017, amount=5)",
    "order_not_reserved: out (amount=5, orderId=A-1017)",
    "order_not_reserved: out (order.id=A-1017)",
    "order_not_reserved: out (amount=5, data.order.id=A-1017)",
    "order_not_reserved: out (orderID=a-1017)",
    "order_not_reserved: out (order_number=A-1017)",
    "order_not_reserved: out (reference=urn:shop:order:A-1017)",
    "reservation.failed urn:shop:order:A-1017 (amount=5)",
    "reservation.failed orders/A-1017",
    "reservation.failed A-1017 (amount=5)",
]
OTHERS = [
    ("another order", "order_not_reserved: out (order_id=A-1018)"),
    ("the beginning of it", "order_not_reserved: out (order_id=A-10)"),
    ("a number that is anything", "order_not_reserved: out (order_id=17)"),
    ("no id", "order_not_reserved: out (colour=A-1017)"),
]
FAR = 60.0


def event(story: Story, at: float, message: str) -> int:
    return story.error(at, "shop.events.ndjson", message, role=EVENT, exception_class="out", component="/shop")


def other(story: Story) -> None:
    """Something that failed just before, which the event would follow by time alone."""
    story.raised(FAR - 0.5, "mailer", "send", "SmtpError: greeting was refused")


@pytest.mark.parametrize("message", SPELLINGS)
@pytest.mark.parametrize("line", [LINE, "reserve failed orderId=A-1017 qty=17", 'no stock {"order_id":"A-1017"}'])
def test_by_the_id_of_the_order(message: str, line: str) -> None:
    story = Story()
    root = story.error(10.0, "stock.log", line)
    other(story)
    late = event(story, FAR, message)
    assert (root, {late}) in told(story.causes())


@pytest.mark.parametrize("message", SPELLINGS[:2])
def test_by_the_path_of_the_request(message: str) -> None:
    story = Story()
    request = story.request(10.0, "https://shop.example/api/orders/A-1017/reserve", 500)
    other(story)
    late = event(story, FAR, message)
    (own,) = [symptoms for root, symptoms in told(story.causes()) if root == request]
    assert late in own


@pytest.mark.parametrize(("name", "message"), OTHERS, ids=[name for name, _ in OTHERS])
def test_what_is_not_the_same(name: str, message: str) -> None:
    story = Story()
    root = story.error(10.0, "stock.log", f"{LINE} 17 times")
    late = event(story, FAR, message)
    assert (root, {late}) not in told(story.causes()), name


def test_a_tenant_that_everything_shares_ties_nothing() -> None:
    story = Story()
    roots = [story.error(float(at), "stock.log", f"no stock at {at} tenant T-900") for at in range(500)]
    late = event(story, 2_000.0, "order_not_reserved: out (tenant_id=T-900)")
    assert all(late not in symptoms for root, symptoms in told(story.causes()) if root in roots)
