"""Applies the rule table to one text. Knows no columns, no URLs and no secrets of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from signal_pipeline.redaction.compiled_rows import Row, compiled, rows_of
from signal_pipeline.redaction.decoders import ANY_ENCODED, DECODERS
from signal_pipeline.redaction.encodings import may_be_encoded, unescaped
from signal_pipeline.redaction.gate import FOREIGN, SHAPE, WORDS
from signal_pipeline.redaction.known_ids import KNOWN_IDS, KNOWN_NUMBERS, Part
from signal_pipeline.redaction.memory import MAX_CHARS, Judgement, Memory
from signal_pipeline.redaction.normalise import compatible, visible, without_seals
from signal_pipeline.redaction.plans import Plans
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import ENCODED_RUN
from signal_pipeline.redaction.runs import RunScanner
from signal_pipeline.redaction.table import RULES
from signal_pipeline.redaction.tokens import BLOB, is_one_token, sealed, sealed_tokens, unsealed, with_pseudonym

MAX_LEVELS = 2
MAX_SWEEPS = 4
MAX_CANDIDATES = 10_000
"""Candidates of one row in one text; what follows them is masked as a whole, so that dense texts stay cheap."""
_ESCAPE = "\x1b"
_KEY_BLOCK = b"BEGIN "
"""Blocks of lines are masked as a whole, and end at the first character that no key has."""

Pseudonym = Callable[[str, str], str]


_ENCODED = compiled(ENCODED_RUN)
_MAY_BE_ESCAPED = compiled(r"%[0-9A-Fa-f]{2}|\\[ux]|&[#A-Za-z]|=[0-9][Dd]")
_SHAPE, _WORDS, _FOREIGN = compiled(SHAPE), compiled(WORDS), compiled(FOREIGN)
_KNOWN_NUMBERS = tuple((compiled(pattern), parts) for pattern, parts in KNOWN_NUMBERS)
_KNOWN_IDS = tuple((compiled(pattern), parts) for pattern, parts in KNOWN_IDS)


@cache
def _anything(rules: tuple[Rule, ...]) -> Any:
    """What a text in ASCII without escapes has to match for any step of `scan` to look at it: one search in place of
    some twenty, for most texts the only one."""
    gates = [rule.gate or rule.pattern for rule in rules if rule.columnar]
    return compiled("|".join(f"(?:{pattern})" for pattern in (*gates, SHAPE, WORDS, ENCODED_RUN)))


def _still(data: bytes, question: Any, known: tuple[tuple[Any, tuple[Part, ...]], ...]) -> bool:
    """The answer is yes, without the known parts too."""
    if question.search(data) is None:
        return False
    for regex, parts in known:
        data = regex.sub(lambda match, parts=parts: _left(match, parts), data)
    return question.search(data) is not None


def _left(match: Any, parts: tuple[Part, ...]) -> bytes:
    return b"".join(part.encode() if isinstance(part, str) else match.group(part) or b"" for part in parts)


class Scanner:
    """Masks what the rules name. `counts` grows by rule name; `pseudonym(class, value)` gives six hex digits.

    `scan` is the whole gate for one text. A column does the first steps for all its values at once, and asks
    for the exact scan that fits.
    """

    def __init__(self, counts: Counter[str], pseudonym: Pseudonym, rules: tuple[Rule, ...] = RULES) -> None:
        self._counts = counts
        self._pseudonym = pseudonym
        self._rows = rows_of(rules)
        self._plain_rows = tuple(row for row in self._rows if row.rule.columnar)
        self._anything = _anything(rules)
        self._plans = Plans(rules)
        self._memory = Memory(self._judge)
        self._words = Memory(self._judge_word)
        self._runs = RunScanner(self._words.by_text, self._memory.by_text, compiled)

    def scan(self, text: str) -> str:
        """The text with every value that a rule names replaced by its class token."""
        if text.isascii() and _ESCAPE not in text and self._anything.search(text.encode()) is None:
            return text
        text = self.plain(text)
        if self.is_near(text):
            return self.close(text)
        data = text.encode()
        return self.close_runs(text) if _still(data, _ENCODED, _KNOWN_IDS) else text

    def plain(self, text: str) -> str:
        """The visible text after the common rows of the table."""
        data = without_seals(visible(text)).encode()
        for row in self._plain_rows:
            if row.unless is None or row.unless.search(data) is None:
                data = self._apply(row, data, _as_it_is)
        return data.decode()

    def mark(self, rule: Rule, value: str) -> str:
        """The token that stands for one value of a rule."""
        return marked(rule, value, self._pseudonym)

    def is_near(self, text: str) -> bool:
        """The text shows a secret, or the name of one, and not only a run of characters."""
        data = text.encode()
        if _still(data, _SHAPE, _KNOWN_NUMBERS) or _WORDS.search(data) is not None:
            return True
        return not data.isascii() and _FOREIGN.search(data) is not None

    def close_runs(self, text: str) -> str:
        """`close` for texts in which the gate sees nothing but runs of characters."""
        if len(text) > MAX_CHARS or not text.isascii():
            return self.close(text)
        return self._counted(self._runs.judge(text))

    def close_names(self, text: str) -> str:
        """`close` for texts in ASCII in which the gate sees nothing but the names of secrets."""
        return self._counted(self._memory.by_shape(text))

    def close_again(self, text: str) -> str:
        """`close` for a text that may come often."""
        return self._counted(self._memory.by_text(text))

    def is_clean(self, text: str) -> bool:
        """`close` leaves this text as it is, and every other that differs from it in lone digits only."""
        data = sealed_tokens(text).encode()
        if not data.isascii() or len(data) > MAX_CHARS or _ENCODED.search(data) is not None:
            return False
        return _MAY_BE_ESCAPED.search(data) is None and self._plans.is_empty_for_any_digits(data)

    def _counted(self, judgement: Judgement) -> str:
        masked, counted = judgement
        if counted:
            self._counts.update(counted)
        return masked

    def _judge_word(self, word: str) -> Judgement:
        return self._judge(word) if _ENCODED.search(word.encode()) is not None else (word, {})

    def _judge(self, text: str) -> Judgement:
        total, self._counts = self._counts, Counter()
        try:
            masked = self.close(text)
            return masked, self._counts
        finally:
            self._counts = total

    def close(self, text: str) -> str:
        """All rules and all encodings over a text without invisible characters."""
        return unsealed(self._scan(sealed_tokens(text), 0))

    def _scan(self, text: str, level: int) -> str:
        found = self._rules_over(text)
        plain = compatible(found)
        if plain != found:
            found = self._better(found, plain, level)
        if level < MAX_LEVELS:
            found = self._encoded_runs(found, level)
            if may_be_encoded(found):
                found = self._better(found, visible(unescaped(found)), level + 1)
        return found

    def _better(self, original: str, decoded: str, level: int) -> str:
        """The decoded text when it held a secret that the original hid, else the original."""
        if decoded == original:
            return original
        scanned = self._scan(decoded, level)
        return original if scanned == decoded else scanned

    def _encoded_runs(self, text: str, level: int) -> str:
        if ANY_ENCODED.search(text.encode()) is None:
            return text
        for gate, runs, decode in DECODERS:
            data = text.encode()
            if gate.search(data) is not None:
                text = self._decoded_runs(data, runs, decode, level)
        return text

    def _decoded_runs(self, data: bytes, runs: Any, decode: Callable[[str], str | None], level: int) -> str:
        out, last = [], 0
        for number, match in enumerate(runs.finditer(data)):
            if number == MAX_CANDIDATES:
                out += [data[last : match.start()], sealed(BLOB).encode()]
                last = len(data)
                break
            decoded = decode(match.group().decode())
            if decoded is None or (masked := self._scan(decoded, level + 1)) == decoded:
                continue
            self._counts["encoded"] += 1
            # What is nothing but one value has the mark of that value.
            out += [data[last : match.start()], (masked if is_one_token(masked) else sealed(BLOB)).encode()]
            last = match.end()
        return b"".join([*out, data[last:]]).decode()

    def _rules_over(self, text: str) -> str:
        """The rows that match, each in its turn over what those before it have left; then those that match now and did
        not before, since a border of what was masked may be what they wait for."""
        data = self._without_keys(text.encode())
        done = 0
        for _ in range(MAX_SWEEPS):
            left, rows = data, self._plans.rows(data) & ~done
            done |= rows
            for row in self._rows_of(rows):
                data = self._row_over(row, data)
            if data is left:
                break
        return data.decode()

    def _rows_of(self, bits: int) -> Iterator[Row]:
        while bits:
            lowest = bits & -bits
            bits ^= lowest
            yield self._rows[lowest.bit_length() - 1]

    def _without_keys(self, data: bytes) -> bytes:
        """The data without the keys that show what they are by how they begin."""
        if _KEY_BLOCK in data:
            return data
        out, last = [], 0
        for number, (start, rows) in enumerate(self._plans.leading(data).items()):
            if start < last:
                continue
            if number == MAX_CANDIDATES:
                break
            for row in self._rows_of(rows):
                match = row.beginning.match(data, start)
                if match is not None:
                    out += [data[last:start], row.token]
                    last = match.end()
                    self._counts[row.rule.name] += 1
                    break
        return b"".join([*out, data[last:]]) if out else data

    def _row_over(self, row: Row, data: bytes) -> bytes:
        if row.gate is not None and row.gate.search(data) is None:
            return data
        if row.unless is not None and row.unless.search(data) is not None:
            return data
        changed = self._apply(row, data, sealed)
        return self._apply(row, changed, sealed) if row.rule.repeat and changed is not data else changed

    def _apply(self, row: Row, data: bytes, written: Callable[[str], str]) -> bytes:
        rule = row.rule
        out: list[bytes] = []
        last = 0
        token = whole = row.token if written is sealed else rule.token.encode()
        for number, (first, begins, ends) in enumerate(row.matches(data)):
            start, end = begins, ends
            if number == MAX_CANDIDATES:
                start, end, token = max(first, last), len(data), whole
            elif start < 0 or start == end or data[start:end] == token or not row.wants(data, start, end):
                continue
            elif rule.parts is not None:
                piece, masked = row.in_parts(data[start:end].decode())
                if masked:
                    out += [data[last:start], piece]
                    last = end
                    self._counts[rule.name] += masked
                continue
            elif rule.pseudonym:
                token = written(marked(rule, data[start:end].decode(), self._pseudonym)).encode()
            out += [data[last:start], token]
            last = end
            self._counts[rule.name] += 1
            if end == len(data):
                break
        return b"".join([*out, data[last:]]) if out else data


def marked(rule: Rule, value: str, pseudonym: Pseudonym) -> str:
    """What stands for one value: the token of its class, numbered where equal values are to be seen as equal."""
    if not rule.pseudonym:
        return rule.token
    core = value.rstrip("_")
    return with_pseudonym(rule.token, pseudonym(rule.token, core)) + value[len(core) :]


def _as_it_is(token: str) -> str:
    return token
