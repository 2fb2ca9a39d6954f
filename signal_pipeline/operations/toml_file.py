"""A TOML file that an operator wrote: read within a bound, and what is wrong with it in sentences without values."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from signal_pipeline.errors import SettingsInvalid

MAX_BYTES = 256 * 1024


def read_toml(path: Path) -> dict[str, Any]:
    """SettingsInvalid names the file and why it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsInvalid(f"{path}: more than {MAX_BYTES} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(f"{path} is not TOML: {error}") from None


def sentences(error: ValidationError) -> list[str]:
    """One for each field that is wrong; they quote no value."""
    found = error.errors(include_input=False, include_url=False)
    return [
        ": ".join(filter(None, (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))))
        for one in found
    ]
