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
_FAILED = re2.compile(any_of(row for row in BROWSER_WORDINGS if not row.is_decision))
_DECIDED = re2.compile(any_of(row for row in BROWSER_WORDINGS if row.is_decision))


def shows_failed_request(text: str) -> bool:
    return bool(_FAILED.search(text[:MAX_TEXT_CHARS]))


def tells_why_it_was_blocked(text: str) -> bool:
    return bool(_DECIDED.search(text[:MAX_TEXT_CHARS]))
