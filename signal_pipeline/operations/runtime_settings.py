"""Settings that may be changed while everything runs: which, within which bounds, and what is in force now.

The environment says the beginning; a file (RUNTIME_SETTINGS_FILE, TOML) goes above it, and what was set on the
operator's page or through the API above that. A value that is out of bounds is refused, or left out where it comes from
a file.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from signal_pipeline.errors import SettingsInvalid, TransientError
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.runtime_settings import (
    StoredValue,
    record_file_values,
    set_value,
    stored_values,
    unset_value,
)

logger = logging.getLogger(__name__)

Source = Literal["environment", "file", "operator"]
# By group, in the order in which the page shows them. Names, bounds and help are those of the settings.
CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "thresholds": (
        "cluster_algorithm", "similarity_threshold", "min_samples_cluster", "slow_request_ms", "least_link_confidence",
    ),
    "limits": (
        "max_file_bytes", "intake_batch", "max_attempts", "api_requests_per_second", "api_in_flight",
        "api_upload_bytes",
    ),
    "intervals": (
        "intake_wait_seconds", "unknown_report_grace_seconds", "lease_seconds", "retry_delay_seconds",
        "drop_folder_settle_seconds", "capture_min_age_seconds",
    ),
}  # fmt: skip
NAMES = tuple(name for names in CHANGEABLE.values() for name in names)


@dataclass(frozen=True)
class RuntimeSetting:
    """One setting as the operator sees it. `changed_by` and `changed_at` are those of an operator's value."""

    name: str
    group: str
    value: Any
    source: Source
    default: Any
    bounds: str
    description: str
    changed_by: str | None = None
    changed_at: datetime | None = None


def effective_settings(platform: Platform, base: Settings | None = None) -> Settings:
    """The settings in force now, above `base` (the platform's own). One short statement and, where there is one, a
    small file: for each run and tick.
    """
    base = base or platform.settings
    with platform.database.transaction() as connection:
        stored = stored_values(connection)
        from_file = _file_values(base)
        if from_file is not None:
            record_file_values(connection, from_file, _who(base))
    return _combined(base, from_file or {}, stored)


def apply_runtime_settings(platform: Platform) -> None:
    """Let the platform work with what is in force now. Parts that are open already are not opened again; when the
    database does not answer, what the platform has stays in force.
    """
    with suppress(TransientError):
        platform.settings = effective_settings(platform)


def runtime_settings(platform: Platform) -> list[RuntimeSetting]:
    """All of them, with where each value comes from."""
    with platform.database.transaction() as connection:
        stored = stored_values(connection)
    base, from_file = platform.settings, _file_values(platform.settings) or {}
    found = _combined(base, from_file, stored)
    return [
        _shown(name, group, found, base, from_file, stored) for group, names in CHANGEABLE.items() for name in names
    ]


def change_setting(platform: Platform, name: str, value: Any, changed_by: str) -> None:
    """SettingsInvalid names the bounds. None goes back to what the environment says, where that is no value."""
    checked = checked_value(name, value)
    with platform.database.transaction() as connection:
        set_value(connection, name, checked, changed_by)


def reset_setting(platform: Platform, name: str, changed_by: str) -> None:
    """Back to the file or the environment."""
    _field(name)
    with platform.database.transaction() as connection:
        unset_value(connection, name, changed_by)


def checked_value(name: str, value: Any) -> Any:
    """The value as the setting's type; SettingsInvalid says what it may be."""
    field = _field(name)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(_annotated(field))
        return adapter.validate_python(value)
    except ValidationError:
        raise SettingsInvalid(f"{name.upper()} must be {bounds_of(name)}") from None


def bounds_of(name: str) -> str:
    """In words, from the setting itself."""
    field = _field(name)
    choices = [
        str(one) for part in _parts(field.annotation) for one in getattr(part, "__args__", ()) if isinstance(one, str)
    ]
    if choices:
        return f"one of {', '.join(choices)}"
    whole = int in _parts(field.annotation)
    words = ["a whole number" if whole else "a number"]
    for rule in field.metadata:
        for attribute, word in (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below")):
            limit = getattr(rule, attribute, None)
            if limit is not None:
                words.append(f"{word} {limit:,.10g}")
    return words[0] + ("" if len(words) == 1 else " " + " and ".join(words[1:]))


def _field(name: str) -> FieldInfo:
    if name not in NAMES:
        raise SettingsInvalid(f"{name[:60]} cannot be changed at run time; these can: {', '.join(NAMES)}")
    return Settings.model_fields[name]


def _annotated(field: FieldInfo) -> Any:
    from typing import Annotated

    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _parts(annotation: Any) -> list[Any]:
    return [annotation, *getattr(annotation, "__args__", ())]


def _who(settings: Settings) -> str:
    return f"file {settings.runtime_settings_file}"


def _file_values(settings: Settings) -> dict[str, Any] | None:
    """What the file says, as far as it is within bounds; None without a file."""
    path: Path | None = settings.runtime_settings_file
    if path is None:
        return None
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be read (%s): it is left out", path, type(error).__name__)
        return {}
    found = {}
    for name, value in read.items():
        try:
            found[name.lower()] = checked_value(name.lower(), value)
        except SettingsInvalid as error:
            logger.warning("%s: %s", path, error)
    return found


def _combined(base: Settings, from_file: Mapping[str, Any], stored: Mapping[str, StoredValue]) -> Settings:
    """Values that were stored when bounds were wider are left out rather than trusted."""
    update = dict(from_file)
    for name, row in stored.items():
        try:
            update[name] = checked_value(name, row.value)
        except SettingsInvalid as error:
            logger.warning("a stored value is left out: %s", error)
    return base.model_copy(update=update)


def _shown(
    name: str,
    group: str,
    found: Settings,
    base: Settings,
    from_file: Mapping[str, Any],
    stored: Mapping[str, StoredValue],
) -> RuntimeSetting:
    row = stored.get(name)
    source: Source = "operator" if row is not None else "file" if name in from_file else "environment"
    return RuntimeSetting(
        name=name,
        group=group,
        value=getattr(found, name),
        source=source,
        default=getattr(base, name),
        bounds=bounds_of(name),
        description=Settings.model_fields[name].description or "",
        changed_by=None if row is None else row.changed_by,
        changed_at=None if row is None else row.changed_at,
    )
