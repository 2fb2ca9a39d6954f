"""What the documents say exists: commands with their options, settings, `make` targets, files, anchors of links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from signal_pipeline.api.app import ROOMS
from signal_pipeline.cli.main import app
from signal_pipeline.cli.reference import reference
from signal_pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "deploy" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
# Names in capitals that are read from the environment and are not settings of ours, or are examples in a document.
ELSEWHERE = {
    "SIGNAL_PIPELINE_HOME", "SIGNAL_PIPELINE_UI_HOSTS", "SIGNAL_PIPELINE_REAL_DATA", "SIGNALS_URL", "SIGNALS_TOKEN",
    "MASKS_VERSION", "RULES_VERSION", "TRAFFIC_VERSION", "ALERT_RULES", "TRAFFIC_FLOWS", "ROLE_RULES",
    # Of docker-compose.yml alone.
    "NATS_PRODUCER_PASSWORD", "NATS_OPERATOR_PASSWORD", "WORK_MEMORY", "POSTGRES_IMAGE",
}  # fmt: skip
_SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`")
_COMMAND = re.compile(r"(?:\.venv/bin/)?signal-pipeline [a-z][^`\n]*")


def texts() -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        yield path, path.read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, str]]:
    """Command lines in blocks and in backquotes."""
    for path, text in texts():
        blocks = re.findall(r"```(?:sh|bash|console)?\n(.*?)```", text, re.DOTALL)
        lines = [line.split(" #")[0] for block in blocks for line in block.splitlines()]
        inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for line in (*lines, *inline):
            found = _COMMAND.search(line)
            if found and "|" not in found[0]:
                yield path.name, found[0].strip().removeprefix(".venv/bin/")


@cache
def help_of(words: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "250", "TERM": "dumb", "NO_COLOR": "1"})
    return answer.output if answer.exit_code == 0 else ""


COMMANDS = sorted(set(commands()))


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) > 40 and {"README.md", "grouping.md", "team.md"} <= {name for name, _ in COMMANDS}


@pytest.mark.parametrize(("document", "line"), COMMANDS, ids=[f"{name}: {line}" for name, line in COMMANDS])
def test_commands_and_options_exist(document: str, line: str) -> None:
    words = shlex.split(line)[1:]
    path: tuple[str, ...] = (words[0],)
    shown = help_of(path)
    assert shown, f"{document}: there is no command {words[0]}"
    if re.search(r"COMMAND \[ARGS\]", shown):
        assert len(words) == 1 or help_of((*path, words[1])), f"{document}: {words[0]} has no command {words[1]}"
        path = (*path, *words[1:2])
    for option in (word.split("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", help_of(path)), (
            f"{document}: {' '.join(path)} has no {option}"
        )


def test_every_command_is_in_the_documents() -> None:
    named = {line.split()[1] for _, line in COMMANDS}
    group: Any = typer.main.get_command(app)
    # Those that are seldom typed.
    assert set(group.list_commands(None)) - named <= {"init", "up", "demo"}


def test_settings_exist() -> None:
    tools = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("benchmarks", "signal_pipeline_tests")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    )
    # What benchmarks and tests read from the environment themselves.
    theirs = set(re.findall(r"\"((?:BENCH|CRASH|CHAOS)_[A-Z_]+)\"", tools))
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE | theirs
    wrong = {(path.name, name) for path, text in texts() for name in _SETTING.findall(text) if name not in known}
    assert wrong == set()


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        (path.name, name) for path, text in texts() for name in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)
    }
    assert named and {(name, target) for name, target in named if target not in targets} == set()


def test_benchmarks_exist() -> None:
    named = {(path.name, name) for path, text in texts() for name in re.findall(r"make bench BENCH=([a-z]+)", text)}
    assert {
        pair for pair in named if not (ROOT / "benchmarks" / f"{pair[1]}.py").exists() and pair[1] != "name"
    } == set()


def test_links_lead_to_files() -> None:
    wrong = {
        (path.name, target)
        for path, text in texts()
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
        if not (path.parent / target).exists()
    }
    assert wrong == set()


def test_paths_in_the_text_exist() -> None:
    roots = "signal_pipeline|signal_pipeline_tests|benchmarks|deploy|docs|examples"
    wrong = {
        (path.name, named)
        for path, text in texts()
        for named in re.findall(rf"`((?:{roots})/[\w./-]+)`", text)
        if not (ROOT / named).exists() and not named.startswith("benchmarks/results")
    }
    assert wrong == set()


def test_routes_in_the_text_exist() -> None:
    known = {("GET", "/openapi.json")}
    for room in ROOMS:
        for route in room.router.routes:
            known |= {(method, re.sub(r"\{[^}]+\}", "{}", route.path)) for method in route.methods}
    named = {
        (path.name, method, re.sub(r"REPORT|\{\w+\}", "{}", route))
        for path, text in texts()
        for method, route in re.findall(r"`(GET|POST|PUT|DELETE) (/(?:v1|openapi)[\w/{}.-]*)", text)
    }
    assert named and {(name, *route) for name, *route in named if tuple(route) not in known} == set()


def test_the_command_line_reference_is_current() -> None:
    current = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert current == reference(), "docs/cli.md is not what the help texts say: run `make docs`"


def test_the_rooms_in_the_documents_are_the_folders() -> None:
    folders = {path.parent.name for path in (ROOT / "signal_pipeline").glob("*/__init__.py")}
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("## Rooms")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == folders
    drawn = (ROOT / "docs" / "images" / "rooms.svg").read_text(encoding="utf-8")
    named = set(re.findall(r'text-anchor="middle">(\w+)<', drawn))
    assert named == folders, "docs/images/rooms.svg does not show the folders: run `make docs`"


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in text} == set()
