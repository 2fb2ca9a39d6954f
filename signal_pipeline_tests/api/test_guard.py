"""Who may ask for what, how often, from where; and what every answer carries."""

from __future__ import annotations

import re
import socket
from typing import Any
from uuid import uuid4

import pytest

from signal_pipeline.api.guard import Buckets
from signal_pipeline.api.server import check_address
from signal_pipeline.api.tokens import Scope
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline_tests.api.conftest import TOKENS, Client, running

# Every route of the schema, with the scope it needs.
ROUTES = [
    ("GET", "/v1/reports", Scope.READ),
    ("GET", "/v1/reports/{report}", Scope.READ),
    ("GET", "/v1/reports/{report}/result", Scope.READ),
    ("GET", "/v1/reports/{report}/clusters", Scope.READ),
    ("GET", "/v1/reports/{report}/timeline", Scope.READ),
    ("GET", "/v1/dead-letters", Scope.READ),
    ("GET", "/v1/dead-letters/{report}", Scope.READ),
    ("POST", "/v1/reports", Scope.SUBMIT),
    ("POST", "/v1/reports/{report}/retry", Scope.SUBMIT),
    ("GET", "/v1/reports/{report}/deletion", Scope.READ),
    ("POST", "/v1/reports/{report}/cancel", Scope.SUBMIT),
    ("POST", "/v1/reports/{report}/recluster", Scope.ADMIN),
    ("POST", "/v1/reports/{report}/publish", Scope.ADMIN),
    ("DELETE", "/v1/reports/{report}", Scope.ADMIN),
    ("GET", "/v1/search", Scope.READ),
    ("GET", "/v1/problems/{report}", Scope.READ),
    ("GET", "/v1/verdicts", Scope.READ),
    ("POST", "/v1/verdicts", Scope.ADMIN),
    ("DELETE", "/v1/verdicts/{report}", Scope.ADMIN),
    ("POST", "/v1/dead-letters/{report}/replay", Scope.ADMIN),
    ("GET", "/v1/settings", Scope.ADMIN),
    ("PUT", "/v1/settings/{report}", Scope.ADMIN),
    ("DELETE", "/v1/settings/{report}", Scope.ADMIN),
]


def test_the_table_holds_every_route(api: Client) -> None:
    paths = api.get("/openapi.json").json["paths"]
    found = {(method.upper(), re.sub(r"\{[^}]+\}", "{}", path)) for path in paths for method in paths[path]}
    told = {(method, path.replace("{report}", "{}")) for method, path, _ in ROUTES}
    assert found == told | {("GET", path) for path in ("/health", "/health/live", "/health/ready")}


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES, ids=[f"{r[0]} {r[1]}" for r in ROUTES])
def test_each_route_asks_for_its_scope(
    closed_port: int, sample_report_id: Any, method: str, path: str, scope: Scope
) -> None:
    where = path.format(report=sample_report_id if method == "GET" else uuid4())
    for token in (None, "wrong", TOKENS[Scope.READ][:-1], ""):
        answer = Client(closed_port, token).ask(method, where)
        assert answer.status == 401 and answer.is_problem and answer.headers["www-authenticate"] == "Bearer"
    for held, token in TOKENS.items():
        answer = Client(closed_port, token).ask(method, where)
        assert (answer.status == 403) == (held < scope), (held, answer.status)
        assert answer.status != 401


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


def test_a_body_that_comes_too_slowly_is_given_up(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.guard.CHUNK_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as raw:
        raw.sendall(
            f"POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\n"
            "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 1000\r\n\r\n--limit".encode()
        )
        assert b" 408 " in raw.recv(4096).split(b"\r\n")[0]


def test_tokens_change_while_the_api_runs(api_settings: Any, worked_platform: Any, tmp_path: Any) -> None:
    import os

    from signal_pipeline.api.tokens import Identity, hash_of, write_tokens

    path = tmp_path / "tokens"
    write_tokens(path, {hash_of("one" * 8): Identity("one", Scope.READ)})
    with running(api_settings.model_copy(update={"api_tokens_file": path}), worked_platform) as port:
        assert Client(port, "one" * 8).get("/v1/reports").status == 200
        write_tokens(path, {hash_of("two" * 8): Identity("two", Scope.READ)})
        os.utime(path, (1, 1))
        assert Client(port, "one" * 8).get("/v1/reports").status == 401
        assert Client(port, "two" * 8).get("/v1/reports").status == 200
