"""What an error in JSON says: code, message, exception class, trace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from signal_pipeline.parsing.har.error_members import CLASSES, FIELDS, HEADS, MESSAGES, NESTED, STACKS
from signal_pipeline.parsing.har.problem import NOTHING, Problem, class_of_trace, limited, limited_stack

_SURE_CLASSES = 5
_CLASS = re.compile(r"(?:[A-Za-z_$][\w$]{0,100}[.\\:#]{1,2}){0,12}[A-Za-z_$][\w$]{0,100}")
_CLASS_END = ("error", "exception", "fault", "failure")
# A class in front of a dump of an exception: "System.Exception: text\n   at A.B()", "#<NameError: text>".
_DUMPED = re.compile(
    r"(?:#<)?([A-Za-z_$][\w$.\\:]{2,200}?(?:Exception|Error|Fault|Failure))(?: \([^()\n]{0,80}\))?: ?([^\n]*)"
)
_HEADING = re.compile(r"(?:[A-Z][A-Za-z]{1,30} ){0,2}(?:Error|Failure|Failed|error|failure|failed)")
# Ruby's own notation marks the class; elsewhere its name must.
_INSPECTED = re.compile(r"#<([A-Z]\w{0,100}(?:::[A-Z]\w{0,100}){0,8}): ([^\n]+)>$")
_TRACE_LINE = re.compile(
    r"\n\s{1,20}(?:at |File \"|--- )|\n#\d|\nStack trace:|^Traceback \(most recent call last\)", re.MULTILINE
)
_SQLSTATE = re.compile(r"(?=[0-9A-Z]*[0-9])[0-9A-Z]{5}")
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$.\[\]-]{0,80}")
_NOT_SQL = frozenset({"00000"})
_MAX_NESTING = 5
_ENVELOPE_NAMES = frozenset(
    {
        *(*MESSAGES, *HEADS, *NESTED, *CLASSES, *STACKS),
        *("statuscode", "timestamp", "path", "instance", "traceid", "requestid", "success", "ok"),
    }
)  # fmt: skip


def json_problem(value: Any, status: int, nesting: int = 0) -> Problem | None:
    """What the decoded body of a failed request says; None when it says nothing."""
    if isinstance(value, str):
        return _dumped(value) or (Problem(limited(value)) if value.strip() else None)
    if isinstance(value, list):
        return next((p for item in value[:50] if (p := json_problem(item, status, nesting + 1))), None)
    if not isinstance(value, dict) or nesting > _MAX_NESTING:
        return None
    members = normalised(value)
    inner = _inner(members, status, nesting)
    message = _with_description(first_text(members, MESSAGES), members)
    dumped = next(
        (d for name in ("exception", "detail", "error", "message") if (d := _dumped(members.get(name)))), NOTHING
    )
    if dumped.text and dumped.text.endswith(message or "\0"):
        message = None
    head = None if dumped.text and message is None else _head(members, status, message)
    own = dumped.text if message is None and dumped.text else _own(members, head, message)
    field = (
        validation_message(value) if nesting == 0 and status >= 400 and (not inner.text or inner.text == own) else None
    )
    text = _joined(own, message, inner.text) or field
    trace = inner.stack_trace or dumped.stack_trace or _stack(members)
    named = inner.exception_class or dumped.exception_class or _exception_class(members)
    problem = Problem(text, named or class_of_trace(trace), trace)
    return problem if problem != NOTHING else None


def normalised(value: dict[str, Any]) -> dict[str, Any]:
    """Members by their names in lower case without "_" and "-"; AWS's __type keeps its own."""
    members = {str(name).lower().replace("_", "").replace("-", ""): item for name, item in value.items()}
    return members | ({"__type": value["__type"]} if "__type" in value else {})


def first_text(members: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of the names that holds words, or a list of words, or OData's {lang, value}."""
    for name in names:
        item = members.get(name)
        if isinstance(item, list) and item and isinstance(item[0], str):
            item = item[0]
        if isinstance(item, dict) and isinstance(item.get("value"), str):
            item = item["value"]
        if isinstance(item, str) and item.strip():
            return item.strip()
    return None


def _with_description(message: str | None, members: dict[str, Any]) -> str | None:
    """A heading that is called message ("Cart Error"), and what is wrong, which stands beside it."""
    if message is None or not _HEADING.fullmatch(message):
        return message
    said = first_text(members, ("description", "detail", "details", "reason"))
    return message if said is None or said == message or " " not in said else f"{message}: {said}"


def validation_message(value: Any, prefix: str = "", nesting: int = 0) -> str | None:
    """The first validation error by field, however deep: {"user": {"email": ["is required"]}} is "user.email: is
    required".
    """
    if isinstance(value, list):
        if value and isinstance(value[0], str) and prefix:
            return limited(f"{prefix}: {value[0]}")
        found = (validation_message(item, prefix, nesting + 1) for item in value[:50] if isinstance(item, dict))
        return next((message for message in found if message), None) if nesting <= _MAX_NESTING else None
    if not isinstance(value, dict) or nesting > _MAX_NESTING:
        return None
    if prefix and (message := first_text(normalised(value), ("message", "msg", "detail", "description", "errors"))):
        return limited(f"{prefix}: {message}")
    for name, item in list(value.items())[:50]:
        inside = isinstance(item, (list, dict))
        if (
            inside
            and _PLAIN_NAME.fullmatch(str(name).removeprefix("$."))
            and (message := validation_message(item, f"{prefix}.{name}".strip("."), nesting + 1))
        ):
            return message
    return None


def _inner(members: dict[str, Any], status: int, nesting: int) -> Problem:
    """What the first of the members that hold an error says."""
    for name in NESTED:
        item = members.get(name)
        if (
            name in ("errors", "error", "message", "detail", "validationerrors", "validation")
            and isinstance(item, dict)
            and not _says(item)
        ):
            # Fields with their errors, not an error of its own.
            message = validation_message(item)
            if message:
                return Problem(message)
        if isinstance(item, (dict, list)) and (problem := json_problem(item, status, nesting + 1)):
            return problem
    return NOTHING


def _says(item: dict[str, Any]) -> bool:
    """Some member is named as an error's are, and holds words or a number."""
    return any(name in _ENVELOPE_NAMES and isinstance(part, (str, int)) for name, part in normalised(item).items())


def _own(members: dict[str, Any], head: str | None, message: str | None) -> str | None:
    field = next((f for name in FIELDS if (f := _field(members.get(name)))), None) if message else None
    if field and "errormessage" not in members and (_is_validation(members) or "code" not in members):
        message = f"{field}: {message}" if field not in (message or "") else message
    extensions = members.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    parts = [code if isinstance(code, str) and code != head else None, head, message]
    return limited(": ".join(dict.fromkeys(part for part in parts if part)))


def _is_validation(members: dict[str, Any]) -> bool:
    of_graphql = "extensions" in members or "locations" in members
    return any(name in members for name in ("loc", "field", "property", "propertypath", "param", "constraints")) or (
        isinstance(members.get("path"), list) and not of_graphql
    )


def _field(item: Any) -> str | None:
    """`email` of "email", ["body", "email"], or JSON:API's /data/attributes/email is not asked for."""
    if isinstance(item, list) and 0 < len(item) < 10 and all(isinstance(part, (str, int)) for part in item):
        item = ".".join(str(part) for part in item)
    return item if isinstance(item, str) and _PLAIN_NAME.fullmatch(item) else None


def _joined(own: str | None, message: str | None, inner: str | None) -> str | None:
    """An inner error says what went wrong; the outer one in front of it only where that has a message of its own and
    the
    inner is that of a field."""
    if inner is None:
        return own
    if own is None or not message:
        return (
            inner
            if ": " in inner or own is None or " " in inner
            else limited(f"{inner}: {own}" if own != inner else own)
        )
    if " " not in inner:
        return own if inner in own else limited(f"{inner}: {own}")
    return limited(f"{own}: {inner}") if _FIELD_MESSAGE.match(inner) and inner not in own else inner


_FIELD_MESSAGE = re.compile(r"[a-z_$][\w$.\[\]-]{0,80}: ", re.IGNORECASE)


def _head(members: dict[str, Any], status: int, message: str | None) -> str | None:
    """A short code or title beside the message: not the HTTP status again, not a URL, not a flag."""
    for name in HEADS:
        item = members.get(name)
        item = item[0] if name == "errorcodes" and isinstance(item, list) and item else item
        if isinstance(item, bool) or not isinstance(item, (str, int)) or item in (status, str(status), 0):
            continue
        word = str(item).strip()
        if not word or word == message or len(word) > 200 or "://" in word:
            continue
        if name in ("status", "type") and word.lower() in (
            "error",
            "fail",
            "failed",
            "failure",
            "exception",
            "about:blank",
        ):
            return None
        return _coded(name, word, members)
    return None


def _coded(name: str, word: str, members: dict[str, Any]) -> str:
    """A code by itself would be masked as a number; with its kind in front it stays. PostgREST's are Postgres's own."""
    if "code" in name or name == "errno":
        postgres = {"hint", "details", "detail", "severity", "routine", "table", "constraint"} & members.keys()
        if postgres and _SQLSTATE.fullmatch(word) and word not in _NOT_SQL:
            return f"SQLSTATE {word}"
        if word.lstrip("-").isdigit():
            return f"code {word}"
    return word


def _dumped(item: Any) -> Problem | None:
    """A string that is a whole exception: its head line, class and trace. ASP.NET's {details: …} too."""
    if isinstance(item, dict):
        item = item.get("details", item.get("Details"))
    if not isinstance(item, str):
        return None
    trace = _TRACE_LINE.search(item[: 64 * 1024])
    found = (_INSPECTED.match(item) or _DUMPED.match(item)) if trace is None or trace.start() > 0 else None
    if trace is not None and trace.start() == 0:
        last = item.rstrip().rpartition("\n")[2]
        found = _DUMPED.match(last)
    if found is None or (trace is None and not item.startswith("#<")):
        return None
    said = found[2].removesuffix(">") if item.startswith("#<") else found[2]
    return Problem(limited(f"{found[1]}: {said}"), found[1], limited_stack(item) if trace else None)


def _exception_class(members: dict[str, Any]) -> str | None:
    for name in CLASSES:
        item = members.get(name)
        if not isinstance(item, str) or not _CLASS.fullmatch(item[:1000]):
            continue
        sure = name in CLASSES[:_SURE_CLASSES] or (name == "class" and isinstance(members.get("trace"), list))
        if len(item) <= 200 and (sure or item.lower().endswith(_CLASS_END)):
            return item
    return None


def _stack(members: dict[str, Any]) -> str | None:
    extensions = members.get("extensions")
    holders = [members]
    if isinstance(extensions, dict):
        inner = normalised(extensions)
        holders += [inner, *(normalised(item) for item in inner.values() if isinstance(item, dict))]
    for holder in holders:
        for name in STACKS:
            item = holder.get(name)
            if isinstance(item, dict):
                # Rails sorts its frames by whose they are.
                item = item.get("Application Trace") or item.get("Full Trace") or next(iter(item.values()), None)
            if isinstance(item, list):
                item = "\n".join(line for frame in item[:1000] if (line := _frame_line(frame)))
            if isinstance(item, str) and "\n" in item:
                return limited_stack(item)
    return None


def _frame_line(frame: Any) -> str | None:
    """A frame as the language would print it: PHP's {file, line, class, function}, Rails' {trace}, or its own line."""
    if isinstance(frame, str):
        return frame
    if not isinstance(frame, dict):
        return None
    if isinstance(frame.get("trace"), str):
        return str(frame["trace"])
    file, line, function = frame.get("file"), frame.get("line"), frame.get("function")
    if not isinstance(file, str) or not isinstance(function, str) or not isinstance(line, int):
        return None
    owner = f"{frame['class']}{frame.get('type', '->')}" if isinstance(frame.get("class"), str) else ""
    return f"#0 {file}({line}): {owner}{function}()"
