"""How a command finds its servers: the environment first, then the local stack that runs.

What belongs here: the order of the two. What does not: what a command does with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.existing import existing_servers, given_environment
from signal_pipeline.local.lock import is_held
from signal_pipeline.local.state import RunRecord, StateFolder, state_home
from signal_pipeline.settings import Settings, load_settings


def running_stack(home: Path | None = None) -> RunRecord | None:
    """The record of the stack that runs in `home` (default: the usual state folder) now; None when none does."""
    folder = StateFolder(home or state_home())
    return RunRecord.read(folder.record_file) if is_held(folder.lock_file) else None


def environment_for_cli(home: Path | None = None, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """All variables for a command: the running stack's, and those that a person set above them.

    A server that the person names is taken from the person's variables alone: never half from each.
    """
    mine = given_environment(given)
    stack = running_stack(home)
    found = dict(stack.environment) if stack is not None else {}
    for server in existing_servers(mine):
        for name in server.variables:
            found.pop(name, None)
    return found | {name: value for name, value in mine.items() if value}


def settings_for_cli(home: Path | None = None, given: Mapping[str, str] | None = None) -> Settings:
    """The settings for a command. SettingsInvalid names what is missing, and how to get it."""
    known = {name.lower() for name in Settings.model_fields}
    found = {name.lower(): value for name, value in environment_for_cli(home, given).items()}
    try:
        return load_settings(**{name: value for name, value in found.items() if name in known})
    except SettingsInvalid as error:
        if running_stack(home) is not None:
            raise
        raise SettingsInvalid(
            f"{error}\nNo local stack runs in {home or state_home()}: start one with `signal-pipeline up`, "
            "or set the variables of your servers."
        ) from None
