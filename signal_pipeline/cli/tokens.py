"""`signal-pipeline tokens`: who may use the API. A token is shown once; only its hash is kept."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from signal_pipeline.api.identity import Identity, Scope
from signal_pipeline.api.token_file import hash_of, new_token, read_tokens, tokens_to_change
from signal_pipeline.cli.output import console, progress_console
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.discovery import environment_for_cli

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


class ScopeName(StrEnum):
    """Each scope includes the ones before it."""

    read = "read"
    submit = "submit"
    admin = "admin"


FileOption = Annotated[
    Path | None, typer.Option("--file", help="The token file. [default: $API_TOKENS_FILE]", dir_okay=False)
]
NameArgument = Annotated[str, typer.Argument(help="Name of the owner: letters, digits, `_`, `.` and `-`.")]


@app.callback()
def root() -> None:
    """Create, list and revoke API tokens. A running API sees a change at once."""


@app.command("add")
def add(
    name: NameArgument,
    scope: Annotated[ScopeName, typer.Option(help="What the token may do.")] = ScopeName.read,
    file: FileOption = None,
) -> None:
    """Create a token and print it. It is shown only once."""
    path = _path(file)
    if not name or len(name) > 64 or not all(c.isascii() and (c.isalnum() or c in "_.-") for c in name):
        raise typer.BadParameter("letters, digits, `_`, `.` and `-`, at most 64")
    token = new_token()
    with tokens_to_change(path) as tokens:
        if any(identity.name == name for identity in tokens.values()):
            raise SettingsInvalid(f"{name} already has a token; remove it first")
        tokens[hash_of(token)] = Identity(name, Scope[scope.name.upper()])
    progress_console().print(f"only its hash is kept, in {path}; set API_TOKENS_FILE to this file where the API runs")
    console().print(token)


@app.command("list")
def list_tokens(file: FileOption = None) -> None:
    """List the names and scopes of the tokens."""
    for identity in _read(_path(file)).values():
        console().print(f"{identity.scope.name.lower():<7} {identity.name}")


@app.command("remove")
def remove(name: NameArgument, file: FileOption = None) -> None:
    """Revoke a token. Its browser sessions end too."""
    path = _path(file)
    with tokens_to_change(path) as tokens:
        of_that_name = [shown for shown, identity in tokens.items() if identity.name == name]
        if not of_that_name:
            raise SettingsInvalid(f"{name} has no token in {path}")
        for shown in of_that_name:
            del tokens[shown]
    console().print(f"removed {name}")
    if not tokens:
        progress_console().print("no tokens are left: a running API accepts only API_ADMIN_TOKEN")


def _path(file: Path | None) -> Path:
    named = environment_for_cli().get("API_TOKENS_FILE")
    if file is None and not named:
        raise SettingsInvalid("name the file with --file, or set API_TOKENS_FILE")
    return file or Path(str(named))


def _read(path: Path) -> dict[str, Identity]:
    return read_tokens(path) if path.exists() else {}
