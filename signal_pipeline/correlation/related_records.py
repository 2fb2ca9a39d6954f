"""Records that do not say how a request ended but were written because of it: errors and warnings around its time.

Each record has one request or none. Whose it is follows from when it was written and from evidence.py, weighed against
how often such a record is in the file anyway. Other requests compete, as far as the file records them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import re2

from signal_pipeline.correlation.clock import Clock, span_of
from signal_pipeline.correlation.evidence import CLIENT_GONE, LEAST_SCALE_SECONDS, NET_ERROR_SIGNS, weight, words
from signal_pipeline.correlation.links import Link
from signal_pipeline.correlation.request_windows import RequestWindow
from signal_pipeline.correlation.timing import LONGEST_AFTER_SECONDS, client_density, server_density
from signal_pipeline.correlation.wording import Wording, words_of

MAX_RECORDS = 50_000
MAX_WINDOWS = 64
PROMPT_SECONDS = 0.1
SAME_WORDS_SHARE = 0.2
"""From this share of the answer's words on, a record says what the answer says."""
UNSEEN = 0.3
_VARYING = r"[0-9]+|\"[^\"]*\"|'[^']*'|<[^>]*>|/[^\s]+"


def related_links(
    windows: Sequence[RequestWindow], records: pl.DataFrame, clock: Clock, *, is_client: bool
) -> list[Link]:
    """Links of the records of one file to the failed or slow requests among `windows`, sorted by begin."""
    near = _near_failures(windows, records)
    if near.is_empty():
        return []
    scene = _Scene(windows, records, clock, is_client)
    links = [link for record in near.iter_rows(named=True) if (link := scene.link_of(record)) is not None]
    return _one_late_sign(links)


def _one_late_sign(links: Sequence[Link]) -> list[Link]:
    """A server says once that a client has gone: of several such records after a request one at most is its own."""
    late = Counter(link.request for link in links if link.is_late)
    return [
        replace(link, confidence=round(link.confidence / late[link.request], 4)) if link.is_late else link
        for link in links
    ]


def _near_failures(windows: Sequence[RequestWindow], records: pl.DataFrame) -> pl.DataFrame:
    """Only records near a failed request are scored."""
    spans = [(window.begin, window.end) for window in windows if window.failed and window.in_report]
    begins = np.sort(np.array([begin - 1.0 for begin, _ in spans]))
    ends = np.sort(np.array([end + LONGEST_AFTER_SECONDS for _, end in spans]))
    at = records["at"].fill_null(-math.inf).to_numpy()
    # As many spans have begun as have ended where none is open.
    is_open = np.searchsorted(begins, at, "right") > np.searchsorted(ends, at, "left")
    return records.filter(pl.Series(is_open, dtype=pl.Boolean())).head(MAX_RECORDS)


class _Scene:
    """The requests around the records of one file, and how often each kind of record occurs."""

    def __init__(self, windows: Sequence[RequestWindow], records: pl.DataFrame, clock: Clock, is_client: bool) -> None:
        self._windows = windows
        self._begins = np.array([window.begin for window in windows])
        self._longest = max((window.end - window.begin for window in windows), default=0.0)
        self._scale = max(2.0 * clock.spread, LEAST_SCALE_SECONDS)
        self._is_client = is_client
        self._wording = Wording(window.words for window in windows if window.failed)
        self._signs = [(re2.compile(s.net_error), re2.compile(s.record), s.seconds_after) for s in NET_ERROR_SIGNS]
        self._client_gone = re2.compile(CLIENT_GONE)
        kinds = records["message"].str.slice(0, 200).str.replace_all(_VARYING, "#")
        self._kind_of = dict(zip(records["row"].to_list(), kinds.to_list(), strict=True))
        self._count: dict[str, int] = dict(kinds.value_counts().iter_rows())
        self._seconds = span_of(records["at"])

    def link_of(self, record: Mapping[str, Any]) -> Link | None:
        at = float(record["at"])
        said = words_of(f"{record['message']} {_end(record['stack_trace'])} {record['error_text'] or ''}")
        judged = [(*self._judge(record, said, at, window), window) for window in self._around(at)]
        if not judged:
            return None
        best, reasons, window = max(judged, key=lambda one: (one[0], -one[2].row))
        if not (window.failed and window.in_report):
            return None
        others = sum(math.exp(min(score - best, 0.0)) for score, _, _ in judged)
        chance = 1.0 / (math.exp(min(max(-best, -50.0), 50.0)) + others)
        return Link(
            record=record["row"],
            request=window.row,
            confidence=round(chance, 4),
            reason=", ".join([*reasons, _moment(at, window)]),
            is_late=at > window.end + PROMPT_SECONDS and not self._is_client,
        )

    def _around(self, at: float) -> list[RequestWindow]:
        first = int(np.searchsorted(self._begins, at - LONGEST_AFTER_SECONDS - self._longest))
        last = int(np.searchsorted(self._begins, at + 5 * self._scale, "right"))
        open_then = [o for o in self._windows[first:last] if o.end + LONGEST_AFTER_SECONDS >= at]
        return sorted(open_then, key=lambda o: max(o.begin - at, at - o.end, 0.0))[:MAX_WINDOWS]

    def _judge(
        self, record: Mapping[str, Any], said: frozenset[str], at: float, window: RequestWindow
    ) -> tuple[float, list[str]]:
        """The log-odds that the record belongs to this request and to no other, and the evidence for it in words."""
        found = [*_mentions(record, window), *_circumstances(record, window)]
        score = sum(weight(name) for name in found)
        patience = self._patience(record, window)
        if patience is not None:
            found.append("fits_net_error")
            score += weight("fits_net_error")
        if window.status and self._client_gone.search(record["message"]):
            score += weight("the_client_was_there")
        share = self._wording.share(window.words, said)
        if share >= SAME_WORDS_SHARE:
            found.insert(0, "same_words")
            score += weight("same_words") * share
        elif self._is_client and not any(weight(name) > 0 for name in found):
            score += weight("script_error_without_a_sign")
        density = (client_density if self._is_client else server_density)(at, window, self._scale, patience)
        score += math.log(max(density, 1e-9) / self._others_per_second(record))
        return score, [words(name) for name in found if words(name)]

    def _others_per_second(self, record: Mapping[str, Any]) -> float:
        """How often a record of this kind is in the file, this one left out."""
        return (self._count[self._kind_of[record["row"]]] - 1 + UNSEEN) / self._seconds

    def _patience(self, record: Mapping[str, Any], window: RequestWindow) -> float | None:
        """How much later than its end a record of this wording may come; None when the two do not fit."""
        if window.net_error is None:
            return None
        text = f"{record['message']} {_end(record['stack_trace'])}"
        for net_error, wording, seconds in self._signs:
            if net_error.search(window.net_error) and wording.search(text):
                return seconds
        return None


def _end(text: str | None) -> str:
    return (text or "")[-600:]


def _mentions(record: Mapping[str, Any], window: RequestWindow) -> list[str]:
    found = []
    if record["m_path"] and window.path:
        same, route = record["m_path"] == window.path, record["m_route"] == window.route
        part = window.path.endswith(record["m_path"]) or record["m_path"].endswith(window.path)
        found.append("same_path" if same else "same_route" if route or part else "other_path")
    if record["m_method"] and window.method:
        found.append("same_method" if record["m_method"] == window.method else "other_method")
    if record["m_status"] and window.status:
        found.append("same_status" if record["m_status"] == window.status else "other_status")
    return found


def _circumstances(record: Mapping[str, Any], window: RequestWindow) -> list[str]:
    found = []
    if record["thread"] and window.thread and record["thread"] == window.thread:
        found.append("same_thread")
    if not window.failed:
        found.append("error_in_success" if record["is_error"] else "warning_in_success")
    return found


def _moment(at: float, window: RequestWindow) -> str:
    if at > window.end:
        return f"{(at - window.end) * 1000:.0f} ms after it ended"
    if at < window.begin:
        return f"{(window.begin - at) * 1000:.0f} ms before it began"
    return f"while it was processed, {(window.end - at) * 1000:.0f} ms before its end"
