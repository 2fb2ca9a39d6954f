"""Plants the canaries in a HAR."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from urllib.parse import quote

from signal_pipeline_tests.redaction.canaries import ENCODINGS, NAMED, SELF_EVIDENT, Canary


def planted_har(seed: int) -> tuple[bytes, list[Canary]]:
    """A HAR whose every corner holds a canary: one entry for each secret, and the manifest."""
    rng = random.Random(seed)
    manifest: list[Canary] = []
    makes = {**SELF_EVIDENT, **{name: make for name, (_, make) in NAMED.items()}}
    names = {secret: name for secret, (name, _) in NAMED.items()}

    def planted(secret: str, position: str, encoding: str = "plain") -> str:
        value = makes[secret](rng)
        planted_text = ENCODINGS[encoding](value)
        manifest.append(Canary(secret, position, encoding, value, planted_text))
        return planted_text

    entries = [_har_entry(lambda p, e="plain", s=s: planted(s, p, e), names.get(s, "ref")) for s in makes]
    pages = [{"id": "page_1", "title": planted("email", "page_title"), "startedDateTime": "2024-05-01T12:00:00Z"}]
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": pages, "entries": entries}
    return json.dumps({"log": log}).encode(), manifest


def _har_entry(plant: Callable[..., str], name: str) -> dict[str, object]:
    def pair(header: str, position: str) -> dict[str, str]:
        return {"name": header, "value": plant(position)}

    query = quote(plant("query"), safe="")
    url = f"https://shop.example.com/api/{name}?{name}={query}#{name}={quote(plant('fragment'), safe='')}"
    body = json.dumps({"error": {"message": "refused"}, name: plant("response_json")})
    return {
        "startedDateTime": "2024-05-01T12:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": "POST",
            "url": url,
            "httpVersion": "HTTP/1.1",
            "headers": [
                pair("AUTHORIZATION", "header_upper"),
                pair("cookie", "header_lower"),
                {"name": "Referer", "value": f"https://shop.example.com/?{name}={quote(plant('referer'), safe='')}"},
            ],
            "queryString": [{"name": name, "value": plant("query_array")}],
            "cookies": [{"name": "sid", "value": plant("cookie_array")}],
            "headersSize": -1,
            "bodySize": 10,
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "text": f"a=1&{name}={quote(plant('form'), safe='')}",
                "params": [{"name": name, "value": plant("form_param")}],
            },
        },
        "response": {
            "status": 500,
            "statusText": "Internal Server Error",
            "httpVersion": "HTTP/1.1",
            "headers": [pair("Set-Cookie", "set_cookie"), pair("X-Api-Key", "response_header")],
            "cookies": [],
            "content": {"size": len(body), "mimeType": "application/json", "text": body},
            "redirectURL": f"https://shop.example.com/cb?code={quote(plant('redirect'), safe='')}",
            "headersSize": -1,
            "bodySize": 10,
        },
        "cache": {"comment": plant("comment")},
        "timings": {"send": 1, "wait": 10, "receive": 1.5},
        "_initiator": {"type": "script", "stack": {"url": plant("initiator")}},
        "_webSocketMessages": [{"type": "send", "data": plant("websocket")}],
    }
