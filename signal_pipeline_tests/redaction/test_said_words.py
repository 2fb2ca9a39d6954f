"""What follows "the password is": said of it, or the password itself."""

from __future__ import annotations

import random
import string

import pytest

from signal_pipeline.redaction.words import is_said, is_said_secret

SAID = (
    "required", "expired", "wrong", "incorrect", "encrypted", "automatically", "rejected", "mismatching",
    "unsuccessfully", "hardcoded", "deprecated", "temporarily", "misconfigured", "synchronized", "reversible",
    "meaningless", "********",
)  # fmt: skip
SECRET = ("xkqvbzwted", "hjdkqwping", "s3cretly9", "Tr0ub4dor&3")


@pytest.mark.parametrize("word", SAID)
def test_a_word_of_a_sentence_is_said(word: str) -> None:
    assert is_said(word)


@pytest.mark.parametrize("word", SECRET)
def test_letters_of_chance_are_no_word_for_their_ending(word: str) -> None:
    assert is_said_secret(word)


def test_most_random_letters_with_the_ending_of_a_word_are_secrets() -> None:
    rng = random.Random(7)
    words = [
        "".join(rng.choices(string.ascii_lowercase, k=rng.randint(6, 12))) + rng.choice(("ly", "ed", "ing", "able"))
        for _ in range(2_000)
    ]
    assert sum(map(is_said_secret, words)) > 0.9 * len(words)
