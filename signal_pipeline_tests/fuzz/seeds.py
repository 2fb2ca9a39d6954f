"""Good files of each kind, small, from the samples that the other tests read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import polars as pl

from signal_pipeline_tests.parsing.har.samples import entry, har_bytes

TESTS = Path(__file__).resolve().parents[1]

PROBLEMS = (
    {"type": "https://shop.example/probs/stock", "title": "Out of stock", "status": 409, "detail": "item 17"},
    {"error": {"code": "E_CART", "message": "cart is empty", "errors": [{"reason": "empty"}]}},
    {"errors": [{"message": "Cannot query field", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]},
)


def logs() -> list[bytes]:
    """Each sample of each format."""
    found = []
    for path in sorted((TESTS / "parsing" / "logs" / "samples").glob("*.txt")):
        text = path.read_text(encoding="utf-8").replace("␛", "\x1b").replace("␍", "\r").replace("␇", "\x07")
        found += [part.partition("\n")[2].encode() for part in text.split("@@@ ")[1:]]
    return found


def traces() -> list[bytes]:
    return [path.read_bytes() for path in sorted((TESTS / "stack_traces" / "languages" / "samples").glob("*.txt"))]


def bodies() -> list[bytes]:
    html = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    return [
        *(json.dumps(problem).encode() for problem in PROBLEMS),
        html,
        b"upstream connect error",
        b"ORA-00942: table",
    ]


def hars() -> list[bytes]:
    def failed(body: bytes, mime: str) -> dict[str, object]:
        content = {"size": len(body), "mimeType": mime, "text": body.decode()}
        return entry("https://shop.example/api/orders/17?token=abc", 500, response={
            "status": 500, "statusText": "", "httpVersion": "h2", "cookies": [], "redirectURL": "", "headersSize": -1,
            "bodySize": -1, "headers": [{"name": "x-request-id", "value": "17"}], "content": content,
        })  # fmt: skip

    plain = har_bytes(entry(), entry(status=404), entry(status=0))
    with_bodies = har_bytes(*(failed(body, "application/json") for body in bodies()))
    lines = b"\n".join(json.dumps(entry(status=status)).encode() for status in (200, 500, 0))
    return [plain, with_bodies, lines, plain.decode().encode("utf-16"), b"callback(" + plain + b");"]


def archives() -> list[bytes]:
    """Files in wrappings, and wrappings in wrappings."""
    log, har = logs()[0], hars()[0]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("server.log", log)
        writer.writestr("a/page.har", har)
        writer.writestr("inner.log.gz", gzip.compress(log))
    zstd = io.BytesIO()
    pl.DataFrame({"line": log.decode("utf-8", "replace").splitlines()}).write_csv(zstd, compression="zstd")
    return [gzip.compress(log), gzip.compress(har) + gzip.compress(har), archive.getvalue(), zstd.getvalue()]
