"""Talks to the payment service. One call, no retry, which is one of the shop's faults."""

from __future__ import annotations

import http.client
import json
import logging
from urllib.parse import urlsplit

from shop.problems import PaymentUnavailable
from shop.trace_log import REQUEST_ID, TRACEPARENT

log = logging.getLogger("shop.payment")


def charge(payment_url: str, order: int, amount: float, card: str) -> None:
    """Charge the card. Raises PaymentUnavailable when nothing listens."""
    target = urlsplit(payment_url)
    connection = http.client.HTTPConnection(target.hostname or "127.0.0.1", target.port, timeout=2)
    try:
        body = json.dumps({"order": order, "amount": amount, "card": card})
        ids = {"traceparent": TRACEPARENT.get(), "X-Request-Id": REQUEST_ID.get()}
        connection.request("POST", "/charges", body, {"Content-Type": "application/json", **ids})
        connection.getresponse().read()
    except ConnectionRefusedError as error:
        detail = f"Payment for order {order} failed: service refused the connection"
        raise PaymentUnavailable(detail, payment_url) from error
    finally:
        connection.close()
    log.info("Charged %.2f EUR for order %d to card %s", amount, order, card)
