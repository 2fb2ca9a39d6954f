"""What `doctor` says about schemas and rules of business events of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from signal_pipeline.local.checkup import _event_findings
from signal_pipeline.settings import Settings

RULE = '[[rule]]\nname = "slow"\nkind = "stalled"\nentity = "id"\ntypes = ["a.*"]\nfinal = ["a.b"]\nwithin = "1h"\n'


def told(settings: Settings, folder: Path, schema: str | None, rules: str | None) -> list[str]:
    given = {}
    if schema is not None:
        (folder / "schemas").mkdir()
        (folder / "schemas" / "a.b.schema.json").write_text(schema, encoding="utf-8")
        given["event_schemas"] = folder / "schemas"
    if rules is not None:
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
        given["event_rules"] = folder / "rules.toml"
    found = _event_findings(settings.model_copy(update=given))
    return [f"{one.state} {one.detail}" for one in found]


@pytest.mark.parametrize(
    ("schema", "rules", "said"),
    [
        (None, None, None),
        ('{"type": "object"}', RULE + 'severity = "low"\n', "1 schema, 1 rule"),
        ('{"type": "object"', None, "a.b.schema.json: not JSON"),
        ('{"type": 3}', None, "a.b.schema.json: "),
        (None, RULE.replace("stalled", "gone"), "slow"),
        (None, "[[rule", "is not a table of rules"),
    ],
    ids=["shipped", "both", "torn schema", "wrong schema", "wrong rule", "torn rules"],
)
def test_what_is_wrong_is_named(
    settings: Settings, tmp_path: Path, schema: str | None, rules: str | None, said: str | None
) -> None:
    found = told(settings, tmp_path, schema, rules)
    assert found == [] if said is None else said in found[0]
