"""Resources that a process runs out of, as programs write it."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.exhaustion import EXHAUSTIONS, Exhaustion, exhausted_resource
from signal_pipeline.causes.statements import normalised


@pytest.mark.parametrize("row", EXHAUSTIONS, ids=lambda row: row.resource)
def test_the_example_of_each_resource_is_recognised(row: Exhaustion) -> None:
    assert exhausted_resource(normalised(row.example)) == row.resource


@pytest.mark.parametrize(
    "text", ["disk is 91 % full", "opened 12 files", "memory: 512 MB free", "too many items in cart"]
)
def test_a_resource_that_is_only_named_is_not_used_up(text: str) -> None:
    assert exhausted_resource(normalised(text)) is None
