import asyncio

import pytest

from signal_pipeline.local.webserver import LOCAL_VARIABLE, OwnOriginOnly, guarded_options

OWN = "127.0.0.1:3000"

# what it is, path, headers, passes
REQUESTS = [
    ("curl", "/graphql", {"host": OWN}, True),
    ("a port that was forwarded", "/graphql", {"host": "localhost:8080", "origin": "http://localhost:8080"}, True),
    ("IPv6", "/", {"host": "[::1]:3000"}, True),
    ("the UI itself", "/graphql", {"host": OWN, "origin": f"http://{OWN}", "sec-fetch-site": "same-origin"}, True),
    ("an address that was typed", "/", {"host": OWN, "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, True),
    ("a link to a run", "/runs/1", {"host": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, True),
    ("a name that was allowed", "/", {"host": "ui.example.org"}, True),
    ("another site's form", "/graphql", {"host": OWN, "origin": "https://evil.example"}, False),
    ("a sandboxed page's form", "/graphql", {"host": OWN, "origin": "null"}, False),
    ("another server on this machine", "/graphql", {"host": OWN, "origin": "http://127.0.0.1:5173"}, False),
    (
        "an image's address",
        "/graphql",
        {"host": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        False,
    ),
    (
        "a link to a mutation",
        "/graphql",
        {"host": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        False,
    ),
    ("rebound DNS", "/graphql", {"host": "evil.example:3000", "origin": "http://evil.example:3000"}, False),
    ("no host", "/", {}, False),
    ("a host that is none", "/", {"host": "[::1"}, False),
]


def ask(path: str, headers: dict[str, str], kind: str = "http", method="GET", query=b"") -> list[dict]:
    sent: list[dict] = []

    async def application(scope, receive, send) -> None:
        await send({"type": "passed"})

    async def send(message) -> None:
        sent.append(message)

    async def receive() -> dict:
        return {}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "headers": raw} | (
        {"method": method, "query_string": query} if kind == "http" else {}
    )
    asyncio.run(OwnOriginOnly(application, ["ui.example.org", ""])(scope, receive, send))
    return sent


@pytest.mark.parametrize(("path", "headers", "passes"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS])
def test_requests(path, headers, passes):
    sent = ask(path, headers)
    assert (sent == [{"type": "passed"}]) is passes
    if not passes:
        assert sent[0]["status"] == 403


def test_another_sites_websocket_is_closed():
    assert ask("/graphql", {"host": OWN, "origin": "https://evil.example"}, "websocket")[0]["code"] == 1008
    assert ask("/graphql", {"host": OWN, "origin": f"http://{OWN}"}, "websocket") == [{"type": "passed"}]


def test_a_link_that_posts_is_no_link():
    headers = {"host": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    sent = []

    async def send(message) -> None:
        sent.append(message)

    async def never(*_) -> None:
        raise AssertionError

    scope = {"type": "http", "path": "/runs", "headers": raw, "method": "POST"}
    asyncio.run(OwnOriginOnly(never)(scope, never, send))
    assert sent[0]["status"] == 403


# what it is, method, path, query string, status (None: passes)
ADDRESSES = [
    ("a mutation by GET", "GET", "/graphql", b"query=mutation%20%7B%20x%20%7D", 405),
    ("a query by GET", "GET", "/graphql", b"query=%7Bversion%7D", 405),
    ("a mutation by HEAD", "HEAD", "/graphql", b"query=mutation%7Bx%7D", 405),
    ("under a prefix", "GET", "/dagster/graphql", b"query=mutation%7Bx%7D", 405),
    ("the playground", "GET", "/graphql", b"", None),
    ("a question by POST", "POST", "/graphql", b"", None),
    ("a page with a filter", "GET", "/runs", b"q=tag%3Aa", None),
]


@pytest.mark.parametrize(
    ("method", "path", "query", "status"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES]
)
def test_an_address_changes_nothing(method, path, query, status):
    sent = ask(path, {"host": OWN}, method=method, query=query)
    assert sent[0].get("status") == status


def test_what_is_no_request_passes():
    assert ask("", {}, "lifespan") == [{"type": "passed"}]


OPTIONS = [
    (["--host", "127.0.0.1", "--port", "3000"], {}, False),
    (["--host", "localhost"], {}, False),
    ([], {}, False),
    (["--host", "0.0.0.0"], {}, True),
    (["-h", "192.0.2.1"], {}, True),
    (["--host=::"], {}, True),
    (["--host", "0.0.0.0"], {LOCAL_VARIABLE: "yes"}, False),
    (["--host", "0.0.0.0"], {LOCAL_VARIABLE: "no"}, True),
]


@pytest.mark.parametrize(("words", "environment", "is_read_only"), OPTIONS, ids=[" ".join(row[0]) for row in OPTIONS])
def test_only_this_machine_may_change_anything(words, environment, is_read_only):
    assert guarded_options(words, environment) == [*words, *(["--read-only"] if is_read_only else [])]
    assert guarded_options([*words, "--read-only"], environment) == [*words, "--read-only"]
