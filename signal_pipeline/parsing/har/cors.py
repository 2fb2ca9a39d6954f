"""Requests that the browser stopped by the rules of cross-origin sharing: the preflight, or the answer, that forbids
it.

The preflight is the cause of what it stopped, and the only error of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.problem import Problem, limited

STOPPED = frozenset(("net::ERR_FAILED", "NS_ERROR_DOM_BAD_URI", "NS_ERROR_DOM_CORP_FAILED", "failed", "CORS error"))
"""What browsers say of such a request; each says it of other failures too."""
_NO_ALLOWANCE = "no Access-Control-Allow-Origin"


def note_cors(exchanges: Sequence[Facts]) -> None:
    """Flags `cors` with a text that says why, and `cors_stopped` for a request whose preflight has the error."""
    stopped: dict[str, list[Facts]] = {}
    for one in exchanges:
        if not one.around.is_preflight and _was_stopped(one):
            stopped.setdefault(_address(one), []).append(one)
    explained: set[int] = set()
    for one in exchanges:
        if one.around.is_preflight:
            followers = stopped.get(_address(one), [])
            reason = _refusal(one, bool(followers))
            if reason is not None:
                _mark(one, reason)
                explained.update(id(follower) for follower in followers)
    for same in stopped.values():
        for one in same:
            if id(one) in explained:
                one.flags.append("cors_stopped")
            elif (reason := _of_answer(one)) is not None:
                _mark(one, reason)


def _was_stopped(one: Facts) -> bool:
    if one.status is not None and one.status >= 400:
        return False
    named = one.net_error in STOPPED or "CORS" in (one.net_error_text or "")
    return named or ("not_recorded" in one.flags and one.around.resource in ("xhr", "fetch", ""))


def _address(one: Facts) -> str:
    return (one.url or "").partition("#")[0]


def _refusal(preflight: Facts, stopped_one: bool) -> str | None:
    status = preflight.status or 0
    if status == 0:
        return None
    if not 200 <= status < 300:
        kind = "redirected" if 300 <= status < 400 else "refused"
        said = f" ({preflight.problem.text})" if preflight.problem.text else ""
        return f"the preflight was {kind} with HTTP {status}{said}"
    if not stopped_one:
        return None
    allowed, origin = preflight.around.allowed_origin, preflight.around.origin
    if allowed is None:
        return f"{_NO_ALLOWANCE} in the answer to the preflight"
    if origin is not None and allowed not in ("*", origin):
        return "Access-Control-Allow-Origin in the answer to the preflight names another origin"
    return "the answer to the preflight does not allow the method or a header of the request"


def _of_answer(one: Facts) -> str | None:
    """Why an answer was kept from the page. Only where the answer came, or the browser itself speaks of CORS."""
    if "CORS" in (one.net_error_text or ""):
        return one.net_error_text
    if not one.status or one.around.origin is None or not one.around.has_headers:
        return None
    if one.around.allowed_origin is None:
        return f"{_NO_ALLOWANCE} in the answer"
    if one.around.allowed_origin not in ("*", one.around.origin):
        return "Access-Control-Allow-Origin in the answer names another origin"
    return None


def _mark(one: Facts, reason: str) -> None:
    one.flags.append("cors")
    one.problem = (
        replace(one.problem, text=limited(reason if reason.startswith("CORS") else f"CORS: {reason}"))
        if one.problem
        else Problem()
    )
    one.net_error = one.net_error_text = None
