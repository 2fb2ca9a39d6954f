"""One compiled JSON Schema: whether a value is valid, and what is wrong where it is not. The work is jsonschema-rs'."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from signal_pipeline.errors import SchemaInvalid
from signal_pipeline.parsing.events.schemas.dialects import DRAFT4, DRAFT6, DRAFT7, DRAFT2019, DRAFT2020
from signal_pipeline.parsing.events.schemas.formats import is_taken
from signal_pipeline.parsing.events.schemas.violation import Violation, pointer_of

MAX_VIOLATIONS = 20
"""Of one event; more of them say no more about it."""
MAX_EXPECTED_CHARS = 80

Resources = Mapping[str, Any]


def never(uri: str) -> Any:
    """No reference leaves the folder: a schema decides what is fetched, and others write schemas."""
    raise ValueError(f"no schema {uri} in the folder")


class Validator:
    """`schema` in `dialect`; `lookup` finds the documents that it refers to by URI. `formats`: `format` is checked, and
    not only noted, in every dialect; None leaves it to the dialect. Raises SchemaInvalid."""

    def __init__(
        self,
        schema: Any,
        dialect: str = DRAFT2020,
        lookup: Callable[[str], Any] = never,
        *,
        formats: bool | None = None,
        base_uri: str | None = None,
    ) -> None:
        import jsonschema_rs

        made = {
            DRAFT4: jsonschema_rs.Draft4Validator,
            DRAFT6: jsonschema_rs.Draft6Validator,
            DRAFT7: jsonschema_rs.Draft7Validator,
            DRAFT2019: jsonschema_rs.Draft201909Validator,
            DRAFT2020: jsonschema_rs.Draft202012Validator,
        }[dialect]
        # Linear time whatever the pattern; schemas and events both come from outside. What the linear engine does not
        # know (look-around) is refused with a bound on its steps.
        options = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
        try:
            self._compiled = made(
                schema, validate_formats=formats, retriever=lookup, base_uri=base_uri, pattern_options=options
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise SchemaInvalid(str(error).partition("\n")[0][:300]) from None

    def is_valid(self, value: Any) -> bool:
        """Strictly; `violations` also takes what `formats.py` lists."""
        return bool(self._compiled.is_valid(value))

    def violations(self, value: Any, name: str, version: str | None = None) -> list[Violation]:
        """What is wrong, at most MAX_VIOLATIONS; empty for a valid value. `value` must be of bounded depth."""
        if self._compiled.is_valid(value):
            return []
        found: dict[tuple[str, str], Violation] = {}
        for error in self._compiled.iter_errors(value):
            for field, keyword, expected in _parts(error):
                found.setdefault((field, keyword), Violation(name, version, field, keyword, expected))
            if len(found) >= MAX_VIOLATIONS:
                break
        return list(found.values())


def _parts(error: Any) -> Iterator[tuple[str, str, str | None]]:
    """(field, keyword, expected) of one error; more than one where it names several properties."""
    path = list(error.instance_path)
    kind = error.kind.as_dict()
    keyword = str(error.kind.name)
    names = kind.get("unexpected") if keyword in ("additionalProperties", "unevaluatedProperties") else None
    if keyword == "required":
        names = [kind.get("property")]
    if names:
        yield from ((pointer_of([*path, name]), keyword, None) for name in names[:MAX_VIOLATIONS])
        return
    if keyword == "format" and is_taken(str(kind.get("format")), error.instance):
        return
    yield pointer_of(path), keyword, _expected(keyword, kind)


_LIMITS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}


def _expected(keyword: str, kind: Mapping[str, Any]) -> str | None:
    value = next(
        (
            kind[key]
            for key in ("types", "type", "format", "limit", "options", "expected_value", "pattern")
            if key in kind
        ),
        None,
    )
    if value is None:
        return None
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return f"{_LIMITS[keyword]} {text}" if keyword in _LIMITS else text[:MAX_EXPECTED_CHARS]
