"""A 100 MB HAR with bodies: read, redacted, classified and signed here, against `json.load` and haralyzer.

Each contestant runs in a fresh process, in turns, and the medians count. The peers only load the file: they
neither redact nor classify. Peak memory is the process's high-water mark, interpreter and libraries included.

    python -m benchmarks.har
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.peak import peak_mb
from benchmarks.result import Figure, write_result

ROUNDS = 5
FILE_BYTES = 100 * 1024 * 1024
NAME = "har"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", choices=WORKERS)
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.worker, arguments.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.har"
        write_har(path, FILE_BYTES)
        rounds = [{name: _fresh(name, path) for name in WORKERS} for _ in range(ROUNDS)]
        megabytes = path.stat().st_size / 1024 / 1024
    entries = {one["entries"] for results in rounds for one in results.values()}
    if len(entries) != 1:
        raise SystemExit(f"the contestants do not agree on the number of entries: {sorted(entries)}")
    write_result(NAME, figures(rounds, megabytes))


def figures(rounds: list[dict[str, dict[str, float]]], megabytes: float) -> dict[str, Figure]:
    """Medians over the rounds; ratios are taken round by round, since load on the machine changes."""

    def median(of: Callable[[dict[str, dict[str, float]]], float]) -> float:
        return round(statistics.median(of(results) for results in rounds), 3)

    def single(name: str, metric: str) -> float:
        return median(lambda results: results[name][metric])

    def ratio(metric: str, peer: str) -> float:
        return median(lambda results: results["ours"][metric] / results[peer][metric])

    json_load, haralyzer = "json.load", "haralyzer"
    return {
        "seconds": Figure(single("ours", "seconds"), None, "lower", "s", json_load, single("json", "seconds")),
        "cpu_seconds": Figure(single("ours", "cpu"), None, "lower", "s", json_load, single("json", "cpu")),
        "throughput": Figure(round(megabytes / single("ours", "seconds"), 1), None, "higher", "MB/s"),
        "time_to_json_load": Figure(ratio("seconds", "json"), 1.0, "lower", "ratio"),
        "time_to_haralyzer": Figure(
            ratio("seconds", "haralyzer"), 1.0, "lower", "ratio", haralyzer, single("haralyzer", "seconds")
        ),
        "process_seconds": Figure(single("ours", "process"), None, "lower", "s", json_load, single("json", "process")),
        "peak_memory": Figure(single("ours", "peak_mb"), None, "lower", "MB", json_load, single("json", "peak_mb")),
        "peak_memory_to_json_load": Figure(ratio("peak_mb", "json"), round(1 / 3, 3), "lower", "ratio"),
        "peak_memory_to_haralyzer": Figure(
            ratio("peak_mb", "haralyzer"), round(1 / 3, 3), "lower", "ratio", haralyzer, single("haralyzer", "peak_mb")
        ),
    }


def _fresh(worker: str, path: Path) -> dict[str, float]:
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.har", "--worker", worker, "--file", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result | {"process": time.perf_counter() - started}


def work(worker: str, path: Path) -> None:
    """Runs one contestant and prints its figures. The clock starts when its libraries are loaded."""
    run = WORKERS[worker]()
    wall, cpu = time.perf_counter(), time.process_time()
    entries = run(path)
    figures = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "entries": entries}
    print(json.dumps(figures | {"peak_mb": peak_mb()}))


def _ours() -> Callable[[Path], int]:
    from signal_pipeline.classification.classify import classify_entries
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import local_redactor

    redactor = local_redactor()

    def run(path: Path) -> int:
        reading = read_signal(path, redactor=redactor)
        entries = sum(classify_entries(frame).height for frame in reading)
        if reading.outcome.status != "ok":
            raise SystemExit(f"not read whole: {reading.outcome.reasons}")
        return entries

    return run


def _json() -> Callable[[Path], int]:
    def run(path: Path) -> int:
        with path.open(encoding="utf-8") as file:
            return len(json.load(file)["log"]["entries"])

    return run


def _haralyzer() -> Callable[[Path], int]:
    from haralyzer import HarParser

    def run(path: Path) -> int:
        with path.open(encoding="utf-8") as file:
            parser = HarParser(json.load(file))
        return len(parser.har_data["entries"])

    return run


WORKERS: dict[str, Callable[[], Callable[[Path], int]]] = {"ours": _ours, "json": _json, "haralyzer": _haralyzer}


def write_har(path: Path, size: int) -> None:
    """A HAR of at least `size` bytes as a browser writes it: indented, with headers and bodies of every kind."""
    rng = random.Random(20240301)
    with path.open("w", encoding="utf-8") as file:
        creator = json.dumps({"name": "WebInspector", "version": "537.36"})
        page = json.dumps({"startedDateTime": "2024-03-01T10:00:00.000Z", "id": "page_1", "title": "shop"})
        file.write(f'{{\n  "log": {{\n    "version": "1.2",\n    "creator": {creator},\n    "pages": [{page}],\n')
        file.write('    "entries": [\n')
        comma = ""
        for entry in _entries(rng):
            file.write(comma + json.dumps(entry, indent=2, ensure_ascii=False))
            comma = ",\n"
            if file.tell() > size:
                break
        file.write("\n    ]\n  }\n}\n")


def _entries(rng: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    while True:
        number += 1
        kind = rng.choice(list(_BODIES))
        failed = rng.random() < 0.1
        body, mime, encoding = _error_body(rng) if failed else _BODIES[kind](rng)
        content = {"size": len(body), "mimeType": mime, "text": body} | ({"encoding": encoding} if encoding else {})
        status = rng.choice([400, 401, 404, 409, 429, 500, 502, 503]) if failed else 200
        yield {
            "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "load", "lineNumber": 1}]}},
            "_priority": "High",
            "_resourceType": kind,
            "cache": {},
            "connection": str(rng.randrange(10**6)),
            "pageref": "page_1",
            "request": {
                "method": rng.choice(["GET", "GET", "POST"]),
                "url": _url(rng, kind),
                "httpVersion": "http/2.0",
                "headers": _headers(rng, 18),
                "queryString": [{"name": "page", "value": str(number)}],
                "cookies": [],
                "headersSize": -1,
                "bodySize": 0,
            },
            "response": {
                "status": status,
                "statusText": "",
                "httpVersion": "http/2.0",
                "headers": _headers(rng, 22),
                "cookies": [],
                "content": content,
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": -1,
                "_transferSize": len(body),
                "_error": None,
            },
            "serverIPAddress": f"192.0.2.{rng.randrange(256)}",
            "startedDateTime": f"2024-03-01T10:{number // 60 % 60:02}:{number % 60:02}.{rng.randrange(1000):03}Z",
            "time": rng.random() * 500,
            "timings": {
                name: rng.random() * 50 for name in ("blocked", "dns", "ssl", "connect", "send", "wait", "receive")
            },
        }


def _url(rng: random.Random, kind: str) -> str:
    host = rng.choice(["shop.example", "api.shop.example", "cdn.shop.example", "metrics.example"])
    path = f"{rng.choice(['cart', 'orders', 'products', 'assets', 'session'])}/{rng.randrange(10**6)}"
    return f"https://{host}/v2/{path}.{kind}?page={rng.randrange(99)}&session={rng.getrandbits(64):016x}"


def _headers(rng: random.Random, count: int) -> list[dict[str, str]]:
    ids = [{"name": "x-request-id", "value": f"{rng.getrandbits(128):032x}"}]
    return ids + [{"name": f"x-header-{i}", "value": f"value {rng.getrandbits(80):020x}"} for i in range(count)]


def _script(rng: random.Random) -> tuple[str, str, str | None]:
    lines = [
        f'function f{rng.randrange(10**6)}(a, b) {{ if (a["x"] > {i}) {{ return [b, "\\n"]; }} }}\n'
        for i in range(rng.randrange(50, 700))
    ]
    return "".join(lines), "text/javascript", None


def _page(rng: random.Random) -> tuple[str, str, str | None]:
    rows = [
        f'<div class="row" id="r{i}"><a href="/p/{rng.randrange(10**6)}">Größe – naïve “café” {i}</a></div>\n'
        for i in range(rng.randrange(50, 500))
    ]
    return "<!doctype html><html><title>Shop</title>" + "".join(rows) + "</html>", "text/html", None


def _data(rng: random.Random) -> tuple[str, str, str | None]:
    items = [
        {"id": rng.randrange(10**9), "name": f"item {i}", "tags": ["a", "b"]} for i in range(rng.randrange(20, 400))
    ]
    return json.dumps({"items": items}), "application/json", None


def _image(rng: random.Random) -> tuple[str, str, str | None]:
    return base64.b64encode(rng.randbytes(rng.randrange(5_000, 90_000))).decode(), "image/png", "base64"


def _error_body(rng: random.Random) -> tuple[str, str, str | None]:
    message = rng.choice(["cart is empty", "token has expired", "upstream timed out", "no such order"])
    return (
        json.dumps({"error": {"code": "E_FAILED", "message": f"{message} {rng.randrange(10**6)}"}}),
        "application/json",
        None,
    )


_BODIES: dict[str, Callable[[random.Random], tuple[str, str, str | None]]] = {
    "js": _script,
    "html": _page,
    "json": _data,
    "png": _image,
}

if __name__ == "__main__":
    main()
