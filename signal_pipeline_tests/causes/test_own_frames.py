"""The function of the application in which an error arose."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.own_frames import own_frame

LIBS = "/usr/lib/python3/site-packages"
TRACE = f"""Traceback (most recent call last):
  File "{LIBS}/broker/rpc/server.py", line 9, in dispatch
    return func(ctxt)
  File "{LIBS}/shop/db/orders.py", line 40, in save_order
    with session.using(ctxt):
  File "{LIBS}/shop/db/api.py", line 8, in wrapped
    return f(*args)
  File "{LIBS}/ormlib/facade.py", line 99, in _context_of
    ctxt.facade = None
AttributeError: 'NoneType' object has no attribute 'facade'"""
TOP = ("ormlib.facade:_context_of", "db.api:wrapped", "db.orders:save_order")
JAVA = """java.lang.NullPointerException: null
\tat org.lib.json.Reader.next(Reader.java:7)
\tat com.shop.orders.Cart.total(Cart.java:30)
\tat com.shop.web.Pay.post(Pay.java:12)"""


@pytest.mark.parametrize(
    ("trace", "service", "logger", "top", "expected"),
    [
        (TRACE, "shop-worker", "broker.rpc.server", TOP, "db.orders:save_order"),
        (TRACE, "stdout", "shop.db", TOP, "db.orders:save_order"),
        (TRACE, "stdout", None, TOP, "ormlib.facade:_context_of"),
        (None, "stdout", None, ("db.api:wrapped", "db.orders:save_order"), "db.orders:save_order"),
        (None, "stdout", None, ("db.api:wrapped",), "db.api:wrapped"),
        (None, "stdout", None, (), None),
        (JAVA, "pay", "com.shop.web.Pay", ("org.lib.json.Reader:next",), "com.shop.orders.Cart:total"),
    ],
)
def test_a_library_and_a_wrapper_are_not_where_it_arose(
    trace: str | None, service: str, logger: str | None, top: tuple[str, ...], expected: str | None
) -> None:
    assert own_frame(trace, service, logger, top) == expected
