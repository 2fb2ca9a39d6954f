"""What is worth a look in the flows of a report: a table of rules, each with its evidence and its sentence.

A rule describes traffic, not intent: a scan may be an inventory, a beacon a monitor. None was measured on attacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from signal_pipeline.traffic.columns import TRAFFIC_ALERTS

MAX_EVIDENCE = 10
_SCAN_PORTS, _SWEEP_HOSTS, _FLOOD_FLOWS, _NAMES = 15, 20, 200, 10
_BEACON_FLOWS, _BEACON_SPREAD, _BEACON_SIZE_SPREAD = 8, 0.1, 0.2
_BEACON_SECONDS = (2.0, 3_600.0)
_UPLOAD_BYTES, _UPLOAD_TIMES = 10_000_000, 20
_TUNNEL_QUESTIONS, _TUNNEL_BYTES = 50, 70  # bytes of a question whose name has more than 50 characters
_OLD_TLS = ("SSL 3.0", "TLS 1.0", "TLS 1.1")
_UNANSWERED = pl.col("state").is_in(["S0", "REJ", "RSTOS0", "SH"]) | (
    pl.col("state").is_in(["RSTO", "RSTR"]) & (pl.col("payload_out") + pl.col("payload_in") == 0)
)
_UNUSUAL_WINDOW = "unusual_window"
_LEAST_KNOWN = 30  # windows that one must have been compared with
_UNUSUAL = 0.7
_MAX_UNUSUAL = 5
_SENTENCE = "the {seconds} s from {at} UTC are unlike the {known} other windows: {differs}"
_Group = tuple[str, ...]


@dataclass(frozen=True)
class AlertRule:
    """`of` chooses flows, `by` groups them, `holds` is about a group; `sentence` is filled from the group's columns.

    A group has `count`, `source`, `target`, `target_port`, `service`, and what `measured` adds.
    """

    name: str
    severity: str
    sentence: str
    of: pl.Expr
    by: _Group
    holds: pl.Expr
    measured: tuple[pl.Expr, ...] = ()


_EVERY = pl.lit(True)
_GAPS = pl.col("started_at").sort().diff().drop_nulls().dt.total_microseconds() / 1e6
_SIZES = (pl.col("payload_out") + pl.col("payload_in")).cast(pl.Float64())

ALERT_RULES: tuple[AlertRule, ...] = (
    AlertRule(
        "port_scan", "high", "{source} tried {ports} ports of {target} without an answer", _UNANSWERED,
        ("source", "target"), pl.col("ports") >= _SCAN_PORTS, (pl.col("target_port").n_unique().alias("ports"),),
    ),
    AlertRule(
        "host_sweep", "high", "{source} tried port {target_port} of {hosts} hosts without an answer", _UNANSWERED,
        ("source", "target_port"), pl.col("hosts") >= _SWEEP_HOSTS, (pl.col("target").n_unique().alias("hosts"),),
    ),
    AlertRule(
        "flood", "high", "{count} attempts to connect to {target} port {target_port} within {seconds} s got no answer",
        _UNANSWERED, ("target", "target_port"), (pl.col("count") >= _FLOOD_FLOWS) & (pl.col("seconds") <= 60),
        ((pl.col("started_at").max() - pl.col("started_at").min()).dt.total_seconds().alias("seconds"),),
    ),
    AlertRule(
        "beacon", "medium", "{source} connects to {target} port {target_port} every {every} s, {count} times", _EVERY,
        ("source", "target", "target_port"),
        (pl.col("count") >= _BEACON_FLOWS) & pl.col("every").is_between(*_BEACON_SECONDS)
        & (pl.col("spread") < _BEACON_SPREAD) & (pl.col("size_spread") < _BEACON_SIZE_SPREAD),
        (
            _GAPS.mean().round(1).alias("every"), (_GAPS.std() / _GAPS.mean()).alias("spread"),
            (_SIZES.std() / (_SIZES.mean() + 1)).alias("size_spread"),
        ),
    ),
    AlertRule(
        "large_upload", "medium", "{source} sent {megabytes} MB to {target}, {times} times what it got back", _EVERY,
        ("source", "target"), (pl.col("sent") >= _UPLOAD_BYTES) & (pl.col("times") >= _UPLOAD_TIMES),
        (
            pl.col("payload_out").sum().alias("sent"),
            (pl.col("payload_out").sum() / 1e6).round(0).cast(pl.Int64()).alias("megabytes"),
            (pl.col("payload_out").sum() / (pl.col("payload_in").sum() + 1)).round(0).cast(pl.Int64()).alias("times"),
        ),
    ),
    AlertRule(
        "clear_login", "high", "{source} sent a password to {target} without encryption ({how})",
        pl.col("clear_login").is_not_null(), ("source", "target", "target_port"), _EVERY,
        (pl.col("clear_login").first().alias("how"),),
    ),
    AlertRule(
        "old_tls", "medium", "{target} port {target_port} chose {version}, which is no longer to be used",
        pl.col("tls_version").is_in(_OLD_TLS), ("target", "target_port"), _EVERY,
        (pl.col("tls_version").first().alias("version"),),
    ),
    AlertRule(
        "certificate_expired", "high", "the certificate of {target} port {target_port} had expired on {ends}",
        pl.col("certificate_ends") < pl.col("started_at"), ("target", "target_port"), _EVERY,
        (pl.col("certificate_ends").first().dt.date().alias("ends"),),
    ),
    AlertRule(
        "certificate_expires", "medium", "the certificate of {target} port {target_port} expires on {ends}",
        pl.col("certificate_ends").is_between(pl.col("started_at"), pl.col("started_at") + pl.duration(days=14)),
        ("target", "target_port"), _EVERY, (pl.col("certificate_ends").first().dt.date().alias("ends"),),
    ),
    AlertRule(
        "self_signed", "medium", "the certificate of {target} port {target_port} is signed by itself",
        pl.col("self_signed").fill_null(False), ("target", "target_port"), _EVERY,
    ),
    AlertRule(
        "unknown_names", "medium", "{source} asked {target} {count} times for names that do not exist",
        pl.col("failures").list.contains("DNS NXDOMAIN"), ("source", "target"), pl.col("count") >= _NAMES,
    ),
    AlertRule(
        "dns_tunnel", "medium",
        "{source} sent {questions} DNS messages of {each} bytes on average to {target}: names may carry data",
        (pl.col("service") == "dns") & (pl.col("protocol") == "UDP"), ("source", "target"),
        (pl.col("questions") >= _TUNNEL_QUESTIONS) & (pl.col("each") >= _TUNNEL_BYTES),
        (
            pl.col("packets_out").sum().alias("questions"),
            (pl.col("payload_out").sum() // pl.col("packets_out").sum()).alias("each"),
        ),
    ),
)  # fmt: skip

_PLACE = pl.struct("signal_id", "member", "number").sort_by("started_at")
_GROUPED = ("source", "target", "target_port")


def alerts_of(flows: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """TRAFFIC_ALERTS about one report's flows (columns of TRAFFIC_FLOWS, or more) and windows (TRAFFIC_WINDOWS), in
    order of the rules and of time. `flows` names at most MAX_EVIDENCE flows by signal_id, member and number.
    """
    found = [alert for rule in ALERT_RULES for alert in _alerts(rule, flows)]
    found += _unusual_windows(flows, windows)
    return pl.DataFrame(found, schema=TRAFFIC_ALERTS.polars) if found else TRAFFIC_ALERTS.empty()


def _alerts(rule: AlertRule, flows: pl.DataFrame) -> list[dict[str, Any]]:
    rest = [pl.col(name).first() for name in _GROUPED if name not in rule.by]
    groups = (
        flows.filter(rule.of.fill_null(False))
        .group_by(rule.by)
        .agg(
            *rest, *rule.measured, count=pl.len(), first_at=pl.col("started_at").min(),
            last_at=pl.col("ended_at").max(),
            flows=_PLACE.head(MAX_EVIDENCE),
        )
        .filter(rule.holds)
        .sort("first_at", *rule.by)
    )  # fmt: skip
    return [
        {
            "rule": rule.name,
            "severity": rule.severity,
            "sentence": rule.sentence.format(**row),
            "source": row["source"] if "source" in rule.by else None,
            "target": row["target"] if "target" in rule.by else None,
            **{name: row[name] for name in ("count", "first_at", "last_at", "flows")},
        }
        for row in groups.iter_rows(named=True)
    ]


def _unusual_windows(flows: pl.DataFrame, windows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of TRAFFIC_ALERTS for the most unusual windows, in order of time. Many windows must be known and
    something must be far above what is usual: of quiet captures some window always has the highest score."""
    is_known = pl.col("compared_with") >= _LEAST_KNOWN
    chosen = windows.filter((pl.col("isolation") >= _UNUSUAL) & is_known & pl.col("differs").is_not_null())
    most = chosen.sort("isolation", "started_at", descending=[True, False]).head(_MAX_UNUSUAL).sort("started_at")
    return [_about_window(row, flows) for row in most.iter_rows(named=True)]


def _about_window(window: dict[str, Any], flows: pl.DataFrame) -> dict[str, Any]:
    begin = window["started_at"]
    within = flows.filter(pl.col("started_at").is_between(begin, begin + timedelta(seconds=window["seconds"]), "left"))
    return {
        "rule": _UNUSUAL_WINDOW,
        "severity": "low",
        "sentence": _SENTENCE.format(
            seconds=window["seconds"], at=f"{begin:%H:%M:%S}", known=window["compared_with"], differs=window["differs"]
        ),
        "source": None,
        "target": None,
        "count": window["flows"],
        "first_at": begin,
        "last_at": within["ended_at"].max(),
        "flows": within.select("signal_id", "member", "number").head(MAX_EVIDENCE).to_dicts(),
    }
