"""Servers that exist already: where the environment names one, it is used and none is started in its place.

What belongs here: the table of deciding variables. What does not: what the variables mean (`settings.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ExistingServer:
    """`given` are those of `variables` that the environment sets; the others keep the settings' defaults."""

    part: str
    variables: tuple[str, ...]
    given: Mapping[str, str] = field(repr=False)


# part, the variables of which one decides, and all that describe the server
_TABLE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "postgres",
        ("DB_HOST",),
        (
            *("DB_HOST", "DB_PORT", "DB_NAME", "DB_USERNAME", "DB_PASSWORD"),
            *("DAGSTER_DB_NAME", "DAGSTER_DB_USERNAME", "DAGSTER_DB_PASSWORD"),
        ),
    ),
    ("nats", ("NATS_URL",), ("NATS_URL", "NATS_PRODUCER_URL", "NATS_OPERATOR_URL", "NATS_MONITOR_URL")),
    (
        "s3",
        # Keys alone do not count: a .env for containers sets them, and means no server of this machine.
        ("S3_ENDPOINT",),
        ("S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET", "S3_REGION"),
    ),
)


def given_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that a person set: `environment`, or this process's with `.env` below it. Names in upper case."""
    if environment is None:
        from dotenv import dotenv_values

        kept = {name: value for name, value in dotenv_values(Path(".env")).items() if value is not None}
        environment = {**kept, **os.environ}
    return {name.upper(): value for name, value in environment.items()}


def existing_servers(given: Mapping[str, str]) -> list[ExistingServer]:
    """The servers that `given` (of `given_environment`) names. An empty variable names nothing."""
    return [
        ExistingServer(part, variables, {name: given[name] for name in variables if given.get(name)})
        for part, deciding, variables in _TABLE
        if any(given.get(name) for name in deciding)
    ]
