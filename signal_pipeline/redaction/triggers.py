"""Finds in one pass which rows of the table can match a text at all, by their literals."""

from __future__ import annotations

import re2

from signal_pipeline.redaction.rules.rule import Rule

_MEMORY = 64 * 1024 * 1024
# Appended to every text: a set that does not report it has failed, and the text must not pass.
_SENTINEL = "\x01redaction-gate\x01"


class Triggers:
    """`rows(data)` are the rules, as bits of one number, of which a trigger (or none at all) is in the data."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        options = re2.Options()
        options.max_mem, options.literal, options.case_sensitive = _MEMORY, True, False
        options.encoding = re2.Options.Encoding.LATIN1
        self._set = re2.Set.SearchSet(options)
        self._masks: list[int] = []
        self._always = sum(1 << number for number, rule in enumerate(rules) if not rule.triggers)
        masks: dict[str, int] = {}
        for number, rule in enumerate(rules):
            for literal in rule.triggers:
                masks[literal] = masks.get(literal, 0) | 1 << number
        for literal, mask in masks.items():
            self._set.Add(literal)
            self._masks.append(mask)
        self._sentinel = self._set.Add(_SENTINEL)
        self._masks.append(0)
        self._set.Compile()

    def rows(self, data: bytes) -> int:
        found = self._set.Match(data + _SENTINEL.encode())
        if self._sentinel not in found:
            raise RuntimeError("the trigger set returned no result")
        wanted = self._always
        for index in found:
            wanted |= self._masks[index]
        return wanted
