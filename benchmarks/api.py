"""The API's reads over a large database, and how it bears 200 connections at once.

On the embedded stack: Postgres filled by COPY with BENCH_REPORTS reports (10,000) and BENCH_SIGNATURES signatures
(1,000,000), the API as a process of its own. First a mix of reads by two clients without a limit, then `wrk` with 200
connections for BENCH_SECONDS seconds (60) under the usual limits, while health is asked for twice a second.

    python -m benchmarks.api
"""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import polars as pl
import psycopg

from benchmarks.api_data import fill
from benchmarks.result import Figure, write_result
from signal_pipeline.frames import spool
from signal_pipeline.local.api_process import ApiProcess, api_answers
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepare_servers
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import TIMELINE

REPORTS = int(os.environ.get("BENCH_REPORTS", "10000"))
SIGNATURES = int(os.environ.get("BENCH_SIGNATURES", "1000000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
CLIENTS, READS = 2, 3_000
TIMELINES = 100
WRK_SCRIPT = """
local paths = {%s}
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(args) other, refused, fine, at = 0, 0, 0, 0 end
function request() at = at + 1; return wrk.format("GET", paths[at %% #paths + 1]) end
function response(status)
  if status == 429 then refused = refused + 1 elseif status >= 400 then other = other + 1 else fine = fine + 1 end
end
function done(summary, latency)
  local f, r, o = 0, 0, 0
  for _, thread in ipairs(threads) do
    f = f + thread:get("fine"); r = r + thread:get("refused"); o = o + thread:get("other")
  end
  local e = summary.errors
  io.write(string.format("RESULT fine=%%d refused=%%d other=%%d connect=%%d read=%%d write=%%d timeout=%%d p99=%%d\\n",
    f, r, o, e.connect, e.read, e.write, e.timeout, latency:percentile(99)))
end
"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="api-") as home,
        LocalStack(Path(home), with_dagster=False, ports=random_ports(), environment={}) as stack,
    ):
        prepare_servers(stack.settings(), lambda _: None)
        began = time.monotonic()
        with psycopg.connect(stack.settings().database_url) as connection:
            ids = fill(connection, reports=REPORTS, signatures=SIGNATURES)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        with Platform(stack.settings()) as platform:
            _timelines(platform, ids[:TIMELINES])
        figures: dict[str, Figure] = {}
        with _api(stack, API_REQUESTS_PER_SECOND="100000") as port:
            figures |= _reads(port, ids)
        with _api(stack) as port:
            figures |= _crowd(port, ids, Path(home))
    write_result("api", figures)


@contextmanager
def _api(stack: LocalStack, **variables: str) -> Iterator[int]:
    """The API as `up` starts it."""
    port = random_ports()["api"]
    part = ApiProcess(stack.folder.run, port, {**stack.environment(), "LOG_LEVEL": "WARNING", **variables})
    command = part.prepare()
    with (stack.folder.logs / "api.log").open("ab") as log:
        process = subprocess.Popen(
            command.argv, cwd=command.folder, env=dict(command.environment), stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while not api_answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise SystemExit((stack.folder.logs / "api.log").read_text()[-3000:])
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _timelines(platform: Platform, ids: list[UUID]) -> None:
    """5,000 entries for each of some reports."""
    count = 5_000
    constant = {
        "signal_id": str(ids[0]), "kind": "log", "is_error": False, "is_target": False, "clock_basis": "reference",
        "clock_offset_ms": 0.0, "clock_confidence": 1.0, "clock_events": 0, "message": "order 17 could not be saved",
    }  # fmt: skip
    frame = pl.DataFrame({"ordinal": range(count)}).with_columns(*(pl.lit(v).alias(n) for n, v in constant.items()))
    for one in ids:
        shaped = TIMELINE.conform(frame.with_columns(pl.lit(str(one)).alias("report_id")))
        platform.frames.put("timeline", one, spool([shaped], TIMELINE, platform.frames.spool_path()))


def _paths(ids: list[UUID], rng: random.Random) -> dict[str, str]:
    one, with_timeline = rng.choice(ids), rng.choice(ids[:TIMELINES])
    return {
        "list": "/v1/reports?limit=50",
        "list_by_state": "/v1/reports?limit=50&state=COMPLETED",
        "status": f"/v1/reports/{one}?log_lines=20",
        "clusters": f"/v1/reports/{one}/clusters?limit=50",
        "result": f"/v1/reports/{one}/result",
        "timeline": f"/v1/reports/{with_timeline}/timeline?limit=100",
        "dead_letters": "/v1/dead-letters",
        "verdicts": "/v1/verdicts",
    }


def _reads(port: int, ids: list[UUID]) -> dict[str, Figure]:
    times: dict[str, list[float]] = {}
    wrong: list[str] = []

    def client(seed: int) -> None:
        rng = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(READS // CLIENTS):
            name, path = rng.choice(list(_paths(ids, rng).items()))
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if number >= 50:  # the first ones open connections and load pages
                times.setdefault(name, []).append(time.perf_counter() - began)
            if answer.status != 200:
                wrong.append(f"{answer.status} {path} {body[:200]!r}")
        connection.close()

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{len(wrong)} reads failed, such as {wrong[0]}")
    everything = [value for values in times.values() for value in values]
    figures = {"reads_p95": Figure(_p95(everything), 50.0, "lower", "ms")}
    figures |= {f"{name}_p95": Figure(_p95(values), 50.0, "lower", "ms") for name, values in sorted(times.items())}
    return figures | {
        "signatures": Figure(SIGNATURES, None, "higher", "rows"),
        "reports": Figure(REPORTS, None, "higher", "rows"),
    }


def _p95(seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 2)


def _crowd(port: int, ids: list[UUID], folder: Path) -> dict[str, Figure]:
    wrk = shutil.which("wrk")
    if wrk is None:
        print("wrk is absent (Debian: apt-get install wrk): the crowd is left out", file=sys.stderr)
        return {}
    rng = random.Random(5)
    paths = [path for _ in range(40) for path in _paths(ids, rng).values()]
    script = folder / "crowd.lua"
    script.write_text(WRK_SCRIPT % ",".join(f'"{path}"' for path in paths), encoding="utf-8")
    stop, health = threading.Event(), []

    def ask() -> None:
        while not stop.wait(0.5):
            for path in ("/health/live", "/health/ready"):
                began = time.perf_counter()
                good = api_answers(port, path)
                health.append((time.perf_counter() - began, good))

    asking = threading.Thread(target=ask)
    asking.start()
    command = [wrk, "-t2", "-c200", f"-d{SECONDS}s", "--timeout", "10s", "-s", str(script), f"http://127.0.0.1:{port}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    stop.set()
    asking.join()
    found = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", told[told.index("RESULT") :])}
    failures = sum(found[name] for name in ("other", "connect", "read", "write", "timeout"))
    return {
        "crowd_failures_not_429": Figure(failures, 0, "lower", "answers"),
        "crowd_answers_per_second": Figure(
            round((found["fine"] + found["refused"]) / SECONDS, 1), None, "higher", "1/s"
        ),
        "crowd_share_refused": Figure(
            round(found["refused"] / max(found["fine"] + found["refused"], 1), 4), None, "lower", "share"
        ),
        "health_slowest": Figure(round(max(seconds for seconds, _ in health), 3), 1.0, "lower", "s"),
        "health_not_answered": Figure(sum(not good for _, good in health), 0, "lower", "answers"),
    }


if __name__ == "__main__":
    main()
