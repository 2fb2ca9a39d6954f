"""What spares patterns a text spares none that would have matched: triggers, needs, plans, values of large patterns.

The reference asks every row of every text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from signal_pipeline.redaction.compiled_rows import Row, compiled
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.redaction.rules.rule import BORDER, Rule
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import RULES
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data
from signal_pipeline_tests.redaction.canaries import planted_lines, secrets_alone
from signal_pipeline_tests.redaction.harmless import HARMLESS
from signal_pipeline_tests.redaction.mandatory_characters import mandatory
from signal_pipeline_tests.redaction.planted.plant import planted

EXAMPLES = [example for rule in RULES for example in (*rule.positives, *rule.negatives)]
GENERATED = [
    *EXAMPLES,
    *(text for _, text, _ in HARMLESS),
    *[row.text for row in planted(11)][::3],
    *planted_lines(12)[0][::3],
    *secrets_alone(13, 100),
]
KEY = Redactor(b"a key for tests")


class EveryRow:
    """A plan that leaves nothing out, and finds the beginnings of keys by asking each row at each place."""

    def leading(self, data: bytes) -> dict[int, int]:
        found: dict[int, int] = {}
        low = data.lower()
        for number, rule in enumerate(RULES):
            for literal in map(str.encode, rule.begins):
                start = low.find(literal)
                while start != -1:
                    if not data[start - 1 : start].isalnum():
                        found[start] = found.get(start, 0) | 1 << number
                    start = low.find(literal, start + len(literal))
        return dict(sorted(found.items()))

    def rows(self, data: bytes) -> int:
        return sum(1 << n for n, rule in enumerate(RULES) if _matches(rule, data))


def _matches(rule: Rule, data: bytes) -> bool:
    patterns = (rule.pattern, rule.gate) if rule.gate else (rule.pattern,)
    return all(compiled(pattern).search(data) is not None for pattern in patterns)


def _scanner() -> tuple[Scanner, Counter[str]]:
    counts: Counter[str] = Counter()
    return Scanner(counts, KEY._pseudonym), counts


def _asking_everything() -> tuple[Scanner, Counter[str]]:
    scanner, counts = _scanner()
    scanner._plans = EveryRow()  # type: ignore[assignment]
    return scanner, counts


def _close(texts: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each text, and what an exact scan and the reference make of it. Each is scanned three times, since the second
    and the third time its plan is remembered."""
    (scanner, counts), (reference, expected) = _scanner(), _asking_everything()
    for text in texts:
        wanted = reference.close(text)
        for _ in range(3):
            before = dict(counts)
            yield text, scanner.close(text), wanted
            grown = {
                rule: count - before.get(rule, 0) for rule, count in counts.items() if count != before.get(rule, 0)
            }
        assert grown == dict(expected), text
        expected.clear()


@pytest.mark.slow
def test_generated_texts_become_what_asking_every_row_makes_of_them() -> None:
    assert [(text, found, wanted) for text, found, wanted in _close(GENERATED) if found != wanted] == []


@needs_real_data
@pytest.mark.real_data
def test_real_lines_become_what_asking_every_row_makes_of_them() -> None:
    files = [path for folder in ("logs", "field") for path in sorted((REAL_DATA / folder).rglob("*.log"))]
    lines = {line for path in files for line in path.read_text(errors="replace").splitlines()[:200:20]}
    assert len(lines) > 300
    assert [(text, found, wanted) for text, found, wanted in _close(sorted(lines)) if found != wanted] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.needs], ids=lambda rule: rule.name)
def test_every_match_holds_the_characters_that_a_rule_needs(rule: Rule) -> None:
    held = mandatory(rule.pattern)
    for need in rule.needs:
        assert any(characters <= set(need) for characters in held), need


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.value], ids=lambda rule: rule.name)
def test_the_small_pattern_finds_the_value_that_the_large_one_has(rule: Rule) -> None:
    whole, row = compiled(rule.pattern), Row(rule)
    group = whole.groupindex[b"v"]
    for text in GENERATED:
        data = text.encode()
        assert [found[1:] for found in row.matches(data)] == [match.span(group) for match in whole.finditer(data)], text


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.begins], ids=lambda rule: rule.name)
def test_rules_with_beginnings_are_a_border_and_a_value(rule: Rule) -> None:
    assert rule.pattern.startswith(f"{BORDER}(?P<v>") and rule.pattern.endswith(")")
    assert rule.check is rule.parts is rule.kept is rule.not_after is None and not rule.pseudonym
