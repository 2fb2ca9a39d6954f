"""The rules about neighbours, in their order: each looks at all exchanges of a batch and notes what it finds as flags.

What a flag means for the error, its type and its severity is decided in `classification/exchange.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.blocked import note_blocked
from signal_pipeline.parsing.har.cors import note_cors
from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.logins import note_logins
from signal_pipeline.parsing.har.redirects import note_redirect_loops
from signal_pipeline.parsing.har.repeats import note_repeats
from signal_pipeline.parsing.har.slow import note_slow
from signal_pipeline.parsing.har.unanswered import note_unanswered

_LOGGER = logging.getLogger(__name__)
_RULES: tuple[Callable[[Sequence[Facts]], None], ...] = (
    note_unanswered,
    note_cors,
    note_blocked,
    note_logins,
    note_redirect_loops,
    note_repeats,
)


def note_neighbours(exchanges: Sequence[Facts], limits: Limits) -> None:
    """`exchanges` in the order of the file, up to one batch of it; they are changed in place."""
    for note in _RULES:
        try:
            note(exchanges)
        except Exception:  # noqa: BLE001  a rule that fails costs what it would have noted, never the exchanges
            _LOGGER.error("rule about neighbouring exchanges: %s failed", note.__name__)
    note_slow(exchanges, limits.slow_request_ms)
