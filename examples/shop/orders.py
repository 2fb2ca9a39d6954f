"""Carts, coupons, orders and invoices. Deliberately faulty: see each function."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from typing import Any

from shop import payment_client
from shop.accounts import EMAILS
from shop.business_events import BusinessEvents
from shop.problems import PaymentUnavailable

log = logging.getLogger("shop.orders")

CAMPAIGNS = {"WELCOME": 0.1, "SPRING": 0.15}
FREE_FROM = 50.0


def open_cart(connection: sqlite3.Connection, owner: str) -> int:
    number = int(connection.execute("SELECT max(number) + 1 FROM carts").fetchone()[0])
    connection.execute("INSERT INTO carts VALUES (?, ?)", (number, owner))
    return number


def add_item(connection: sqlite3.Connection, cart: int, product: int) -> None:
    connection.execute("INSERT INTO cart_items VALUES (?, ?)", (cart, product))


def discount(cart: int, code: str) -> float:
    """The rebate of a coupon. A campaign that has ended is no longer in the table: KeyError."""
    campaign, _, serial = code.partition("-")
    log.info("Coupon %s with serial %s for cart %d", campaign, serial or "none", cart)
    return CAMPAIGNS[campaign]


def shipping_rates(postcode: str) -> list[dict[str, Any]]:
    prices = {"Post": 4.9, "Bike": 7.5}
    return [{"carrier": name, "zone": postcode[:2], "amount": amount} for name, amount in prices.items()]


@dataclass(frozen=True)
class Checkout:
    """What placing an order needs beside the database."""

    payment_url: str
    events: BusinessEvents


def place(connection: sqlite3.Connection, owner: str, cart: int, body: dict[str, Any], checkout: Checkout) -> int:
    """The number of the new order, which is the cart's: ordering a cart twice breaks a constraint.

    The event is out before the order is saved: an order that fails was placed all the same, as far as others know.

    Raises sqlite3.IntegrityError, sqlite3.OperationalError and PaymentUnavailable.
    """
    total = _total(connection, cart)
    email = None if body.get("guest") else EMAILS[owner]
    money = {"amount": round(total, 2), "currency": "EUR"}
    checkout.events.emit("order.placed", cart, {"customer_id": owner, "cart_id": f"C-{cart}", **money})
    try:
        connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", (cart, owner, email, total))
    except sqlite3.OperationalError as error:
        log.error("Could not save order %d of user %s: %s", cart, owner, error)
        raise
    try:
        payment_client.charge(checkout.payment_url, cart, total, body["card"])
    except PaymentUnavailable:
        refused = {"code": "connection_refused", "message": "payment service refused the connection"}
        checkout.events.emit("payment.failed", cart, {"error": refused})
        raise
    checkout.events.emit("payment.captured", cart, {**money, "method": "card"})
    log.info("Order %d of user %s placed, total %.2f EUR, mail to %s", cart, owner, total, email)
    checkout.events.emit("order.completed", cart, {"customer_id": owner})
    return cart


def _total(connection: sqlite3.Connection, cart: int) -> float:
    query = "SELECT sum(amount) FROM cart_items JOIN products ON product = id WHERE cart = ?"
    total = float(connection.execute(query, (cart,)).fetchone()[0] or 0.0)
    return total if total >= FREE_FROM else total + 4.9


def orders_of(connection: sqlite3.Connection, owner: str) -> list[dict[str, Any]]:
    rows = connection.execute("SELECT number, total FROM orders WHERE owner = ?", (owner,))
    return [{"number": row["number"], "total": row["total"]} for row in rows]


def invoice_headers(number: int) -> dict[str, str]:
    """The em dash in the file name is no latin-1, so the header cannot be sent and the answer never comes."""
    return {"Content-Disposition": f'attachment; filename="Invoice — {number}.txt"'}


def invoice_text(number: int) -> str:
    return f"Invoice for order {number}\n"
