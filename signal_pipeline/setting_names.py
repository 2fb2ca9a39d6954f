"""Names of variables that look like settings and are none: renamed ones, and misspelled ones in `.env`.

A variable under such a name would be ignored without a word. `.env` may hold variables of other programs, so a name
that is like no setting is left alone; in the environment itself, which is not written for this program, only old
names count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

RENAMED = {"WARM_PROCESS": "FORK_SERVER", "WARM_SOCKET": "FORK_SERVER_SOCKET"}
"""Old name to the name of today."""
OTHERS = frozenset({"FORK_SERVER_SOCKET", "DAGSTER_HOME"})
"""Read elsewhere than in the settings: by the launcher and by Dagster."""
_CLOSE = 0.85


def wrong_names(settings: Iterable[str], environment: Iterable[str], written: Iterable[str]) -> Iterator[str]:
    """A line for each name in the environment or `written` in `.env` that is no setting's and was meant to be one."""
    known = {name.upper() for name in settings} | OTHERS
    in_file = {name.upper() for name in written}
    for name in sorted((in_file | {name.upper() for name in environment}) - known):
        if name in RENAMED:
            yield f"{name}: is called {RENAMED[name]} now"
        elif name in in_file and (close := get_close_matches(name, known, 1, _CLOSE)):
            yield f"{name}: is no setting; {close[0]} is"
