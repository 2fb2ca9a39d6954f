"""Good files of each kind, small, from the samples that the other tests read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import polars as pl

from signal_pipeline.parsing.events.envelopes import ENVELOPES
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes
from signal_pipeline_tests.parsing.pcap.packets import (
    Connection,
    client_hello,
    dns,
    ethernet,
    ip,
    pcap,
    pcapng,
    record,
    udp,
)

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


def captures() -> list[bytes]:
    """Talk of each kind that is looked into, in both forms."""
    ask = b"GET /orders/17 HTTP/1.1\r\nHost: shop.example\r\n\r\n"
    web = Connection().opened().send(0, ask).send(1, b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno").closed()
    tls = Connection(server_port=443).opened().send(0, client_hello("shop.example")).send(1, record(21, b"\x02\x28"))
    names = [
        ip(udp(data=dns("a.shop.example")), protocol=17),
        ip(udp(53, 50_123, dns("a.shop.example", 3)), protocol=17),
    ]
    unreachable = ip(b"\3\4" + bytes(6) + web.packets[0][:28], "192.0.2.1", "10.0.0.2", 1)
    tunnel = ip(udp(9, 4789, b"\x08\0\0\0\0\0\1\0" + ethernet(web.packets[0])), protocol=17)
    packets = [*web.packets, *tls.packets, *names, unreachable, tunnel]
    framed = [ethernet(packet) for packet in packets]
    return [
        pcap(framed, 1),
        pcap(packets, order=">"),
        pcapng([(1, b"")], [(0, n, one) for n, one in enumerate(framed)]),
    ]


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


def events() -> list[bytes]:
    """One of each envelope: alone, one a line, in an array, and below a key."""
    one_each = [row.example for row in ENVELOPES]
    values = [json.loads(text) for text in one_each]
    return [
        *(text.encode() for text in one_each),
        "\n".join(one_each).encode(),
        json.dumps(values, indent=1).encode(),
        json.dumps({"events": values}).encode(),
    ]
