"""The one template environment: everything is escaped, a missing value is an error, nothing is loaded from outside."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

PACKAGE = "signal_pipeline.pages"


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader(PACKAGE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": _number, "utc": _utc, "clock": _clock, "ms": _ms, "share": _share}
    return made


def render(template: str, **values: Any) -> str:
    return environment().get_template(template).render(**values)


@cache
def own_text(name: str) -> Markup:
    """A style sheet or script of ours, as it goes into the page. It must not end its own element."""
    text = (files(PACKAGE) / "static" / name).read_text(encoding="utf-8")
    if "</" in text:
        raise ValueError(f"{name} contains '</', which would end the element around it")
    return Markup(text)  # our own file, not an input


def policy(*, styles: list[str], scripts: list[str]) -> str:
    """A content security policy under which only these texts of ours run, and nothing is fetched from anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {' '.join(_hash(own_text(name)) for name in styles)}",
            f"script-src {' '.join(_hash(own_text(name)) for name in scripts) or chr(39) + 'none' + chr(39)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,}"


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _clock(moment: datetime | time | None) -> str:
    return "" if moment is None else f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} ms" if value < 10_000 else f"{value / 1000:,.1f} s"


def _share(value: float) -> str:
    return f"{value:.0%}"
