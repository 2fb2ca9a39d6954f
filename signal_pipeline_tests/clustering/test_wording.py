"""Which templates are one wording with different values, and which are not."""

from __future__ import annotations

import pytest

from signal_pipeline.clustering.wording import wordings

SAME = [
    ("no route to [10, 11]", "no route to [10, 11, 12, 13]"),
    ("missing fields (name, email)", "missing fields (name, email, phone)"),
    ("rows <NUM>, <NUM> are broken", "rows <NUM>, <NUM>, <NUM>, <NUM> are broken"),
    ("rows <NUM>, <NUM> are broken", "rows <NUM> are broken"),
    ("cannot lock a.txt, b.txt, c.txt", "cannot lock a.txt, b.txt, c.txt, d.txt, e.txt"),
    ("user anna was not found", "user bert was not found"),
]
OTHER = [
    ("connection lost, retrying", "connection refused, aborting"),
    ("VM Started (Lifecycle Event)", "VM Stopped (Lifecycle Event)"),
    ("GET /users/{id} -> 500", "GET /orders/{id} -> 500"),
    ("GET /users/{id} -> 500", "GET /users/{id} -> 404"),
    ("failure in lexer.cc, line <NUM>", "failure in parser.cc, line <NUM>"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_wording(one: str, other: str) -> None:
    found = wordings([one, other])
    assert found[0] == found[1]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_wordings(one: str, other: str) -> None:
    found = wordings([one, other])
    assert found[0] != found[1]


def test_the_order_plays_no_part() -> None:
    templates = [text for pair in (*SAME, *OTHER) for text in pair]
    assert wordings(templates[::-1]) == wordings(templates)[::-1]
