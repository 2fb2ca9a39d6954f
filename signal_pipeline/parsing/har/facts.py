"""One decoded HAR entry reduced to what may be kept: the allow list. All text here is still unredacted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.answer import answered_problem
from signal_pipeline.parsing.har.entry import NO_VALUE, Content, Entry, Response
from signal_pipeline.parsing.har.headers import HeaderId, header_ids
from signal_pipeline.parsing.har.net_error import net_error
from signal_pipeline.parsing.har.problem import Problem
from signal_pipeline.parsing.har.surroundings import Surroundings, surroundings
from signal_pipeline.parsing.har.timing import Duration, Moment, parse_duration, parse_moment

MAX_URL_CHARS = 8_192
_METHOD = re.compile(r"[A-Za-z][A-Za-z_-]{0,19}")
_MIME = re.compile(r"[A-Za-z0-9.+*_-]{1,64}/[A-Za-z0-9.+*_-]{1,100}")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,39}://(?:[^/?#]{0,1000}@)?([^/?#@]{1,255})")
_STATUS_DIGITS = re.compile(r"[0-9]{1,3}")
_MAX_BYTES = 2**53


@dataclass
class Facts:
    """What is kept of one entry."""

    method: str | None
    url: str | None
    host: str | None
    status: int | None
    reason: str | None
    moment: Moment
    duration: Duration
    mime_type: str | None
    response_bytes: int | None
    net_error: str | None
    net_error_text: str | None
    trace_id: HeaderId
    request_id: HeaderId
    problem: Problem
    around: Surroundings = field(default_factory=Surroundings)
    flags: list[str] = field(default_factory=list)


def facts_of(entry: Entry, flags: list[str], limits: Limits) -> Facts | None:
    """The facts of an entry; None without request and response, since nothing can be said about it."""
    request, response = entry.request, entry.response
    if request is None and response is None:
        return None
    url = _url(request.url if request else None, flags)
    method = request.method.strip() if request and isinstance(request.method, str) else None
    if method is not None and not _METHOD.fullmatch(method):
        flags.append("bad_method")
        method = None
    status = _status(response, flags)
    content = response.content if response else None
    name, text = net_error(entry, status)
    problem = answered_problem(entry, status, _mime_type(content), flags, limits)
    trace_id, request_id = header_ids(
        request.headers if request else NO_VALUE, response.headers if response else NO_VALUE
    )
    moment = parse_moment(entry.started)
    duration = parse_duration(entry.time, entry.timings)
    flags += [moment.flag] if moment.flag else []
    flags += ["bad_timing"] if duration.bad else []
    reason = response.status_text if response else None
    return Facts(
        method=method.upper() if method else None,
        url=url,
        host=_host(url),
        status=status,
        reason=reason[:200].strip() or None if isinstance(reason, str) else None,
        moment=moment,
        duration=duration,
        mime_type=_mime_type(content),
        response_bytes=_size(content, response),
        net_error=name,
        net_error_text=text,
        trace_id=trace_id,
        request_id=request_id,
        problem=problem,
        around=surroundings(entry, url, method, status, failed=not status or name is not None or text is not None),
        flags=flags,
    )


def _url(value: object, flags: list[str]) -> str | None:
    """The URL, cut at a separator when it is too long, so that no half of a secret stays."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text[:5].lower() == "data:":
        return text[:MAX_URL_CHARS].split(",", 1)[0] + ","
    if text[:11].lower() == "javascript:":
        return text[:11]
    if len(text) > MAX_URL_CHARS:
        flags.append("url_capped")
        head = text[:MAX_URL_CHARS]
        cut = max(head.rfind(mark) for mark in "/?&;")
        text = head[: max(cut, 0)]
    return text or None


def _host(url: str | None) -> str | None:
    """Host and port as written; the URL as a whole is redacted, which can take the host with it."""
    found = _HOST.match(url) if url is not None else None
    return found[1] if found is not None else None


def _status(response: Response | None, flags: list[str]) -> int | None:
    """The status; 0 when no answer came (none, null, 0 or a producer's negative code); None when absurd."""
    value = response.status if response else None
    if isinstance(value, str) and _STATUS_DIGITS.fullmatch(value.strip()):
        value = int(value)
    if value is None or value == "":
        return 0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 100 <= value <= 999 and value == int(value):
            return int(value)
        if -1000 <= value <= 0:
            return 0
    flags.append("bad_status")
    return None


def _mime_type(content: Content | None) -> str | None:
    value = content.mime_type if content else None
    found = _MIME.match(value.strip()) if isinstance(value, str) else None
    return found[0].lower() if found else None


def _size(content: Content | None, response: Response | None) -> int | None:
    for value in (content.size if content else None, response.body_size if response else None):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _MAX_BYTES:
            return int(value)
    return None
