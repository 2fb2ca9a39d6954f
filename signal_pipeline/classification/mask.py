"""What a row of the table of masks is, and the words its patterns are made of. The rows are in `masks.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["line", "reduce", "unique"]


@dataclass(frozen=True)
class Mask:
    """One kind of varying text.

    stage "line" runs on every line, so it must be cheap where nothing matches; "reduce" runs on every
    line that is not an error and brings digit runs down to one digit, so that few distinct lines are left
    for stage "unique". Patterns of stage "unique" must match a number of one digit as well as of many.
    """

    name: str
    pattern: str
    replacement: str
    example: str
    stage: Stage = "unique"
    keep: str | None = None
    """In errors, text that matches this is left as it is, though `pattern` would mask it."""


BOUNDARY = r"(?-u:\b)"
LABEL = "(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)"
HEX = "[0-9a-fA-F]"
TOKEN = r"<[A-Z][A-Z_]*>"
