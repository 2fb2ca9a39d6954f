"""When a record that belongs to a request is written, as densities per second of its moment on the axis."""

from __future__ import annotations

import math

from signal_pipeline.correlation.request_windows import RequestWindow

LONGEST_AFTER_SECONDS = 3.0
# What made a request fail is mostly written right before its answer.
BEFORE_THE_END_SECONDS = 0.02
AFTER_THE_END_SECONDS = 0.02
SCRIPT_SECONDS = 0.02


def server_density(at: float, window: RequestWindow, scale: float, patience: float | None) -> float:
    """Servers tell of a failure while the request is processed; `patience` is how much later a sign of it may come."""
    begin, end = window.begin - scale, window.end + scale
    density = 0.0
    if begin <= at <= end:
        before = max(window.end - at, 0.0)
        density += 0.6 * math.exp(-before / BEFORE_THE_END_SECONDS) / BEFORE_THE_END_SECONDS + 0.35 / (end - begin)
    return density + 0.05 * _tail(at, window, AFTER_THE_END_SECONDS) + _patient(at, window, scale, patience)


def client_density(at: float, window: RequestWindow, scale: float, patience: float | None) -> float:
    """Whoever made the request tells of its failure after it is over."""
    if at < window.end - 2 * scale:
        return _patient(at, window, scale, patience)
    late = max(at - window.end, 0.0)
    mostly = 0.9 * math.exp(-late / SCRIPT_SECONDS) / (SCRIPT_SECONDS + 2 * scale)
    return mostly + 0.1 * _tail(at, window, 10 * SCRIPT_SECONDS) + _patient(at, window, scale, patience)


def _tail(at: float, window: RequestWindow, mean: float) -> float:
    late = at - window.end
    return math.exp(-late / mean) / mean if 0 <= late <= LONGEST_AFTER_SECONDS else 0.0


def _patient(at: float, window: RequestWindow, scale: float, patience: float | None) -> float:
    if patience is None or not window.end - scale <= at <= window.end + patience:
        return 0.0
    return 0.9 / (patience + scale)
