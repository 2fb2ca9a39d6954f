"""What a cluster says of itself."""

import pytest

from signal_pipeline.clustering.describe import (
    MAX_NAME_CHARS,
    cluster_name,
    differing_tokens,
    shared_template,
)


@pytest.mark.parametrize(
    ("templates", "shared"),
    [
        (["connection refused"], "connection refused"),
        (["user anna not found", "user bert not found"], "user <*> not found"),
        (["a b c d", "a x c y", "a q r c z"], "a <*> c <*>"),
        (["wholly other", "nothing alike"], "<*>"),
        (["", ""], ""),
        (["disk full on sda", "disk full"], "disk full <*>"),
    ],
)
def test_shared_template(templates: list[str], shared: str) -> None:
    assert shared_template(templates) == shared


def test_differing_tokens_are_those_in_the_gaps() -> None:
    assert differing_tokens("user <*> not found", "user anna not found") == ["anna"]
    assert differing_tokens("user not found", "user not found") == []


def test_a_name_is_one_short_line() -> None:
    assert cluster_name("a\n  b\tc") == "a b c"
    long = cluster_name("word " * 100)
    assert len(long) == MAX_NAME_CHARS
    assert long.endswith("…")
