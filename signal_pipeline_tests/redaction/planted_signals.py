"""Plants the canaries in a file of business events and in a packet capture."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from urllib.parse import quote

from signal_pipeline_tests.parsing.pcap.packets import Connection, pcap
from signal_pipeline_tests.redaction.canaries import NAMED, SELF_EVIDENT, Canary

Plant = Callable[[str, str], str]
_AFTER_DOTS = {"card", "ssn", "ipv6", "phone"}
"""Not planted in types of events: what follows a dot and is all digits is a part of a number."""


def _planting(seed: int) -> tuple[Plant, list[Canary]]:
    rng, manifest = random.Random(seed), list[Canary]()

    def plant(secret: str, position: str) -> str:
        make = SELF_EVIDENT[secret] if secret in SELF_EVIDENT else NAMED[secret][1]
        value = make(rng)
        manifest.append(Canary(secret, position, "plain", value, value))
        return value

    return plant, manifest


def _name(secret: str) -> str:
    return NAMED[secret][0] if secret in NAMED else "ref"


def planted_events(seed: int) -> tuple[bytes, list[Canary]]:
    """CloudEvents with a canary in their source, subject, type and id, and in fields of their data."""
    plant, manifest = _planting(seed)
    events: list[dict[str, object]] = []
    for number, secret in enumerate((*SELF_EVIDENT, *NAMED)):
        name, is_named = _name(secret), secret in NAMED
        said = f"{name}={plant(secret, 'subject')}" if is_named else plant(secret, "subject")
        event = {
            "specversion": "1.0", "id": f"e{number}", "type": "order.failed", "subject": said,
            "source": "/shop/web" if is_named else f"/shop/{plant(secret, 'source')}",
            "time": f"2026-03-01T10:00:{number % 60:02d}Z",
            "data": {
                name: plant(secret, "field"), "order_id": f"A{number}", "error": {"message": f"refused {said}"},
                "customer": {name: plant(secret, "nested field")}, "lines": [{name: plant(secret, "list")}],
            },
        }  # fmt: skip
        events.append(event)
        if not is_named and secret not in _AFTER_DOTS:
            # Hexadecimal ids of an event are its own.
            own = "e" if secret == "random_hex" else plant(secret, "id")
            events.append(
                {**event, "id": f"{number} {own}", "type": f"order.{plant(secret, 'type')}", "data": {"n": 1}}
            )
    return "\n".join(map(json.dumps, events)).encode(), manifest


def planted_capture(seed: int) -> tuple[bytes, list[Canary]]:
    """Exchanges of HTTP and dialogues of FTP with canaries in their headers, addresses, bodies and answers."""
    plant, manifest = _planting(seed)
    packets: list[bytes] = []
    for number, secret in enumerate((*SELF_EVIDENT, *NAMED)):
        name = _name(secret)

        def written(position: str, secret: str = secret) -> str:
            return plant(secret, position).replace("\n", "\\n")

        before = f"{name}=" if secret in NAMED else ""
        path = "x" if secret in NAMED else quote(written("path"), safe="")
        ask = (
            f"GET /a/{path}?{name}={quote(written('query'), safe='')} HTTP/1.1\r\nHost: shop.example\r\n"
            f"Authorization: {written('authorization')}\r\nCookie: {name}={written('cookie')}\r\n\r\n"
        )
        body = json.dumps({"error": {"message": f"refused {before}{written('message')}"}, name: written("body")})
        answer = (
            f"HTTP/1.1 500 {before}{written('reason')}\r\nContent-Type: application/json\r\n"
            f"Set-Cookie: a={written('set-cookie')}\r\n"
            f"Location: /x?{name}={quote(written('location'), safe='')}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        packets += Connection(50_000 + number).opened().send(0, ask.encode()).send(1, answer.encode()).closed().packets
        login = Connection(40_000 + number, 21).opened().send(1, b"220 ready\r\n").send(0, b"USER bob\r\n")
        login.send(1, b"331 go on\r\n").send(0, f"PASS {written('command')}\r\n".encode())
        packets += login.send(1, f"530 {before}{written('refusal')} incorrect\r\n".encode()).closed().packets
    return pcap(packets), manifest
