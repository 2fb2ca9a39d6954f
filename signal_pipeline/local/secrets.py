"""Passwords and keys of one installation: random, made once, readable by their owner alone.

What belongs here: making and keeping them. What does not: who uses which.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.state import write_private


def _token() -> str:
    """Letters and digits only, 160 bits: safe in a URL, a config file and a command line."""
    return secrets.token_hex(20)


@dataclass(frozen=True)
class InstallationSecrets:
    """Values are left out of the repr, so that a traceback or a log line cannot show them."""

    postgres_superuser: str = field(default_factory=_token, repr=False)
    postgres: str = field(default_factory=_token, repr=False)
    nats: str = field(default_factory=_token, repr=False)
    s3_access_key: str = field(default_factory=lambda: "SP" + secrets.token_hex(9).upper(), repr=False)
    s3_secret_key: str = field(default_factory=_token, repr=False)
    s3_internal: str = field(default_factory=_token, repr=False)
    redaction_key: str = field(default_factory=_token, repr=False)
    postgres_dagster: str = field(default_factory=_token, repr=False)
    nats_producer: str = field(default_factory=_token, repr=False)
    nats_operator: str = field(default_factory=_token, repr=False)


# Not in the files of earlier versions: made when they are missed.
_ADDED = frozenset({"postgres_dagster", "nats_producer", "nats_operator"})


def load_or_create(path: Path) -> InstallationSecrets:
    """The kept secrets, or new ones that are kept from now on."""
    if not path.exists():
        return _kept(path, InstallationSecrets())
    try:
        kept = json.loads(path.read_text())
        names = [name.name for name in fields(InstallationSecrets) if name.name in kept or name.name not in _ADDED]
        found = InstallationSecrets(**{name: str(kept[name]) for name in names})
    except (ValueError, KeyError, TypeError) as error:
        raise LocalServerFailed(
            f"{path} is damaged, and the data beside it cannot be opened without it; "
            "restore it, or start over with `signal-pipeline down --purge`"
        ) from error
    return found if kept.keys() >= _ADDED else _kept(path, found)


def _kept(path: Path, made: InstallationSecrets) -> InstallationSecrets:
    write_private(path, json.dumps(asdict(made), indent=1))
    return made
