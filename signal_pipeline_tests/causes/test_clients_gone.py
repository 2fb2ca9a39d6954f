"""Texts about clients that did not wait, and texts that only look so."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.clients_gone import GONE_WORDINGS, says_the_client_left
from signal_pipeline.causes.phrase import Phrase


@pytest.mark.parametrize("wording", GONE_WORDINGS, ids=lambda wording: wording.name)
def test_the_example_of_each_wording_is_recognised(wording: Phrase) -> None:
    assert says_the_client_left(wording.example)


@pytest.mark.parametrize("text", ["the client sent no token", "client connected", "BrokenPipeError: broken pipe"])
def test_a_client_that_is_there_has_not_left(text: str) -> None:
    assert not says_the_client_left(text)
