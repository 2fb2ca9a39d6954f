"""What redaction costs and what it leaves: throughput, growth with input size, leaks, precision, look-alikes.

The peer is the usual hand-written sanitizer: a list of well-known patterns in Python's `re`, one `sub`
each, over the same lines. Times are CPU seconds of this process, best of some rounds.
Run: python -m benchmarks.redaction
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.redaction_attacks import attacks
from benchmarks.result import Figure, write_result
from signal_pipeline.redaction.redactor import Redactor, local_redactor
from signal_pipeline.redaction.tokens import TOKEN_PATTERN
from signal_pipeline_tests.redaction.canaries import planted_lines, secrets_alone
from signal_pipeline_tests.redaction.harmless import HARMLESS
from signal_pipeline_tests.redaction.harmless_more import HARMLESS_MORE
from signal_pipeline_tests.redaction.leak_search import find_leaks
from signal_pipeline_tests.redaction.planted.plant import SEEDS as PLANTED_SEEDS
from signal_pipeline_tests.redaction.planted.plant import planted
from signal_pipeline_tests.redaction.planted.search import leaked, read_all
from signal_pipeline_tests.redaction.planted.unseen_search import SEEDS as UNSEEN_SEEDS
from signal_pipeline_tests.redaction.planted.unseen_search import unseen

DATA = Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
PEER = "known patterns, Python re"
PLAIN_LINES = 100_000
SEEDS = range(100, 110)
DENSE_LINES = 8_000
# Attack texts: the smallest size and how often it is doubled.
SMALL, DOUBLINGS = 64 * 1024, 3

_PEER_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
        r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]+",
        r"(?i)\b(?:password|passwd|pwd|secret|token|api[_-]?key|session)\b[\"']?\s*[:=]\s*[\"']?[^\s\"'&,;]+",
        r"(?i)\b(?:authorization|cookie|set-cookie|x-api-key):.*",
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
        r"\bxox[baprs]-[A-Za-z0-9-]+",
        r"\b[sr]k_live_[A-Za-z0-9]+",
        r"\bAIza[A-Za-z0-9_-]{35}\b",
        r"-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b(?:\d[ -]?){13,19}\b",
        r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
        r"://[^/\s:@]+:[^/\s@]+@",
    )
)


def peer(text: str) -> str:
    """The text as the peer leaves it."""
    for pattern in _PEER_PATTERNS:
        text = pattern.sub("<REDACTED>", text)
    return text


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """CPU seconds of the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def plain_lines() -> list[str]:
    """Log lines without anything to mask."""
    return [
        f"2024-05-01 12:{n // 60 % 60:02d}:{n % 60:02d},{n % 1000:03d} INFO org.example.shop.Worker: "
        f"finished batch {n} of {n + 7} rows in {n % 311} ms (queue depth {n % 17}, retries {n % 3})"
        for n in range(PLAIN_LINES)
    ]


def throughput() -> dict[str, Figure]:
    """Cost on lines that hold nothing, on real logs, and on lines that each hold a secret."""
    figures = {}
    plain = plain_lines()
    canaries = [line for seed in SEEDS for line in planted_lines(seed)[0]]
    cases = {"plain": plain, "canary": canaries}
    if real := real_lines():
        cases["real"] = real
    for name, lines in cases.items():
        column = pl.Series(lines)
        redactor = local_redactor()
        redactor.column(column)
        mine = seconds(lambda column=column, redactor=redactor: redactor.column(column))
        sample = lines[:: max(1, len(lines) // 5_000)]
        theirs = seconds(lambda sample=sample: [peer(line) for line in sample], 2) * len(lines) / len(sample)
        target = 0.3 if name == "plain" else None
        each = 1e6 / len(lines)
        figures[f"{name}_line_us"] = Figure(mine * each, target, "lower", "CPU us/line", PEER, theirs * each)
        size = sum(map(len, lines)) / 1e6
        figures[f"{name}_mb_per_s"] = Figure(size / mine, None, "higher", "MB/CPU s", PEER, size / theirs)
    return figures


def secrets_only() -> dict[str, Figure]:
    """Lines that hold nothing but some secrets each, none of them seen before. Compiling is not counted."""
    redactor = local_redactor()
    redactor.column(pl.Series(secrets_alone(1, DENSE_LINES // 4)))
    speeds = []
    for seed in range(2, 5):
        lines = secrets_alone(seed, DENSE_LINES)
        column = pl.Series(lines)
        speeds.append(sum(map(len, lines)) / 1e6 / seconds(lambda column=column: redactor.column(column), 1))
    return {"secrets_only_mb_per_s": Figure(max(speeds), 1.0, "higher", "MB/CPU s")}


def look_alikes() -> dict[str, Figure]:
    """Share of harmless look-alikes of which something is masked, ours and the peer's."""
    rows, redactor = (*HARMLESS, *HARMLESS_MORE), local_redactor()
    mine = sum(stays not in redactor.text(text) for _, text, stays in rows)
    theirs = sum(stays not in peer(text) for _, text, stays in rows)
    share = 100 / len(rows)
    return {"look_alikes_masked": Figure(share * mine, 1.0, "lower", "% masked", PEER, share * theirs)}


def growth() -> dict[str, Figure]:
    """How the time grows when an attack text doubles, and the slowest text of all."""
    redactor = local_redactor()
    worst_ratio, slowest = 0.0, float("inf")
    for name, build in attacks().items():
        times = []
        for size in (SMALL << n for n in range(DOUBLINGS + 1)):
            text = build(size)
            times.append(max(seconds(lambda text=text: redactor.text(text), 2), 1e-4))
        ratio = (times[-1] / times[0]) ** (1 / DOUBLINGS)
        speed = (SMALL << DOUBLINGS) / times[-1] / 1e6
        print(f"  {name:32} x{ratio:.2f} per doubling, {speed:8.1f} MB/s")
        worst_ratio, slowest = max(worst_ratio, ratio), min(slowest, speed)
    return {
        "attack_doubling_ratio": Figure(worst_ratio, 2.3, "lower", "time ratio"),
        "attack_slowest_mb_per_s": Figure(slowest, 10.0, "higher", "MB/CPU s"),
    }


def leaks() -> dict[str, Figure]:
    """Share of planted secrets that are gone, ours and the peer's; and what the search sees without a gate."""
    planted = found = peer_found = seen = 0
    for seed in SEEDS:
        lines, manifest = planted_lines(seed)
        redacted = Redactor(b"benchmark").column(pl.Series(lines))
        planted += len(manifest)
        found += len(find_leaks("\n".join(redacted).encode(), manifest))
        peer_found += len(find_leaks("\n".join(map(peer, lines)).encode(), manifest))
        seen += len(find_leaks("\n".join(lines).encode(), manifest))
    masked, peer_masked = 1 - found / planted, 1 - peer_found / planted
    return {
        "recall": Figure(100 * masked, 99.0, "higher", "% masked", PEER, 100 * peer_masked),
        "leak_self_test": Figure(100 * seen / planted, 95.0, "higher", "% found, gate off"),
    }


def planted_everywhere() -> dict[str, Figure]:
    """Secrets planted by kind, position and encoding that the readers let pass; those of held-out positions and of
    positions that no rule was written with apart."""
    planted_rows, leaked_rows = Counter[str](), Counter[str]()
    with TemporaryDirectory() as folder:
        for seed in PLANTED_SEEDS:
            planted_rows.update(row.group for row in planted(seed))
            found = {row for _, data, rows in read_all(seed, Path(folder)) for row, _ in leaked(data, rows)}
            leaked_rows.update(row.group for row in found)
    known = planted_rows["known"] + planted_rows["held out"]
    recall = {group: 100 * (1 - leaked_rows[group] / count) for group, count in planted_rows.items()}
    held_out, unseen = planted_rows["held out"], planted_rows["unseen"]
    return {
        "planted_leaked": Figure(
            leaked_rows["known"] + leaked_rows["held out"], 0, "lower", f"of {known} planted secrets"
        ),
        "held_out_recall": Figure(recall["held out"], 99.0, "higher", f"% of {held_out} in held-out positions"),
        "unseen_recall": Figure(
            recall["unseen"], None, "higher", f"% of {unseen} in positions unlike those of the rules"
        ),
    }


def many_systems() -> dict[str, Figure]:
    """Share that is gone of secrets in the positions of many systems, which were written before the rules for them."""
    redactor = local_redactor()
    rows = [row for seed in UNSEEN_SEEDS for row in unseen(seed)]
    left = sum(row.is_left(redactor.text(row.text)) for row in rows)
    return {"systems_recall": Figure(100 * (1 - left / len(rows)), None, "higher", f"% of {len(rows)} masked")}


def real_lines() -> list[str]:
    """Up to 2,000 lines of each real log at hand; empty where there is none."""
    files = sorted(path for path in DATA.glob("logs/loghub/*/*.log") if path.is_file())
    return [line for path in files for line in path.read_text(errors="replace").splitlines()[:2_000]]


def precision() -> dict[str, Figure]:
    """Share of the words of real logs, which hold no planted secret, that become SECRET or BLOB."""
    lines = real_lines()
    if not lines:
        return {}
    redacted = "\n".join(local_redactor().column(pl.Series(lines)))
    words = sum(len(line.split()) for line in lines)
    masked = sum(match[1] in ("SECRET", "BLOB") for match in re.finditer(TOKEN_PATTERN, redacted))
    theirs = sum(peer(line).count("<REDACTED>") for line in lines)
    share = 100 * masked / words
    return {"masked_words": Figure(share, 0.5, "lower", "% SECRET or BLOB", PEER + " (all)", 100 * theirs / words)}


def main() -> None:
    """Measure everything and write `results/redaction.json`."""
    write_result(
        "redaction",
        {
            **throughput(),
            **secrets_only(),
            **growth(),
            **leaks(),
            **planted_everywhere(),
            **many_systems(),
            **precision(),
            **look_alikes(),
        },
    )


if __name__ == "__main__":
    main()
