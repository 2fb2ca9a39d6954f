"""Visitors of the example shop without a browser: several at once, with think times of their own, each writing the HAR
and the console log that a browser would have written. What belongs to what is known, since they say it themselves.

The shop, its payment service and its faults are the real ones of examples/; only the browser is played.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SUGGEST_SECONDS = 0.5
PHRASES = {
    401: "Unauthorized",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass
class Exchange:
    """One request as a browser saw it; times are seconds since 1970."""

    number: int
    method: str
    path: str
    request_id: str
    trace_id: str
    started: float
    seconds: float = 0.0
    status: int = 0
    body: str = ""
    net_error: str | None = None

    @property
    def failed(self) -> bool:
        return self.status >= 400 or self.net_error is not None


@dataclass(frozen=True)
class ConsoleLine:
    """`exchange` is the request that the record is about; None when it is about none that failed."""

    at: float
    text: str
    exchange: int | None


@dataclass
class Visitor:
    """One person: requests go to the shop, what a page would print goes to the console."""

    name: str
    port: int
    rng: random.Random
    think_seconds: float
    exchanges: list[Exchange] = field(default_factory=list)
    console: list[ConsoleLine] = field(default_factory=list)
    cookie: str = ""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, timeout: float = 30.0) -> Exchange:
        time.sleep(self.rng.expovariate(1.0) * self.think_seconds)
        rng = self.rng
        made = Exchange(
            len(self.exchanges),
            method,
            path,
            f"req-{rng.getrandbits(48):012x}",
            f"{rng.getrandbits(128):032x}",
            time.time(),
        )
        self.exchanges.append(made)
        time.sleep(rng.uniform(0.0, 0.004))  # what a browser does before it sends
        headers = {"X-Request-Id": made.request_id, "traceparent": f"00-{made.trace_id}-b7ad6b7169203331-01"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers | {"Cookie": self.cookie})
            answer = connection.getresponse()
            made.body, made.status = answer.read().decode("utf-8", "replace"), answer.status
            cookie = answer.getheader("Set-Cookie")
            self.cookie = cookie.partition(";")[0] if cookie else self.cookie
        except TimeoutError:
            made.net_error = "net::ERR_ABORTED"
            # A browser resets the connection of a request that it gives up.
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        except (http.client.HTTPException, OSError):
            made.net_error = "net::ERR_EMPTY_RESPONSE"
        finally:
            connection.close()
        time.sleep(rng.uniform(0.0, 0.004))
        made.seconds = time.time() - made.started
        return made

    def say(self, text: str, about: Exchange | None) -> None:
        time.sleep(self.rng.uniform(0.0005, 0.006))
        self.console.append(ConsoleLine(time.time(), text, None if about is None else about.number))

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Exchange:
        """As the page's own `send`: a failure is printed by the browser and then by the page."""
        made = self.ask(method, path, body)
        if made.failed:
            ending = f"{made.status} ({PHRASES[made.status]})" if made.status else str(made.net_error)
            self.say(f"api.js:34 {method} http://shop.example{path} {ending}\nsend @ api.js:34", made)
        if made.status >= 400:
            told = json.loads(made.body)
            error = f"ApiError: {made.status} {told['title']}: {told['detail']}"
            self.say(f"api.js:36 Uncaught (in promise) {error}\n    at send (api.js:36:27)\nsend @ api.js:36", made)
        return made


def log_in(visitor: Visitor, password: str | None = None) -> None:
    from shop.accounts import PASSWORDS

    body = {"username": visitor.name, "password": password or PASSWORDS[visitor.name]}
    if not visitor.call("POST", "/api/login", body).failed:
        visitor.say(f"account.js:12 Logged in as {visitor.name}", None)


def cart(visitor: Visitor) -> int:
    made = visitor.call("POST", "/api/carts")
    if made.failed:
        log_in(visitor)
        made = visitor.call("POST", "/api/carts")
    number = 0 if made.failed else int(json.loads(made.body)["number"])
    visitor.call("POST", f"/api/carts/{number}/items", {"product": visitor.rng.randrange(1, 4)})
    return number


def pay(visitor: Visitor, number: int, *, guest: bool = False) -> None:
    visitor.call("POST", "/api/orders", {"cart": number, "card": "4242 4242 4242 4242", "guest": guest})


def look_around(visitor: Visitor) -> None:
    for _ in range(visitor.rng.randrange(2, 6)):
        visitor.call("GET", f"/api/products/{visitor.rng.choice((1, 2, 3, 8, 10))}")
        visitor.ask("GET", f"/images/product-{visitor.rng.choice((1, 2, 3)):04}.png")
    visitor.call("GET", "/api/products")


def missing_price(visitor: Visitor) -> None:
    visitor.call("GET", f"/api/products/{visitor.rng.choice((7, 11, 19))}")
    text = "catalog.js:40 Uncaught (in promise) TypeError: Cannot read properties of null (reading 'amount')"
    visitor.say(f"{text}\n    at formatPrice (catalog.js:40:27)", None)


def missing_image(visitor: Visitor) -> None:
    name = f"product-{visitor.rng.choice((5, 13, 21)):04}.png"
    made = visitor.ask("GET", f"/images/{name}")
    words = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    visitor.say(f"{name}:1 {words}", made)


def broken_reviews(visitor: Visitor) -> None:
    visitor.call("GET", f"/api/products/{visitor.rng.choice((4, 9, 16, 6))}/reviews")
    visitor.say("api.js:37 Uncaught (in promise) SyntaxError: Unterminated string in JSON at position 512", None)


def slow_search(visitor: Visitor) -> None:
    visitor.call("GET", f"/api/search?q={visitor.rng.choice(('linen%20lamp', 'wool%20rug', 'copper%20kettle'))}")


def aborted_suggestions(visitor: Visitor) -> None:
    words = visitor.rng.choice(("li", "wo", "co"))
    made = visitor.ask("GET", f"/api/suggest?q={words}", timeout=SUGGEST_SECONDS)
    if made.failed:
        visitor.say(
            f'catalog.js:60 No suggestions for "{words}": TimeoutError: signal timed out\nsuggest @ c.js:60', made
        )


def ended_campaign(visitor: Visitor) -> None:
    visitor.call("POST", f"/api/carts/{cart(visitor)}/coupon", {"code": f"SUMMER-{visitor.rng.randrange(9999)}"})


def order_twice(visitor: Visitor) -> None:
    number = cart(visitor)
    pay(visitor, number)
    pay(visitor, number)


def guest_without_mail(visitor: Visitor) -> None:
    pay(visitor, cart(visitor), guest=True)


def invoice_dropped(visitor: Visitor) -> None:
    made = visitor.call("GET", f"/api/orders/{visitor.rng.randrange(1000, 9999)}/invoice")
    if made.net_error:
        visitor.say(
            "checkout.js:40 Invoice could not be downloaded: TypeError: Failed to fetch\ninvoice @ c.js:40", made
        )


def wrong_password(visitor: Visitor) -> None:
    log_in(visitor, "FAKE-wrong")


def account(visitor: Visitor) -> None:
    visitor.call("GET", "/api/account")
    visitor.call("GET", "/api/orders")


SCENARIOS: tuple[Callable[[Visitor], None], ...] = (
    look_around, missing_price, missing_image, broken_reviews, slow_search, aborted_suggestions, ended_campaign,
    order_twice, guest_without_mail, invoice_dropped, wrong_password, account,
)  # fmt: skip


@dataclass(frozen=True)
class Recording:
    """Files of one report by name, and the truth: (visitor's HAR, entry) for each record by (file, line)."""

    files: dict[str, str]
    truth: dict[tuple[str, int], tuple[str, int]]


def record(seed: int, visitors: int, think_seconds: float, *, rounds: int = 1) -> tuple[list[Visitor], str]:
    """What `visitors` people did at the same time, and the shop's log."""
    rng = random.Random(seed)
    with _shop() as shop:
        people = [
            Visitor(name, shop.port, random.Random(rng.getrandbits(32)), think_seconds)
            for name in ("ada", "bob", "carol")[:visitors]
        ]
        threads = [threading.Thread(target=_visit, args=(person, rounds)) for person in people]
        for thread in threads:
            thread.start()
        _make_trouble(shop, rng, threads)
        time.sleep(1.5)  # the server notices clients that went away only when it answers
        log = shop.log.read_text(encoding="utf-8")
    return people, log.replace(str(EXAMPLES), "/srv")


def _visit(visitor: Visitor, rounds: int) -> None:
    for _ in range(rounds):
        log_in(visitor)
        for scenario in visitor.rng.sample(SCENARIOS, len(SCENARIOS)):
            scenario(visitor)


def _make_trouble(shop: Any, rng: random.Random, threads: list[threading.Thread]) -> None:
    """While people shop, the payment service goes down, an import locks the database, sessions are forgotten."""
    while any(thread.is_alive() for thread in threads):
        time.sleep(rng.uniform(0.4, 1.5))
        trouble = rng.choice(("payment", "import", "sessions", "none"))
        if trouble == "payment":
            with shop.payment_down():
                time.sleep(rng.uniform(0.3, 1.0))
        elif trouble == "import":
            with shop.stock_import():
                time.sleep(rng.uniform(0.3, 1.0))
        elif trouble == "sessions":
            shop.forget_sessions()


@contextmanager
def _shop() -> Iterator[Any]:
    sys.path.insert(0, str(EXAMPLES))
    try:
        from shop_recording.processes import ShopProcesses

        with tempfile.TemporaryDirectory(prefix="shop-") as folder, ShopProcesses(Path(folder)) as shop:
            yield shop
    finally:
        sys.path.remove(str(EXAMPLES))


def har_of(visitor: Visitor) -> str:
    entries = [_entry(exchange) for exchange in visitor.exchanges]
    creator = {"name": "WebInspector", "version": "537.36"}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}}, indent=1)


def _entry(exchange: Exchange) -> dict[str, Any]:
    answered = exchange.status > 0
    ms = round(exchange.seconds * 1000, 3)
    sent = [
        {"name": "traceparent", "value": f"00-{exchange.trace_id}-b7ad6b7169203331-01"},
        {"name": "X-Request-Id", "value": exchange.request_id},
    ]
    content = {"size": len(exchange.body), "mimeType": "application/json" if exchange.body[:1] == "{" else "image/png"}
    if exchange.status >= 400:
        content["text"] = exchange.body
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(timespec="milliseconds"),
        "time": ms,
        "request": {"method": exchange.method, "url": f"http://shop.example{exchange.path}", "headers": sent},
        "response": {
            "status": exchange.status,
            "statusText": PHRASES.get(exchange.status, "OK") if answered else "",
            "headers": [{"name": "X-Request-Id", "value": exchange.request_id}] if answered else [],
            "content": content,
            "_error": exchange.net_error,
        },
        "timings": {"send": 0, "wait": ms, "receive": 0},
    }


def console_of(visitor: Visitor) -> str:
    written = (
        datetime.fromtimestamp(line.at, UTC).strftime("%H:%M:%S.%f")[:-3] + " " + line.text for line in visitor.console
    )
    return "".join(text + "\n" for text in written)
