"""Colours that can be read, codes that have words, texts that cannot end their element."""

from __future__ import annotations

import re

import pytest

from signal_pipeline.errors import PartialReason, RejectionCode
from signal_pipeline.pages.environment import own_text, policy
from signal_pipeline.pages.wording import READ_IN_PART, REFUSED, reason_in_words

LIGHT, DARK = (
    dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", own_text("report.css"), re.DOTALL)
)
TEXT = ("ink", "soft", "accent", "critical", "high", "medium", "low", "good")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", TEXT)
def test_text_stands_out_from_its_ground(scheme: dict[str, str], name: str) -> None:
    for ground in ("paper", "raised", "mark"):
        lighter, darker = sorted((luminance(scheme[name]), luminance(scheme[ground])), reverse=True)
        if (name, ground) not in {("accent", "mark"), ("low", "mark")}:
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (name, ground)


def test_every_code_has_words() -> None:
    assert set(REFUSED) == set(RejectionCode) and set(READ_IN_PART) == set(PartialReason)
    assert reason_in_words("not_har").startswith("The file is not a HAR")
    assert reason_in_words("some_new_code") == "some new code"


def test_the_policy_allows_nothing_but_our_own_texts() -> None:
    text = policy(styles=["report.css"], scripts=["report.js"])
    assert text.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in text and "http" not in text and "*" not in text
