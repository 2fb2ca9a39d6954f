"""Console events to the text that DevTools writes with "Save as...", timestamps on. A pure function of the events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shop_recording.devtools import Event

_FRAME_URL = re.compile(r"https?://[^\s/()]{1,80}/([^\s()]{0,120})")


@dataclass(frozen=True)
class ConsoleRecord:
    """One message of the console. `position` is that of its event; `text` has no end of line."""

    position: int
    level: str
    text: str


def console_records(events: list[Event]) -> list[ConsoleRecord]:
    requests = {e["params"]["requestId"]: e["params"] for e in events if e["method"] == "Network.requestWillBeSent"}
    answers = {
        e["params"]["requestId"]: e["params"]["response"] for e in events if e["method"] == "Network.responseReceived"
    }
    writers: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
        "Runtime.consoleAPICalled": _message,
        "Runtime.exceptionThrown": _exception,
        "Log.entryAdded": partial(_network, requests, answers),
    }
    return [
        ConsoleRecord(position, *writers[event["method"]](event["params"]))
        for position, event in enumerate(events)
        if event["method"] in writers
    ]


def export(records: Iterable[ConsoleRecord]) -> str:
    return "".join(record.text + "\n" for record in records)


def _message(parameters: dict[str, Any]) -> tuple[str, str]:
    words = " ".join(_argument(argument) for argument in parameters["args"])
    trace = parameters.get("stackTrace") if parameters["type"] in ("error", "warning") else None
    return parameters["type"], _written(parameters["timestamp"], _origin(parameters.get("stackTrace")), words, trace)


def _argument(argument: dict[str, Any]) -> str:
    return _short_urls(str(argument.get("value", argument.get("description", "undefined"))))


def _exception(parameters: dict[str, Any]) -> tuple[str, str]:
    details = parameters["exceptionDetails"]
    words = f"{details['text']} {_short_urls(details['exception']['description'])}"
    trace = details.get("stackTrace")
    origin = _origin(trace) or f"{_file(details.get('url', ''))}:{details['lineNumber'] + 1}"
    return "error", _written(parameters["timestamp"], origin, words, trace)


def _network(
    requests: Mapping[str, dict[str, Any]], answers: Mapping[str, dict[str, Any]], parameters: dict[str, Any]
) -> tuple[str, str]:
    """A request that a script made is shown with method, URL and stack; any other with Chrome's sentence."""
    entry = parameters["entry"]
    request_id, words = entry.get("networkRequestId", ""), entry["text"]
    request = requests.get(request_id, {})
    trace = entry.get("stackTrace") or request.get("initiator", {}).get("stack")
    if trace and request:
        answer = answers.get(request_id)
        ending = f"{answer['status']} ({answer['statusText']})" if answer else words.rpartition(": ")[2]
        words = f"{request['request']['method']} {entry['url']} {ending}"
    origin = _origin(trace) or f"{_file(entry.get('url', ''))}:1"
    return entry["level"], _written(entry["timestamp"], origin, words, trace)


def _written(timestamp: float, origin: str, words: str, trace: dict[str, Any] | None) -> str:
    clock = datetime.fromtimestamp(timestamp / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
    return "\n".join([f"{clock} {origin} {words}", *_trace_lines(trace)])


def _origin(trace: dict[str, Any] | None) -> str:
    frames = trace["callFrames"] if trace else []
    return f"{_file(frames[0]['url'])}:{frames[0]['lineNumber'] + 1}" if frames else ""


def _trace_lines(trace: dict[str, Any] | None) -> list[str]:
    """The stack below a message; the part that was waited for follows 'await in ...'."""
    lines: list[str] = []
    while trace:
        frames = trace["callFrames"]
        if lines and frames and trace.get("description"):
            waited = trace["description"]
            lines.append(f"{waited} in {frames[0]['functionName']}" if waited == "await" else waited)
        for frame in frames:
            lines.append(f"{frame['functionName'] or '(anonymous)'} @ {_file(frame['url'])}:{frame['lineNumber'] + 1}")
        trace = trace.get("parent")
    return lines


def _short_urls(text: str) -> str:
    return _FRAME_URL.sub(lambda match: _file(match[0]), text)


def _file(url: str) -> str:
    """What DevTools shows for a URL: the last part of its path, or (index)."""
    return url.partition("?")[0].rpartition("/")[2] or "(index)"
