"""Functions that run whatever they are given: where an exception passes through them says nothing of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WRAPPERS = re.compile(
    r"(?:_{0,2}(?:wrap(?:ped|per)?|inner|decorat(?:ed|or)|call|enter|exit|invoke\d?|proceed|force_reraise)_{0,2}"
    r"|<?lambda>?.*|<anonymous>|apply|reraise)$",
    re.IGNORECASE,
)


def is_wrapper(function: str) -> bool:
    return _WRAPPERS.match(function) is not None


def first_own(frames: Sequence[str]) -> str | None:
    """The first of these `module:function` that is no wrapper, else the first; None where there are none."""
    own = (frame for frame in frames if not is_wrapper(frame.rpartition(":")[2]))
    return next(own, frames[0] if frames else None)
