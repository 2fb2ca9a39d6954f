"""What of a URL is kept: scheme, host, port, path, query names. No query value, no fragment, no credentials, and of
host, path and names nothing that is a key rather than a name.

`https://u:p@h:8080/a;sid=1?page=2&token=x#f` becomes
`https://<CRED>@h:8080/a;sid=<SECRET>?page=<VALUE>&token=<SECRET>`.
A parameter that is not a plain name counts as a value. Never raises: what is no URL is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import re2

from signal_pipeline.redaction.encodings import unescaped
from signal_pipeline.redaction.parts import opaque_segments
from signal_pipeline.redaction.rules.names import QUOTED, WEAK
from signal_pipeline.redaction.tokens import BLOB, SECRET, VALUE
from signal_pipeline.redaction.words import is_opaque

MAX_PARAMETERS = 64
MAX_URL = 64 * 1024
_PLAIN_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$:\[\]-]{0,47}")
_SECRET_NAME = re2.compile(
    rf"(?i)(?:{QUOTED}|{WEAK}|code|state|relaystate|googleaccessid|awsaccesskeyid|x-(?:amz|goog|ms)-[a-z-]+)"
)
_OPAQUE = ("data:", "blob:", "javascript:", "about:", "mailto:", "tel:")


def redacted_url(url: str, scan: Callable[[str], str], keeps_name: Callable[[str], bool]) -> str:
    """The URL with values dropped; `scan` is the value scan for what stays, `keeps_name` the same for a name."""
    url = url[:MAX_URL].strip()
    head, _, rest = url.partition(",")
    if url[:12].lower().startswith("data:"):
        return f"{scan(head[:100])},{BLOB}" if rest else scan(head[:100])
    if url[:12].lower().startswith(_OPAQUE):
        return scan(url)
    before, mark, query = url.partition("#")[0].partition("?")
    path = url_template(scan(_without_matrix_values(before)))
    return f"{path}?{_names(query, keeps_name)}" if mark and query else path


def url_template(address: str) -> str:
    """The address without the labels of its host and segments of its path that are keys rather than names."""
    out, last = [], 0
    for start, end in opaque_segments(address):
        if address[start - 1 : start] not in ("<", ":") or address[end : end + 1] != ">":
            out += [address[last:start], VALUE]
            last = end
    return "".join([*out, address[last:]])


def _without_matrix_values(path: str) -> str:
    head, *parameters = path.split(";")
    return ";".join([head, *(_matrix(p) for p in parameters)])


def _matrix(parameter: str) -> str:
    segment, slash, rest = parameter.partition("/")
    name, equals, _ = segment.partition("=")
    return f"{_named(name) if equals else segment}{slash}{rest}"


def _names(query: str, keeps_name: Callable[[str], bool]) -> str:
    parameters = re.split("[&;]", query, maxsplit=MAX_PARAMETERS)
    kept = [_parameter(p, keeps_name) for p in parameters[:MAX_PARAMETERS] if p]
    return "&".join(kept + (["..."] if len(parameters) > MAX_PARAMETERS else []))


def _parameter(parameter: str, keeps_name: Callable[[str], bool]) -> str:
    name, equals, _ = parameter.partition("=")
    name = unescaped(name) if "%" in name else name
    if _PLAIN_NAME.fullmatch(name) is None or is_opaque(name) or not keeps_name(name):
        return VALUE
    return _named(name) if equals else name


def _named(name: str) -> str:
    return f"{name}={SECRET if _SECRET_NAME.fullmatch(name) else VALUE}"
