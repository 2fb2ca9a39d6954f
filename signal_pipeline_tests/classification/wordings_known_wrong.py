"""Lines of logs that are judged wrongly today, each with the reason."""

from __future__ import annotations

KNOWN_WRONG: tuple[tuple[str, bool, str], ...] = (
    # line, whether it is an error today, why that is wrong
    ("INFO: task java:123 blocked for more than 120 seconds.", False, "the kernel calls a hang INFO"),
    (
        "Connection closed by authenticating user root 1.2.3.4 port 22 [preauth]",
        False,
        "a guessed password that was given up",
    ),
    ("rejecting is disabled", True, "a setting"),
    ("corrupt check: none found", True, "nothing was found"),
    ("crash course in Rust", True, "a title"),
)
