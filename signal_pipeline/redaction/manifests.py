"""Values of the `Secret` objects of Kubernetes, whatever their names are, in YAML and JSON. Spans only."""

from __future__ import annotations

import re

from signal_pipeline.redaction.tokens import is_sealed

Span = tuple[int, int]

_DATA_LINE = re.compile(r"(?m)^(?P<indent>[ \t]*)(?:string)?[dD]ata:[ \t]*\r?$")
_FIELD_LINE = re.compile(r"[ \t]+[\w./-]+:[ \t]+(?:[|>][+-]?[ \t]*\r?\n)?[\"']?(?P<v>[^\s\"'|>][^\r\n\"']*)")
_DATA_OBJECT = re.compile(r"\\*\"(?:string)?[dD]ata\\*\"\s*:\s*\{(?P<v>[^{}]*)")
_STRING = re.compile(r":\s*\\*\"(?P<v>[^\"\\]+)")
_KIND = re.compile(r"\s*kind:\s*[\"']?Secret[\"']?\s*")
_TOP = re.compile(r"(?:apiVersion|kind|metadata|type|data|stringData|immutable|name|namespace):")
_FIELD = re.compile(r"\s*[\w./-]+:\s+[\"']?(?=[^\s\"'|>])")


def is_data_line(line: str) -> bool:
    """The line opens the data of a manifest."""
    return _DATA_LINE.search(line) is not None


def is_secret_kind(line: str) -> bool:
    """The line says that the manifest is one of a Secret."""
    return _KIND.fullmatch(line) is not None


def value_of_field(line: str) -> int | None:
    """Where the value of a field of the data begins; None for a line that is no such field."""
    field = _FIELD.match(line)
    return field.end() if field and _TOP.match(line) is None else None


def values_of_secrets(text: str) -> list[Span]:
    """The spans of what is below `data:` and `stringData:` in a text that holds a Secret."""
    spans = [
        match.span("v")
        for data in _DATA_OBJECT.finditer(text)
        for match in _STRING.finditer(text, data.start("v"), data.end("v"))
    ]
    for data in _DATA_LINE.finditer(text):
        at = data.end() + 1
        while (field := _FIELD_LINE.match(text, at)) and text[at : at + len(data["indent"]) + 1].isspace():
            spans.append(field.span("v"))
            end = text.find("\n", field.end())
            at = len(text) if end < 0 else end + 1
    return sorted(span for span in spans if not is_sealed(text[slice(*span)]))
