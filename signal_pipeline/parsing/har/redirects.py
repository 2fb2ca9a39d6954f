"""Redirects that lead in a circle, with or without the browser's last word about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from signal_pipeline.parsing.har.facts import Facts

MIN_REDIRECTS = 6
MIN_VISITS = 3
_TOO_MANY = ("ERR_TOO_MANY_REDIRECTS", "NS_ERROR_REDIRECT_LOOP")


def note_redirect_loops(exchanges: Sequence[Facts]) -> None:
    """Flag `redirect_loop` at the last request of each circle, with the addresses that it is made of."""
    chain: list[Facts] = []
    for one in exchanges:
        if _continues(chain, one):
            chain.append(one)
            continue
        _note(chain)
        chain = [one] if _is_redirect(one) else []
    _note(chain)


def _is_redirect(one: Facts) -> bool:
    return one.status is not None and 300 <= one.status < 400 and one.status != 304


def _continues(chain: list[Facts], one: Facts) -> bool:
    """A redirect that the one before leads to. Where that names no address that was asked for, pages in a row
    will do.
    """
    if not chain:
        return False
    last_word = any(name in (one.net_error or "") for name in _TOO_MANY)
    if not (_is_redirect(one) or last_word):
        return False
    before = chain[-1]
    if before.around.target is not None and _place(before.around.target) == _place(one.url):
        return True
    return before.around.resource == one.around.resource == "document" or last_word


def _note(chain: list[Facts]) -> None:
    if not chain:
        return
    visits = Counter(_place(one.url) for one in chain)
    circle = [place for place, count in visits.most_common() if count >= MIN_VISITS]
    last = chain[-1]
    is_named = any(name in (last.net_error or "") for name in _TOO_MANY)
    if not circle or (len(chain) < MIN_REDIRECTS and not is_named):
        return
    paths = list(dict.fromkeys(_path(place) for place in circle))[:4]
    where = f"between {' and '.join(paths)}" if len(paths) > 1 else f"at {paths[0]}"
    last.flags.append("redirect_loop")
    last.problem = replace(last.problem, text=f"redirect loop {where}, {len(chain)} requests")


def _place(url: str | None) -> str:
    return (url or "").partition("?")[0].partition("#")[0]


def _path(place: str) -> str:
    try:
        return urlsplit(place).path or "/"
    except ValueError:
        return "/"
