"""Limits of runs by kind of work, and sizes of their pods by what they read: a TOML file, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.toml_file import read_toml, sentences
from signal_pipeline.work_order import kind_name

# A run has the model and the libraries loaded before it reads a byte.
LEAST_MEMORY_MB = 1024
Memory = Annotated[int, Field(ge=LEAST_MEMORY_MB, le=2**20)]
Cpus = Annotated[float, Field(gt=0, le=1024)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class KindLimits(_Strict):
    """What a run of one kind of work may use at most; None is no limit of its own."""

    max_seconds: Annotated[int, Field(ge=10, le=7 * 86_400)] | None = None
    memory_mb: Memory | None = None
    cpus: Cpus | None = None


class PodSize(_Strict):
    """What a pod asks for whose run reads up to `up_to_mb` MiB of files; None: whatever is larger."""

    up_to_mb: Annotated[float, Field(gt=0)] | None = None
    memory_mb: Memory
    cpus: Cpus


class WorkLimits(_Strict):
    """The whole file. `sizes` go from small to large, the last without a bound."""

    kinds: dict[Annotated[str, AfterValidator(kind_name)], KindLimits] = {}
    sizes: tuple[PodSize, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> WorkLimits:
        bounds = [size.up_to_mb for size in self.sizes]
        inner = [bound for bound in bounds[:-1] if bound is not None]
        if bounds and (bounds[-1] is not None or len(inner) != len(bounds) - 1 or inner != sorted(set(inner))):
            raise ValueError("sizes: give up_to_mb in rising order, and none in the last")
        return self

    def size_for(self, read_bytes: int) -> PodSize | None:
        """The first that is large enough."""
        megabytes = read_bytes / 2**20
        return next((size for size in self.sizes if size.up_to_mb is None or megabytes <= size.up_to_mb), None)


def read_limits(path: Path | None) -> WorkLimits:
    """No limits without a file. SettingsInvalid names what is wrong, and quotes no value."""
    if path is None:
        return WorkLimits()
    try:
        return WorkLimits.model_validate(read_toml(path))
    except ValidationError as error:
        raise SettingsInvalid(f"{path}: {'; '.join(sentences(error))}") from None
