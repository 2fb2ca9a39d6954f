"""Talks HTTP to a running example shop, as its page does."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class ShopClient:
    """One visitor. `processes` is the shop, whose parts a test may take down."""

    def __init__(self, processes: Any) -> None:
        self.processes = processes
        self._cookie = ""

    def log_in(self, name: str) -> Answer:
        from shop.accounts import PASSWORDS

        answer = self.ask("POST", "/api/login", {"username": name, "password": PASSWORDS[name]})
        self._cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer

    def cart(self) -> int:
        number = int(self.ask("POST", "/api/carts").json["number"])
        self.ask("POST", f"/api/carts/{number}/items", {"product": 1})
        return number

    def pay(self, cart: int, guest: bool = False) -> Answer:
        return self.ask("POST", "/api/orders", {"cart": cart, "card": "4242", "guest": guest})

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.processes.port, timeout=30)
        headers = {"traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01", "X-Request-Id": "req-1", "Cookie": self._cookie}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode("utf-8", "replace"), dict(answer.getheaders()))
        finally:
            connection.close()

    @property
    def log(self) -> str:
        return str(self.processes.log.read_text(encoding="utf-8"))
