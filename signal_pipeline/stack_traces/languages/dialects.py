"""Languages whose traces need no grammar of their own: each frame fills a line, some with its place in the next one.

One row per language. How a row is read is line_frames.py.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How traces of a language look. `frame` has the groups `function`, `module`, `file`, `line` as far as its lines
    say so; `place` is a line below a frame with the ones that it lacks. `heads` state the class and the message in the
    groups `name` and `message`; the first line that one of them matches counts, and frames may state a class too.

    `decisive` matches a line that only this language writes; without it a frame is one. With `outermost_first` the
    trace begins with the program's entry. With `named_by_caller` a line says where its function was called, so the next
    line names the function that the place is in.
    """

    name: str
    frame: str
    heads: tuple[str, ...]
    example: str
    place: str = ""
    decisive: str = ""
    outermost_first: bool = False
    named_by_caller: bool = False


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        "julia",
        r"^\s*\[[0-9]+\] (?P<function>top-level scope|\(::[^)]*\)|[^\s(]+)"
        r"(?:.* at (?P<file>[^\s]+):(?P<line>[0-9]+)(?: \[inlined\])?)?",
        (
            r"^(?:ERROR: |caused by: )?(?:(?:LoadError|InitError): )*(?P<name>[A-Z]\w*(?:Error|Exception))(?:: ?|$)"
            r"(?P<message>.*)$",
            r"^ERROR: (?:(?:LoadError|InitError): )*(?P<message>.*)$",
        ),
        "ERROR: LoadError: BoundsError: bad\nStacktrace:\n [1] add(n::Int64)\n   @ Shop ~/shop/cart.jl:12",
        place=r"^\s+@ (?:[^\s:]+ )?(?P<file>[^\s]+):(?P<line>[0-9]+)",
    ),
    Dialect(
        "ocaml",
        r"^(?:Raised at|Raised by primitive operation at|Re-raised at|Called from) "
        r"(?:(?:(?P<module>[\w.']+)\.)?(?P<function>[\w']+)(?:\.\([^)]*\))? in )?file \"(?P<file>[^\"]+)\""
        r"(?: \(inlined\))?, lines? (?P<line>[0-9]+)",
        (
            r"^(?:Fatal error: )?exception (?P<name>[A-Z][\w.']*)(?P<message>.*)$",
            r"^\s*\(?(?P<name>[A-Z][\w.']*)(?P<message>.*)$",
        ),
        'Fatal error: exception Failure("bad")\nRaised at Cart.add in file "cart.ml", line 12, characters 2-9',
        decisive=r"^Fatal error: exception [A-Z]",
    ),
    Dialect(
        "haskell",
        r"^\s+(?P<function>[^\s,]+), called at (?P<file>[^\s:]+):(?P<line>[0-9]+):[0-9]+ in "
        r"[^\s]+:(?P<module>[\w.]+)",
        (
            r"^(?:[\w.\-]+: )?[Uu]ncaught exception:? (?:[\w\-]+:)?(?:[\w]+\.)*(?P<name>\w+):?(?P<message>.*)$",
            r"^(?:[\w.\-]+: )(?P<message>[^\s].*)$",
        ),
        "shop: Uncaught exception ghc-internal:GHC.Internal.Exception.ErrorCall: bad\nHasCallStack backtrace:\n"
        "  error, called at src/Cart.hs:12:9 in main:Cart\n  add, called at app/Main.hs:7:3 in main:Main",
        named_by_caller=True,
    ),
    Dialect(
        "lua",
        r"^\s*(?P<file>[^\s:\[\]()]+\.lua|\[string \"[^\"]*\"\]|\[C\]|=?\(?[\w.]+\)?):(?:(?P<line>[0-9]+):)? in "
        r"(?:(?:function|method|upvalue|local|field|global|metamethod)? ?"
        r"(?:'(?P<function>[^']+)'|<[^>]*>)|main chunk|\?)",
        (r"(?:^|[\s:])(?:[^\s:\[\]]+\.lua|\[string \"[^\"]*\"\]):[0-9]+: (?P<message>.*)$",),
        "lua: cart.lua:12: bad\nstack traceback:\n\tcart.lua:12: in function 'add'\n\t[C]: in ?",
    ),
    Dialect(
        "perl",
        r"^\s+(?:(?P<module>[\w:]+)::)?(?P<function>\w+)\(.*\) called at (?P<file>[^\s]+) line (?P<line>[0-9]+)",
        (r"^(?P<message>[^\s].*?) at [^\s]+ line [0-9]+",),
        "bad at lib/Shop/Cart.pm line 12.\n\tShop::Cart::add(7) called at bin/shop.pl line 3",
    ),
    Dialect(
        "r",
        r"^\s*[0-9]+\. [│ ]*[├└]─ ?(?:(?P<module>[\w.]+):{2,3}|(?:global|base|local) )?(?P<function>`[^`]+`|[\w.]+)\(",
        (r"^<error/(?P<name>[\w.]+)>", r"^! (?P<message>.*)$"),
        "<error/rlang_error>\nError in `add()`:\n! bad\nBacktrace:\n    ▆\n 1. └─global add(7)",
        outermost_first=True,
    ),
    Dialect(
        "matlab",
        r"^Error (?:in|using) (?:(?P<module>[\w./+]+)[>/])?(?P<function>\w+) \(line (?P<line>[0-9]+)\)",
        (r"^(?P<message>[A-Z][^\s]* .*[.!?])$",),
        "Error using cart>add (line 12)\nThis is bad.\n\nError in main (line 3)",
    ),
    Dialect(
        "plsql",
        r"^ORA-06512: at (?:\"(?:(?P<module>[^\".]+)\.)?(?P<function>[^\"]+)\", )?line (?P<line>[0-9]+)",
        (r"^(?P<name>(?:ORA|PLS)-[0-9]{5}): (?P<message>.*)$",),
        'ORA-01403: bad\nORA-06512: at "SHOP.CART", line 12\nORA-06512: at line 1',
    ),
    Dialect(
        "powershell",
        r"^(?:At (?P<file>[^\s].*?\.ps[md]?1|line):(?P<line>[0-9]+) char:[0-9]+"
        r"|at (?P<function><ScriptBlock>[^,]*|[\w\-]+), (?:[A-Za-z]:)?[^:,]+: line [0-9]+)",
        (
            r"^\s*\+ FullyQualifiedErrorId : (?P<name>[\w.]+)",
            r"^(?:[^\s:]+ : )(?P<message>[^\s].*)$",
        ),
        "Add-Item : bad\n    + FullyQualifiedErrorId : BadException\nat Add-Item, C:\\shop\\cart.ps1: line 12",
    ),
    Dialect(
        "clojure",
        r"^(?:Execution error|Unexpected error|Syntax error)(?: \([\w.$]+\))? .*?at "
        r"(?P<module>[\w.\-]+)/(?P<function>[\w.\-*+!?<>=']+) \((?P<file>[^:()]+):(?P<line>[0-9]+)",
        (
            r"^(?:Execution error|Unexpected error|Syntax error) \((?P<name>[\w.$]+)\)",
            r"^(?P<message>[A-Za-z\"].*)$",
        ),
        "Execution error (ArithmeticException) at shop.cart/add (cart.clj:12).\nThis is bad",
    ),
    Dialect(
        "godot",
        r"^\s+(?:at: |\[[0-9]+\] )(?P<function>[\w.<>@]+) \((?:[a-z]+://)?(?P<file>[^():]+):(?P<line>[0-9]+)\)",
        (r"^(?:SCRIPT ERROR|USER ERROR|ERROR): (?P<message>.*)$",),
        "SCRIPT ERROR: bad\n   at: add (res://cart.gd:12)",
    ),
)
"""The first row whose frames a text has is asked first."""
