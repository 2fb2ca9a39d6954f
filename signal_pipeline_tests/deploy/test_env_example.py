""".env.example names every setting with its default, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from signal_pipeline.settings import Settings
from signal_pipeline_tests.deploy.conftest import SECRETS

CONTAINERS_ONLY = {
    "POSTGRES_PASSWORD",
    "NATS_PASSWORD",
    "NATS_PRODUCER_PASSWORD",
    "NATS_OPERATOR_PASSWORD",
    "WORK_MEMORY",
    "POSTGRES_IMAGE",
    "NATS_IMAGE",
    "S3_IMAGE",
    "PYTHON_IMAGE",
    "DAGSTER_UI_PORT",
    "API_PUBLISHED_PORT",
    "SIGNAL_PIPELINE_UI_HOSTS",
    "SIGNAL_PIPELINE_TAG",
}
DEPENDS_ON_THE_MACHINE = {"TEMP_DIR"}


def test_it_names_exactly_the_settings(env_example: dict[str, tuple[str, bool]]) -> None:
    assert set(env_example) - CONTAINERS_ONLY == {name.upper() for name in Settings.model_fields}


def test_only_the_secrets_are_active_and_they_are_empty(env_example: dict[str, tuple[str, bool]]) -> None:
    assert {name: value for name, (value, active) in env_example.items() if active} == dict.fromkeys(SECRETS, "")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_it_shows_the_default(name: str, env_example: dict[str, tuple[str, bool]]) -> None:
    field = Settings.model_fields[name]
    shown = env_example[name.upper()][0]
    if field.is_required() or name.upper() in DEPENDS_ON_THE_MACHINE:
        return
    assert shown == ("" if field.default is None else str(field.default))


def test_a_secret_setting_has_no_default(env_example: dict[str, tuple[str, bool]]) -> None:
    for name, field in Settings.model_fields.items():
        types = _types(field.annotation)
        if SecretStr in types:
            optional = type(None) in types
            assert field.is_required() or (optional and field.default is None)
            assert env_example[name.upper()] == ("", not optional or name.upper() in SECRETS)


def test_the_variables_of_compose_are_in_it(root: Path, env_example: dict[str, tuple[str, bool]]) -> None:
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", text))
    assert used - set(env_example) == set()
    assert used >= CONTAINERS_ONLY


def test_the_shown_settings_work(env_example: dict[str, tuple[str, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (value, _) in env_example.items():
        monkeypatch.delenv(name, raising=False)
        if value or name in SECRETS:
            monkeypatch.setenv(name, value or "a-secret-of-the-test")
    assert Settings(_env_file=None).db_name == "signal_pipeline"  # type: ignore[call-arg]


def _types(annotation: Any) -> set[Any]:
    return {annotation, *getattr(annotation, "__args__", ())}
