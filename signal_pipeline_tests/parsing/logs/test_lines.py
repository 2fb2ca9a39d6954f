"""Lines read natively are the lines that are read by hand."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.parsing.logs import lines
from signal_pipeline.parsing.logs.lines import Lines, split_lines

PIECES = st.sampled_from(
    [b"a 1", b"\n", b"\n\n", b"\r", b"\r\n", b"\xff", b"\xc3\xa9", b"\x1b[1m", b"\x00", b"\xef\xbb\xbf", b"\x85"]
)


def from_zero_and_never(bound: str, data: bytes) -> list[Lines]:
    """The lines of `data` when all texts are above the bound, and when all are below."""
    found = []
    for worth in (0, 1 << 30):
        with patch.object(lines, bound, worth):
            found.append(split_lines(data, 0, 1, "utf-8", 100))
    return found


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map(b"".join))
def test_both_ways_of_reading_agree(data: bytes) -> None:
    native, by_hand = from_zero_and_never("_WORTH_THE_READER", data)
    assert native.text.to_list() == by_hand.text.to_list()
    assert native.replaced == by_hand.replaced
    assert native.offset.tolist() == by_hand.offset.tolist() and native.length.tolist() == by_hand.length.tolist()


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map(b"".join))
def test_short_texts_are_split_as_long_ones(data: bytes) -> None:
    as_long, as_short = from_zero_and_never("_WORTH_A_SPLIT", data)
    assert as_long.text.equals(as_short.text, check_dtypes=True, check_names=True)


@pytest.mark.parametrize("data", [b"one\ntwo", b"one\ntwo\n", b"\n", b"a\n\n"])
def test_plain_text_is_read_natively(data: bytes) -> None:
    count = len(data.removesuffix(b"\n").split(b"\n"))
    with patch.object(lines, "_WORTH_THE_READER", 0):
        assert lines._plain_lines(data, count) is not None
