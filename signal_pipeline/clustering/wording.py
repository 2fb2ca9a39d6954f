"""The wording of a template: what is left of it when values are opened, by which signatures are blocked.

Pure text and no vectors. Known beside a template's siblings only, as in classification/generalise.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signal_pipeline.classification.families import Evidence
from signal_pipeline.classification.generalise import template_map

_EXCHANGE = re.compile(r"(?:[A-Z]{1,16}|-) /\S* -> \S+")
"""Head of a failed HTTP exchange. Route and status are what happened, not values: /login 500 is not /cart 500."""

_NAME = re.compile(r"[\w.+-]+")
_SOURCE_ENDINGS = frozenset(
    """
    c cc cpp cxx h hh hpp rs go java kt scala cs swift dart py rb php js jsx ts tsx
    """.split()  # noqa: SIM905  a table of words
)
"""Names with these endings say where in the code it happened: another file is another place, not another value."""

AMONG_SIGNATURES = Evidence(labelled_words=2, methods=False)
"""After "user" two words are values enough here, where their meaning has to be near as well. The method of a request
is part of what failed."""
_EXCEPTION = re.compile(r"\b[A-Z]\w{0,60}(?:Error|Exception|Fault|Failure)(?:_Remote)?: ", re.ASCII)
_QUOTED = re.compile(r"'[^'\n]{1,200}'|\"[^\"\n]{1,200}\"")
_MASK = re.compile(r"<[A-Z][A-Z_]*>")
_ITEM = r"(?:<\*>|[\w./@+$-]+)"
_LISTS = (
    # How long a list is says nothing of what happened. Words count as a list in brackets, or from three on: two
    # with a comma between are prose ("lost, retrying").
    (re.compile(rf"([\[({{])\s*{_ITEM}(?:\s*[,;|]\s*{_ITEM})+\s*([\])}}])"), r"\1<*>\2"),
    (re.compile(rf"(?<![\w<]){_ITEM}(?:\s*,\s*{_ITEM}){{2,}}"), "<*>"),
    (re.compile(r"<\*>(?:\s*[,;|]\s*<\*>)+"), "<*>"),
    (re.compile(r"<\*>(?: <\*>)+"), "<*>"),
)


def wordings(templates: Sequence[str]) -> list[str]:
    """For each template a key: what is left when positions that hold values among its siblings are opened.

    Lists count as one value. Routes and statuses of HTTP exchanges, names of source files, and what an exception's own
    sentence names in quotes are no values: an object without 'id' is not one without 'ports'.
    """
    heads = [found.group() if (found := _EXCHANGE.match(template)) else "" for template in templates]
    rests = [template[len(head) :] for head, template in zip(heads, templates, strict=True)]
    opened = template_map(rests, AMONG_SIGNATURES)
    keys = []
    for head, rest in zip(heads, rests, strict=True):
        keys.append(f"{head}{_lists_closed(opened.get(rest, rest))}\n{_source_files(rest)}\n{_raised_about(rest)}")
    return keys


def _lists_closed(text: str) -> str:
    text = _MASK.sub("<*>", text)
    for pattern, replacement in _LISTS:
        text = pattern.sub(replacement, text)
    return text


def _source_files(template: str) -> str:
    names = {name.rstrip(".") for name in _NAME.findall(template)}
    return " ".join(sorted(name for name in names if "." in name and name.rpartition(".")[2] in _SOURCE_ENDINGS))


def _raised_about(template: str) -> str:
    found = _EXCEPTION.search(template)
    return " ".join(_QUOTED.findall(template, found.end())) if found else ""
