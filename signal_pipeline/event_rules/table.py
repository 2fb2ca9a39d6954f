"""The table of rules: a TOML file, one [[rule]] for each, checked as a whole before any of it is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from signal_pipeline.errors import RulesInvalid
from signal_pipeline.event_rules.kinds import KIND
from signal_pipeline.event_rules.rule import SECOND, VALUE_SCALE, Rule
from signal_pipeline.schemas import SEVERITIES

SHIPPED = Path(__file__).with_name("rules.toml")
MAX_RULES = 1_000
MAX_HISTORY = 1_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_DURATION = re.compile(r"([1-9][0-9]{0,6})\s*(s|m|h|d)")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_COMMON = ("name", "kind", "entity", "severity", "types")
_KNOWN = (*_COMMON, "then", "final", "within", "window", "history", "value", "same", "least", "most", "min", "max",
          "deviations", "times")  # fmt: skip


def read_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a file; those that are shipped for None. RulesInvalid names the row that cannot work."""
    path = path or SHIPPED
    try:
        return rules_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesInvalid(f"{path} (EVENT_RULES) is not a table of rules in TOML: {type(error).__name__}") from None


def rules_of(table: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of a decoded table."""
    rows = table.get("rule", [])
    if not isinstance(rows, list) or set(table) - {"rule"} or len(rows) > MAX_RULES:
        raise RulesInvalid("a table of rules holds [[rule]] rows and nothing else")
    rules = tuple(_rule(row, number) for number, row in enumerate(rows, 1))
    names = [rule.name for rule in rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RulesInvalid(f"two rules are called {min(twice)}")
    return rules


def _rule(row: Any, number: int) -> Rule:
    if not isinstance(row, dict):
        raise RulesInvalid(f"rule {number} is not a [[rule]] row")
    where = f"rule {number} ({row.get('name', 'without a name')})"
    name, kind = row.get("name"), KIND.get(str(row.get("kind")))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RulesInvalid(f"{where}: name is lower-case letters, digits and _")
    if name == "schema":
        raise RulesInvalid(f"{where}: schema is what violations are called; choose another name")
    if kind is None:
        raise RulesInvalid(f"{where}: kind is one of {', '.join(KIND)}")
    if unknown := set(row) - set(_KNOWN):
        raise RulesInvalid(f"{where}: {min(unknown)} is not known")
    if missing := [field for field in kind.needs if field not in row]:
        raise RulesInvalid(f"{where}: {kind.name} needs {missing[0]}")
    if kind.name == "range" and "min" not in row and "max" not in row:
        raise RulesInvalid(f"{where}: range needs min or max")
    if kind.name == "burst" and "most" not in row and not {"times", "history", "least"} <= set(row):
        raise RulesInvalid(f"{where}: burst needs most, or times with history and least")
    severity = row.get("severity", "medium")
    if severity not in SEVERITIES:
        raise RulesInvalid(f"{where}: severity is one of {', '.join(SEVERITIES)}")
    history = row.get("history", 0)
    return Rule(
        name=name,
        kind=kind.name,
        entity=_text(row, "entity", where) or "source",
        severity=severity,
        types=_texts(row, "types", where),
        then=_texts(row, "then", where),
        final=_texts(row, "final", where),
        within=_duration(row, "within", where),
        window=_duration(row, "window", where),
        history=_whole(row, "history", where, MAX_HISTORY)
        if isinstance(history, int)
        else _duration(row, "history", where),
        value=_text(row, "value", where),
        same=_texts(row, "same", where),
        least=_whole(row, "least", where, 10**6),
        most=_whole(row, "most", where, 10**6) if "most" in row else None,
        low=_scaled(row, "min", where),
        high=_scaled(row, "max", where),
        factor=round(1000 * _number(row, "deviations" if kind.name == "history" else "times", where)),
    )


def _texts(row: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    value = row.get(field, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RulesInvalid(f"{where}: {field} is a text or a list of texts")
    return tuple(value)


def _text(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field, "")
    if not isinstance(value, str):
        raise RulesInvalid(f"{where}: {field} is a text")
    return value


def _duration(row: dict[str, Any], field: str, where: str) -> int:
    value = row.get(field)
    if value is None:
        return 0
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise RulesInvalid(f"{where}: {field} is a duration such as 30s, 15m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2]] * SECOND


def _whole(row: dict[str, Any], field: str, where: str, most: int) -> int:
    value = row.get(field, 0)
    if type(value) is not int or not 0 <= value <= most:
        raise RulesInvalid(f"{where}: {field} is a whole number from 0 to {most}")
    return value


def _number(row: dict[str, Any], field: str, where: str) -> float:
    value = row.get(field, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10**6:
        raise RulesInvalid(f"{where}: {field} is a number from 0 to 1000000")
    return float(value)


def _scaled(row: dict[str, Any], field: str, where: str) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**12:
        raise RulesInvalid(f"{where}: {field} is a number")
    return round(value * VALUE_SCALE)
