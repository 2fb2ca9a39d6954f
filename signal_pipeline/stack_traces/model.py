"""What a parsed stack trace is. Frozen records only; parsing and identity live in parse.py and identity.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StackFrame:
    """One call. Empty strings stand for what the trace does not tell; `line` and `column` are 1-based.

    `language` is a name of parse.LANGUAGES: java, python, go, javascript, csharp (any .NET), native, ...
    `module` is the class (Java, .NET), package (Go), dotted module (Python), file (JavaScript, PHP, Ruby),
    or binary image (native code, Rust, Swift), whose `function` is the whole qualified symbol.
    """

    function: str = ""
    module: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    in_app: bool = True
    language: str = ""


@dataclass(frozen=True)
class StackTrace:
    """One error with its frames, innermost first.

    `causes` are flat: for a chain the direct cause first and the root last; for a group its members.
    `truncated` says that frames or causes are missing: capped here, or elided by the program that wrote them.
    """

    language: str
    exception_class: str | None = None
    message: str = ""
    frames: tuple[StackFrame, ...] = ()
    causes: tuple[StackTrace, ...] = ()
    truncated: bool = False
