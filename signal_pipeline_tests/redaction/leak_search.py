"""Finds planted secrets again, in any form: the leak test's search."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote

from signal_pipeline_tests.redaction.canaries import Canary


def forms(value: str) -> dict[str, bytes]:
    """Every way in which a planted value is searched for, by name of the form."""
    raw = value.encode()
    found = {
        "plain": raw,
        "lower": value.lower().encode(),
        "percent": quote(value, safe="").encode(),
        "hex": raw.hex().encode(),
        "reversed": value[::-1].encode(),
        "json": json.dumps(value)[1:-1].encode(),
        "first": raw[:8],
        "last": raw[-8:],
    }
    for offset in range(3):
        inner = base64.b64encode(b"\0" * offset + raw)
        start, end = -(-offset * 4 // 3), len(inner) - (4 if (len(raw) + offset) % 3 else 0)
        found[f"base64_{offset}"] = inner[start + (1 if offset else 0) : end]
    return found


def _searched(canary: Canary) -> dict[str, bytes]:
    planted = {"planted": canary.planted.encode(), "planted_json": json.dumps(canary.planted)[1:-1].encode()}
    return {**forms(canary.value), **planted}


@dataclass(frozen=True)
class Leak:
    """A canary that was found, and the form it was found in. Holds no value."""

    secret: str
    position: str
    encoding: str
    form: str


def find_leaks(data: bytes, manifest: list[Canary]) -> list[Leak]:
    """The canaries of the manifest that stand in `data` in any form, at most one leak for each.

    First and last eight characters are skipped where they are not random (a common prefix or suffix).
    """
    shared = shared_ends(manifest)
    leaks = []
    for canary in manifest:
        for form, needle in _searched(canary).items():
            # Eight digits are found in any dump of vectors by chance.
            if needle in shared or len(needle) < 8 or (form in ("first", "last") and needle.isdigit()):
                continue
            if needle in data:
                leaks.append(Leak(canary.secret, canary.position, canary.encoding, form))
                break
    return leaks


def shared_ends(manifest: list[Canary]) -> set[bytes]:
    """Ends that belong to the form of a secret rather than to one canary ("-----BEG", "eyJhbGci")."""
    seen: dict[bytes, int] = {}
    for value in dict.fromkeys(canary.value for canary in manifest):
        for end in {value[:8].encode(), value[-8:].encode(), value[-8:].lower().encode()}:
            seen[end] = seen.get(end, 0) + 1
    return {end for end, count in seen.items() if count > 1}
