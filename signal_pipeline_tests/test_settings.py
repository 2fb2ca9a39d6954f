"""Settings from the environment: what is missing or out of bounds is refused by name, and never shown."""

from __future__ import annotations

from typing import Any

import pytest
from annotated_types import Ge, Gt, Le, Lt

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.settings import Settings, load_settings

GIVEN = {
    "NATS_URL": "nats://user:hidden@127.0.0.1:4222",
    "DB_PASSWORD": "hidden-database",
    "S3_ACCESS_KEY": "hidden-access",
    "S3_SECRET_KEY": "hidden-key",
    "REDACTION_KEY": "hidden-redaction-key",
}
NUMBERS = {
    name: [rule for rule in field.metadata if isinstance(rule, Ge | Gt | Le | Lt)]
    for name, field in Settings.model_fields.items()
    if field.annotation in (int, float)
}
NONSENSE = ("nan", "-nan", "inf", "-inf", "1e309", "-1e309", "abc", "", " ", "0x10", "1_0_", "--1", "-1")


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """No .env, and nothing of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def refusal() -> str:
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    assert refused.value.__suppress_context__, "the cause would be printed, and quotes the value"
    assert "hidden" not in str(refused.value)
    return str(refused.value)


def test_what_is_given_is_enough() -> None:
    settings = load_settings()
    assert settings.db_password.get_secret_value() == "hidden-database"
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_a_secret_that_is_not_there_is_named(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    if value is not None:
        monkeypatch.setenv(name, value)
    assert [line for line in refusal().splitlines() if line.strip().startswith(f"{name}:")]


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DB_PASSWORD", "REDACTION_KEY"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DB_PORT", "hidden")
    assert all(name in refusal() for name in ("DB_PASSWORD:", "REDACTION_KEY:", "DB_PORT:"))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_bounds_and_nothing_beyond_them_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a class of cases: what is no number, and the first number beyond each bound."""
    assert NUMBERS[name], "a number without any bound"
    beyond = [str(_beyond(rule)) for rule in NUMBERS[name]]
    for value in (*NONSENSE, *beyond):
        monkeypatch.setenv(name.upper(), value)
        assert f"{name.upper()}:" in refusal(), value


def _beyond(rule: Ge | Gt | Le | Lt) -> Any:
    match rule:
        case Ge(ge):
            return ge - 1  # type: ignore[operator]
        case Gt(gt):
            return gt
        case Le(le):
            return le + 1  # type: ignore[operator]
        case Lt(lt):
            return lt
