"""Refusals that are steps of a login: a token that was renewed, and the rounds of NTLM, Negotiate and Digest."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.parsing.har.facts import Facts

_ASKED_AGAIN = (401, 407, 419, 440, 498)
_ROUNDS = ("ntlm", "negotiate", "kerberos", "digest")


def note_logins(exchanges: Sequence[Facts]) -> None:
    """Flags `renewed` where the same request passed later, and `handshake` for a round that another one follows."""
    passed: set[str] = set()
    asked: set[str] = set()
    for one in reversed(exchanges):
        address = _address(one)
        status = one.status or 0
        if 200 <= status < 400:
            passed.add(address)
        elif status in _ASKED_AGAIN:
            scheme = (one.around.challenge or "").strip().partition(" ")[0]
            is_round = scheme.lower().rstrip(",") in _ROUNDS and (address in asked or address in passed)
            if is_round:
                one.flags.append("handshake")
            elif address in passed:
                one.flags.append("renewed")
        asked.add(address)


def _address(one: Facts) -> str:
    return f"{one.method} {(one.url or '').partition('?')[0]}"
