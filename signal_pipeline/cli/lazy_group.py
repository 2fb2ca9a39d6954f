"""A command group that imports a command only when it is run: `--help` and completion stay fast.

What belongs here: loading and the translation of our errors to exit codes. What does not: which commands there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from signal_pipeline.errors import SignalPipelineError


@dataclass(frozen=True)
class LazyCommand:
    """One row: the name typed, where the function or Typer app is, and one line of help."""

    name: str
    module: str
    attribute: str
    help: str

    def load(self) -> Any:
        found: Callable[..., Any] | typer.Typer = getattr(import_module(self.module), self.attribute)
        if isinstance(found, typer.Typer):
            application = found
        else:
            application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            application.command(name=self.name, no_args_is_help=False)(found)
        command: Any = get_command(application)
        command.name = self.name
        return command

    def label(self) -> Any:
        """Name and help alone, for lists and suggestions."""
        return TyperCommand(self.name, help=self.help, callback=None)


def lazy_group(rows: Sequence[LazyCommand]) -> type[TyperGroup]:
    """A group class over these commands, in this order."""
    table = {row.name: row for row in rows}

    class LazyGroup(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.commands.update({row.name: row.label() for row in rows})

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            """Only here, when one is to run or to complete its options, is it imported."""
            name, command, rest = super().resolve_command(ctx, args)
            return name, table[name].load() if name in table else command, rest

        def invoke(self, ctx: Any) -> Any:
            try:
                return super().invoke(ctx)
            except SignalPipelineError as error:
                typer.echo(f"Error: {error}", err=True)
                raise typer.Exit(1) from None

    return LazyGroup
