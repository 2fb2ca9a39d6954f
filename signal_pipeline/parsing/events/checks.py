"""The schemas and rules that events are checked against, read again when their files have changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from signal_pipeline.event_rules.rule import Rule
from signal_pipeline.event_rules.table import SHIPPED, read_rules
from signal_pipeline.parsing.events.schemas.folder import SchemaFolder

SHIPPED_SCHEMAS = Path(__file__).parent / "shop_schemas"


@dataclass(frozen=True)
class EventChecks:
    """`asked` are the fields that the rules need."""

    schemas: SchemaFolder
    rules: tuple[Rule, ...]
    asked: tuple[str, ...]


_read: dict[tuple[str, str], tuple[tuple[float, ...], EventChecks]] = {}


def event_checks(schemas: str | None = None, rules: str | None = None) -> EventChecks:
    """For a folder of schemas and a table of rules; the shipped ones for None. Raises SchemaInvalid, RulesInvalid."""
    folder, table = Path(schemas or SHIPPED_SCHEMAS), Path(rules or SHIPPED)
    key = (str(folder), str(table))
    state = _state(folder, table)
    known = _read.get(key)
    if known is None or known[0] != state:
        found = read_rules(table)
        asked = tuple(dict.fromkeys(path for rule in found for path in rule.fields))
        known = _read[key] = (state, EventChecks(SchemaFolder.read(folder), found, asked))
    return known[1]


def _state(folder: Path, table: Path) -> tuple[float, ...]:
    times = [path.stat().st_mtime for path in sorted(folder.rglob("*.json"))] if folder.is_dir() else []
    return (*times, table.stat().st_mtime if table.is_file() else 0.0)
