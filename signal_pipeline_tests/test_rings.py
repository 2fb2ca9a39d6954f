"""The order of the three rings, read from the imports: domain, edges, orchestration. Nothing points outwards."""

from __future__ import annotations

import ast
import fnmatch
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from signal_pipeline_tests.rings import EDGE_ORDER, RING
from signal_pipeline_tests.short_files import REASONS, short_files
from signal_pipeline_tests.source_files import FILES, PACKAGE, nodes_of, text_of

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


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def name_of(path: Path) -> str:
    return ".".join(("signal_pipeline", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def imports_of(path: Path) -> list[str]:
    found: list[str] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module)
    return found


def test_every_room_belongs_to_a_ring() -> None:
    rooms = {room_of(path) for path in FILES} - {"__init__", "__main__"}
    assert rooms == set(RING)


def test_imports_point_inwards() -> None:
    outwards = [
        f"{path.relative_to(PACKAGE)} of ring {ring} imports {module}"
        for path in FILES
        if (ring := RING.get(room_of(path)))
        for module in imports_of(path)
        if _points_outwards(module, ring)
    ]
    assert outwards == []


def _points_outwards(module: str, ring: int) -> bool:
    package, _, inside = module.partition(".")
    if package == "signal_pipeline" and inside:
        return RING[inside.partition(".")[0]] > ring
    return package in FOREIGN.get(ring, set())


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
    for node in nodes_of(path):
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


def test_files_keep_to_one_concept() -> None:
    lines = {path.relative_to(PACKAGE).as_posix(): text_of(path).count("\n") for path in FILES}
    assert {name: count for name, count in lines.items() if count > 300 and name not in PURE_TABLES} == {}
    assert {path.stem for path in FILES} & {"utils", "helpers", "common", "misc", "manager"} == set()


def test_short_files_that_one_file_imports_have_a_reason() -> None:
    """Else they are part of that file; reasons are in short_files.py."""
    assert [f"{one.path}, imported by {one.importer}" for one in short_files() if one.reason is None] == []
    names = [path.relative_to(PACKAGE).as_posix() for path in FILES]
    assert [pattern for pattern in REASONS if not fnmatch.filter(names, pattern)] == []


def test_every_version_constant_feeds_something() -> None:
    """One that nobody reads is one that nobody has to raise."""
    whole = "\n".join(text_of(path) for path in FILES)
    defined = set(re.findall(r"(?m)^([A-Z_]*VERSION) = [\"\d(]", whole))
    named = Counter(word for word in re.findall(r"\w+", whole) if word.endswith("VERSION"))
    assert [name for name in sorted(defined) if named[name] < 2] == []


def test_no_kind_of_file_is_asked_for_by_name_outside_its_room() -> None:
    """Rules branch on an entry's role. `parse_har` names the kind that it reads; stored frames had a kind only."""
    named = re.compile(r"""[=!]= ?["']har["']|["']har["'] ?[=!]=|\bin \(?\[?["']har["']""")
    asking = [
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if "parsing/har/" not in path.as_posix() and named.search(text_of(path))
    ]
    assert not asking
