"""How a request wants to be processed: its kind, its priority, when, after which reports, and with which settings.

The same model is read from a message, a form, a JSON body and the command line, so that all of them have the same
bounds.
What does not belong here: how a request waits (storage/intake.py) and how it becomes a run (orchestration).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from signal_pipeline.errors import WorkOrderInvalid

KIND = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
DEFAULT_KIND = "report"
# The canonical form only: other spellings that uuid.UUID takes (braces, urn:) would be other partition keys.
REPORT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
MAX_DEPENDENCIES = 100
MAX_DELAY = timedelta(days=366)


class Priority(IntEnum):
    """Requests of a higher priority are leased first, and their runs leave Dagster's queue first. A backfill that a
    person starts in the Dagster UI has the priority of `backfill`."""

    backfill = -10
    normal = 0
    interactive = 10


def kind_name(text: str) -> str:
    if not KIND.match(text):
        raise ValueError("a kind has 1 to 31 lower-case letters, digits and dashes, and begins with a letter")
    return text


def _priority(value: object) -> object:
    if isinstance(value, str) and value in Priority.__members__:
        return Priority[value]
    if isinstance(value, Priority):
        return value
    raise ValueError(f"a priority is one of {', '.join(Priority.__members__)}")


def _canonical(value: object) -> object:
    if isinstance(value, str) and not REPORT_ID.match(value):
        raise ValueError("is not the id of a report")
    return value


def _within_a_year(value: datetime) -> datetime:
    if value > datetime.now(value.tzinfo) + MAX_DELAY:
        raise ValueError(f"is more than {MAX_DELAY.days} days ahead")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, frozen=True)


class ClusterSteering(_Strict):
    """Config of the step `clusters`; what is left out comes from the settings."""

    algorithm: Literal["calibrated", "dbscan", "hdbscan", "agglomerative"] | None = None
    similarity_threshold: Annotated[float, Field(gt=0, le=2)] | None = None
    min_samples: Annotated[int, Field(ge=1, le=100)] | None = None


class CauseSteering(_Strict):
    """Config of the step `incidents`; what is left out has its default."""

    moment_seconds: Annotated[float, Field(ge=0, le=60)] | None = None
    retry_seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None
    aftermath_seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None
    least_strength: Annotated[float, Field(ge=0.05, le=0.99)] | None = None


class WorkConfig(_Strict):
    """Config of a request's run, by step, with the names that the Dagster UI shows."""

    clusters: ClusterSteering | None = None
    incidents: CauseSteering | None = None


class WorkOrder(_Strict):
    """What a request asks for beside its report."""

    kind: Annotated[str, AfterValidator(kind_name)] = Field(
        default=DEFAULT_KIND, description="kind of work: names a queue that can be served and limited separately"
    )
    priority: Annotated[
        Priority,
        BeforeValidator(_priority, json_schema_input_type=Literal["interactive", "normal", "backfill"]),
    ] = Field(default=Priority.normal, description="what is processed first: interactive, then normal, then backfill")
    not_before: Annotated[AwareDatetime, AfterValidator(_within_a_year)] | None = Field(
        default=None, description="earliest start, with a time zone; at most 366 days ahead"
    )
    depends_on: Annotated[
        tuple[Annotated[UUID, BeforeValidator(_canonical)], ...], Field(max_length=MAX_DEPENDENCIES)
    ] = Field(default=(), description="reports that must be completed first")
    config: WorkConfig | None = Field(default=None, description="config of the steps, for this request only")

    @property
    def config_json(self) -> str | None:
        """The config without what was left out, in one spelling for equal configs; None when nothing is set."""
        return None if self.config is None else config_json(self.config)


def config_json(config: WorkConfig) -> str | None:
    given = {step: values for step, values in config.model_dump(exclude_none=True).items() if values}
    return json.dumps(given, sort_keys=True) if given else None


def parse_work_order(fields: Mapping[str, Any]) -> WorkOrder:
    """The order that these fields describe. WorkOrderInvalid names each field that is wrong, and quotes no value."""
    try:
        return WorkOrder.model_validate(dict(fields))
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[:10]
        raise WorkOrderInvalid("; ".join(dict.fromkeys(map(_sentence, wrong)))) from None


def _sentence(error: ErrorDetails) -> str:
    """An unknown name may be anything, and is not quoted: what is known is named in its place."""
    if error["type"] != "extra_forbidden":
        return f"{_place(error['loc'])}: {error['msg'].removeprefix('Value error, ')}"
    above = error["loc"][:-1]
    return f"{_place(above)}: has a name that is not one of {', '.join(_fields_of(above))}"


def _place(names: tuple[int | str, ...]) -> str:
    return ".".join(map(str, names)) or "work order"


def _fields_of(place: tuple[int | str, ...]) -> list[str]:
    """The names that are known at this place, which is one of the models above."""
    models: dict[tuple[int | str, ...], type[BaseModel]] = {
        (): WorkOrder,
        ("config",): WorkConfig,
        ("config", "clusters"): ClusterSteering,
        ("config", "incidents"): CauseSteering,
    }
    return list(models[place].model_fields)
