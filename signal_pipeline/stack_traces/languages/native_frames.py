"""One line of a native stack, as debuggers, sanitizers and crash reporters write it. Lines only, no stacks."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import PatternSet, linear, number
from signal_pipeline.stack_traces.model import StackFrame


@dataclass(frozen=True)
class FrameFormat:
    """Groups of `pattern`: `n` position in its stack, `f` function with or without arguments, `m` binary
    image, `s` source file, `l` line, `c` column, `t` thread."""

    name: str
    pattern: str
    example: str


_SOURCE = r"(?P<s>(?:[A-Za-z]:)?[^\s():]*[^\s():<>]):(?P<l>[0-9]+)(?::(?P<c>[0-9]+))?"
_IMAGE = r"\((?P<m>[^()+\s]*[^()+]*)\+0x[0-9a-f]+\)"
_BUILD_ID = r"(?: \(BuildId: [0-9a-f]*\)| <(?:[^<>]|<[^<>]*>)*>\+0x[0-9a-f]+)?\s*$"
_ADDRESS = r"0x[0-9A-Fa-f]+"

FORMATS: tuple[FrameFormat, ...] = (
    FrameFormat(
        "minidump raw",
        r"^(?P<t>[0-9]+)\|(?P<n>[0-9]+)\|(?P<m>[^|]*)\|(?P<f>[^|]*)\|(?P<s>[^|]*)\|(?P<l>[0-9]*)\|",
        "0|0|libshop.so|add(int)|cart.c|12|0x1",
    ),
    FrameFormat(
        "valgrind",
        rf"^==[0-9]+==\s+(?:at|by) {_ADDRESS}: (?P<f>.+?) \((?:in (?P<m>[^()]*)"
        rf"|(?P<s>[^()]*?)(?::(?P<l>[0-9]+))?)\)\s*$",
        "==123==    at 0x4005: add (cart.c:12)",
    ),
    FrameFormat(
        "android",
        r"^\s*#(?P<n>[0-9]+) pc [0-9a-f]+\s+(?P<m>[^\s]+)(?: \(offset [^)]*\))?(?: "
        r"\((?P<f>.+?)(?:\+[0-9]+)?\))?(?: \(BuildId: [0-9a-f]+\))?\s*$",
        "    #01 pc 000a1b2c  /system/lib64/libshop.so (add+164)",
    ),
    FrameFormat(
        "cdb",
        r"^(?:[0-9a-f]{2,3} )?[0-9a-f`]{8,17} [0-9a-f`]{8,17}[ :](?:.* "
        r")?(?P<m>[^\s!+]+)!(?P<f>.+?)(?:\+0x[0-9a-f]+)?(?: \[(?P<s>[^\[\]]*?) @ (?P<l>[0-9]+)\])?\s*$",
        "00 0012f6d0 7c90e9c0 shop!add+0x1 [c:\\src\\cart.c @ 12]",
    ),
    FrameFormat(
        "cdb image",
        rf"^(?:[0-9a-f]{{2,3}} )?[0-9a-f`]{{8,17}} [0-9a-f`]{{8,17}}[ :](?:.* )?(?:{_ADDRESS}"
        rf"|(?P<m>[A-Za-z_][0-9A-Za-z_.]*)(?:\+0x[0-9a-f]+)?)\s*$",
        "00 0012f6d0 7c90e9c0 00000000 0x1f6a167c",
    ),
    FrameFormat(
        "swift",
        rf"^(?P<n>[0-9]+)(?: \[[a-z, ]+\])*\s+{_ADDRESS} (?P<f>.+?) \+ [0-9]+ in (?P<m>[^\s]+)(?: at "
        rf"{_SOURCE})?\s*$",
        "1 [ra] 0x00005501 Cart.add(item:) + 12 in shop at /src/Cart.swift:12:5",
    ),
    FrameFormat(
        "apple",
        rf"^\s*(?P<n>[0-9]+)\s+(?P<m>[^\s].*?)\s+{_ADDRESS} (?P<f>.+?)(?: \+ [0-9]+)?(?: "
        rf"\((?P<s>[^()]*?)(?::(?P<l>[0-9]+))?\))?\s*$",
        "0   Shop   0x0000000104f5c3a8 Cart.add(item:) + 12 (Cart.swift:12)",
    ),
    FrameFormat(
        "stackwalk source",
        rf"^\s*(?P<n>[0-9]+)  (?P<m>[^\s!]+)!(?P<f>.+?) \[(?P<s>[^\[\]]*?) : (?P<l>[0-9]+) \+ "
        rf"{_ADDRESS}\]\s*$",
        " 0  libshop.so!add(int) [cart.c : 12 + 0x1]",
    ),
    FrameFormat(
        "stackwalk", rf"^\s*(?P<n>[0-9]+)  (?P<m>[^\s!]+)(?:!(?P<f>.+?))? \+ {_ADDRESS}\s*$", " 0  libshop.so!add + 0x1"
    ),
    FrameFormat(
        "mozilla",
        r"^#(?P<n>[0-9]+): (?P<f>.+?)(?: ?\[(?P<m>[^\[\]]*?) ?\+0x[0-9a-f]+\]"
        r"| \((?P<s>[^()]*?):(?P<l>[0-9]+)\)| \([^()]*\))?\s*$",
        "#01: add(int) (/src/cart.c:12)",
    ),
    FrameFormat(
        "gdb source",
        rf"^\s*#(?P<n>[0-9]+)\s+(?:{_ADDRESS} in )?(?P<f>[^\s0].*\)) at (?P<s>[^\s].*?):(?P<l>[0-9]+)\s*$",
        "#0  0x00005555 in add (n=1) at cart.c:12",
    ),
    FrameFormat(
        "sanitizer source",
        rf"^\s*#(?P<n>[0-9]+)(?P<i>\.[0-9]+)?\s+{_ADDRESS} (?:in )?(?P<f>.+?) {_SOURCE}{_BUILD_ID}",
        "    #0 0x4005 in add(int) /src/cart.c:12:5",
    ),
    FrameFormat(
        "sanitizer image",
        rf"^\s*#(?P<n>[0-9]+)(?P<i>\.[0-9]+)?\s+{_ADDRESS}(?: in (?P<f>.+?))?\s+{_IMAGE}{_BUILD_ID}",
        "    #0 0x4005 in add(int) (/bin/shop+0x4005)",
    ),
    FrameFormat(
        "tsan source",
        rf"^\s*#(?P<n>[0-9]+) (?P<f>[^\s0].*?) {_SOURCE} {_IMAGE}{_BUILD_ID}",
        "    #0 add(int) /src/cart.c:12:5 (shop+0x4005)",
    ),
    FrameFormat(
        "tsan image",
        rf"^\s*#(?P<n>[0-9]+) (?P<f>[^\s0].*?) (?:<null> )?(?:{_IMAGE}|\(0x[0-9a-f]+\)){_BUILD_ID}",
        "    #1 <null> <null> (libshop.so+0x4005)",
    ),
    FrameFormat(
        "gdb library",
        rf"^\s*#(?P<n>[0-9]+)\s+(?:{_ADDRESS} in )?(?P<f>[^\s0].*\))(?: from (?P<m>[^\s]+))?\s*$",
        "#1  0x00005555 in write () from /lib64/libc.so.6",
    ),
    FrameFormat(
        "signal",
        r"^\s*#(?P<n>[0-9]+)\s+(?P<f><signal handler called>|<function called from gdb>)",
        "#3  <signal handler called>",
    ),
    FrameFormat(
        "gdb cut",
        rf"^\s*#(?P<n>[0-9]+)\s+(?:{_ADDRESS} in )?(?P<f>[^\s(]+(?:<[^()]*>)?) \([^)]*$",
        '#0  0x00005555 in add (n=1, text="long',
    ),
    FrameFormat(
        "coredump",
        rf"^\s*#(?P<n>[0-9]+)\s+{_ADDRESS} (?P<f>[^\s()]+) \((?P<m>[^()\s]+) \+ 0x[0-9a-f]+\)\s*$",
        "#0  0x00007f2b1c2d34ef raise (libc.so.6 + 0x3d2ef)",
    ),
    FrameFormat(
        "sanitizer bare",
        rf"^\s*#(?P<n>[0-9]+)(?P<i>\.[0-9]+)?\s+{_ADDRESS}(?: in)?(?: (?P<f>[^(].*?))?\s*$",
        "    #0 0x4005 in add",
    ),
    FrameFormat(
        "glog",
        rf"^\s*(?:PC: )?@\s+{_ADDRESS}\s+(?:\(unknown\)\s+|[0-9]+\s+)?(?:\(unknown\)|(?P<f>[^\s(].*?))\s*$",
        "    @     0x7f01 add()",
    ),
    FrameFormat(
        "glibc",
        r"^\s*(?P<m>(?:[^\s(\[]|\\ )+)\((?P<f>.*?)(?:\+0x[0-9a-f]+)?\)\s*\[0x[0-9a-f]+\]\s*$",
        "./shop(add+0x1d)[0x4005d5]",
    ),
    FrameFormat(
        "glibc cut", r"^\s*(?P<m>/[^\s(]+)\((?P<f>[^+]*)(?:\+0x[0-9a-f]+\)?)?\s*$", "/lib/libshop.so(shop::add(int"
    ),
    FrameFormat(
        "kernel",
        r"^\s*(?:RIP: [0-9a-f]+:|(?:PC is at|pc ?:) ?|#(?P<n>[0-9]+) )?(?:\[<[ 0-9a-z]+>\] *){0,2}(?P<f>[0-9A-Za-z_.]+)"
        r"\+0x[0-9a-f]+/0x[0-9a-f]+(?: \[(?P<m>[^\[\]]+)\])?"
        r"(?: (?P<s>[^\s():]+\.[A-Za-z]{1,3}):(?P<l>[0-9]+)(?: \([a-z]+ [0-9]+\))?)?\s*$",
        " do_page_fault+0x12/0x30",
    ),
    FrameFormat(
        "rust",
        rf"^\s*(?P<n>[0-9]+):\s+(?:{_ADDRESS} - )?(?P<f>[<A-Za-z_](?:[^\[/]|\[[0-9A-Za-z_; ]*\])*?)\s*$",
        "   5: shop::cart::add",
    ),
)
_COMPILED = tuple((row.name, linear(row.pattern)) for row in FORMATS)
_ANY_FORMAT = PatternSet((row.pattern for row in FORMATS), anchored=True)
_RUST_SYMBOL = linear(
    r"::h[0-9a-f]{15,16}$|\{\{[a-z]+\}\}|\$(?:LT|GT|u[0-9a-f]{2}|RF)\$|^<.* as .*>::|^(?:core|alloc"
    r"|std::(?:panicking|sys|rt|sys_common|panic|thread::Builder|backtrace_rs))::|^_?rust_|^__rust_"
    r"|::\{closure#"
)
_LIBRARY = linear(r"^[^\s(]+\.(?:so(?:\.[0-9]+)*|dylib|dll|exe|pkg)$")
_NAMELESS = ("<null>", "??", "???", "<unknown>", "<missing>", "<unavailable>", "<empty>", "n/a", "")
_BEFORE_ARGUMENTS = linear(
    r"^((?:[^\s<(]|\([^()]*\)|<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>| const| \[|operator[<> ]+)+?) \("
)


@dataclass(frozen=True)
class NativeLine:
    """A frame with the format that matched, its position in the stack and its thread where the line tells."""

    format: str
    frame: StackFrame
    position: int | None
    thread: str | None
    inlined: bool = False


def symbol_language(symbol: str, format_name: str) -> str:
    """Symbols of several languages share the formats: they are named by their own rules."""
    if format_name == "rust" or _RUST_SYMBOL.search(symbol):
        return "rust"
    if format_name in ("apple", "swift") and "::" not in symbol and not symbol.startswith("_Z"):
        return "swift"
    return "swift" if symbol.startswith(("$s", "_$s")) else "native"


def _function(symbol: str, format_name: str) -> str:
    symbol = symbol.strip()
    if symbol in _NAMELESS or symbol.startswith("0x") or _LIBRARY.match(symbol):
        return ""
    if format_name.startswith("gdb"):
        found = _BEFORE_ARGUMENTS.match(symbol)
        symbol = found.group(1) if found is not None else symbol.partition(" (")[0]
        return "" if symbol in _NAMELESS else symbol
    return symbol


def native_line(line: str) -> NativeLine | None:
    """Read one frame line by the first format that matches; None when none does."""
    for index in _ANY_FORMAT.matching(line):
        name, pattern = _COMPILED[index]
        found = pattern.match(line)
        if found is None:
            continue
        groups = found.groupdict()
        function = _function(groups.get("f") or "", name)
        module = (groups.get("m") or "").strip().replace("\\", "/").rsplit("/", 1)[-1]
        language = symbol_language(function, name)
        file = groups.get("s") or ""
        frame = StackFrame(
            function=function,
            module=module,
            file=file,
            line=number(groups.get("l")),
            column=number(groups.get("c")),
            in_app=_in_app(language, function, module, file),
            language=language,
        )
        return NativeLine(name, frame, number(groups.get("n")), groups.get("t"), bool(groups.get("i")))
    return None


def _in_app(language: str, function: str, module: str, file: str) -> bool:
    if language == "rust":
        return is_in_app("rust", module=function.lstrip("_"), file=file) and bool(function)
    return bool(function) and is_in_app(language, module=module, function=function, file=file)
