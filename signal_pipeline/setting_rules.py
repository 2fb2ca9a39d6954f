"""Values that a setting's type allows and that would still be wrong: refused at the start, with the reason.

Each rule raises ValueError whose text follows the variable's name, and never holds the value.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from signal_pipeline.work_order import kind_name

MAKE_ONE = 'make one with python3 -c "import secrets; print(secrets.token_hex(24))"'
LEAST_RETENTION_DAYS = 0.0417
"""An hour, in days."""
# As they stand in examples and in lists of what is tried first; letters only, without digits at the end.
PLACEHOLDERS = frozenset(
    {
        "changeme", "changeit", "replaceme", "fillmein", "password", "passwort", "passwd", "passw0rd", "secretkey",
        "default", "example", "placeholder", "letmein", "yourpassword", "yoursecret", "yourkey", "mysecret",
        "mypassword", "admin", "administrator", "root", "secret", "postgres", "minioadmin", "minio", "guest", "nats",
        "test", "testing", "qwerty", "qwertyuiop", "welcome", "iloveyou",
    }
)  # fmt: skip
_TELLING = ("changeme", "replaceme", "yourpassword", "yoursecret")
_LIKE_LETTERS = str.maketrans("@40315$7", "aaoelsst")
_LEAST_TO_JUDGE = 4
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,252})")


@dataclass(frozen=True)
class WeakSecret:
    """A kind of secret that is none. The example is refused by this rule, and `fine` by none."""

    name: str
    reason: str
    is_it: Callable[[str], bool]
    example: str
    fine: str


def _is_placeholder(value: str) -> bool:
    letters = "".join(c for c in value.lower() if c.isalnum())
    unit = letters[: _period(letters)]
    # `password1` is one, `P@ssw0rd` too; a word of a longer secret is not.
    words = {unit, unit.rstrip("0123456789"), letters.rstrip("0123456789"), value.lower().translate(_LIKE_LETTERS)}
    return bool(words & PLACEHOLDERS) or any(word in letters for word in _TELLING)


def _is_unfilled(value: str) -> bool:
    """A place in a template that nobody filled in: `${DB_PASSWORD}`, `<password>`, `{{ secret }}`, spaces."""
    if not value.strip():
        return bool(value)
    return value[0] + value[-1] in ("<>", "{}") or (value.startswith("${") and value.endswith("}"))


def _period(value: str) -> int:
    """The length of the shortest beginning that, repeated, gives the whole (its last repetition may be cut)."""
    shifts = range(1, len(value) // 2 + 1)
    return next((shift for shift in shifts if value[shift:] == value[:-shift]), len(value))


def _is_repeated(value: str) -> bool:
    return len(value) >= _LEAST_TO_JUDGE and _period(value) < len(value)


def _is_run(value: str) -> bool:
    """Neighbours in the alphabet or on the number row, up or down, with few breaks."""
    steps = [ord(after) - ord(before) for before, after in pairwise(value)]
    return len(value) >= 2 * _LEAST_TO_JUDGE and max(steps.count(1), steps.count(-1)) >= 0.75 * len(steps)


WEAK_SECRETS = (
    WeakSecret("placeholder", "is a placeholder that is well known", _is_placeholder, "changeme", "change-of-guard-7c"),
    WeakSecret("unfilled", "is a place in a template that was not filled in", _is_unfilled, "${DB_PASSWORD}", "${x}y"),
    WeakSecret("repeated", "is one pattern again and again", _is_repeated, "abcabcabcabcabcabc", "abcabcabcxyzq7"),
    WeakSecret("run", "is a run of neighbouring characters", _is_run, "1234567890123456", "1357246809715302"),
)  # fmt: skip


def own_secret(secret: SecretStr) -> SecretStr:
    refuse_weak(secret.get_secret_value())
    return secret


def refuse_weak(value: str) -> None:
    for weak in WEAK_SECRETS:
        if weak.is_it(value):
            raise ValueError(f"{weak.reason}; {MAKE_ONE}")


def addresses(value: str | None) -> str | None:
    """A URL, or several with commas: each names a host, a port that exists, and a password of one's own if any."""
    for one in (value or "").split(","):
        if not one.strip():
            continue
        try:
            place = urlsplit(one.strip())
            port = place.port
        except ValueError:
            raise ValueError("has a port that is not from 1 to 65535, or no readable host") from None
        if port == 0:
            raise ValueError("has the port 0; it may be 1 to 65535")
        if not place.hostname:
            raise ValueError("names no host")
        if place.password:
            refuse_weak(place.password)
    return value


def key_prefix(value: str) -> str:
    """The beginning of object keys: one that cannot lead out of itself."""
    parts = value.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ValueError("must be a plain prefix without `..`, `.`, `//` and without `/` at its beginning")
    if "\\" in value or "%" in value or not value.isprintable():
        raise ValueError("must be a plain prefix without backslash, `%` and control characters")
    return value


def retention(value: float) -> float:
    """0, which is never, or an hour at least: a report, or the events of its run, must not go while they are read."""
    if 0 < value < LEAST_RETENTION_DAYS:
        raise ValueError(
            "is less than an hour (0.0417): reports would be deleted while they are processed; 0 keeps all"
        )
    return value


def listening_address(value: str) -> str:
    """An IP address or a host name."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if value.replace(".", "").isdigit() or not _HOST_NAME.fullmatch(value):
            raise ValueError("is neither an address nor a host name") from None
    return value


def given_path(value: Any) -> Any:
    """An empty text would become the folder that the process runs in."""
    if isinstance(value, str) and not value.strip():
        raise ValueError("is set to nothing; name a path, or unset the variable")
    return value


def named_path(value: Any) -> Any:
    """A file: neither empty nor the folder that the process runs in."""
    if isinstance(value, str | Path) and str(value).strip() in ("", "."):
        raise ValueError("is set to nothing; name a file, or unset the variable")
    return value


def kind_names(value: str) -> str:
    """A list of kinds of work, each once and without spaces around it."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    for name in names:
        kind_name(name)
    return ",".join(dict.fromkeys(names))
