"""What a rule finds depends on: its row in the table, and how its kind decides."""

from __future__ import annotations

import hashlib
from dataclasses import astuple

from signal_pipeline.event_rules.kinds import KINDS_VERSION
from signal_pipeline.event_rules.rule import Rule


def digest_of(rule: Rule) -> str:
    """Equal for rules that find the same in the same events."""
    return hashlib.sha256(repr((KINDS_VERSION, astuple(rule))).encode()).hexdigest()[:32]
