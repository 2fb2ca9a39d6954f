"""How often rules about behaviour hold in ordinary captures: those of the tests of nDPI, Zeek and Suricata.

Rules about facts (a certificate, a version, a password in the clear) are left out: what they say is so. No attack
traffic is labelled, so what is not found is not counted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from benchmarks.capture_reading import captures, held_out
from benchmarks.result import Figure
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor
from signal_pipeline.traffic.summary import TrafficSummary

FACTS = ("clear_login", "old_tls", "certificate_expired", "certificate_expires", "self_signed")
# What these hold is what the rules are about.
NOT_ORDINARY = ("tunnel", "exf", "scan", "emotet", "attack", "flood", "badpackets")


def alerts() -> dict[str, Figure]:
    seen: dict[bool, int] = Counter()
    found: dict[bool, int] = Counter()
    for path in (path for folder in ("ndpi", "zeek", "suricata") for path in captures(folder)):
        if any(word in path.name for word in NOT_ORDINARY):
            continue
        seen[held_out(path)] += 1
        behaviour = [rule for rule in _rules(path) if rule not in FACTS]
        found[held_out(path)] += len(behaviour)
        for rule in behaviour:
            print(f"{path.name}: {rule}")
    both, out = sum(seen.values()), seen[True]
    return {
        "false_alerts_per_100_captures": Figure(
            100 * sum(found.values()) / both, 2, "lower", f"in {both} ordinary captures"
        ),
        "false_alerts_per_100_captures_held_out": Figure(100 * found[True] / out, 2, "lower", f"in {out}"),
    }


def _rules(path: Path) -> list[str]:
    summary = TrafficSummary()
    for frame in read_signal(path, redactor=local_redactor()):
        summary.add(frame.with_columns(pl.lit(path.name).alias("signal_id")))
    facts = summary.facts()
    return [] if facts is None else [alert["rule"] for alert in facts["alerts"]]


if __name__ == "__main__":
    print(alerts())
