"""Which function answers which request. A table; no HTTP details."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shop import accounts, catalog, orders


@dataclass(frozen=True)
class Call:
    """One request to the API, read."""

    connection: sqlite3.Connection
    checkout: orders.Checkout
    path: str
    numbers: tuple[int, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    session: str

    def owner(self) -> str:
        return accounts.owner_of(self.connection, self.session, self.path)


@dataclass(frozen=True)
class Answer:
    """What goes back: text that is JSON unless a bug says otherwise."""

    text: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value), status)


def _log_in(call: Call) -> Answer:
    name = str(call.body["username"])
    token = accounts.log_in(call.connection, name, str(call.body["password"]))
    text = json.dumps({"user": name, "token": accounts.bearer_token(name)})
    return Answer(text, headers={"Set-Cookie": f"shop_session={token}; Path=/; HttpOnly; SameSite=Lax"})


def _add_item(call: Call) -> Answer:
    orders.add_item(call.connection, call.numbers[0], int(call.body["product"]))
    return _json({"cart": call.numbers[0]}, 201)


def _place(call: Call) -> Answer:
    body = dict(call.body)
    number = orders.place(call.connection, call.owner(), int(body["cart"]), body, call.checkout)
    return _json({"number": number}, 201)


def _invoice(call: Call) -> Answer:
    return Answer(orders.invoice_text(call.numbers[0]), headers=orders.invoice_headers(call.numbers[0]))


Handler = Callable[[Call], Answer]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/api/login", _log_in),
    ("GET", "/api/account", lambda c: _json({"user": c.owner()})),
    ("GET", "/api/wishlist", lambda c: _json({"user": c.owner(), "items": []})),
    ("GET", "/api/products", lambda c: _json(catalog.products(c.connection))),
    ("GET", "/api/products/{}", lambda c: _json(catalog.product(c.connection, c.numbers[0]))),
    ("GET", "/api/products/{}/reviews", lambda c: Answer(catalog.reviews(c.connection, c.numbers[0]))),
    ("GET", "/api/suggest", lambda c: _json(catalog.suggestions(c.connection, c.query["q"]))),
    ("GET", "/api/search", lambda c: _json(catalog.search(c.connection, c.query["q"]))),
    ("GET", "/api/shipping/rates", lambda c: _json(orders.shipping_rates(c.query["postcode"]))),
    ("POST", "/api/carts", lambda c: _json({"number": orders.open_cart(c.connection, c.owner())}, 201)),
    ("POST", "/api/carts/{}/items", _add_item),
    ("POST", "/api/carts/{}/coupon", lambda c: _json({"rebate": orders.discount(c.numbers[0], c.body["code"])})),
    ("GET", "/api/orders", lambda c: _json(orders.orders_of(c.connection, c.owner()))),
    ("POST", "/api/orders", _place),
    ("GET", "/api/orders/{}/invoice", _invoice),
)

_COMPILED = tuple(
    (method, re.compile(pattern.replace("{}", r"(\d{1,9})")), handler) for method, pattern, handler in ROUTES
)


def find(method: str, path: str) -> tuple[Handler, tuple[int, ...]] | None:
    """The handler of a request and the numbers in its path; None when there is none."""
    for route_method, pattern, handler in _COMPILED:
        match = pattern.fullmatch(path)
        if match and route_method == method:
            return handler, tuple(int(number) for number in match.groups())
    return None
