"""Which object keys are acceptable, and the keys that we choose ourselves.

Keys come from producers, so they are untrusted: a key is only ever sent to the object store, never used as a
path on this machine, and never written to a log.
"""

from __future__ import annotations

from uuid import UUID

from signal_pipeline.errors import RejectionCode, SignalRejected

MAX_KEY_BYTES = 1024


def report_prefix(report_id: UUID) -> str:
    """Below it lies what `submit` puts there for a report."""
    return f"reports/{report_id}/"


def signal_key(report_id: UUID, signal_id: UUID) -> str:
    """Where `submit` puts a file. The file's own name is not part of it: names may hold secrets."""
    return f"{report_prefix(report_id)}{signal_id}"


def check_key(key: str) -> str:
    """The key, or SignalRejected(bad_object_key) for one that could leave its prefix or confuse a server."""
    if not is_good_key(key):
        raise SignalRejected(RejectionCode.BAD_OBJECT_KEY)
    return key


def is_good_key(key: str) -> bool:
    encoded = key.encode("utf-8", "surrogatepass")
    parts = key.split("/")
    bad = (
        not key
        or len(encoded) > MAX_KEY_BYTES
        or any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in key)
        or "\\" in key
        or any(part in ("", ".", "..") or part.endswith(".") for part in parts)
        or "%2e" in key.lower()
        or "%2f" in key.lower()
        or (len(key) > 1 and key[1] == ":")
    )
    return not bad
