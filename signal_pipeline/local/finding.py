"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """`advice` is empty when there is nothing to do. Neither text ever holds a secret."""

    name: str
    state: Literal["ok", "warning", "wrong"]
    detail: str
    advice: str = ""


def ok(name: str, detail: str) -> Finding:
    return Finding(name, "ok", detail)


def warning(name: str, detail: str, advice: str) -> Finding:
    return Finding(name, "warning", detail, advice)


def wrong(name: str, detail: str, advice: str) -> Finding:
    return Finding(name, "wrong", detail, advice)
