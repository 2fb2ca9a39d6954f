"""Validation: the suite of JSON Schema itself, real webhooks, their mutants, and how a folder of schemas is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.errors import SchemaInvalid
from signal_pipeline.parsing.events.reading import EventReader
from signal_pipeline.parsing.events.schemas.dialects import DRAFT4, DRAFT7, DRAFT2020, common_dialect, dialect_of
from signal_pipeline.parsing.events.schemas.folder import SchemaFolder
from signal_pipeline.parsing.events.schemas.names import names_of, plain_name
from signal_pipeline.parsing.events.schemas.validator import Validator
from signal_pipeline.parsing.events.schemas.violation import general
from signal_pipeline_tests.parsing.events.mutants import mutants
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

READER = EventReader()
SUITE_HOST = "http://localhost:1234"
PLACED = {
    "$id": "order.placed",
    "type": "object",
    "required": ["order_id"],
    "properties": {
        "order_id": {"type": "string"},
        "amount": {"type": "number", "minimum": 0},
        "at": {"type": "string", "format": "date-time"},
        "lines": {"type": "array", "items": {"$ref": "common/line.json"}},
    },
    "additionalProperties": False,
}
LINE = {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}}
FOLDER = SchemaFolder.of({"order/placed.schema.json": PLACED, "common/line.json": LINE})


def cloud(data: Any, **more: Any) -> Any:
    return READER.event({"specversion": "1.0", "id": "1", "source": "/s", "type": "order.placed", "data": data, **more})


CASES: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("valid", {"order_id": "A", "amount": 1}, []),
    ("missing", {"amount": 1}, [("/order_id", "required")]),
    ("type", {"order_id": 5}, [("/order_id", "type")]),
    ("range", {"order_id": "A", "amount": -1}, [("/amount", "minimum")]),
    ("not known", {"order_id": "A", "a/b~c": 1}, [("/a~1b~0c", "additionalProperties")]),
    ("in a document of the folder", {"order_id": "A", "lines": [{"sku": "x"}, {}]}, [("/lines/1/sku", "required")]),
    ("two things", {"amount": "x"}, [("/amount", "type"), ("/order_id", "required")]),
    ("no time", {"order_id": "A", "at": "yesterday"}, [("/at", "format")]),
    ("a time with a space", {"order_id": "A", "at": "2024-03-01 10:00:00Z"}, []),
    ("a time without a zone", {"order_id": "A", "at": "2024-03-01T10:00:00"}, []),
    ("no such day", {"order_id": "A", "at": "2024-13-41T10:00:00Z"}, [("/at", "format")]),
]


@pytest.mark.parametrize(("name", "data", "found"), CASES, ids=[case[0] for case in CASES])
def test_violations(name: str, data: dict[str, Any], found: list[tuple[str, str]]) -> None:
    violations = FOLDER.check(cloud(data))
    assert violations is not None
    assert sorted((one.field, one.keyword) for one in violations) == found


def test_a_violation_never_says_the_value() -> None:
    (violation,) = FOLDER.check(cloud({"order_id": "A", "amount": "hunter2"})) or []
    assert "hunter2" not in violation.subject + violation.sentence()
    assert violation.subject == "schema order.placed: /amount type"


def test_the_same_fault_at_other_places_is_the_same() -> None:
    assert general("/lines/3/price") == general("/lines/17/price") == "/lines/*/price"
    assert general("/by_sku/sku-90431/price") == "/by_sku/*/price"


def test_an_event_without_a_schema_is_not_judged() -> None:
    assert FOLDER.check(READER.event({"specversion": "1.0", "id": "1", "source": "/s", "type": "cart.opened"})) is None


NAMES: list[tuple[str, dict[str, Any], str, tuple[str, str | None]]] = [
    ("path", {}, "issues/closed.schema.json", ("issues.closed", None)),
    ("path with a version", {}, "events/OrderPlaced.v2.json", ("order.placed", "2")),
    ("id", {"$id": "fork$event"}, "x.json", ("fork", None)),
    ("address", {"$id": "https://a.example/schemas/order-placed/1.2.json"}, "x.json", ("order.placed", "1.2")),
    ("constant", {"properties": {"type": {"const": "order.placed.v3"}}}, "x.json", ("order.placed", "3")),
    ("said outright", {"x-event-type": "order.paid", "x-event-version": 4}, "x.json", ("order.paid", "4")),
    (
        "self-describing",
        {"self": {"vendor": "com.a", "name": "deal_change", "format": "jsonschema", "version": "1-0-0"}},
        "x.json",
        ("com.a.deal.change", "1-0-0"),
    ),
]


@pytest.mark.parametrize(("name", "schema", "path", "first"), NAMES, ids=[case[0] for case in NAMES])
def test_names(name: str, schema: dict[str, Any], path: str, first: tuple[str, str | None]) -> None:
    assert next(names_of(schema, path)) == first


def test_spellings_of_a_name_are_one() -> None:
    assert {plain_name(name) for name in ("OrderPlaced", "order_placed", "order$placed", "order/placed")} == {
        "order.placed"
    }


def versioned(version: str, kind: str) -> dict[str, Any]:
    return {"x-event-type": "order.placed", "x-event-version": version, "properties": {"order_id": {"type": kind}}}


VERSIONS = SchemaFolder.of(
    {
        "a.json": versioned("1-0-0", "string"),
        "b.json": versioned("1-2-0", "number"),
        "c.json": versioned("2", "boolean"),
    }
)


@pytest.mark.parametrize(
    ("asked", "taken"), [(None, "2"), ("1-0-0", "1-0-0"), ("1", "1-2-0"), ("2", "2"), ("3", None), ("v1", "1-2-0")]
)
def test_versions(asked: str | None, taken: str | None) -> None:
    found = VERSIONS.find(cloud({}, **({"dataversion": asked} if asked else {})))
    assert (found.version if found else None) == taken


def test_nothing_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x-event-type":"order.placed","$ref":"http://127.0.0.1:9/never.json"}')
    (tmp_path / "b.json").write_text('{"$ref": ')
    folder = SchemaFolder.read(tmp_path)
    assert folder.check(cloud({})) is None
    assert set(folder.problems) == {"a.json", "b.json"}
    with pytest.raises(SchemaInvalid):
        Validator({"$ref": "file:///etc/passwd"})


def test_dialects() -> None:
    assert dialect_of({"$schema": "http://json-schema.org/draft-07/schema#"}) == DRAFT7
    assert dialect_of({"$schema": "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/1"}) == DRAFT4
    assert dialect_of({}) is None
    assert common_dialect([{}, {"$schema": "http://json-schema.org/draft-07/schema"}]) == DRAFT7
    assert common_dialect([{}]) == DRAFT2020


def test_a_part_without_a_dialect_is_in_that_of_its_folder() -> None:
    """In draft 7 nothing beside a $ref counts."""
    part = {"properties": {"sku": {"$ref": "text.json", "maxLength": 1}}}
    whole = {"$schema": "http://json-schema.org/draft-07/schema", "x-event-type": "order.placed", "$ref": "part.json"}
    folder = SchemaFolder.of({"whole.json": whole, "part.json": part, "text.json": {"type": "string"}})
    assert folder.check(cloud({"sku": "long"})) == []
    assert folder.check(cloud({"sku": 5})) != []


@needs_real_data
def test_the_suite_of_json_schema() -> None:
    wrong, known = [], 0
    for path in sorted((REAL_DATA / "events" / "json-schema").glob("*.json")):
        for group in json.loads(path.read_text()):
            if SUITE_HOST in json.dumps(group["schema"]):
                continue
            validator = Validator(group["schema"])
            for case in group["tests"]:
                known += 1
                if validator.is_valid(case["data"]) != case["valid"]:
                    wrong.append((path.name, group["description"], case["description"]))
    assert known > 800
    assert wrong == []


def webhooks() -> list[tuple[Path, dict[str, Any]]]:
    paths = [path for folder in ("events", "github") for path in (REAL_DATA / folder / "webhooks").rglob("*.json")]
    return [(path, json.loads(path.read_text())) for path in sorted(paths)]


@needs_real_data
@pytest.mark.parametrize("named", [True, False])
def test_webhooks(named: bool) -> None:
    folder = SchemaFolder.read(REAL_DATA / "events" / "webhook-schemas")
    folder.compile_all()
    assert folder.problems == {}
    valid = 0
    for path, payload in webhooks():
        name = path.parent.name if named else None
        event = READER.event(payload, named_by_sender=name)
        violations = folder.check(event)
        if violations is None:
            continue
        assert violations == [], path
        valid += 1
        schema = folder.find(event)
        assert schema is not None
        for what, mutant in mutants(payload, schema.outline):
            if not named and what == "action is another word":
                continue  # the name of a webhook and its action are all that tells which it is
            assert folder.check(READER.event(mutant, named_by_sender=name)), (path, what)
    assert valid > 40


@needs_real_data
def test_real_schemas_of_sales() -> None:
    folder = SchemaFolder.read(REAL_DATA / "events" / "sales-schemas")
    folder.compile_all()
    assert folder.problems == {}
    event = READER.event({"schema": "iglu:com.hubspot/deal_creation/jsonschema/1-0-0", "data": {"objectId": "x"}})
    assert [one.field for one in folder.check(event) or []] == ["/objectId"]
