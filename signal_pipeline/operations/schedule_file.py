"""Schedules of a person's own: a TOML file with a cron expression and what to do, read and checked without Dagster."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.toml_file import read_toml, sentences
from signal_pipeline.setting_rules import LEAST_RETENTION_DAYS
from signal_pipeline.settings import ClusterAlgorithm

MAX_SCHEDULES = 100
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\Z")


def _cron(text: str) -> str:
    try:
        CronSim(text, datetime(2026, 1, 1))
    except CronSimError as error:
        raise ValueError(f"is not a cron expression of five fields ({error})") from None
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone such as Europe/Berlin") from None
    return name


class OwnSchedule(BaseModel):
    """One schedule. `days` is the age of reports: those younger are clustered again, those older are deleted."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)

    action: Literal["recluster", "retention", "catalog", "process"]
    cron: Annotated[str, Field(max_length=100), AfterValidator(_cron)]
    timezone: Annotated[str, Field(max_length=100), AfterValidator(_zone)] = "UTC"
    enabled: bool = True
    days: Annotated[float, Field(ge=LEAST_RETENTION_DAYS, le=36_500)] | None = None
    algorithm: ClusterAlgorithm | None = None
    similarity_threshold: Annotated[float, Field(gt=0, le=2)] | None = None
    min_samples: Annotated[int, Field(ge=1, le=100)] | None = None
    hold: bool = False

    @model_validator(mode="after")
    def _fits(self) -> OwnSchedule:
        if self.action == "retention" and self.days is None:
            raise ValueError("retention needs days")
        given = self.model_fields_set - {"action", "cron", "timezone", "enabled"}
        if surplus := sorted(given - ALLOWED[self.action]):
            raise ValueError(f"{', '.join(surplus)}: not for {self.action}")
        return self

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        """The next `count` times after `after` (with a zone), in the schedule's own zone."""
        times = CronSim(self.cron, after.astimezone(ZoneInfo(self.timezone)))
        return [next(times) for _ in range(count)]


ALLOWED = {
    "recluster": {"days", "algorithm", "similarity_threshold", "min_samples", "hold"},
    "retention": {"days"},
    "catalog": set[str](),
    "process": set[str](),
}


@dataclass(frozen=True)
class ScheduleFile:
    """What a file holds: schedules by name, and a sentence for each entry that cannot be used."""

    schedules: dict[str, OwnSchedule]
    wrong: list[str]


def read_schedules(path: Path | None) -> ScheduleFile:
    """Each table `[schedules.NAME]` of the file. One entry that is wrong does not cost the others.

    SettingsInvalid when the file as a whole cannot be read.
    """
    if path is None:
        return ScheduleFile({}, [])
    document = read_toml(path)
    rows = document.pop("schedules", {})
    if document or not isinstance(rows, dict):
        raise SettingsInvalid(f"{path}: only tables [schedules.NAME] are known")
    if len(rows) > MAX_SCHEDULES:
        raise SettingsInvalid(f"{path}: more than {MAX_SCHEDULES} schedules")
    schedules, wrong = {}, []
    for name, row in rows.items():
        try:
            schedules[_checked(name)] = OwnSchedule.model_validate(row)
        except (ValueError, ValidationError) as error:
            wrong.append(f"schedule {name!r}: {_said(error)}")
    return ScheduleFile(schedules, wrong)


def _checked(name: str) -> str:
    if not NAME.match(name):
        raise ValueError("a name consists of up to 61 lower-case letters, digits and _, and begins with a letter")
    return name


def _said(error: ValueError) -> str:
    return "; ".join(sentences(error)) if isinstance(error, ValidationError) else str(error)
