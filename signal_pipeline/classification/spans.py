"""Values of several pieces: lists, runs of fields, settings, command lines. Found beside their siblings only.

A list is a value however long it is. That a text is a command line or a list of settings is said by all that stand
after one label together: one of them may read like a sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from signal_pipeline.classification.atoms import SPAN, Tokens, is_dump, is_quoted, is_value

LEAST_FIELDS = 8
"""So many "key=value, " in a row are an object's dump, whose keys need not be the same each time."""
LEAST_HEADERS = 3
LONGEST_UNIT = 8
"""Pieces of what is repeated in a list: "node-7 0xff <ok> node-8 0xfe <ok>"."""
MOST_PIECES = 1_000
"""In longer texts no lists are looked for: they cost more than they tell."""
LEAST_COMMANDS = 3
SHARE_OF_COMMANDS = 0.5
LEAST_SETTINGS, LEAST_SETTINGS_LABELLED = 20, 5

_OPENING, _CLOSING = frozenset("([{<\"'"), frozenset(",;:.!?)]}>\"'")
_KEY_ENDS, _JOINTS, _NOT_JOINED = frozenset(":="), frozenset(":|"), frozenset("=,;()[]{}\"'`<>")
_FLAG = re.compile(r"^--?[A-Za-z][A-Za-z0-9_-]*$|^--$", re.ASCII)
_COMMANDS = frozenset("sudo env sh bash /bin/sh nice exec curl wget docker kubectl git python java make npm".split())  # noqa: SIM905  a table
_SQL = re.compile(
    r"(?i)(?:select\s.+?\sfrom\s|select\s+(?:[\w.]+\s*\(|[<0-9'])|(?:insert|replace|merge)\s+into\s|update\s+\S+\s+set\s"
    r"|delete\s+from\s|(?:create|drop|alter)\s+(?:\w+\s+){0,2}(?:table|index|view|schema|database|sequence|function|trigger|role"
    r"|user|type|column)\b|(?:grant|revoke)\s.+\s(?:on|to|from)\s|truncate\s+(?:table\s+)?\w|begin\b;?$|commit;?$|rollback;?$"
    r"|with\s+\w+\s+as\s)",
    re.ASCII | re.DOTALL,
)
_SQL_VERBS = frozenset(
    """
    select insert replace merge update delete create drop alter grant revoke truncate begin commit rollback with
    """.split()  # noqa: SIM905  a table
)
_HEADER = re.compile(r"^[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+$", re.ASCII)
_NAME = re.compile(r"^[A-Za-z_][\w.<>*-]*$", re.ASCII)


def lists_closed(row: Tokens) -> Tokens:
    """`row` with each list, and each long run of fields, as one token."""
    return _repeats_closed(_headers_closed(_fields_closed(_empty_values_noted(row))))


def _empty_values_noted(row: Tokens) -> Tokens:
    """`row` with a value of no text where none stands after "name=": it is one as any other."""
    empty = {
        at
        for at, token in enumerate(row)
        if token == "=" and at and _NAME.match(row[at - 1]) and (at + 1 == len(row) or row[at + 1][0] in " ,;)")
    }
    if not empty:
        return row
    return tuple(piece for at, token in enumerate(row) for piece in ((token, SPAN) if at in empty else (token,)))


def statements_with_text(rows: dict[str, Tokens]) -> dict[str, Tokens]:
    """Those of `rows` whose value is a setting or a command line, with it as one token."""
    settings = _settings(rows)
    return {**settings, **_commands({text: row for text, row in rows.items() if text not in settings})}


def _one(pieces: Sequence[str]) -> str:
    return SPAN + "".join(pieces).replace(SPAN, "")


def _fields_closed(row: Tokens) -> Tokens:
    """Each run of LEAST_FIELDS or more "key=value" as one token."""
    equals = [at for at, token in enumerate(row) if token == "=" and at and _NAME.match(row[at - 1])]
    if len(equals) < LEAST_FIELDS or row[equals[0] : equals[-1]].count(",") < LEAST_FIELDS - 1:
        return row
    first = equals[0] - 1
    while first >= 2 and row[first - 1] in (":", "-") and _NAME.match(row[first - 2]):
        first -= 2  # binding:host_id=
    end = equals[-1] + 1
    while end < len(row) and not row[end].isspace() and row[end] != ",":
        end += 1
    if end < len(row) and row[-1].startswith(" ") and len(row[-1]) > 1:
        end = len(row) - 1
    return (*row[:first], _one(row[first:end]), *row[end:])


def _headers_closed(row: Tokens) -> Tokens:
    """HTTP headers, from the first to the last, as one token: which there are is not said by the statement."""
    names = [at for at, token in enumerate(row[:-2]) if row[at + 1] == ":" and _HEADER.match(token)]
    if len(names) < LEAST_HEADERS:
        return row
    end = _caller(row)
    return (*row[: names[0]], _one(row[names[0] : end]), *row[end:])


def _repeats_closed(row: Tokens) -> Tokens:
    """Lists as one token: values with a comma between, or pieces with a value that come several times in a row."""
    kinds = tuple("<*>" if is_value(token) else token for token in row)
    if kinds.count("<*>") < 2 or len(kinds) > MOST_PIECES:
        return row
    found: list[str] = []
    at = 0
    while at < len(row):
        end = _list_end(kinds, at)
        if end > at + 1:
            found.append(_one(row[at:end]))
        else:
            found.append(row[at])
        at = max(end, at + 1)
    return tuple(found)


def _list_end(kinds: Tokens, at: int) -> int:
    """Where the list that begins at `at` ends; `at` when none begins there."""
    if kinds[at] == "<*>":
        end = at + 1
        while kinds[end : end + 1] == (",",):
            item = end + 2 if kinds[end + 1 : end + 2] == (" ",) else end + 1
            if kinds[item : item + 1] != ("<*>",):
                break
            end = item + 1
        if end > at + 1:
            return end
    if kinds[at].isspace():
        return at
    for size in range(2, LONGEST_UNIT + 1):
        unit = kinds[at : at + size]
        if "<*>" not in unit or len(unit) < size:
            continue
        end = at + size
        while kinds[end : end + size] == unit:
            end += size
        if unit[-1].isspace():
            # The last one lacks what is between two: "a b a b a" is three times a.
            end += size - 1 if kinds[end : end + size - 1] == unit[:-1] else -1
        if end - at >= 3 * size - 1 or (end - at >= 2 * size - 1 and size >= 4):
            return end
    return at


def _labels(row: Tokens) -> Iterator[int]:
    """Ends of the labels that `row` may begin with: after ": " (or ":" before a setting)."""
    found = 0
    for at, token in enumerate(row[:-1]):
        if token == ":" and at:
            yield at + 2 if row[at + 1].isspace() else at + 1
            found += 1
            if found == 3:
                return


def _caller(row: Tokens) -> int:
    """Where the place in the program stands that some loggers put at the end; the length where there is none."""
    return len(row) - 1 if len(row[-1]) > 1 and row[-1][0] == " " and row[-1].endswith(":<NUM>") else len(row)


def _words(row: Tokens) -> int:
    return sum(1 for token in row if len(token) > 1 and token.isalpha())


def _settings(rows: dict[str, Tokens]) -> dict[str, Tokens]:
    """Rows "name = value", where many names stand in one place."""
    found: dict[tuple[Tokens, str], dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for text, row in rows.items():
        for start in (0, *_labels(row)):
            equal = start + 1 + (row[start + 1 : start + 2] == (" ",))
            if row[equal : equal + 1] == ("=",) and row[equal + 1 : equal + 2] != ("=",) and _NAME.match(row[start]):
                caller = row[-1].split(":")[0] if _caller(row) < len(row) else ""
                found[row[:start], caller][row[start]].append((text, equal))
                break
    settings: dict[str, Tokens] = {}
    for (label, _), by_name in found.items():
        if len(by_name) < (LEAST_SETTINGS_LABELLED if _words(label) > 1 else LEAST_SETTINGS):
            continue
        for texts in by_name.values():
            for text, equal in texts:
                row, end = rows[text], _caller(rows[text])
                value = _one(row[equal + 1 : end])
                settings[text] = (*label, _one(row[len(label) : equal]), "=", value, *row[end:])
    return settings


def _commands(rows: dict[str, Tokens]) -> dict[str, Tokens]:
    """Rows with a label after which command lines come."""
    found: dict[Tokens, dict[Tokens, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text, row in rows.items():
        for end in _labels(row):
            found[row[:end]][row[end : _caller(row)]].append(text)
    commands: dict[str, Tokens] = {}
    for label, rests in sorted(found.items(), key=lambda item: len(item[0])):
        # By the first word: of the rests that call one program, one with a flag will do.
        programs: dict[Tokens, bool] = {}
        for rest in rests:
            program = rest if not rest or is_value(rest[0]) else rest[:1]
            programs[program] = programs.get(program, False) or _is_command(rest)
        share = sum(programs.values()) / len(programs)
        if len(rests) < LEAST_COMMANDS or share < (SHARE_OF_COMMANDS if _words(label) > 1 else 0.9):
            continue
        for rest, texts in rests.items():
            for text in texts:
                if rest and text not in commands:
                    commands[text] = (*label, _one(rest), *rows[text][len(label) + len(rest) :])
    return commands


def _is_command(rest: Tokens) -> bool:
    """Whether it reads like a command line, or is one value: never a sentence."""
    if not rest:
        return False
    if len(rest) == 1:
        return is_quoted(rest[0]) or is_dump(rest[0]) or is_value(rest[0])
    if rest[0] in _COMMANDS or any(_FLAG.match(token) for token in rest[1:]) or _is_sql(rest):
        return True
    return rest[0] == "<PATH>" and rest[1] == " "


def _is_sql(rest: Tokens) -> bool:
    return rest[0].lower() in _SQL_VERBS and _SQL.match("".join(rest)) is not None


def joined_closed(row: Tokens) -> Tokens:
    """`row` with each word of several pieces as one token, where one of them is a value: an address with its port, the
    name of a connection. A name before them with ":" or "=" stays."""
    found: list[str] = []
    at = 0
    while at < len(row):
        end = at + 1
        while end < len(row) and not row[at].isspace() and not row[end][0].isspace():
            end += 1
        found += _joined(row[at:end]) if end > at + 2 else row[at:end]
        at = end
    return tuple(found)


def _joined(word: Tokens) -> Tokens:
    start, end = 0, len(word)
    while start < end and word[start] in _OPENING:
        start += 1
    while end > start and word[end - 1] in _CLOSING:
        end -= 1
    if end - start > 2 and word[start + 1] in _KEY_ENDS and word[start][0].isalpha() and not is_value(word[start]):
        start += 2
    core = word[start:end]
    if len(core) < 2 or not any(token in _JOINTS for token in core) or not any(map(is_value, core)):
        return word
    if any(token in _NOT_JOINED for token in core):
        return word
    return (*word[:start], _one(core), *word[end:])
