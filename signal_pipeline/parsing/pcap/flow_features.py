"""Features of flows as CICFlowMeter computes and names them, from what was counted.

CICFlowMeter counts the payload of a packet as its length, times in microseconds, and parts activity at silences of
5 s. Of its columns this table leaves out the label, and bulk rates and subflows, which depend on its thresholds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from signal_pipeline.parsing.pcap.flow_counts import Floats, Totals
from signal_pipeline.parsing.pcap.packets import Ints

SECOND_US = 1_000_000
_FORWARD, _BACKWARD = 0, 1
_Compute = Callable[[Totals], Floats | Ints]


def flow_features(totals: Totals) -> Floats:
    """A row of FEATURES for each flow."""
    if not len(totals.asked_last):
        return np.zeros((0, len(FEATURES)))
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = [np.asarray(compute(totals), np.float64) for compute in FEATURES.values()]
    return np.nan_to_num(np.stack(columns, axis=1), nan=0.0, posinf=0.0, neginf=0.0)


def _total(name: str, side: int | None = None) -> _Compute:
    """A sum of one side, or of both."""
    if side is None:
        return lambda t: t.sums[name].sum(axis=1)
    return lambda t: t.sums[name][:, side]


def _lowest(name: str, side: int | None = None) -> _Compute:
    return lambda t: t.low[name].min(axis=1) if side is None else t.low[name][:, side]


def _highest(name: str, side: int | None = None) -> _Compute:
    return lambda t: t.high[name].max(axis=1) if side is None else t.high[name][:, side]


def _over(numerator: _Compute, denominator: _Compute) -> _Compute:
    return lambda t: numerator(t) / denominator(t)


def _variance(count: _Compute, total: _Compute, squares: _Compute) -> _Compute:
    """Of a sample: divided by one less than the count; 0 for a single value."""

    def compute(t: Totals) -> Floats:
        n = count(t)
        return np.asarray(np.where(n > 1, np.maximum(squares(t) - total(t) ** 2 / n, 0) / np.maximum(n - 1, 1), 0))

    return compute


def _deviation(count: _Compute, total: _Compute, squares: _Compute) -> _Compute:
    variance = _variance(count, total, squares)
    return lambda t: np.sqrt(variance(t))


def _both(name: str) -> _Compute:
    return lambda t: t.both[name]


def _length(side: int | None) -> dict[str, _Compute]:
    parts = (_total("packets", side), _total("payload_bytes", side), _total("payload_squares", side))
    return {
        "Max": _highest("payload_bytes", side),
        "Min": _lowest("payload_bytes", side),
        "Mean": _over(parts[1], parts[0]),
        "Std": _deviation(*parts),
        "Variance": _variance(*parts),
    }


def _gaps(side: int) -> dict[str, _Compute]:
    parts = (_total("gaps", side), _total("gap_us", side), _total("gap_squares", side))
    return {
        "Total": parts[1],
        "Mean": _over(parts[1], parts[0]),
        "Std": _deviation(*parts),
        "Max": _highest("gap_us", side),
        "Min": _lowest("gap_us", side),
    }


def _times(name: str, count: _Compute) -> dict[str, _Compute]:
    """Of both sides together: gaps between packets, times of activity, silences."""
    parts = (count, _both(f"{name}_us"), _both(f"{name}_squares"))
    return {
        "Mean": _over(parts[1], parts[0]),
        "Std": _deviation(*parts),
        "Max": lambda t: t.both_high[f"{name}_us"],
        "Min": lambda t: t.both_low[f"{name}_us"],
    }


def _named(prefix: str, some: dict[str, _Compute], *names: str) -> dict[str, _Compute]:
    return {f"{prefix} {name}": some[name] for name in names}


def _per_second(count: _Compute) -> _Compute:
    return lambda t: count(t) / t.both["gap_us"] * SECOND_US


_LENGTHS = ("Max", "Min", "Mean", "Std")
_TIMES = ("Mean", "Std", "Max", "Min")
_ENDS = {"Fwd": _FORWARD, "Bwd": _BACKWARD}

FEATURES: dict[str, _Compute] = {
    "Flow Duration": _both("gap_us"),
    "Total Fwd Packet": _total("packets", _FORWARD),
    "Total Bwd packets": _total("packets", _BACKWARD),
    "Total Length of Fwd Packet": _total("payload_bytes", _FORWARD),
    "Total Length of Bwd Packet": _total("payload_bytes", _BACKWARD),
    **_named("Fwd Packet Length", _length(_FORWARD), *_LENGTHS),
    **_named("Bwd Packet Length", _length(_BACKWARD), *_LENGTHS),
    "Flow Bytes/s": _per_second(_total("payload_bytes")),
    "Flow Packets/s": _per_second(_total("packets")),
    **_named("Flow IAT", _times("gap", _both("gaps")), *_TIMES),
    **_named("Fwd IAT", _gaps(_FORWARD), "Total", *_TIMES),
    **_named("Bwd IAT", _gaps(_BACKWARD), "Total", *_TIMES),
    **{f"{end} {flag} Flags": _total(flag.lower(), side) for flag in ("PSH", "URG") for end, side in _ENDS.items()},
    "Fwd Header Length": _total("header_bytes", _FORWARD),
    "Bwd Header Length": _total("header_bytes", _BACKWARD),
    "Fwd Packets/s": _per_second(_total("packets", _FORWARD)),
    "Bwd Packets/s": _per_second(_total("packets", _BACKWARD)),
    **_named("Packet Length", _length(None), "Min", "Max", "Mean", "Std", "Variance"),
    **{f"{flag} Flag Count": _total(flag.lower()) for flag in ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "CWR", "ECE")},
    "Down/Up Ratio": _over(_total("packets", _BACKWARD), _total("packets", _FORWARD)),
    "Average Packet Size": _over(_total("payload_bytes"), _total("packets")),
    "Fwd Segment Size Avg": _length(_FORWARD)["Mean"],
    "Bwd Segment Size Avg": _length(_BACKWARD)["Mean"],
    "FWD Init Win Bytes": lambda t: t.first_window[:, _FORWARD],
    "Bwd Init Win Bytes": lambda t: t.first_window[:, _BACKWARD],
    "Fwd Act Data Pkts": _total("data_packets", _FORWARD),
    "Fwd Seg Size Min": _lowest("header_bytes", _FORWARD),
    **_named("Active", _times("active", lambda t: t.both["idles"] + 1), *_TIMES),
    **_named("Idle", _times("idle", _both("idles")), *_TIMES),
}
"""By CICFlowMeter's name of the column, in its order."""
