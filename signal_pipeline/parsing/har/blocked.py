"""Requests that the browser did not let through: mixed content, the site's own policies, a page in place of a
script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.problem import Problem

# Playwright and others write Chromium's reason for a block in place of a network error.
POLICIES: dict[str, str] = {
    "csp": "blocked by the Content-Security-Policy of the page",
    "mixed-content": "mixed content: a page over https asked for http",
    "origin": "blocked by the origin",
    "inspector": "blocked by the developer tools",
    "subresource-filter": "blocked by the browser's filter",
    "content-type": "blocked for its content type",
    "corp-not-same-origin": "blocked by Cross-Origin-Resource-Policy",
    "corp-not-same-site": "blocked by Cross-Origin-Resource-Policy",
    "corp-not-same-origin-after-defaulted-to-same-origin-by-coep": "blocked by Cross-Origin-Resource-Policy",
    "coep-frame-resource-needs-coep-header": "blocked by Cross-Origin-Embedder-Policy",
    "coop-sandboxed-iframe-cannot-navigate-to-coop-page": "blocked by Cross-Origin-Opener-Policy",
}
_OWN_MACHINE = ("localhost", "127.0.0.1", "[::1]", "::1")
_CODE_SUFFIXES = (".js", ".mjs", ".css", ".wasm", ".cjs")
_CODE_RESOURCES = ("script", "stylesheet", "wasm", "module")


def note_blocked(exchanges: Sequence[Facts]) -> None:
    """Flags `policy`, `mixed_content` and `html_for_code`."""
    secure = _has_secure_page(exchanges)
    for one in exchanges:
        reason = POLICIES.get((one.net_error or one.net_error_text or "").strip().lower())
        if reason is not None:
            one.flags.append("mixed_content" if reason.startswith("mixed") else "policy")
            one.problem = Problem(reason)
            one.net_error = one.net_error_text = None
        elif "not_recorded" in one.flags and _is_mixed(one, secure):
            one.flags.remove("not_recorded")
            one.flags.append("mixed_content")
            one.problem = Problem(POLICIES["mixed-content"])
        elif one.status == 200 and one.mime_type == "text/html" and not one.problem.text:
            wanted = "a script or stylesheet" if _asks_for_code(one) else "JSON" if _asks_for_json(one) else None
            if wanted is not None:
                one.flags.append("html_for_code")
                one.problem = replace(one.problem, text=f"an HTML page in place of {wanted}")


def _has_secure_page(exchanges: Sequence[Facts]) -> bool:
    pages = [one.url or "" for one in exchanges if one.around.resource == "document"]
    return bool(pages) and all(page.startswith("https:") for page in pages)


def _is_mixed(one: Facts, secure: bool) -> bool:
    if not (one.url or "").startswith("http://") or one.around.resource == "document":
        return False
    host = (one.host or "").lower()
    if host in _OWN_MACHINE or host.rpartition(":")[0] in _OWN_MACHINE:
        return False
    return one.around.referer.startswith("https://") if one.around.referer else secure


def _asks_for_code(one: Facts) -> bool:
    if one.around.resource:
        return one.around.resource in _CODE_RESOURCES
    if "text/html" in (one.around.accepts or ""):
        return False  # a page in a frame, whatever the end of its name
    try:
        return one.method == "GET" and urlsplit(one.url or "").path.lower().endswith(_CODE_SUFFIXES)
    except ValueError:
        return False


def _asks_for_json(one: Facts) -> bool:
    """Nothing but JSON was asked for, and a page came: of a login, or that of an application for any path."""
    accepts = (one.around.accepts or "").lower()
    return "json" in accepts and "html" not in accepts and "*/*" not in accepts
