"""The outline finds the same entries however the stream is cut into blocks, and agrees with a whole-file parser."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.limits import DEFAULT_LIMITS
from signal_pipeline.parsing.har.outline import Found, HarOutline
from signal_pipeline.parsing.har.utf8_blocks import json_encoding
from signal_pipeline.parsing.json_depth import BracketScanner, exceeds_depth, hold_back_escape

TEXT = st.text(alphabet=st.sampled_from('ab"\\/[]{}:, \n\u00e9\U0001f600'), max_size=12)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries({"request": VALUE, "x": VALUE})
HAR = st.fixed_dictionaries(
    {"log": st.fixed_dictionaries({"a": VALUE, "pages": VALUE, "entries": st.lists(ENTRY, max_size=4), "z": VALUE})}
)


def _found(data: bytes, sizes: list[int]) -> tuple[list[Any], HarOutline]:
    """The entries that the outline finds in `data`, cut into blocks of the given sizes over and over."""
    outline = HarOutline(DEFAULT_LIMITS)
    entries, held, stream, turn = [], b"", io.BytesIO(data), 0
    while block := stream.read(sizes[turn % len(sizes)]):
        block, held = hold_back_escape(held + block)
        turn += 1
        findings = list(outline.feed(block)) if block else []
        for found in findings:
            if found.what is Found.ENTRY:
                entry = json.loads(data[found.offset : found.offset + found.length])
                # A member that nobody reads may be left out when it goes beyond a block.
                assert json.loads(found.raw) in (entry, {**entry, "x": 0})
                entries.append(entry)
    return entries, outline


@settings(max_examples=100, deadline=None)
@given(
    document=HAR,
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_any_cut_gives_the_entries_that_json_gives(
    document: dict[str, Any], sizes: list[int], ascii_only: bool, indent: int | None
) -> None:
    data = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    entries, outline = _found(data, sizes)
    assert entries == document["log"]["entries"]
    assert not outline.unfinished
    document["log"]["entries"] = [0] * len(entries)
    assert json.loads(outline.skeleton) == document


@settings(max_examples=100, deadline=None)
@given(value=VALUE)
def test_depth_agrees_with_the_value(value: Any) -> None:
    def depth(item: Any) -> int:
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    data = json.dumps(value).encode()
    assert exceeds_depth(data, depth(value)) is False
    assert depth(value) == 0 or exceeds_depth(data, depth(value) - 1) is True
    scanner = BracketScanner()
    levels = scanner.scan(data).levels
    assert scanner.depth == 0
    assert int(np.max(levels, initial=0)) == depth(value)


ENCODINGS = [
    ("utf-8", "utf-8"),
    ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"),
    ("utf-32-le", "utf-32-le"),
    ("utf-32-be", "utf-32-be"),
    ("utf-16", "utf-16"),
    ("utf-32", "utf-32"),
    ("utf-8-sig", "utf-8"),
]


@pytest.mark.parametrize(("written", "expected"), ENCODINGS)
@pytest.mark.parametrize("text", ["{}", '{"log": 1}', "[1]"])
def test_encoding_is_told_by_the_first_bytes(written: str, expected: str, text: str) -> None:
    assert json_encoding(text.encode(written)) == expected
