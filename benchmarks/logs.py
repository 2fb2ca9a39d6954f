"""Reading logs: lines per second of parse + redact + mask + sign, and peak memory, on one mixed file and twice of it.

Peers in the same run: Drain3 on the same lines (its own masking off), and `wc -l` as the floor of any reading.
BENCH_LINES sets the number of lines (10,000,000 by default).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.result import Figure, write_result

LINES = int(os.environ.get("BENCH_LINES", "10000000"))
DRAIN_LINES = 200_000
BLOCK_LINES = 200_000

OURS = """
import json, resource, sys, time
from pathlib import Path
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor
began = time.monotonic()
reading = read_signal(Path(sys.argv[1]), redactor=local_redactor())
errors = sum(int(classify_entries(batch)["is_error"].sum()) for batch in reading)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "wall": time.monotonic() - began, "cpu": usage.ru_utime + usage.ru_stime, "errors": errors,
    "peak_mb": usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024),
    "lines": reading.outcome.lines, "status": reading.outcome.status, "reasons": reading.outcome.reasons,
}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="signal-logs-") as folder:
        once, twice = Path(folder) / "once.log", Path(folder) / "twice.log"
        write_mixed_log(once, LINES)
        with twice.open("wb") as target:
            for _ in range(2):
                with once.open("rb") as source:
                    while chunk := source.read(1 << 24):
                        target.write(chunk)
        ours, double = _ours(once), _ours(twice)
        counted = _seconds(lambda: subprocess.run(["wc", "-l", str(once)], check=True, capture_output=True))
        drain = _drain3_rate(once)
    rate = ours["lines"] / ours["wall"]
    write_result(
        "logs",
        {
            "lines_per_second": Figure(rate, 20 * drain, "higher", "lines/s", "Drain3", drain),
            "times_drain3": Figure(rate / drain, 20.0, "higher", "x", "Drain3", 1.0),
            "times_wc": Figure(ours["wall"] / counted, None, "lower", "x", "wc -l", 1.0),
            "peak_memory": Figure(ours["peak_mb"], 1536.0, "lower", "MB"),
            "peak_memory_growth": Figure(double["peak_mb"] / ours["peak_mb"] - 1, 0.10, "lower", "share"),
            "cpu_seconds": Figure(ours["cpu"], None, "lower", "s"),
            "errors_found": Figure(ours["errors"], None, "higher", "entries"),
        },
    )


def write_mixed_log(path: Path, lines: int) -> None:
    """Application text with stack traces, JSON lines, access log and syslog in turn, seeded; some 130 bytes a line."""
    block = list(_block(random.Random(20260301)))
    text = "\n".join(block) + "\n"
    with path.open("w", encoding="utf-8") as file:
        for _ in range(lines // len(block)):
            file.write(text)
        rest = lines % len(block)
        if rest:
            file.write("\n".join(block[:rest]) + "\n")


def _block(rng: random.Random) -> Iterator[str]:
    made = 0
    while made < BLOCK_LINES:
        stretch = rng.choice((_text, _text, _text, _json, _access, _syslog))
        for _ in range(rng.randint(50, 400)):
            for line in stretch(rng):
                yield line
                made += 1


def _text(rng: random.Random) -> list[str]:
    head = f"2026-03-01 {_clock(rng)},{rng.randint(0, 999):03d}"
    if rng.random() < 0.03:
        return [
            f"{head} ERROR [worker-{rng.randint(1, 16)}] com.shop.Orders - order {rng.randint(1, 10**6)} failed:"
            f" connection to 10.0.{rng.randint(0, 255)}.{rng.randint(0, 255)}:5432 refused",
            "java.net.ConnectException: Connection refused",
            f"\tat com.shop.Db.connect(Db.java:{rng.randint(10, 400)})",
            f"\tat com.shop.Orders.save(Orders.java:{rng.randint(10, 400)})",
            "\tat java.base/java.lang.Thread.run(Thread.java:1583)",
        ]
    return [
        f"{head} INFO  [worker-{rng.randint(1, 16)}] com.shop.Orders - order {rng.randint(1, 10**6)} of customer"
        f" {rng.randint(1, 10**5)} was saved in {rng.randint(1, 900)} ms"
    ]


def _json(rng: random.Random) -> list[str]:
    record = {
        "time": f"2026-03-01T{_clock(rng)}.{rng.randint(0, 999):03d}Z",
        "level": rng.choice(("info", "info", "info", "warn", "error")),
        "logger": "payments",
        "msg": f"payment {rng.randint(1, 10**6)} took {rng.randint(1, 900)} ms",
        "trace_id": f"{rng.getrandbits(128):032x}",
    }
    return [json.dumps(record)]


def _access(rng: random.Random) -> list[str]:
    return [
        f"192.168.{rng.randint(0, 255)}.{rng.randint(0, 255)} - - [01/Mar/2026:{_clock(rng)} +0000]"
        f' "GET /products/{rng.randint(1, 10**4)}?page={rng.randint(1, 9)} HTTP/1.1"'
        f" {rng.choice((200, 200, 200, 304, 404, 500))} {rng.randint(100, 90000)}"
        ' "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"'
    ]


def _syslog(rng: random.Random) -> list[str]:
    return [
        f"Mar  1 {_clock(rng)} web-{rng.randint(1, 9)} sshd[{rng.randint(100, 30000)}]: Accepted publickey for deploy"
        f" from 192.168.0.{rng.randint(1, 254)} port {rng.randint(1024, 65000)} ssh2"
    ]


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"


def _ours(path: Path) -> dict[str, float]:
    answer = subprocess.run([sys.executable, "-c", OURS, str(path)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    if found["status"] == "failed":
        raise SystemExit(f"the file was refused: {found['reasons']}")
    return found


def _drain3_rate(path: Path) -> float:
    """Lines per second of Drain3 with its defaults, on the head of the file; it is linear in the lines."""
    from drain3 import TemplateMiner
    from drain3.template_miner_config import TemplateMinerConfig

    miner = TemplateMiner(config=TemplateMinerConfig())
    with path.open(encoding="utf-8") as file:
        lines = [line.rstrip("\n") for _, line in zip(range(DRAIN_LINES), file, strict=False)]
    seconds = _seconds(lambda: [miner.add_log_message(line) for line in lines])
    return len(lines) / seconds


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
