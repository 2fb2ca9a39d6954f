"""The order of the three rings, read from the imports: domain, edges, orchestration. Nothing points outwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "signal_pipeline"
DOMAIN = {
    "text_shapes", "parsing", "stack_traces", "redaction", "classification", "embedding", "clustering", "correlation",
    "causes",    "schemas", "frame_schema", "errors", "limits", "frames", "crashpoints", "evidence", "fault_isolation",
}  # fmt: skip
EDGES = {
    "storage", "messaging", "platform", "catalog", "intake", "operations", "pipeline", "reports", "pages", "api", "cli",
    "processes", "local", "logs", "settings", "setting_rules",
}  # fmt: skip
ORCHESTRATION = {"orchestration", "defs", "definitions"}
RING = {**dict.fromkeys(DOMAIN, 1), **dict.fromkeys(EDGES, 2), **dict.fromkeys(ORCHESTRATION, 3)}
# What a ring must not touch: the domain knows no network and no database, the edges no Dagster. The supervisor starts
# Dagster's processes and reads their health service, and imports nothing of Dagster.
FOREIGN = {
    1: {"dagster", "psycopg", "psycopg_pool", "nats", "boto3", "botocore", "requests", "urllib3", "socket"},
    2: {"dagster"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def test_every_room_belongs_to_a_ring() -> None:
    rooms = {room_of(path) for path in FILES} - {"__init__", "__main__"}
    assert rooms == set(RING)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_inwards(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    ring = RING[room]
    for module in imports_of(path):
        parts = module.split(".")
        assert parts[0] not in FOREIGN.get(ring, set()), f"{path.name} of ring {ring} imports {module}"
        if parts[0] == "signal_pipeline" and len(parts) > 1:
            assert RING[parts[1]] <= ring, f"{path.name} of ring {ring} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_keep_to_one_concept(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 300, f"{path.name} has {lines} lines: split it"
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager"}
