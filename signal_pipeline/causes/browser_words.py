"""What browsers write by themselves: that a request failed, which is no fault of the script, or why they blocked it."""

from __future__ import annotations

from dataclasses import dataclass

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 4_000


@dataclass(frozen=True)
class BrowserWording(Phrase):
    """`is_decision`: it tells why the browser did not do it; otherwise only that a request failed."""

    is_decision: bool


BROWSER_WORDINGS: tuple[BrowserWording, ...] = (
    BrowserWording("fetch", r"(?i)\bfailed to fetch\b|\bnetworkerror when attempting\b|\bnetwork request failed\b"
                   r"|TypeError: (?:load failed|cancelled|network error)\b", "TypeError: Failed to fetch", False),
    BrowserWording("chunk", r"(?i)\bloading (?:css )?chunk [\w-]{1,60} failed\b|\bdynamically imported module\b"
                   r"|\bimporting a module script failed\b|\bchunkloaderror\b",
                   "ChunkLoadError: Loading chunk 17 failed.", False),
    BrowserWording("cross_origin", r"(?i)\bblocked by CORS\b|\bcross-origin request blocked\b"
                   r"|\bnot allowed by access-control-allow-origin\b",
                   "Access to fetch at '…' from origin '…' has been blocked by CORS policy", True),
    BrowserWording("policy", r"(?i)\bcontent security policy\b|\bmixed content\b|\bbecause its mime type\b"
                   r"|\bblocked by permissions policy\b",
                   "Refused to load the script because it violates the Content Security Policy", True),
)  # fmt: skip
BROWSER_NOISE: tuple[Phrase, ...] = (
    Phrase("extension", r"\bERR_BLOCKED_BY_(?:CLIENT|ADMINISTRATOR)\b|\b(?:chrome|moz|safari-web)-extension://",
           "Failed to load resource: net::ERR_BLOCKED_BY_CLIENT"),
    Phrase("layout", r"\bResizeObserver loop (?:limit exceeded|completed with undelivered)",
           "ResizeObserver loop limit exceeded"),
    Phrase("tools", r"\bDevTools failed to (?:load|parse) source ?map|\bSource map error:",
           "DevTools failed to load source map: Could not load content for https://shop.example/a.js.map"),
    Phrase("statistics", r"\b(?:gtag|ga|fbq|_paq|dataLayer|google_tag_manager|hj|ym) is not defined\b",
           "Uncaught ReferenceError: gtag is not defined"),
)  # fmt: skip
"""What browsers write on most pages: of extensions that block, of the layout, of the developer's tools."""
_FAILED = re2.compile(any_of(row for row in BROWSER_WORDINGS if not row.is_decision))
_NOISE = re2.compile(any_of(BROWSER_NOISE))
_DECIDED = re2.compile(any_of(row for row in BROWSER_WORDINGS if row.is_decision))


def shows_failed_request(text: str) -> bool:
    return bool(_FAILED.search(text[:MAX_TEXT_CHARS]))


def is_browser_noise(text: str) -> bool:
    return bool(_NOISE.search(text[:MAX_TEXT_CHARS]))


def tells_why_it_was_blocked(text: str) -> bool:
    return bool(_DECIDED.search(text[:MAX_TEXT_CHARS]))
