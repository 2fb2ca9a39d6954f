"""The JSON Schemas of a folder: read once, found by type and version, and never from anywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import msgspec

from signal_pipeline.errors import SchemaInvalid
from signal_pipeline.parsing.events.event import Event
from signal_pipeline.parsing.events.schemas.choice import Outline, closest
from signal_pipeline.parsing.events.schemas.dialects import DRAFT4, common_dialect, dialect_of
from signal_pipeline.parsing.events.schemas.names import names_of, plain_name
from signal_pipeline.parsing.events.schemas.validator import Validator
from signal_pipeline.parsing.events.schemas.violation import Violation
from signal_pipeline.parsing.json_depth import exceeds_depth

ROOT = "https://schemas.invalid/"
MAX_SCHEMAS = 10_000
MAX_SCHEMA_BYTES = 4 * 1024 * 1024
MAX_SCHEMA_DEPTH = 128
_NUMBERS = re.compile(r"[0-9]+")


@dataclass
class Schema:
    """One file. It is compiled when it is asked for: a thousand for one event would be waste."""

    path: str
    name: str
    version: str | None
    document: Any
    dialect: str
    uri: str
    outline: Outline
    validator: Validator | None = None
    fault: str | None = None


@dataclass
class SchemaFolder:
    """`problems` are files that could not be used, with the reason."""

    schemas: list[Schema] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    _named: dict[str, list[Schema]] = field(default_factory=dict)
    _resources: dict[str, Any] = field(default_factory=dict)
    _tails: dict[str, Any] = field(default_factory=dict)
    _spelled: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str, str | None], Schema | None] = field(default_factory=dict)
    """By the names and the version of events."""

    @staticmethod
    def read(folder: Path | None) -> SchemaFolder:
        """All `*.json` and `*.jsonschema` below `folder`; an empty one for None. Raises SchemaInvalid for no folder."""
        if folder is None:
            return SchemaFolder()
        if not folder.is_dir():
            raise SchemaInvalid(f"{folder} is not a folder of JSON Schemas (EVENT_SCHEMAS)")
        found = sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".jsonschema") and path.is_file())
        read, problems = {}, {}
        for path in found[:MAX_SCHEMAS]:
            relative = path.relative_to(folder).as_posix()
            try:
                read[relative] = _decoded(path)
            except SchemaInvalid as invalid:
                problems[relative] = str(invalid)
        return SchemaFolder.of(read, problems)

    @staticmethod
    def of(documents: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> SchemaFolder:
        """From documents by their path below the folder."""
        folder = SchemaFolder(problems=dict(problems or {}))
        usual = common_dialect([document for document in documents.values() if isinstance(document, Mapping)])
        for path, document in documents.items():
            folder._add(path, document, usual)
        return folder

    def _add(self, path: str, document: Any, usual: str) -> None:
        if not isinstance(document, Mapping):
            self.problems[path] = "not a JSON object"
            return
        dialect = dialect_of(document) or usual
        key = "id" if dialect == DRAFT4 and "$id" not in document else "$id"
        written = document.get(key)
        uri = urldefrag(urljoin(ROOT, written if isinstance(written, str) else path))[0]
        ready = {**document, "$schema": dialect, key: uri}
        names = list(names_of(document, path)) or [(plain_name(path), None)]
        schema = Schema(path, names[0][0], names[0][1], ready, dialect, uri, Outline.of(document))
        self.schemas.append(schema)
        for name, version in names:
            known = self._named.setdefault(name, [])
            if schema not in known:
                known.append(schema)
                schema.version = schema.version or version
        self._resources[uri] = ready
        self._resources.setdefault(urljoin(ROOT, path), ready)
        self._tails.setdefault(path.rsplit("/", 1)[-1], ready)

    def __len__(self) -> int:
        return len(self.schemas)

    def find(self, event: Event) -> Schema | None:
        """The schema of an event: the one that it names, else by type and version, else the one that it resembles."""
        if event.schema is not None:
            uri = urldefrag(event.schema)[0]
            for schema in self.schemas:
                if schema.uri == uri:
                    return schema
        asked = event.name, event.type, event.version
        if asked in self._found:
            return self._found[asked]
        for name in dict.fromkeys((event.name, event.type)):
            if known := self._named.get(self._plain(name)):
                found = _of_version(known, event.version)
                if len(self._found) < MAX_SCHEMAS:
                    self._found[asked] = found
                return found
        if event.type and event.envelope != "github":
            return None
        return closest(self.schemas, event.whole, unknown=not event.type)

    def _plain(self, name: str) -> str:
        """`plain_name`, looked up: a stream has few names."""
        known = self._spelled.get(name)
        if known is None:
            known = plain_name(name)
            if len(self._spelled) < MAX_SCHEMAS:
                self._spelled[name] = known
        return known

    def check(self, event: Event) -> list[Violation] | None:
        """What is wrong with an event; None where the folder has no schema for it."""
        schema = self.find(event)
        if schema is None:
            return self._unknown_action(event)
        validator = self._compiled(schema)
        if validator is None:
            return None
        value = event.whole if schema.outline.is_of_whole(event.data is event.whole) else event.data
        return validator.violations(value, schema.name, schema.version)

    def _unknown_action(self, event: Event) -> list[Violation] | None:
        """A type that has a schema for each of its actions, and none for this one."""
        family = plain_name(event.type)
        if not family or event.envelope not in ("github", "delivery", "unnamed"):
            return None
        if not any(name.startswith(f"{family}.") for name in self._named):
            return None
        return [Violation(family, None, "/action", "enum" if event.action else "required")]

    def _compiled(self, schema: Schema) -> Validator | None:
        if schema.validator is None and schema.fault is None:
            try:
                schema.validator = Validator(
                    schema.document, schema.dialect, self._lookup, formats=True, base_uri=schema.uri
                )
            except SchemaInvalid as invalid:
                schema.fault = self.problems[schema.path] = str(invalid)
        return schema.validator

    def compile_all(self) -> None:
        """Find what cannot be compiled now; it is then among `problems`."""
        for schema in self.schemas:
            self._compiled(schema)

    def _lookup(self, uri: str) -> Any:
        """A document of the folder by its URI or, as a last resort, by its file name."""
        place = urldefrag(uri)[0]
        found = self._resources.get(place)
        if found is None:
            found = self._tails.get(place.rsplit("/", 1)[-1])
        if found is None:
            raise ValueError(f"{uri} is not in the folder, and nothing is fetched")
        return found


def _decoded(path: Path) -> Any:
    data = path.read_bytes()
    if len(data) > MAX_SCHEMA_BYTES or exceeds_depth(data, MAX_SCHEMA_DEPTH):
        raise SchemaInvalid("too large or too deep")
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise SchemaInvalid("not JSON") from None


def _of_version(known: list[Schema], version: str | None) -> Schema | None:
    """That version; of one that is given in part (`2`) the latest; of none the latest. None when it is not there."""
    if version is None:
        return max(known, key=lambda schema: _numbers(schema.version))
    asked = _numbers(version)
    fits = [schema for schema in known if _numbers(schema.version)[: len(asked)] == asked]
    if not fits:
        fits = [schema for schema in known if schema.version is None]
    return max(fits, key=lambda schema: _numbers(schema.version)) if fits else None


def _numbers(version: str | None) -> tuple[int, ...]:
    return tuple(int(number[:9]) for number in _NUMBERS.findall(version or ""))
