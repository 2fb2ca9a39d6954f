"""Elixir and Erlang traces: `** (Error) message` with `(app 1.0) file:line: M.f/1`, and Erlang's own forms."""

from __future__ import annotations

from signal_pipeline.stack_traces.exception_head import ExceptionHead
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

_ELIXIR = linear(
    r"^\s*(?:\(([0-9a-z_]+)(?: [0-9][^\s)]*)?\) )?([^\s:]+\.(?:exs?|erl|eex|heex|leex)):([0-9]+): (.+?)\s*$"
)
_ELIXIR_APP = linear(r"^\s*\(([0-9a-z_]+)(?: [0-9][^\s)]*)?\) (:?[A-Z0-9a-z_.\"]+\..+/[0-9]+)\s*$")
_ERLANG_CALL = linear(
    r"^\s*in (?:function"
    r"|call from) +([0-9A-Za-z_']+):([0-9A-Za-z_'\-/]+?)/[0-9]+ (?:\(([^\s,()]+), line ([0-9]+)\))?"
)
_ERLANG_TUPLE = linear(
    r"^\s*\[?\{([0-9a-z_']+|'[^']+'),([0-9a-z_'\-/]+|'[^']+'),(?:[0-9]+"
    r"|\[.*\]),\s*(?:\[\{file,\"([^\"]+)\"\},\s*\{line,([0-9]+)\}\]|\[\])\}"
)
_HEAD = linear(r"\*\* \(([A-Z][0-9A-Za-z_.]*|exit|throw|stop|EXIT)\)(?: from #PID<[^>]*>)? ?(.*)$")
_ERLANG_HEAD = linear(r"^\s*(?:\*\* )?exception (error|exit|throw): (.*)$")
_CALL = linear(r"^(?:anonymous fn/[0-9]+ in )?(.*?)\.?([^.]+?(?:/[0-9]+)?)$")
_WRITTEN_CALL = linear(r"\(.*\)$")

FRAME = linear(
    r"^\s*(?:\([0-9a-z_]+(?: [0-9][^\s)]*)?\) )?[^\s:]+\.(?:exs?|erl|eex|heex):[0-9]+: [^\s]"
    r"|^\s*\([0-9a-z_]+(?: [0-9][^\s)]*)?\) :?[A-Z0-9a-z_.\"]+\..+/[0-9]+\s*$"
    r"|^\s*in (?:function|call from) +[0-9A-Za-z_']+:|^\s*\[?\{[0-9a-z_']+,[0-9a-z_'\-/]+,(?:[0-9]+"
    r"|\[.*\]),\s*\["
)
DECISIVE = linear(
    r"^.*\*\* \([A-Z][0-9A-Za-z_.]*(?:Error|Exception)?\) |^\*\* exception (?:error|exit|throw):"
    r"|^\s+\([0-9a-z_]+ [0-9][^\s)]*\) [^\s:]+\.(?:ex|erl):[0-9]+: "
)


def _frame(app: str, module: str, function: str, file: str, line: str | None) -> StackFrame:
    own = is_in_app("elixir", module=app or module.lstrip(":"))
    own = own and is_in_app("elixir", module=module.lstrip(":"))
    return StackFrame(function, module, file, number(line), None, own, "elixir")


def elixir_frame(line: str) -> StackFrame | None:
    """Read one frame line of Elixir or Erlang; None when it is not one."""
    found = _ELIXIR.match(line)
    if found is not None:
        module, function = _split(found.group(4))
        return _frame(found.group(1) or "", module, function, found.group(2), found.group(3))
    found = _ELIXIR_APP.match(line)
    if found is not None:
        module, function = _split(found.group(2))
        return _frame(found.group(1), module, function, "", None)
    found = _ERLANG_CALL.match(line) or _ERLANG_TUPLE.match(line)
    if found is not None:
        return _frame("", found.group(1), found.group(2), found.group(3) or "", found.group(4))
    return None


def _split(call: str) -> tuple[str, str]:
    found = _CALL.match(_WRITTEN_CALL.sub("", call))
    return (found.group(1), found.group(2)) if found is not None else ("", call)


def parse_elixir(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the first trace with a class; the exit reason of a process gives way to the exception it names."""
    frames = FrameCollector(limit)
    found: ExceptionHead | None = None
    for line in [head, *lines]:
        frame = elixir_frame(line)
        if frame is not None:
            frames.add(frame)
            continue
        stated = _HEAD.search(line)
        erlang = _ERLANG_HEAD.search(line)
        if stated is not None and (found is None or (found.name in ("EXIT", "exit", "stop") and not len(frames))):
            found = ExceptionHead(stated.group(1), stated.group(2))
        elif erlang is not None and found is None:
            found = ExceptionHead(erlang.group(1), erlang.group(2))
        elif stated is not None and len(frames):
            break
    if not len(frames) and (found is None or found.name is None):
        return None
    found = found or ExceptionHead(None, head)
    return StackTrace("elixir", found.name, found.message, frames.frames(), truncated=frames.truncated)
