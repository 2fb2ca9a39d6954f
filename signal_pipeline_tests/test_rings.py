"""The order of the three rings, read from the imports: domain, edges, orchestration. Nothing points outwards."""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from signal_pipeline_tests.rings import EDGE_ORDER, RING
from signal_pipeline_tests.short_files import REASONS, short_files

PACKAGE = Path(__file__).parents[1] / "signal_pipeline"
# What a ring must not touch: the domain knows no network and no database, the edges no Dagster. The supervisor starts
# Dagster's processes and reads their health service, and imports nothing of Dagster.
FOREIGN = {
    1: {"dagster", "psycopg", "psycopg_pool", "nats", "boto3", "botocore", "requests", "urllib3", "socket"},
    2: {"dagster"},
}
# Tables without logic are as long as they are.
PURE_TABLES = {
    "redaction/rules/named_secrets.py",  # values behind the names of secrets, by way of writing
    "redaction/rules/structures.py",  # values behind the names of secrets, in terms and blocks
    "redaction/rules/vendor_keys.py",  # keys by vendor
    "settings.py",  # all settings with their bounds
    "stack_traces/line_patterns.py",  # the lines of traces, by language
    "classification/error_words.py",
    "parsing/logs/formats/iso_text.py",
    "parsing/logs/formats/stamps.py",
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def name_of(path: Path) -> str:
    return ".".join(("signal_pipeline", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def imports_of(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module)
    return found


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


def test_rooms_of_the_edges_keep_their_order() -> None:
    row_of = {room: number for number, rooms in enumerate(EDGE_ORDER) for room in rooms}
    against = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in FILES
        if (room := room_of(path)) in row_of
        for module in imports_of(path)
        if module.startswith("signal_pipeline.")
        and (other := module.split(".")[1]) in row_of
        and other != room
        and row_of[other] >= row_of[room]
    ]
    assert not against


# Who else may speak SQL: to a server that we start or check, and to Dagster's storage by its own tables.
SQL_ELSEWHERE = {
    "local/postgres_roles.py",  # roles and databases of the embedded server, before there is a schema
    "local/postgres_checks.py",  # settings, extensions and indexes of the server
    "orchestration/pooled_storage.py",  # the probe of Dagster's connection pool
}


def sql_of(path: Path) -> Iterator[str]:
    """Statements that are written out as the first argument of an `execute`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.startswith("execut"):
            first = node.args[0] if node.args else None
            written = [one.value for one in ast.walk(first) if isinstance(one, ast.Constant)] if first else []
            yield from (text for text in written if isinstance(text, str) and SQL.match(text))


SQL = re.compile(r"\s*(select|insert|update|delete|with|create|alter|truncate|lock|show|reassign|revoke)\b", re.I)


def test_sql_is_executed_in_storage_alone() -> None:
    elsewhere = {
        path.relative_to(PACKAGE).as_posix() for path in FILES if room_of(path) != "storage" and any(sql_of(path))
    }
    assert elsewhere == SQL_ELSEWHERE


def test_no_file_imports_itself_by_way_of_others() -> None:
    known = {name_of(path): path for path in FILES}
    graph = {name: {one for one in imports_of(path) if one in known} for name, path in known.items()}
    order = TopologicalSorter(graph)
    order.prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_keep_to_one_concept(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    is_table = path.relative_to(PACKAGE).as_posix() in PURE_TABLES
    assert is_table or lines <= 300, f"{path.name} has {lines} lines: split it"
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager"}


def test_short_files_that_one_file_imports_have_a_reason() -> None:
    """Else they are part of that file; reasons are in short_files.py."""
    assert [f"{one.path}, imported by {one.importer}" for one in short_files() if one.reason is None] == []
    names = [path.relative_to(PACKAGE).as_posix() for path in FILES]
    assert [pattern for pattern in REASONS if not fnmatch.filter(names, pattern)] == []


def test_every_version_constant_feeds_something() -> None:
    """One that nobody reads is one that nobody has to raise."""
    texts = {path: path.read_text(encoding="utf-8") for path in FILES}
    whole = "\n".join(texts.values())
    defined = {name for text in texts.values() for name in re.findall(r"(?m)^([A-Z_]*VERSION) = [\"\d(]", text)}
    unread = {name for name in defined if len(re.findall(rf"\b{name}\b", whole)) < 2}
    assert not unread


def test_no_kind_of_file_is_asked_for_by_name_outside_its_room() -> None:
    """Rules branch on an entry's role. `parse_har` names the kind that it reads; stored frames had a kind only."""
    named = re.compile(r"""[=!]= ?["']har["']|["']har["'] ?[=!]=|\bin \(?\[?["']har["']""")
    asking = [
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if "parsing/har/" not in path.as_posix() and named.search(path.read_text(encoding="utf-8"))
    ]
    assert not asking
