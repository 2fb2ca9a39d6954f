"""One line of a JavaScript stack: V8, Firefox, Safari, Edge, React Native, old Opera. Lines only, no traces."""

from __future__ import annotations

from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame

V8 = linear(r"^\s*at\s+(?:async\s+)?(.*?)(?: \{)?\s*$")
AT_SIGN_PATTERN = (
    r"^\s*(?:Error created at )?((?:[^\s@\"<(]|\"[^\"]*\"|<[^<>]*>|<|\([^()]*\)| code\b| (?:callback"
    r"|handler)\*)*)@"
    r"(\[native code\]|native|debugger eval code:[0-9:]+|[^\s]*(?:[/\\]|\.(?:[cm]?[jt]sx?|html?"
    r"|(?:js)?bundle|vue|svelte|aspx?|jsp)\b"
    r"|<anonymous>|:[0-9]+:[0-9])[^\s]*(?: line [0-9]+ > .*)?)\s*$"
)
"""`f@file:1:2`. Function names hold spaces only in a few known phrases, or mail addresses in prose would match."""
_AT_SIGN = linear(AT_SIGN_PATTERN)
_BARE_LOCATION = linear(
    r"^\s*((?:[a-z][0-9a-z+.\-]*:/|/|[0-9A-Za-z_.\-]+\.(?:bundle|[cm]?[jt]sx?|html?"
    r"|vue)\b)[^@()]*:[0-9]+(?::[0-9]+)?)\s*$"
)
FIREFOX_CONSOLE_PATTERN = (
    r"^\s{2,}([^\s@():]+) ((?:https?|file|resource|webpack|webpack-internal|moz-extension|chrome):[^\s()]*"
    r":[0-9]+(?::[0-9]+)?)\s*$"
)
"""`    render https://shop.example/app.js:12`, as the console of Firefox copies a stack."""
_FIREFOX_CONSOLE = linear(FIREFOX_CONSOLE_PATTERN)
_NODE_PLACE = linear(r"^(?:/|[A-Za-z]:\\|file:///|node:)[^\s]*[^\s0-9:]:[0-9]+\s*$")
_OPERA_LINE = linear(
    r"^\s*(?:\.\.\.\s+)?Line ([0-9]+) of (?:linked|inline#[0-9]+|function|eval"
    r"|unknown)? ?(?:script )?(?:in )?([^\s]+?)(?:: In function ([^\s]+))?\s*$"
)
_OPERA_CALL = linear(
    r"^(?:Error thrown at|called from|called via .* at|Error initially occurred at"
    r"|Error created at) line ([0-9]+)(?:, column ([0-9]+))? in (?:(.+?)(?:\((.*)\))? in )?([^\s]+?):?\s*$"
)
_LOCATION = linear(r"^(.*?)(?: line ([0-9]+)(?: > .*)?)?(?::([0-9]+))?(?::([0-9]+))?$")
_FIREFOX_EVAL = linear(r"^(.*?) line ([0-9]+) > ")
_EVAL_ORIGIN = linear(r"\(([^()\s][^()]*:[0-9]+(?::[0-9]+)?)\)")
_PAREN = linear(r"^(.*?)\s*\((.*)\)$")
_SPACED_PAREN = linear(r"^(.+?)\s+\((.*)\)$")
_CALL_ARGUMENTS = linear(r"^(.*?)\((.*)\)$")
_OPERA_ANONYMOUS = linear(r"^<anonymous function(?:: (.*))?>$")
_BARE_NAME = linear(r"^[A-Za-z_$][0-9A-Za-z_$.]{0,100}$|^(?:eval|global|module|anonymous) code$")
_SOURCE_LIKE = linear(r"(?:^native$|^unknown location$|^<anonymous>|:[0-9]+$|^index [0-9]+$|^<[a-z ]+>$)")
_NATIVE = ("[native code]", "native")


def _frame(function: str, file: str, line: str | None, column: str | None) -> StackFrame:
    anonymous = _OPERA_ANONYMOUS.match(function)
    name = (anonymous.group(1) or "") if anonymous else function
    return StackFrame(
        function="" if name in ("?", "<anonymous>", "anonymous") else name,
        module=file,
        file=file,
        line=number(line),
        column=number(column),
        in_app=is_in_app("javascript", file=file),
        language="javascript",
    )


def _located(function: str, location: str) -> StackFrame:
    location = location.strip().removeprefix("address at ")
    if location.startswith("eval at "):
        origin = _EVAL_ORIGIN.search(location)
        location = origin.group(1) if origin else location
    firefox = _FIREFOX_EVAL.match(location)
    if firefox is not None:
        return _frame(function, firefox.group(1), firefox.group(2), None)
    found = _LOCATION.match(location)
    if found is None:
        return _frame(function, location, None, None)
    return _frame(function, found.group(1), found.group(3), found.group(4))


def v8_frame(line: str) -> StackFrame | None:
    """`at f (file:1:2)`, `at file:1:2`, `at f(file:1:2)`, `at async f (...)`, `at f [as g] (native)`, `at f`."""
    found = V8.match(line)
    if found is None or not found.group(1):
        return None
    body = found.group(1)
    if body.endswith(")"):
        for shape in (_SPACED_PAREN, _PAREN):
            parts = shape.match(body)
            if parts is None:
                continue
            location = parts.group(2)
            if location.startswith("eval at ") or _SOURCE_LIKE.search(location):
                return _located(parts.group(1).removeprefix("async "), location)
        return None
    if _SOURCE_LIKE.search(body):
        return _located("", body)
    return _frame(body, "", None, None) if line[:1].isspace() and " " not in body else None


def at_sign_frame(line: str) -> StackFrame | None:
    """Firefox and Safari: `f@file:1:2`, `@file:1`, `f(1)@file:3`, `eval@[native code]`."""
    found = _AT_SIGN.match(line)
    if found is None:
        return None
    function, location = found.group(1).strip(), found.group(2)
    if location not in _NATIVE and _SOURCE_LIKE.search(location) is None:
        return None
    call = _CALL_ARGUMENTS.match(function)
    if call is not None:
        function = call.group(1)
    return _located(function, location)


def firefox_console_frame(line: str) -> StackFrame | None:
    """Firefox's console: the name, a blank, the place."""
    found = _FIREFOX_CONSOLE.match(line)
    return _located(found.group(1), found.group(2)) if found is not None else None


def is_node_place(line: str) -> bool:
    """`/srv/app/cart.js:12` above a source line, with which Node begins its report of an uncaught error."""
    return _NODE_PLACE.match(line) is not None


def bare_frame(line: str, *, names: bool) -> StackFrame | None:
    """Safari: a location alone, `[native code]`; with `names` also a function name alone."""
    text = line.strip()
    if text == "[native code]":
        return _frame("", text, None, None)
    found = _BARE_LOCATION.match(text)
    if found is not None:
        return _located("", found.group(1))
    return _frame(text, "", None, None) if names and _BARE_NAME.match(text) else None


def opera_frame(line: str) -> StackFrame | None:
    """Opera before 2013: `Line 4 of linked script x: In function f`, `called from line 4, column 5 in f(n) in x:`."""
    found = _OPERA_LINE.match(line)
    if found is not None:
        return _frame(found.group(3) or "", found.group(2).rstrip(":"), found.group(1), None)
    found = _OPERA_CALL.match(line)
    if found is not None:
        return _frame(found.group(3) or "", found.group(5), found.group(1), found.group(2))
    return None
