"""Settings that change while everything runs: bounds, order of sources, history."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.runtime_settings import (
    CHANGEABLE,
    NAMES,
    apply_runtime_settings,
    bounds_of,
    change_setting,
    checked_value,
    effective_settings,
    reset_setting,
    runtime_settings,
)
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.runtime_settings import changes

REFUSED: list[tuple[str, Any]] = [
    ("similarity_threshold", 0), ("similarity_threshold", -1), ("similarity_threshold", 2.1),
    ("similarity_threshold", math.nan), ("similarity_threshold", math.inf), ("similarity_threshold", "abc"),
    ("min_samples_cluster", 0), ("min_samples_cluster", 101), ("min_samples_cluster", 1.5),
    ("min_samples_cluster", "1e309"),
    ("lease_seconds", 4.9), ("lease_seconds", None), ("cluster_algorithm", "k-means"), ("max_attempts", "x" * 100),
    ("db_password", "x"), ("redaction_key", "x" * 20), ("nonsense", 1), ("", 1),
]  # fmt: skip


@pytest.fixture
def history(worked_platform: Platform) -> Any:
    def told() -> list[tuple[str, Any, Any, str]]:
        with worked_platform.database.transaction() as connection:
            found = changes(connection)
        return [(one.name, one.old_value, one.new_value, one.changed_by) for one in found]

    yield told
    with worked_platform.database.transaction() as connection:
        connection.execute("truncate runtime_settings, runtime_settings_history")


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=[f"{n}={str(v)[:10]}" for n, v in REFUSED])
def test_values_out_of_bounds_are_refused_with_the_bounds(
    worked_platform: Platform, history: Any, name: str, value: Any
) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        change_setting(worked_platform, name, value, "anna")
    assert name in NAMES or "cannot be changed" in str(refusal.value)
    assert history() == [] and effective_settings(worked_platform) == worked_platform.settings


def test_a_change_is_in_force_at_once_and_recorded(worked_platform: Platform, history: Any) -> None:
    change_setting(worked_platform, "lease_seconds", "90", "anna")
    change_setting(worked_platform, "lease_seconds", 90.0, "bob")
    change_setting(worked_platform, "similarity_threshold", 0.2, "bob")
    found = effective_settings(worked_platform)
    assert (found.lease_seconds, found.similarity_threshold) == (90.0, 0.2)
    assert history() == [("similarity_threshold", None, 0.2, "bob"), ("lease_seconds", None, 90.0, "anna")]
    reset_setting(worked_platform, "lease_seconds", "anna")
    assert effective_settings(worked_platform).lease_seconds == worked_platform.settings.lease_seconds
    assert history()[0] == ("lease_seconds", 90.0, None, "anna")


def test_nothing_set_is_a_value_too(worked_platform: Platform, history: Any) -> None:
    change_setting(worked_platform, "similarity_threshold", 0.2, "anna")
    change_setting(worked_platform, "similarity_threshold", None, "anna")
    assert effective_settings(worked_platform).similarity_threshold is None


def test_a_file_overrides_the_environment_and_an_operator_the_file(
    worked_platform: Platform, history: Any, tmp_path: Path
) -> None:
    path = tmp_path / "runtime.toml"
    path.write_text("lease_seconds = 77\nmax_attempts = 9\nintake_batch = 100000\ndb_host = 'evil'\n", encoding="utf-8")
    with Platform(worked_platform.settings.model_copy(update={"runtime_settings_file": path})) as platform:
        change_setting(platform, "max_attempts", 3, "anna")
        found = effective_settings(platform)
        assert (found.lease_seconds, found.max_attempts) == (77.0, 3)
        assert found.intake_batch == platform.settings.intake_batch and found.db_host != "evil"
        effective_settings(platform)
        who = f"file {path}"
        assert [row for row in history() if row[3] == who] == [
            ("max_attempts", None, 9, who), ("lease_seconds", None, 77.0, who),
        ]  # fmt: skip
        path.write_text("this is [no toml", encoding="utf-8")
        assert effective_settings(platform).lease_seconds == platform.settings.lease_seconds
        assert history()[0][:3] == ("max_attempts", 9, None)
        sources = {row.name: row.source for row in runtime_settings(platform)}
        assert (sources["max_attempts"], sources["lease_seconds"]) == ("operator", "environment")


def test_a_stored_value_that_is_out_of_bounds_by_now_is_left_out(worked_platform: Platform, history: Any) -> None:
    with worked_platform.database.transaction() as connection:
        connection.execute("insert into runtime_settings values ('lease_seconds', '-5', 'x'), ('gone', '1', 'x')")
    assert effective_settings(worked_platform) == worked_platform.settings


def test_a_database_that_is_down_leaves_what_is_in_force(worked_platform: Platform) -> None:
    from signal_pipeline.api.context import ApiPlatform

    settings = worked_platform.settings.model_copy(update={"db_port": 1})
    with ApiPlatform(settings) as platform:
        apply_runtime_settings(platform)
        assert platform.settings is settings


@pytest.mark.parametrize("name", NAMES)
def test_every_changeable_setting_says_what_it_may_be(name: str) -> None:
    default = Settings.model_fields[name].default
    assert checked_value(name, default) == default
    assert len(bounds_of(name)) > 8
    assert sum(name in names for names in CHANGEABLE.values()) == 1
