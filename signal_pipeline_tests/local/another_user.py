"""What another user of this machine can do at each port of the local stack, with no credential at all.

One row per port. A verdict is a function that says what was wrong, or nothing.
"""

from __future__ import annotations

import socket
import ssl
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from signal_pipeline.local.stack import LocalStack
from signal_pipeline_tests.local.clients import s3_client
from signal_pipeline_tests.messaging.nats_permissions import ACTIONS

SECRET = b"raw bytes of somebody's report"
KEY = "reports/raw.log"
_NO_SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])  # the frame that HTTP/2 begins with
Verdict = Callable[[LocalStack, int], str | None]


def put_a_secret(stack: LocalStack) -> None:
    settings = stack.settings()
    s3_client(settings).put_object(Bucket=settings.s3_bucket, Key=KEY, Body=SECRET)


def _asks_for_a_password(stack: LocalStack, port: int) -> str | None:
    for user in ("postgres", "signal_pipeline", "dagster"):
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user=user, dbname="postgres", connect_timeout=5):
                return f"{user} came in without a password"
        except psycopg.OperationalError as error:
            if "password" not in str(error):
                return str(error)
    return None


def _knows_nobody(stack: LocalStack, port: int) -> str | None:
    for what, verb, subject, _ in ACTIONS:
        words = f"SUB {subject} 1\r\n" if verb == "SUB" else f"PUB {subject} 4\r\nnone\r\n"
        said = _said(port, f'CONNECT {{"verbose":false}}\r\n{words}PING\r\n'.encode())
        if b"Authorization" not in said or b"PONG" in said:
            return f"{what}: {said!r}"
    return None


def _asks_for_a_signature(stack: LocalStack, port: int) -> str | None:
    bucket = stack.settings().s3_bucket
    for path in ("/", f"/{bucket}", f"/{bucket}/{KEY}", f"/{bucket}/{KEY}?acl"):
        for method in ("GET", "PUT", "DELETE"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    return f"{method} {path}: {answer.status}"
            except urllib.error.HTTPError as error:
                with error:
                    if error.code not in (400, 403, 405):
                        return f"{method} {path}: {error.code}"
    return None


def _asks_for_a_certificate(stack: LocalStack, port: int) -> str | None:
    """HTTP and gRPC alike: TLS alone, and with nobody's certificate no byte of an answer."""
    bucket = stack.settings().s3_bucket
    for path in ("/", f"/buckets/{bucket}/{KEY}", "/dir/assign", "/dir/status", "/status"):
        plain = _said(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        if plain and b"HTTP request to an HTTPS server" not in plain:
            return f"without TLS: {plain[:80]!r}"
    get = b"GET /dir/assign HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    for protocol, words in (("http/1.1", get), ("h2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _NO_SETTINGS)):
        if said := _said_in_tls(port, words, [protocol]):
            return f"with TLS and without a certificate: {said[:80]!r}"
    return None


def _has_no_login_and_changes_nothing_by_address(stack: LocalStack, port: int) -> str | None:
    """For a machine of one's own, as `up` says; other web sites are refused (test_webserver.py)."""
    said = _said(port, b"GET /graphql?query=mutation%7Bx%7D HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    return None if b" 405 " in said.partition(b"\r\n")[0] else said.decode(errors="replace")


def _has_no_login_while_there_are_no_tokens(stack: LocalStack, port: int) -> str | None:
    """For a machine of one's own, as `up` says; with tokens see the tests of the API."""
    named = stack.environment()
    return "this stack was to have no tokens" if named.get("API_TOKENS_FILE") or named.get("API_ADMIN_TOKEN") else None


VERDICTS: Mapping[str, Verdict] = {
    "postgres": _asks_for_a_password,
    "nats": _knows_nobody,
    "s3": _asks_for_a_signature,
    "s3_grpc": _asks_for_a_certificate,
    "s3_master": _asks_for_a_certificate,
    "s3_master_grpc": _asks_for_a_certificate,
    "s3_volume": _asks_for_a_certificate,
    "s3_volume_grpc": _asks_for_a_certificate,
    "s3_filer": _asks_for_a_certificate,
    "s3_filer_grpc": _asks_for_a_certificate,
    "s3_admin": _asks_for_a_certificate,
    "s3_admin_grpc": _asks_for_a_certificate,
    "dagster_webserver": _has_no_login_and_changes_nothing_by_address,
    "api": _has_no_login_while_there_are_no_tokens,
}


def reachable(path: Path, root: Path) -> bool:
    """Whether another user may connect to this socket: can enter each folder from `root` on, and write to it."""
    inside = [folder for folder in path.parents if folder == root or root in folder.parents]
    passable = all(folder.stat().st_mode & stat.S_IXOTH for folder in inside)
    return passable and bool(path.stat().st_mode & stat.S_IWOTH)


def _said(port: int, words: bytes) -> bytes:
    """Everything that is answered within a moment."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        return _exchanged(connection, words)


def _said_in_tls(port: int, words: bytes, protocols: list[str]) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(protocols)
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
            context.wrap_socket(plain) as connection,
        ):
            return _exchanged(connection, words)
    except OSError:
        return b""


def _exchanged(connection: socket.socket, words: bytes) -> bytes:
    said = b""
    connection.settimeout(2)
    try:
        connection.sendall(words)
        while len(said) < 10_000 and (received := connection.recv(4096)):
            said += received
    except OSError:
        pass
    return said
