"""What a kind of report is, and what kind of line only says more of the record before it. The kinds are in tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockKind:
    """A kind of report. It begins at a line that `opens` matches (of a format whose name begins with `format`), `sure`
    lines after it belong to it whatever they say, and further ones as long as `continues` matches (empty: any). It ends
    before a line that `until` matches, or with one that `last` matches.

    With `tells_first` a line that `until` matches ends it only once `says` has found something. With `any_level` lines
    of other levels than the first's belong to it as well; with `is_bare` lines that a logger gave a head do not. With
    `begins_above` the line above the one that `opens` matches is its first.

    `says` finds the line that is the message, in group 1; without it the first line is, and with `says_next` the one
    after it; with `says_after` the one after the first line that matches that, where there is one. `level` is given
    where the logger gave none, with `is_loud` also where it gave another; `time` finds when it happened; `strip` is
    what comes before the text of each line. Without `is_telling` the first line may as well be of something else, and
    a format is not told by it. With `is_crash` the first line is part of the trace as well. `example` is a whole
    report.
    """

    name: str
    opens: str
    example: str
    continues: str = ""
    until: str = ""
    last: str = ""
    says: str = ""
    sure: int = 0
    format: str = ""
    any_level: bool = False
    level: str | None = None
    time: str = ""
    strip: str = ""
    is_crash: bool = False
    tells_first: bool = False
    says_next: bool = False
    says_after: str = ""
    is_loud: bool = False
    is_bare: bool = False
    begins_above: bool = False
    is_telling: bool = True


@dataclass(frozen=True)
class NoteKind:
    """Lines of a format that say more of the record before them, as written: group 1 is what stays of the line."""

    format: str
    pattern: str
    example: str
