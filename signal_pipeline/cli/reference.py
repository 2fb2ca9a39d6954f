"""`python -m signal_pipeline.cli.reference`: the reference of the command line, as Markdown from its help.

What belongs here: walking the commands and their options. What does not: any text about them; that is in the commands.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import typer

from signal_pipeline.cli.main import COMMANDS, app

_INTRODUCTION = """# Command line

Every command and option of `signal-pipeline`. This page is generated from the help texts; `make docs` regenerates it.

`signal-pipeline COMMAND --help` shows the same. Exit codes: 0 success, 1 failure, 2 wrong usage. With `--json`, a
command prints JSON on standard output and nothing else; progress and notes go to standard error.
"""


def reference() -> str:
    """The whole page."""
    group: Any = typer.main.get_command(app)
    context = typer.Context(group, info_name="signal-pipeline")
    sections = [_INTRODUCTION, _index()]
    for row in COMMANDS:
        sections += _sections(row.load(), context, row.name)
    return "\n".join(sections)


def _index() -> str:
    rows = [f"| [`{row.name}`](#signal-pipeline-{row.name}) | {row.help} |" for row in COMMANDS]
    return "\n".join(["| command | what it does |", "|---|---|", *rows, ""])


def _sections(command: Any, parent: Any, name: str) -> Iterator[str]:
    """A command's section, and below a group those of its commands."""
    context = typer.Context(command, info_name=name, parent=parent)
    yield f"## {context.command_path}\n"
    if text := _paragraphs(command.help):
        yield f"{text}\n"
    subcommands = getattr(command, "commands", {})
    yield f"```text\n{_usage(command, context)}\n```\n"
    if not subcommands:
        yield from _parameters(command, context)
    for subname, subcommand in subcommands.items():
        yield from _sections(subcommand, context, subname)


def _usage(command: Any, context: Any) -> str:
    return " ".join((context.command_path, *command.collect_usage_pieces(context)))


def _parameters(command: Any, context: Any) -> Iterator[str]:
    """A table of arguments and options, without hidden ones and without --help, which all have."""
    rows = [
        record
        for parameter in command.get_params(context)
        if parameter.name != "help" and (record := parameter.get_help_record(context)) is not None
    ]
    if rows:
        lines = [f"| `{_cell(names)}` | {_cell(text)} |" for names, text in rows]
        yield "\n".join(["| argument or option | meaning |", "|---|---|", *lines, ""])


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def _paragraphs(text: str | None) -> str:
    """A docstring with each paragraph on one line."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(_cell(paragraph) for paragraph in paragraphs)


if __name__ == "__main__":
    sys.stdout.write(reference())
