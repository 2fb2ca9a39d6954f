"""Pairs of messages that are judged wrongly today, each with the reason."""

from __future__ import annotations

KNOWN_WRONG: tuple[tuple[str, str, bool, str], ...] = (
    # one message, another, whether they are one error today, why
    (
        "no such sku=AB-1234-XY",
        "no such sku=CD-9988-ZZ",
        False,
        "looks like a code with a vendor's letters (ORA-00942)",
    ),
    ("GPU Xid 79 seen", "GPU Xid 31 seen", True, "in databases and DHCP a xid is the number of a transaction"),
    (
        "no cart of bob here",
        "no cart of eve here",
        False,
        "a name in the text: the batch step sees it, a signature may not",
    ),
)
