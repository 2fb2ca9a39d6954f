"""Every route, asked by everybody, while the token file is changed under the running API: access fails closed."""

from __future__ import annotations

import http.client
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from signal_pipeline.api.app import create_app
from signal_pipeline.api.identity import Identity, Scope
from signal_pipeline.api.request_log import leaf_routes
from signal_pipeline.api.token_file import hash_of, write_tokens
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline_tests.api.conftest import TOKENS, Client, running

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What needs no token: what says nothing of a report, and the way in.
ANYONE = None
ROUTES: dict[tuple[str, str], Scope | None] = {
    ("GET", "/health/live"): ANYONE,
    ("GET", "/health/ready"): ANYONE,
    ("GET", "/health"): ANYONE,
    ("GET", "/openapi.json"): ANYONE,
    ("HEAD", "/openapi.json"): ANYONE,
    ("GET", "/login"): ANYONE,
    ("POST", "/login"): ANYONE,
    ("POST", "/logout"): ANYONE,
    ("GET", "/"): Scope.READ,
    ("GET", "/reports/{}"): Scope.READ,
    ("GET", "/reports/{}/decide"): Scope.READ,
    ("POST", "/reports/{}/decide"): Scope.ADMIN,
    ("GET", "/problems"): Scope.READ,
    ("GET", "/signals"): Scope.READ,
    ("GET", "/problems/{}"): Scope.READ,
    ("GET", "/admin"): Scope.READ,
    ("POST", "/admin/settings"): Scope.ADMIN,
    ("GET", "/metrics"): Scope.READ,
    ("GET", "/v1/reports"): Scope.READ,
    ("POST", "/v1/reports"): Scope.SUBMIT,
    ("GET", "/v1/reports/{}"): Scope.READ,
    ("DELETE", "/v1/reports/{}"): Scope.ADMIN,
    ("GET", "/v1/reports/{}/result"): Scope.READ,
    ("GET", "/v1/reports/{}/problems"): Scope.READ,
    ("GET", "/v1/reports/{}/flows"): Scope.READ,
    ("GET", "/v1/reports/{}/alerts"): Scope.READ,
    ("GET", "/v1/reports/{}/incidents"): Scope.READ,
    ("GET", "/v1/reports/{}/clusters"): Scope.READ,
    ("GET", "/v1/reports/{}/timeline"): Scope.READ,
    ("GET", "/v1/reports/{}/deletion"): Scope.READ,
    ("GET", "/v1/reports/{}/events"): Scope.READ,
    ("POST", "/v1/events"): Scope.SUBMIT,
    ("GET", "/v1/signals"): Scope.READ,
    ("GET", "/v1/signals/list"): Scope.READ,
    ("POST", "/v1/work/process"): Scope.SUBMIT,
    ("POST", "/v1/work/cleanup"): Scope.ADMIN,
    ("GET", "/v1/admin/status"): Scope.READ,
    ("POST", "/v1/reports/{}/retry"): Scope.SUBMIT,
    ("POST", "/v1/reports/{}/cancel"): Scope.SUBMIT,
    ("POST", "/v1/reports/{}/recluster"): Scope.ADMIN,
    ("POST", "/v1/reports/{}/publish"): Scope.ADMIN,
    ("GET", "/v1/dead-letters"): Scope.READ,
    ("GET", "/v1/dead-letters/{}"): Scope.READ,
    ("POST", "/v1/dead-letters/{}/replay"): Scope.ADMIN,
    ("GET", "/v1/search"): Scope.READ,
    ("GET", "/v1/problems"): Scope.READ,
    ("GET", "/v1/problems/{}"): Scope.READ,
    ("PUT", "/v1/reports/{}/healthy"): Scope.ADMIN,
    ("DELETE", "/v1/reports/{}/healthy"): Scope.ADMIN,
    ("GET", "/v1/verdicts"): Scope.READ,
    ("POST", "/v1/verdicts"): Scope.ADMIN,
    ("DELETE", "/v1/verdicts/{}"): Scope.ADMIN,
    ("GET", "/v1/settings"): Scope.ADMIN,
    ("PUT", "/v1/settings/{}"): Scope.ADMIN,
    ("DELETE", "/v1/settings/{}"): Scope.ADMIN,
}
FORGED = "spt_" + "A" * 43
ADMINISTRATOR = "the-token-of-the-settings-themselves"
ALL = frozenset(Scope)
NOBODY: frozenset[Scope] = frozenset()


def rows_of(tokens: dict[Scope, str]) -> dict[str, Identity]:
    return {hash_of(token): Identity(scope.name.lower(), scope) for scope, token in tokens.items()}


def _with_a_broken_line(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "ann admin not-a-hash\n", encoding="utf-8")


def _rotated(path: Path) -> None:
    write_tokens(path, rows_of({scope: f"{token}-the-next" for scope, token in TOKENS.items()}))


def _without_admin(path: Path) -> None:
    write_tokens(path, rows_of({scope: token for scope, token in TOKENS.items() if scope is not Scope.ADMIN}))


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


# What happens to the file, whose tokens are good afterwards, and whether health has something to say.
CHANGES: dict[str, tuple[Callable[[Path], Any], frozenset[Scope], bool]] = {
    "unchanged": (lambda _: None, ALL, False),
    "emptied": (lambda path: path.write_text("", encoding="utf-8"), NOBODY, True),
    "only a comment": (lambda path: path.write_text("# none\n\n", encoding="utf-8"), NOBODY, True),
    "removed": (lambda path: path.unlink(), NOBODY, True),
    "a folder": (_a_folder, NOBODY, True),
    "a pipe": (_a_pipe, NOBODY, True),
    "not text": (lambda path: path.write_bytes(b"\x00\xff\xfe" * 40), NOBODY, True),
    "other text": (lambda path: path.write_text("<html>502 Bad Gateway</html>\n", encoding="utf-8"), NOBODY, True),
    "a broken line": (_with_a_broken_line, ALL, True),
    "the last admin removed": (_without_admin, frozenset({Scope.READ, Scope.SUBMIT}), False),
    "rotated": (_rotated, NOBODY, False),
}


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    write_tokens(tmp_path / "tokens", rows_of(TOKENS))
    return tmp_path / "tokens"


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"], ids=["loopback", "public"])
def guarded(
    request: pytest.FixtureRequest, api_settings: Settings, worked_platform: Platform, token_file: Path
) -> Iterator[int]:
    """An API with a token file and no other way in."""
    update = {"api_tokens_file": token_file, "api_host": request.param}
    with running(api_settings.model_copy(update=update), worked_platform) as port:
        yield port


def routes_of(settings: Settings, platform: Platform) -> set[tuple[str, str]]:
    app = create_app(settings, platform)._app  # type: ignore[attr-defined]
    return {
        (method, re.sub(r"\{[^}]+\}", "{}", r.path)) for r in leaf_routes(app.router.routes) for method in r.methods
    }


def test_the_table_holds_every_route(api_settings: Settings, worked_platform: Platform) -> None:
    assert routes_of(api_settings, worked_platform) == set(ROUTES)


def test_the_description_names_how_one_is_known_where_one_must_be(api: Client) -> None:
    described = api.get("/openapi.json").json
    assert described["components"]["securitySchemes"]["token"] | {"description": ""} == {
        "type": "http", "scheme": "bearer", "description": "",
    }  # fmt: skip
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            needed = ROUTES[(method.upper(), re.sub(r"\{[^}]+\}", "{}", path))]
            assert operation.get("security", []) == ([] if needed is None else [{"token": []}]), (method, path)


def wrong_answers(port: int, valid: frozenset[Scope]) -> list[str]:
    """Every route asked by each identity; what is answered otherwise than the table says."""
    found = []
    identities = [(None, None), (FORGED, None), *((TOKENS[scope], scope) for scope in Scope)]
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as kept:
        for ((method, path), needed), (token, held) in product(ROUTES.items(), identities):
            answer = Client(port, token, kept).ask(method, path.format(uuid4()))
            if needed is None:
                is_right = answer.status in (200, 303, 422, 503)
            elif held is None or held not in valid:
                is_right = answer.status == 401 and answer.is_problem and "www-authenticate" in answer.headers
            elif held < needed:
                is_right = answer.status == 403 and answer.is_problem
            else:
                is_right = answer.status not in (401, 403) and answer.status < 500
            if not is_right:
                found.append(f"{method} {path} with {held or token}: {answer.status}")
    return found


# All on a public address; on loopback those that once let everybody in, and some beside them.
ON_LOOPBACK = ("unchanged", "emptied", "removed", "a broken line", "rotated")
PLACES = [*(("0.0.0.0", change) for change in CHANGES), *(("127.0.0.1", change) for change in ON_LOOPBACK)]


@pytest.mark.parametrize(("guarded", "change"), PLACES, indirect=["guarded"])
def test_routes_and_identities_while_the_file_changes(guarded: int, token_file: Path, change: str) -> None:
    assert Client(guarded, TOKENS[Scope.READ]).get("/v1/reports?limit=1").status == 200
    work, valid, _ = CHANGES[change]
    work(token_file)
    assert wrong_answers(guarded, valid) == []
    # And when it is fixed all is as before.
    if token_file.is_dir():
        token_file.rmdir()
    write_tokens(token_file, rows_of(TOKENS))
    assert Client(guarded, TOKENS[Scope.ADMIN]).get("/v1/settings").status == 200


@pytest.mark.parametrize("change", CHANGES)
def test_health_and_the_log_say_what_is_wrong_with_the_file(
    guarded: int, token_file: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    work, valid, is_told = CHANGES[change]
    with caplog.at_level(logging.ERROR, "signal_pipeline.api"):
        work(token_file)
        for _ in range(3):
            assert Client(guarded).get("/health/live").json == {"status": "alive"}
            answer = Client(guarded, TOKENS[Scope.READ]).get("/health")
        assert answer.status == 200
    errors = [record.getMessage() for record in caplog.records if "tokens" in record.getMessage()]
    assert len(errors) == is_told, errors
    if Scope.READ in valid:
        assert any("tokens" in reason for reason in answer.json["reasons"]) == is_told
        assert answer.json["state"] == "degraded"
        ok = [line for line in Client(guarded, TOKENS[Scope.READ]).get("/metrics").body.decode().splitlines()
              if line.startswith("tokens_file_ok ")]  # fmt: skip
        assert ok == [f"tokens_file_ok {0.0 if is_told else 1.0}"]
    else:
        assert "reasons" not in answer.json


# What there is at start, and whether the API may start at all; where it may, nobody comes in without a token.
STARTS: dict[str, Callable[[Path], Any]] = {
    "no file": lambda path: path.unlink(),
    "a pipe": _a_pipe,
    "an empty file": lambda path: path.write_text("", encoding="utf-8"),
    "a broken line": _with_a_broken_line,
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_file_that_is_bad_at_the_start_lets_nobody_in(
    api_settings: Settings, worked_platform: Platform, token_file: Path, host: str, start: str
) -> None:
    STARTS[start](token_file)
    update = {"api_tokens_file": token_file, "api_host": host}
    with running(api_settings.model_copy(update=update), worked_platform) as port:
        assert Client(port).get("/health/live").status == 200
        for token in (None, FORGED, *TOKENS.values()):
            assert Client(port, token).get("/v1/reports").status == 401
        write_tokens(token_file, rows_of(TOKENS))
        assert Client(port, TOKENS[Scope.READ]).get("/v1/reports").status == 200


def test_a_public_address_without_any_token_is_closed_even_if_it_is_served(
    api_settings: Settings, worked_platform: Platform
) -> None:
    with running(api_settings.model_copy(update={"api_host": "0.0.0.0"}), worked_platform) as port:
        assert wrong_answers(port, NOBODY) == []


def test_the_token_of_the_settings_does_not_depend_on_the_file(
    api_settings: Settings, worked_platform: Platform, token_file: Path
) -> None:
    from pydantic import SecretStr

    update = {"api_tokens_file": token_file, "api_admin_token": SecretStr(ADMINISTRATOR)}
    with running(api_settings.model_copy(update=update), worked_platform) as port:
        for work, _, _ in CHANGES.values():
            work(token_file)
            assert Client(port, ADMINISTRATOR).get("/v1/settings").status == 200
            assert Client(port).get("/v1/settings").status == 401
            token_file.rmdir() if token_file.is_dir() else None
            write_tokens(token_file, rows_of(TOKENS))


def sign_in(port: int, token: str) -> str:
    answer = Client(port).ask("POST", "/login", urlencode({"token": token}), FORM)
    assert (answer.status, answer.headers.get("location")) == (303, "/"), answer
    return answer.headers["set-cookie"].partition(";")[0]


def status_with(port: int, cookie: str) -> int:
    return Client(port).get("/v1/reports?limit=1", Cookie=cookie).status


# What is done to the token, and whether its session survives it. Nothing is asked between two changes of a row.
SESSION_CHANGES: dict[str, tuple[list[Callable[[Path], Any]], bool]] = {
    "nothing": ([], True),
    "another token removed": ([_without_admin], True),
    "a line broken": ([_with_a_broken_line], True),
    "rotated": ([_rotated], False),
    "emptied": ([lambda path: path.write_text("", encoding="utf-8")], False),
    "removed": ([lambda path: path.unlink()], False),
}


@pytest.mark.parametrize("change", SESSION_CHANGES)
def test_a_session_ends_with_its_token(guarded: int, token_file: Path, change: str) -> None:
    works, survives = SESSION_CHANGES[change]
    cookie = sign_in(guarded, TOKENS[Scope.READ])
    assert status_with(guarded, cookie) == 200
    for work in works:
        work(token_file)
    assert status_with(guarded, cookie) == (200 if survives else 401)
    write_tokens(token_file, rows_of(TOKENS))
    assert status_with(guarded, cookie) == (200 if survives else 401), "the same token again is a new one"
    assert Client(guarded, TOKENS[Scope.READ]).get("/v1/reports?limit=1").status == 200


def test_another_token_of_the_same_name_does_not_take_the_session_over(guarded: int, token_file: Path) -> None:
    cookie = sign_in(guarded, TOKENS[Scope.READ])
    write_tokens(token_file, {hash_of("another-token-of-this-name"): Identity("read", Scope.READ)})
    assert status_with(guarded, cookie) == 401


def test_logout_ends_the_cookie_on_the_server_too(guarded: int) -> None:
    cookie, other = (sign_in(guarded, TOKENS[Scope.READ]) for _ in range(2))
    assert Client(guarded).ask("POST", "/logout", headers={"Cookie": cookie}).status == 303
    assert status_with(guarded, cookie) == 401
    assert status_with(guarded, other) == 200, "another session of the same token goes on"


def test_whoever_signed_in_can_sign_out(guarded: int) -> None:
    cookie = sign_in(guarded, TOKENS[Scope.READ])
    assert b'action="/logout"' in Client(guarded).get("/", Cookie=cookie).body
    assert b'action="/logout"' not in Client(guarded, TOKENS[Scope.READ]).get("/").body
