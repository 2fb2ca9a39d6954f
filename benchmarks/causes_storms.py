"""One cause with many entries: a client that was offline, a retry storm, a guesser of passwords. Each is one problem.

The reports are made here; the log of a real guesser is among the labelled logs.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.causes_data import LOGS, read, single_log
from benchmarks.causes_ranking import solve
from benchmarks.result import Figure

MANY = 40
BEGIN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REAL_GUESSER = LOGS / "loghub" / "OpenSSH" / "OpenSSH_2k.log"


def figures() -> dict[str, Figure]:
    made = {
        "offline_client": ("page.har", offline_client()),
        "retry_storm": ("sync.log", retry_storm()),
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
    return found


def offline_client() -> str:
    entries = [
        {
            "startedDateTime": (BEGIN + timedelta(seconds=0.3 * number)).isoformat(timespec="milliseconds"),
            "time": 12.0,
            "request": {"method": "GET", "url": f"https://shop.example/{name}/{number}", "headers": []},
            "response": {
                "status": 0, "statusText": "", "headers": [], "content": {"size": 0, "mimeType": ""},
                "_error": "net::ERR_INTERNET_DISCONNECTED",
            },
            "timings": {"send": 0, "wait": 12, "receive": 0},
        }
        for number, name in zip(range(MANY), ("api", "images", "fonts", "beacon") * MANY, strict=False)
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
