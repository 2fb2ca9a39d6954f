"""One cause with many entries: a client that was offline, retries in a log, of a client and of requests with ids, a
process that ran out of memory, a guesser of passwords. Each is one problem.

The reports are made here; the log of a real guesser is among the labelled logs.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.causes_data import LOGS, read, single_log
from benchmarks.causes_ranking import solve
from benchmarks.result import Figure

MANY = 40
BEGIN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLUSTERS = ("BGL", "HPC")
"""Logs of the hardware of clusters, of which every line is another time and node."""
REAL_GUESSER = LOGS / "loghub" / "OpenSSH" / "OpenSSH_2k.log"


def figures() -> dict[str, Figure]:
    made = {
        "offline_client": ("page.har", offline_client()),
        "retry_storm": ("sync.log", retry_storm()),
        "retries_with_ids": ("worker.log", retries_with_ids()),
        "retries_of_a_client": ("page.har", retries_of_a_client()),
        "out_of_memory": ("worker.log", out_of_memory()),
        "password_guesser": ("auth.log", password_guesser()),
    }
    found = {}
    for name, (file, text) in made.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            path.write_text(text, encoding="utf-8")
            told = len(solve(read([path], name)).problems)
        found[f"storm_{name}"] = Figure(told, 1, "lower", "problems", "entries", MANY)
    if REAL_GUESSER.is_file():
        entries = single_log(REAL_GUESSER)
        clusters = entries.filter("is_error")["signature_hash"].n_unique()
        told = len(solve(entries).problems)
        found["storm_real_guesser"] = Figure(told, 1, "lower", "problems", "error signatures", clusters)
    for name in CLUSTERS:
        if (path := LOGS / "loghub" / name / f"{name}_2k.log").is_file():
            entries = single_log(path)
            signatures = entries.filter("is_error")["signature_hash"].n_unique()
            told = len(solve(entries).problems)
            found[f"single_{name.lower()}"] = Figure(told, None, "lower", "problems", "error signatures", signatures)
    return found


def offline_client() -> str:
    names = ("api", "images", "fonts", "beacon")
    return _har([(f"{names[n % 4]}/{n}", 0.3 * n, 0, "net::ERR_INTERNET_DISCONNECTED") for n in range(MANY)])


def retries_of_a_client() -> str:
    return _har([("api/orders", 3.0 * n, 503, None) for n in range(MANY)])


def _har(requests: Sequence[tuple[str, float, int, str | None]]) -> str:
    """Path, start (s), status and network error of each."""
    entries = [
        {
            "startedDateTime": (BEGIN + timedelta(seconds=at)).isoformat(timespec="milliseconds"),
            "time": 12.0,
            "request": {"method": "GET", "url": f"https://shop.example/{path}", "headers": []},
            "response": {
                "status": status, "statusText": "", "headers": [], "content": {"size": 0, "mimeType": ""},
                "_error": error,
            },
            "timings": {"send": 0, "wait": 12, "receive": 0},
        }
        for path, at, status, error in requests
    ]  # fmt: skip
    creator = {"name": "WebInspector", "version": "537.36"}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}})


def retry_storm() -> str:
    lines = (
        f"{(BEGIN + timedelta(seconds=4 * number)).isoformat(timespec='milliseconds')} ERROR ledger.sync"
        f" attempt {number + 1} of {MANY} failed: connection to ledger.internal:5432 refused"
        for number in range(MANY)
    )
    return "\n".join(lines) + "\n"


def retries_with_ids() -> str:
    """Each try has an id of its own, and is logged by the client's library and by the job."""
    lines = []
    for number in range(MANY):
        at = (BEGIN + timedelta(seconds=4 * number)).isoformat(timespec="milliseconds")
        head = f"{at} ERROR"
        said = "ConnectionRefusedError: connect to ledger.internal:5432 was refused"
        lines.append(f"{head} pool [request_id=req-{number:08x}] could not open a connection: {said}")
        lines.append(f"{head} jobs [request_id=req-{number:08x}] sync of the ledger failed: {said}")
    return "\n".join(lines) + "\n"


def out_of_memory() -> str:
    """What fails after it looks unrelated."""
    said = ("java.lang.OutOfMemoryError: Java heap space", "cannot read the configuration of the tenant",
            "session store did not answer", "could not serialize the basket", "health check failed")  # fmt: skip
    lines = (
        f"{(BEGIN + timedelta(seconds=0.5 * number)).isoformat(timespec='milliseconds')} ERROR [main] shop.worker"
        f" {said[number % len(said)]}"
        for number in range(MANY)
    )
    return "\n".join(lines) + "\n"


def password_guesser() -> str:
    names = ("root", "admin", "oracle", "test", "git", "backup")
    lines = []
    for number in range(MANY):
        at = (BEGIN + timedelta(seconds=2 * number)).strftime("%b %d %H:%M:%S")
        name = names[number % len(names)]
        who = name if name == "root" else f"invalid user {name}"
        lines.append(
            f"{at} gate sshd[{4000 + number}]: Failed password for {who} from 203.0.113.9 port {30000 + number} ssh2"
        )
    return "\n".join(lines) + "\n"
