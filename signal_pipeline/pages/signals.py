"""The page of signals among business events: what there is, by rule, and each with its event and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from signal_pipeline.pages.environment import own_text, render
from signal_pipeline.pages.index import page_policy
from signal_pipeline.storage.signal_lists import ListedSignal, SignalFilter, SignalGroup


@dataclass(frozen=True)
class SignalsPage:
    """What was asked for, and what of it is shown. `rules` are the names that can be chosen, `older` a cursor."""

    asked: SignalFilter
    groups: Sequence[SignalGroup]
    signals: Sequence[ListedSignal]
    rules: Sequence[str]
    older: str | None

    @property
    def given(self) -> dict[str, str]:
        """The parameters of the address by which the page was asked for."""
        asked = self.asked
        values = {
            "rule": asked.rule, "source": asked.source, "entity": asked.entity, "q": asked.words,
            "since": _day(asked.since), "until": _day(asked.until),
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}

    def address(self, **changed: str) -> str:
        """Of this page with other parameters."""
        return f"/signals?{urlencode({**self.given, **changed})}"


def signals_html(page: SignalsPage) -> str:
    return render(
        "signals.html.jinja", page=page, policy=page_policy(), style=own_text("report.css"), search=_search_for
    )


def _search_for(subject: str) -> str:
    """The address that finds the error of the same words in reports."""
    return f"/problems?{urlencode({'q': subject[:1_000]})}"


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
