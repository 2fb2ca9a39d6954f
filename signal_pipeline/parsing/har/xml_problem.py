"""What an error in XML says: SOAP 1.1 and 1.2, S3 and its like, OData, OGC services, .NET, JSF. Names, no tree."""

from __future__ import annotations

import re2

from signal_pipeline.parsing.har.problem import NOTHING, Problem, limited, limited_stack, plain_text

# Names are compared in lower case, whatever their prefix. The first that has words wins.
_MESSAGES = (
    "faultstring", "text", "exceptionmessage", "error-message", "message", "exceptiontext", "serviceexception",
    "error_description", "description", "detail", "reason", "title", "string", "h1",
)  # fmt: skip
_CODES = ("code", "faultcode", "errorcode", "error-code")
_CLASSES = ("exceptiontype", "error-name")
_STACKS = ("stacktrace",)
_ATTRIBUTE = re2.compile(
    r"(?i)<(?:\w+:)?(?:error|serviceexception|exception)\s[^<>]*?(?:code|exceptionCode)=\"([^\"]{1,80})\""
)
# The first element of a document that is nothing but an error.
_ROOT = re2.compile(
    r"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<(?:[\w.-]+:)?(?:error|errors|errorresponse|fault|serviceexceptionreport"
    r"|exceptionreport|methodresponse>\s*<fault|partial-response[^>]*>\s*<error|response[^>]*>\s*<errors?)\b"
    r"""(?:[^>/"']|"[^"]*"|'[^']*')*>"""
)
_FAULT = re2.compile(r"<(?:[\w.-]+:)?Fault[\s>]")
_ENVELOPE = re2.compile(r"<(?:[\w.-]+:)?Envelope[\s>]")
_OAI = re2.compile(r"(?is)<OAI-PMH.*<error\s")


def xml_problem(text: str) -> Problem:
    """What the document says; NOTHING when it has none of the names."""
    said = _first(text, _MESSAGES)
    attribute = _ATTRIBUTE.search(text)
    code = _first(text, _CODES) or (attribute[1] if attribute else None)
    if said is None:
        said = _first(text, ("error",))
    name, stack = _first(text, _CLASSES), _first(text, _STACKS)
    line = limited(": ".join(dict.fromkeys(part for part in (code or name, said) if part)))
    found = Problem(line, name, limited_stack(stack) if stack else None)
    return found if found != Problem() else NOTHING


def reported_in_xml(text: str) -> Problem | None:
    """The error that an answer of status 200 is: a SOAP fault, or a document whose root says error."""
    if (_ENVELOPE.search(text[:4096]) and _FAULT.search(text)) or _ROOT.match(text[:8192]) or _OAI.search(text[:8192]):
        found = xml_problem(text)
        return found if found.text else Problem("the answer is an error document")
    return None


def _first(text: str, names: tuple[str, ...]) -> str | None:
    for name in names:
        for found in _ELEMENTS[name].finditer(text):
            words = plain_text(found[1])
            if words:
                return words
    return None


_ELEMENTS = {
    name: re2.compile(rf"(?is)<(?:[\w.-]+:)?{name}(?:\s[^<>]*)?>(?:<!\[CDATA\[)?([^<]*)")
    for name in (*_MESSAGES, *_CODES, *_CLASSES, *_STACKS, "error")
}
