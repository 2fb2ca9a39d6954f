"""The identity of an error: SHA-256 over its type, class, template and top in-app frames.

Line numbers, times, hosts, ids and addresses never reach it, so the same error in another report, on another
day, host or build has the same hash. What a HAR error's template holds is in `network_signature.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl

SIGNATURE_VERSION = "2026-11-30.2"
# Changelog
# 2026-11-30.2  a request with frames below it is named by the request and its answer
# 2026-11-30  a signal is the same whichever sanitizer caught it; how memory was used counts
# 2026-11-22  first form

TOP_FRAMES = 5


def without_kinds(template: pl.Expr) -> pl.Expr:
    """`template` with every mask token as `<*>`: an id of digits alone looks like a number, another like hex,
    a host has a name today and an address tomorrow, and none of that may change the identity."""
    some = template.str.replace_all(r"<[A-Z][A-Z_]*>", "<*>")
    some = some.str.replace_all(r"<\*>(?:[.:@/_-]<\*>)+", "<*>")
    return without_catcher(some)


def without_catcher(name: pl.Expr) -> pl.Expr:
    """A signal without the sanitizer that caught it: AddressSanitizer and UndefinedBehaviorSanitizer catch the same."""
    return name.str.replace_all(r"\b[A-Z][A-Za-z]+Sanitizer:(SEGV|FPE|BUS|ABRT|ILL|TRAP)\b", "SIG${1}")


def canonical_form(
    error_type: str, exception_class: str | None, template: str, top_frames: Sequence[str] | None
) -> str:
    """The text that is hashed; one line of JSON, so that no two field splits look alike."""
    frames = list(top_frames or ())[:TOP_FRAMES]
    return json.dumps([error_type, exception_class or "", template, frames], ensure_ascii=False, separators=(",", ":"))


def signature_hash(
    error_type: str, exception_class: str | None, template: str, top_frames: Sequence[str] | None
) -> str:
    """64 hex digits."""
    text = canonical_form(error_type, exception_class, template, top_frames)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
