"""Who may ask for what, how often, from where; and what every answer carries."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest

from signal_pipeline.api.guard import Buckets, bounded
from signal_pipeline.api.identity import Scope
from signal_pipeline.api.server import check_address
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline_tests.api.conftest import TOKENS, Client, running

SCHEMES = ["Basic {}", "bearer{}", "Token {}", "{}", "Bearer", "Bearer  ", "Bearer {} {}"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_token_counts_in_its_place_alone(closed_port: int, scheme: str) -> None:
    shown = scheme.format(*[TOKENS[Scope.ADMIN]] * scheme.count("{}"))
    assert Client(closed_port).get("/v1/reports", Authorization=shown).status == 401
    assert (
        Client(closed_port).get(f"/v1/reports?token={TOKENS[Scope.ADMIN]}&access_token={TOKENS[Scope.ADMIN]}").status
        == 401
    )


FOREIGN = [
    ({"Host": "evil.example"}, 421),
    ({"Host": "127.0.0.1.evil.example"}, 421),
    ({"Host": ""}, 421),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
def test_another_site_gets_nothing(api: Client, headers: dict[str, str], status: int) -> None:
    for method in ("GET", "POST"):
        answer = api.ask(method, "/v1/reports", headers=headers)
        assert answer.status == status and answer.is_problem


def test_following_a_link_is_fine_and_changing_something_by_it_is_not(api: Client) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert api.ask("GET", "/", headers=link).status == 200
    assert api.ask("POST", "/v1/reports", headers=link).status == 403


def test_a_name_of_ours_is_let_in(api_settings: Any, worked_platform: Any) -> None:
    settings = api_settings.model_copy(update={"api_hosts": "signals.example, other.example"})
    with running(settings, worked_platform) as port:
        assert Client(port).get("/v1/reports", Host="signals.example").status == 200


def test_too_many_requests_are_told_when_to_come_again(api_settings: Any, worked_platform: Any) -> None:
    with running(api_settings.model_copy(update={"api_requests_per_second": 2.0}), worked_platform) as port:
        answers = [Client(port).get("/v1/reports?limit=1") for _ in range(12)]
        refused = [answer for answer in answers if answer.status == 429]
        assert len(refused) >= 5 and {a.status for a in answers} == {200, 429}
        assert all(answer.is_problem and int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert Client(port).get("/health/live").status == 200


def test_buckets_forget_and_refill() -> None:
    buckets = Buckets()
    assert [buckets.take("a", 1.0) for _ in range(5)] == [None] * 5
    wait = buckets.take("a", 1.0)
    assert wait is not None and 0 < wait <= 1
    assert buckets.take("b", 1.0) is None


SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


@pytest.mark.parametrize(
    "path", ["/v1/reports", "/v1/reports/nonsense", "/nowhere", "/", "/openapi.json", "/health/live"]
)
def test_every_answer_carries_the_headers(api: Client, path: str) -> None:
    answer = api.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    # A page with a form must say where it comes from, but to ourselves alone.
    assert answer.headers["referrer-policy"] == ("same-origin" if path == "/" else "no-referrer")
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/reports"), ("PUT", "/"), ("GET", "/nowhere"), ("TRACE", "/v1/reports")]
)
def test_what_is_not_there_is_a_problem_too(api: Client, method: str, path: str) -> None:
    answer = api.ask(method, path)
    assert answer.status in (404, 405) and answer.is_problem


def test_no_open_address_without_tokens(api_settings: Any) -> None:
    check_address(api_settings)
    check_address(api_settings.model_copy(update={"api_host": "::1"}))
    for host in ("0.0.0.0", "::", "192.0.2.1", "signals.example"):
        with pytest.raises(SettingsInvalid, match="API_HOST"):
            check_address(api_settings.model_copy(update={"api_host": host}))
    from pydantic import SecretStr

    check_address(api_settings.model_copy(update={"api_host": "0.0.0.0", "api_admin_token": SecretStr("x" * 20)}))


def test_headers_that_never_end_are_given_up(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.server.HEADER_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as raw:
        raw.sendall(b"GET /v1/reports HTTP/1.1\r\nX-Slow: ")
        assert raw.recv(100) == b""


def test_a_client_does_not_pay_for_time_in_which_the_server_did_not_run() -> None:
    async def read() -> list[bytes]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        body = bounded(queue.get, 100, 1.0)
        loop, found = asyncio.get_running_loop(), []
        for sent in ({"body": b"a", "more_body": True}, {"body": b"b"}):
            waiting = asyncio.create_task(body())
            await asyncio.sleep(0)
            loop.call_later(1.2, queue.put_nowait, sent)
            time.sleep(3)
            found.append((await waiting)["body"])
        return found

    assert asyncio.run(read()) == [b"a", b"b"]


def test_a_body_that_comes_too_slowly_is_given_up(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.guard.CHUNK_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as raw:
        raw.sendall(
            f"POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\n"
            "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 1000\r\n\r\n--limit".encode()
        )
        assert b" 408 " in raw.recv(4096).split(b"\r\n")[0]
