"""Requests that were given up, not sent, or recorded without their answer: what of them is a failure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.problem import Problem

GIVEN_UP = ("net::ERR_ABORTED", "NS_BINDING_ABORTED", "net::ERR_CANCELED", "canceled", "cancelled", "aborted")
_LONG_WAIT_MS = 10_000.0
_AROUND = timedelta(seconds=1)


def note_unanswered(exchanges: Sequence[Facts]) -> None:
    """Flags `no_request`, `no_response`, `not_recorded`, `cancelled`, `aborted_after_answer`, `extension`."""
    starts = sorted(one.moment.at for one in exchanges if one.moment.at is not None and _is_navigation(one))
    for one in exchanges:
        status = one.status or 0
        if status >= 400 and (one.net_error is not None or one.net_error_text is not None):
            # A server that answered with 503 failed with 503, whatever the browser made of it.
            one.flags.append("net_error_beside_status")
            one.net_error = one.net_error_text = None
        elif status >= 200 and one.net_error in GIVEN_UP:
            one.flags.append("aborted_after_answer")
            one.net_error = one.net_error_text = None
        elif status == 0 and one.net_error in GIVEN_UP:
            end = None if one.moment.at is None else one.moment.at + timedelta(milliseconds=one.duration.total_ms or 0)
            if end is not None and any(abs(start - end) <= _AROUND for start in starts):
                one.flags.append("cancelled")
        elif one.status == 0 and one.net_error is None and one.net_error_text is None:
            _without_reason(one)
        if one.around.is_extension:
            one.flags.append("extension")


def _without_reason(one: Facts) -> None:
    if not one.around.has_request:
        one.flags.append("no_request")
    elif not one.around.has_response:
        one.flags.append("no_response")
    elif (one.duration.total_ms or 0) >= _LONG_WAIT_MS and one.duration.slowest_phase == "wait":
        one.problem = Problem(f"no answer after {(one.duration.total_ms or 0) / 1000:.1f} s")
    else:
        one.flags.append("not_recorded")


def _is_navigation(one: Facts) -> bool:
    mime = one.mime_type or ""
    return one.around.resource == "document" or (not one.around.resource and mime == "text/html" and one.status == 200)
