"""Requests that succeeded and took long: longer than the bound, and long for the report that they are in.

What is meant to stay open is none of them: sockets, event streams, long polls, media, and large files at a fair speed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import re2

from signal_pipeline.parsing.har.facts import Facts

TIMES_MEDIAN = 4.0
"""A request below four times the bound must also take this many times as long as half of the requests of its report."""
_SURELY = 4.0
_FEW = 4
_OPEN_RESOURCES = frozenset(
    ("websocket", "eventsource", "media", "ping", "texttrack", "beacon", "prefetch", "cspviolationreport")
)
_OPEN_MIMES = (
    "text/event-stream",
    "multipart/x-mixed-replace",
    "application/grpc",
    "video/",
    "audio/",
    "application/x-ndjson",
)
_OPEN_PATHS = re2.compile(
    r"(?i)(?:^|[/._?&=-])(?:long-?poll\w*|poll(?:ing)?|comet\w*|events?|stream(?:ing)?|sse|subscribe|subscription|socket\.io|sockjs"
    r"|signalr|hubs?|websocket|ws|wss|eventbus|listen|channel|watch|live|notifications?/wait|wait|cometd|bayeux|xhr_streaming"
    r"|_blazor|sync|lp)(?:$|[/._?&=-])"
)
_BYTES_PER_SECOND = 50_000
_SAME_WAIT = 0.1


def note_slow(exchanges: Sequence[Facts], bound_ms: float) -> None:
    """Flag `slow` and a text with seconds and phase."""
    candidates = [one for one in exchanges if _time(one) >= bound_ms and _succeeded(one) and not _is_open(one)]
    if not candidates:
        return
    times = [
        _time(one) for one in exchanges if _succeeded(one) and one.duration.total_ms is not None and not _is_open(one)
    ]
    least = max(bound_ms, min(TIMES_MEDIAN * median(times), _SURELY * bound_ms) if len(times) >= _FEW else bound_ms)
    polls = _polls(candidates)
    for one in candidates:
        if _time(one) >= least and _place(one) not in polls:
            phase = f" ({one.duration.slowest_phase})" if one.duration.slowest_phase else ""
            one.flags.append("slow")
            one.problem = replace(one.problem, text=f"slow: {_time(one) / 1000:.1f} s{phase}")


def _time(one: Facts) -> float:
    """Without the time in the browser's own queue, where the phases say so."""
    return one.duration.total_ms or 0.0


def _succeeded(one: Facts) -> bool:
    fine = one.status is not None and 200 <= one.status < 400
    return fine and one.net_error is None and one.problem.text is None and one.around.has_request


def _is_open(one: Facts) -> bool:
    if one.around.resource in _OPEN_RESOURCES or (one.mime_type or "").startswith(_OPEN_MIMES):
        return True
    if (one.url or "").startswith(("ws:", "wss:")) or _OPEN_PATHS.search(
        (one.url or "")[:2048].partition("://")[2].partition("/")[2]
    ):
        return True
    seconds = _time(one) / 1000
    return one.duration.slowest_phase == "receive" and (one.response_bytes or 0) > seconds * _BYTES_PER_SECOND


def _place(one: Facts) -> str:
    return f"{one.method} {(one.url or '').partition('?')[0]}"


def _polls(candidates: Sequence[Facts]) -> set[str]:
    """Places whose requests all wait for about the same time, again and again: the server holds them open."""
    waits: dict[str, list[float]] = defaultdict(list)
    for one in candidates:
        waits[_place(one)].append(_time(one))
    return {
        place
        for place, times in waits.items()
        if len(times) >= _FEW and max(times) - min(times) <= _SAME_WAIT * median(times)
    }
