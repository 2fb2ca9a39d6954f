"""Refusals that a client answers by itself: a token that was renewed, the rounds of NTLM, Negotiate and Digest, a
connection that the server did not want, and a persisted GraphQL query that it did not know yet."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.parsing.har.facts import Facts

_ASKED_AGAIN = (401, 407, 419, 421, 425, 440, 498)
_UNKNOWN_QUERY = "PersistedQueryNotFound"
_ROUNDS = ("ntlm", "negotiate", "kerberos", "digest")


def note_logins(exchanges: Sequence[Facts]) -> None:
    """Flags `renewed` where the same request passed later, and `handshake` for a round that another one follows."""
    passed: set[str] = set()
    paths: set[str] = set()
    """Of `passed`: the query is asked for by GET and sent whole by POST."""
    asked: set[str] = set()
    for one in reversed(exchanges):
        address = _address(one)
        status = one.status or 0
        unknown_query = _UNKNOWN_QUERY in (one.problem.text or "")
        if unknown_query and address.partition(" ")[2] in paths:
            one.flags.append("handshake")
        elif 200 <= status < 400 and not unknown_query:
            passed.add(address)
            paths.add(address.partition(" ")[2])
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
