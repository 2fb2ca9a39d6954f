"""How hard the index looks, by how many signatures there are. That it finds them: catalog/test_placement.py."""

import pytest

from signal_pipeline.storage.neighbours import EF_FOR, EF_SEARCH, MOST_CANDIDATES, candidates_for


@pytest.mark.parametrize(
    ("signatures", "candidates"),
    [
        (-1, EF_SEARCH),
        (0, EF_SEARCH),
        (EF_FOR, EF_SEARCH),
        (4 * EF_FOR, 2 * EF_SEARCH),
        (1_000_000, 849),
        (50_000_000, MOST_CANDIDATES),
    ],
)
def test_more_candidates_among_more_signatures(signatures: float, candidates: int) -> None:
    assert candidates_for(signatures) == candidates
