"""What only its neighbours explain of an exchange: the few facts that the rules about neighbours compare.

All of it is unredacted and never leaves the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from signal_pipeline.parsing.har.entry import NO_VALUE, Entry, Response
from signal_pipeline.parsing.har.headers import header

_NO_REQUEST = ("data:", "about:", "blob:", "javascript:", "file:", "chrome:", "devtools:", "filesystem:")
_EXTENSION = (
    "chrome-extension:",
    "moz-extension:",
    "safari-extension:",
    "safari-web-extension:",
    "ms-browser-extension:",
)


@dataclass(frozen=True)
class Surroundings:
    """`resource` is the browser's word for what was asked for, in lower case; `target` where a redirect leads;
    `accepts` what was asked for where a page was the answer."""

    resource: str = ""
    is_preflight: bool = False
    is_extension: bool = False
    has_request: bool = True
    has_response: bool = True
    has_headers: bool = False
    origin: str | None = None
    allowed_origin: str | None = None
    referer: str | None = None
    challenge: str | None = None
    target: str | None = None
    accepts: str | None = None


def surroundings(entry: Entry, url: str | None, method: str | None, status: int | None, failed: bool) -> Surroundings:
    """Headers are asked only where a rule may need them: of requests that failed, were refused or led elsewhere."""
    request, response = entry.request, entry.response
    asked = request.headers if request is not None else NO_VALUE
    answered = response.headers if response is not None else NO_VALUE
    resource = entry.resource_type.lower()[:40] if isinstance(entry.resource_type, str) else ""
    start = (url or "")[:30].lower()
    has_headers = answered != NO_VALUE and len(answered) > 2
    options = method is not None and method.upper() == "OPTIONS"
    preflight = options and (resource == "preflight" or header(asked, "access-control-request-method") is not None)
    if not failed and not preflight and status is not None and 200 <= status < 300:
        return Surroundings(
            resource=resource,
            is_extension=start.startswith(_EXTENSION),
            has_request=not start.startswith(_NO_REQUEST),
            has_headers=has_headers,
            accepts=header(asked, "accept") if _is_page(response) else None,
        )
    crossing = failed or preflight
    redirected = status is not None and 300 <= status < 400 and status != 304
    target = _redirect(response.redirect_url if response is not None else None) if redirected else None
    if redirected and target is None:
        target = header(answered, "location")
    return Surroundings(
        resource=resource,
        is_preflight=preflight,
        is_extension=start.startswith(_EXTENSION),
        has_request=not start.startswith(_NO_REQUEST),
        has_response=response is not None and (response.status is not None or bool(response.content)),
        has_headers=has_headers,
        origin=header(asked, "origin") if crossing else None,
        allowed_origin=header(answered, "access-control-allow-origin") if crossing else None,
        referer=header(asked, "referer") if failed and start.startswith("http://") else None,
        challenge=header(answered, "www-authenticate" if status == 401 else "proxy-authenticate")
        if status in (401, 407)
        else None,
        target=_joined(url, target),
    )


def _is_page(response: Response | None) -> bool:
    mime = response.content.mime_type if response is not None and response.content is not None else None
    return isinstance(mime, str) and mime.startswith("text/html")


def _redirect(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _joined(url: str | None, target: str | None) -> str | None:
    try:
        return urljoin(url or "", target) if target is not None and len(target) < 4096 else None
    except ValueError:
        return None
