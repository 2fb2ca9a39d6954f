"""Send files as one report, wait for it, and print what is wrong. Standard library only; files are streamed."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

URL = os.environ.get("SIGNALS_URL", "http://127.0.0.1:8090").rstrip("/")
TOKEN = os.environ.get("SIGNALS_TOKEN")
BOUNDARY = "the-files-of-one-report-5d1e0c"
CHUNK_BYTES = 256 * 1024
ATTEMPTS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--title")
    arguments = parser.parse_args()
    report = submit(arguments.files, arguments.title)
    print(f"report {report}: {URL}/reports/{report}", file=sys.stderr)
    result = wait(report)
    print(result["verdict"])
    for problem in result["clusters"]:
        print(f"{problem['severity']:<8}  {problem['frequency']:>6} x  {problem['template']}")
    return 0


def submit(files: list[Path], title: str | None) -> str:
    """The report's id. 202 means that it is stored and cannot be lost; the key makes it safe to send again."""
    heads = [_head("title", None) + (title or "").encode()] if title else []
    parts = [(_head("file", path.name), path) for path in files]
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = sum(map(len, heads)) + sum(len(head) + path.stat().st_size for head, path in parts) + len(end)

    def body() -> Iterator[bytes]:
        yield from heads
        for head, path in parts:
            yield head
            with path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
        yield end

    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(length),
        "Idempotency-Key": _key(files, title),
    }
    for attempt in range(ATTEMPTS):
        try:
            return str(_ask("POST", "/v1/reports", body(), headers)["report_id"])
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if _is_final(error) or attempt == ATTEMPTS - 1:
                raise SystemExit(_told(error)) from None
            time.sleep(_pause(error, attempt))
    raise AssertionError("not reached")


def wait(report: str) -> Any:
    """The result, once there is one."""
    while True:
        try:
            return _ask("GET", f"/v1/reports/{report}/result")
        except urllib.error.HTTPError as error:
            if error.code not in (409, 429, 503):
                raise SystemExit(_told(error)) from None
            time.sleep(_pause(error, 0))


def _ask(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    sent = {**(headers or {}), **({"Authorization": f"Bearer {TOKEN}"} if TOKEN else {})}
    request = urllib.request.Request(URL + path, body, sent, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def _head(name: str, file: str | None) -> bytes:
    told = f'Content-Disposition: form-data; name="{name}"'
    if file is not None:
        told += '; filename="{}"'.format(file.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A"))
    return f"\r\n--{BOUNDARY}\r\n{told}\r\n\r\n".encode()


def _key(files: list[Path], title: str | None) -> str:
    digest = hashlib.sha256((title or "").encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _is_final(error: Exception) -> bool:
    """Asking again does not help."""
    return isinstance(error, urllib.error.HTTPError) and error.code not in (408, 429, 500, 502, 503, 504)


def _pause(error: Exception, attempt: int) -> float:
    told = error.headers.get("Retry-After") if isinstance(error, urllib.error.HTTPError) else None
    return float(told) if told and told.isdigit() else min(2.0**attempt, 60.0)


def _told(error: Exception) -> str:
    """A problem's own words."""
    if not isinstance(error, urllib.error.HTTPError):
        return f"{URL} does not answer: {error}"
    try:
        problem = json.load(error)
    except ValueError:
        return f"{error.code} {error.reason}"
    return f"{problem['status']} {problem['code']}: {problem['detail']}"


if __name__ == "__main__":
    sys.exit(main())
