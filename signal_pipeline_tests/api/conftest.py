"""A running API, on a port of its own, over the database that tests share; and one that asks for tokens."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from signal_pipeline.api.app import create_app
from signal_pipeline.api.identity import Identity, Scope
from signal_pipeline.api.server import options
from signal_pipeline.api.token_file import hash_of, write_tokens
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.settings import Settings

TOKENS = {scope: f"a-token-of-the-tests-that-may-{scope.name.lower()}" for scope in Scope}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_problem(self) -> bool:
        told = self.headers.get("content-type") == "application/problem+json" and self.json
        return bool(told) and told["status"] == self.status and bool(told["code"]) and "Traceback" not in str(told)


@dataclass(frozen=True)
class Client:
    """Plain HTTP, so that a test can send what a well-behaved library would not. With `kept` all goes over one
    connection, for tests that ask much.
    """

    port: int
    token: str | None = None
    kept: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **named: str
    ) -> Answer:
        connection = self.kept or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": f"127.0.0.1:{self.port}", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        sent |= (headers or {}) | {name.replace("_", "-"): value for name, value in named.items()}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            if self.kept is None:
                connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post_json(self, path: str, value: Any, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps(value).encode(), {"Content-Type": "application/json"}, **headers)

    def upload(self, files: dict[str, bytes], title: str | None = None, **headers: str) -> Answer:
        return self.ask("POST", "/v1/reports", *form(files, title), **headers)


def form(files: dict[str, bytes], title: str | None = None) -> tuple[bytes, dict[str, str]]:
    parts = [] if title is None else [b'Content-Disposition: form-data; name="title"\r\n\r\n' + title.encode()]
    parts += [
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode("utf-8", "surrogateescape")
        + content
        for name, content in files.items()
    ]
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=limit"}


@contextmanager
def running(settings: Settings, platform: Platform) -> Iterator[int]:
    """The API as it is run, in a thread; its port."""
    with socket.create_server((settings.api_host, 0)) as listener:
        config = uvicorn.Config(create_app(settings, platform), **options(settings))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert wait_until(lambda: server.started, 30)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def api_settings(worked_platform: Platform) -> Settings:
    return worked_platform.settings.model_copy(
        update={"api_upload_bytes": 20 * 1024 * 1024, "api_requests_per_second": 100_000.0}
    )


@pytest.fixture(scope="session")
def api_port(api_settings: Settings, worked_platform: Platform) -> Iterator[int]:
    with running(api_settings, worked_platform) as port:
        yield port


@pytest.fixture(scope="session")
def api(api_port: int) -> Client:
    return Client(api_port)


@pytest.fixture(scope="session")
def closed_port(
    api_settings: Settings, worked_platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """An API that asks for tokens."""
    path: Path = tmp_path_factory.mktemp("tokens") / "tokens"
    write_tokens(path, {hash_of(token): Identity(scope.name.lower(), scope) for scope, token in TOKENS.items()})
    with running(api_settings.model_copy(update={"api_tokens_file": path}), worked_platform) as port:
        yield port
