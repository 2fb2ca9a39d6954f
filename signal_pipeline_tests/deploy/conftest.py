"""The deployment files, read once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "POSTGRES_PASSWORD", "DB_PASSWORD", "DAGSTER_DB_PASSWORD", "NATS_PASSWORD", "NATS_PRODUCER_PASSWORD",
    "NATS_OPERATOR_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY", "REDACTION_KEY", "API_ADMIN_TOKEN",
}  # fmt: skip
OF_THE_APP = ("init", "fork_server", "code_server", "daemon", "webserver", "api")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


@pytest.fixture(scope="session")
def env_example() -> dict[str, tuple[str, bool]]:
    """Value and whether the line is active, by variable."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = re.findall(r"^(# )?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE)
    assert len({name for _, name, _ in found}) == len(found), "a variable is there twice"
    return {name: (value, not commented) for commented, name, value in found}
