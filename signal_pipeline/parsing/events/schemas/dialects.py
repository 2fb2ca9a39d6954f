"""Which dialect of JSON Schema a document is written in. Nothing is fetched to find out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

DRAFT4 = "http://json-schema.org/draft-04/schema"
DRAFT6 = "http://json-schema.org/draft-06/schema"
DRAFT7 = "http://json-schema.org/draft-07/schema"
DRAFT2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT2020 = "https://json-schema.org/draft/2020-12/schema"

# The first row that the text after the scheme begins with.
DIALECTS: tuple[tuple[str, str], ...] = (
    ("json-schema.org/draft-03/", DRAFT4),
    ("json-schema.org/draft-04/", DRAFT4),
    ("json-schema.org/draft-06/", DRAFT6),
    ("json-schema.org/draft-07/", DRAFT7),
    ("json-schema.org/draft/2019-09/", DRAFT2019),
    ("json-schema.org/draft/2020-12/", DRAFT2020),
    ("iglucentral.com/schemas/com.snowplowanalytics.self-desc/", DRAFT4),
    ("json-schema.org/", DRAFT7),
)


def dialect_of(schema: Mapping[str, Any]) -> str | None:
    """The dialect that a schema names; None when it names none, or one that is not known."""
    named = schema.get("$schema")
    if not isinstance(named, str):
        return None
    place = named.split("://", 1)[-1].removeprefix("www.")
    return next((dialect for prefix, dialect in DIALECTS if place.startswith(prefix)), None)


def common_dialect(schemas: Iterable[Mapping[str, Any]]) -> str:
    """What a schema is written in that names no dialect: what most of its folder is in. A part that others refer to
    often names none, and read in another dialect than they are it means something else."""
    counted = Counter(dialect for schema in schemas if (dialect := dialect_of(schema)) is not None)
    return counted.most_common(1)[0][0] if counted else DRAFT2020
