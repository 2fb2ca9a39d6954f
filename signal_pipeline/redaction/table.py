"""The ordered table of redaction rules and its version. Order matters: the specific before the general.

Changelog
    2026.1  first table
    2026.2  mailgun keys by their prefix alone; the gate sees "session id: x" and "session id is x"
    2026.3  forms that stay (`rules.kept`): names of units, pods and files, versions, traces, checksums, counts
    2026.4  addresses are numbered; those of the own host, masks and shared folders stay
"""

from __future__ import annotations

from signal_pipeline.redaction.rules import blobs, credentials, named_secrets, personal, prose, vendor_keys
from signal_pipeline.redaction.rules.rule import Rule

VERSION = "2026.4"

RULES: tuple[Rule, ...] = (
    *credentials.RULES[:4],
    *personal.PLAIN_RULES,
    *named_secrets.HEADER_RULES,
    *credentials.RULES[4:],
    *named_secrets.VALUE_RULES,
    *prose.RULES,
    *vendor_keys.RULES,
    *personal.RULES,
    *blobs.RULES,
)
