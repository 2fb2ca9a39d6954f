"""Where a null value came from, by the source lines of a trace."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.null_values import made_in

HEAD = "Traceback (most recent call last):\n"


def trace(error: str, *calls: tuple[str, str]) -> str:
    lines = (f'  File "/srv/shop/a.py", line {at}, in {name}\n    {code}\n' for at, (name, code) in enumerate(calls, 1))
    return f"{HEAD}{''.join(lines)}{error}"


NO_ATTRIBUTE = "AttributeError: 'NoneType' object has no attribute 'total'"
NOT_SUBSCRIPTABLE = "TypeError: 'NoneType' object is not subscriptable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            trace(NO_ATTRIBUTE, ("post", "pay(basket_of(user), 3)"), ("pay", "book(user)"), ("book", "user.total")),
            ("post", "user"),
        ),
        (
            trace(
                NO_ATTRIBUTE, ("post", "pay(found(context), 3)"), ("pay", "book(1, context)"), ("book", "ctxt.total()")
            ),
            ("post", "context"),
        ),
        (trace(NOT_SUBSCRIPTABLE, ("post", "pay(find(order))"), ("pay", "return order['id']")), ("post", "order")),
        (trace(NO_ATTRIBUTE, ("post", "pay(order)"), ("pay", "order.total")), None),
        (trace(NO_ATTRIBUTE, ("post", "pay(find(order))"), ("pay", "self.order.total")), None),
        (trace(NO_ATTRIBUTE, ("post", "pay(order)"), ("pay", "use(self.the_order.total)")), ("", "self.the_order")),
        (trace(NO_ATTRIBUTE, ("post", "pay(order)"), ("pay", "self.the_order.id, self.total")), None),
        (trace(NO_ATTRIBUTE, ("pay", "order.total")), None),
        (trace("ValueError: no total", ("post", "pay(find(order))"), ("pay", "order.total")), None),
        (f"{HEAD}{NO_ATTRIBUTE}", None),
        (None, None),
    ],
)
def test_a_null_value_is_from_the_call_that_computed_it(text: str | None, expected: tuple[str, str] | None) -> None:
    assert made_in(text) == expected


def test_of_a_chain_the_last_exception_counts() -> None:
    first = trace(NO_ATTRIBUTE, ("post", "pay(find(order))"), ("pay", "order.total"))
    chained = f"{first}\n\nDuring handling of the above exception, another exception occurred:\n\n"
    last = trace(NO_ATTRIBUTE, ("show", "draw(owner_of(user))"), ("draw", "user.total"))
    assert made_in(chained + last) == ("show", "user")
