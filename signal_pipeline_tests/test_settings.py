"""Settings from the environment: what is missing or out of bounds is refused by name, and never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from annotated_types import Ge, Gt, Le, Lt

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.setting_names import OTHERS, RENAMED
from signal_pipeline.setting_rules import WEAK_SECRETS, WeakSecret
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


# By setting: values that are refused, with a word of the reason, and neighbours that are taken.
REFUSED: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "DB_PASSWORD": (
        {
            "changeme": "placeholder", "ChangeMe": "placeholder", "change-me": "placeholder",
            "changeme123": "placeholder",
            "password": "placeholder", "Password1": "placeholder", "passw0rd": "placeholder", "letmein": "placeholder",
            "please-changeme-soon": "placeholder", "passwordpassword": "placeholder", "aaaaaaaa": "pattern",
            "abcabcabc": "pattern", "12341234": "pattern", "12345678": "run", "abcdefghij": "run", "987654321": "run",
            "P@ssw0rd": "placeholder", "admin": "placeholder", "qwertyuiop": "placeholder", "postgres": "placeholder",
            "test1234": "placeholder", "your-password-here": "placeholder", "${DB_PASSWORD}": "template",
            " ": "template", "{{ db.pass }}": "template",
        },
        ("password-of-the-orders-db", "passwords", "x", "aa7aa9", "abcabd", "changes-me-not", "p@ss/w:rd%?#"),
    ),
    "S3_SECRET_KEY": (
        {"changeme": "placeholder", "minioadmin": "placeholder", "zzzzzzzz": "pattern"},
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY",),
    ),
    "S3_ACCESS_KEY": ({"changeme": "placeholder"}, ("signal_pipeline", "AKIAIOSFODNN7")),
    "REDACTION_KEY": (
        {
            "x" * 32: "pattern", "abcd" * 8: "pattern", "0123456789abcdef" * 2: "pattern",
            "changeme" * 2: "placeholder", "0123456789abcdef": "run", "abcdefghijklmnopqrst": "run",
            "too-short": "16 characters",
        },
        ("7c9e2b4f8a1d6e3507f2c4b8d9e1a6f3", "correct-horse-battery", "aaaabbbbccccddddeeee"),
    ),
    "API_ADMIN_TOKEN": (
        {"passwordpassword": "placeholder", "a" * 20: "pattern", "changeme-changeme": "placeholder"},
        ("spt_4Jq0dU2xYbV6nKzL", "hidden-token-of-the-admin"),
    ),
    "EMBEDDING_API_KEY": ({"changeme": "placeholder"}, ("sk-4Jq0dU2xYbV6nKzL", "")),
    "NATS_URL": (
        {
            "nats://u:password@h:4222": "placeholder", "nats://u:aaaaaaaa@h:4222": "pattern", "nats://h:0": "port",
            "nats://h:65536": "port", "nats://h:port": "port", "nats://h:-1": "port", "nats://:4222": "host",
            "nats://h:4222,nats://h2:99999": "port", "http://h:4222": "pattern",
        },
        ("nats://h:4222", "nats://u:4Jq0dU2x@h:65535", "tls://h.x", "nats://h:4222,nats://h2:4222"),
    ),
    "S3_ENDPOINT": (
        {"http://h:99999": "port", "http://h:0": "port", "http://": "host", "http://[::1": "port"},
        ("http://h:1", "https://s3.example", "http://[::1]:8333"),
    ),
    "API_URL": ({"https://signals.example:70000": "port"}, ("https://signals.example", "https://signals.example:8443/x")),
    "DAGSTER_URL": ({"http://h:70000": "port"}, ("http://h:3000",)),
    "NATS_MONITOR_URL": ({"http://h:70000": "port"}, ("http://h:8222",)),
    "EMBEDDING_URL": ({"http://h:70000": "port"}, ("http://h:8080",)),
    "DB_PORT": ({"0": "equal to 1", "65536": "65535", "-5432": "equal to 1"}, ("1", "65535")),
    "API_PORT": ({"0": "equal to 1", "65536": "65535"}, ("1", "65535")),
    "API_REFERENCE_PREFIX": (
        {
            "..": "`..`", "../": "`..`", "uploads/../": "`..`", "uploads/..": "`..`", "/uploads/": "`/`", "/": "`/`",
            "uploads//x/": "`//`", "./uploads/": "`.`", "uploads\\..\\": "backslash", "uploads/%2e%2e/": "`%`",
            "up\tloads/": "control",
        },
        ("uploads/", "uploads", "a/b/c/", "uploads..old/", ".uploads/", "größe/"),
    ),
    "RETENTION_DAYS": (
        {"0.01": "hour", "0.0416": "hour", "1e-9": "hour", "-1": "equal to 0", "36501": "36500"},
        ("0", "0.0417", "0.5", "30", "36500"),
    ),
    "RUN_EVENTS_DAYS": ({"0.0001": "hour", "-1": "equal to 0"}, ("0", "0.5", "30")),
    "API_HOST": (
        {"not a host": "address", "300.1.1.1": "address", "http://h": "address"},
        ("0.0.0.0", "::", "localhost", "api-1.internal"),
    ),
    "API_TOKENS_FILE": (dict.fromkeys(("", " ", "."), "set to nothing"), ("tokens", "/etc/x/tokens")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [(name, value, reason) for name, (bad, _) in REFUSED.items() for value, reason in bad.items()],
)
def test_values_that_are_refused_with_the_reason(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    told = refusal()
    (line,) = [line for line in told.splitlines() if line.strip().startswith(f"{name}:")]
    assert reason in line
    assert len(value) < 6 or name.endswith(("PORT", "DAYS")) or value not in told


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, fine) in REFUSED.items() for value in fine])
def test_neighbours_that_are_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), name.lower()) is not None


@pytest.mark.parametrize("weak", WEAK_SECRETS, ids=lambda weak: weak.name)
def test_the_example_of_each_kind_of_weak_secret(weak: WeakSecret) -> None:
    assert weak.is_it(weak.example)
    assert not any(other.is_it(weak.fine) for other in WEAK_SECRETS)


def test_what_we_make_ourselves_is_never_weak() -> None:
    import secrets

    for _ in range(2_000):
        for made in (secrets.token_hex(8), secrets.token_hex(24), secrets.token_urlsafe(32)):
            assert not any(weak.is_it(made) for weak in WEAK_SECRETS), made


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("WARM_PROCESS=false", "WARM_PROCESS: is called FORK_SERVER now"),
        ("SIMILARITY_TRESHOLD=0.2", "SIMILARITY_TRESHOLD: is no setting; SIMILARITY_THRESHOLD is"),
        ("loglevel=debug", "LOGLEVEL: is no setting; LOG_LEVEL is"),
    ],
    ids=["renamed", "misspelled", "small letters"],
)
def test_a_name_in_a_file_that_was_meant_for_a_setting_is_told(written: str, told: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{written}\n")
    assert told in refusal()


def test_an_old_name_in_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARM_PROCESS", "false")
    assert "WARM_PROCESS: is called FORK_SERVER now" in refusal()


def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=x\nPOSTGRES_PASSWORD=hidden\nDAGSTER_UI_PORT=3000\n")
    monkeypatch.setenv("LOGLEVEL", "debug")
    load_settings()


def test_no_setting_is_named_like_an_old_one_and_new_names_are_read() -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    assert set(RENAMED.values()) <= known and not set(RENAMED) & known


PATHS = [
    name
    for name, field in Settings.model_fields.items()
    if field.annotation in (Path, Path | None) or "Path" in repr(field.annotation)
]


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("value", ["", " "], ids=["empty", "blank"])
def test_an_empty_path_is_not_the_folder_of_the_process(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name.upper(), value)
    assert f"{name.upper()}: is set to nothing" in refusal()


def test_settings_that_are_paths_are_known() -> None:
    assert {"temp_dir", "frame_dir", "event_rules", "api_tokens_file"} <= set(PATHS)
