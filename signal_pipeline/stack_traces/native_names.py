"""C++, Rust and Swift symbols without what depends on the build: arguments, template arguments, return types."""

from __future__ import annotations

from signal_pipeline.stack_traces.function_names import drop_nested, stable_name
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.mangled_names import demangled

_OPERATORS = (
    ("operator()", "operator_call"),
    ("operator->", "operator_arrow"),
    ("operator<<=", "operator_shl_assign"),
    ("operator>>=", "operator_shr_assign"),
    ("operator<=>", "operator_spaceship"),
    ("operator<<", "operator_shl"),
    ("operator>>", "operator_shr"),
    ("operator<=", "operator_le"),
    ("operator>=", "operator_ge"),
    ("operator<", "operator_lt"),
    ("operator>", "operator_gt"),
)
"""Written as words before brackets are dropped, since their brackets are names."""
_QUALIFIERS = linear(r"(?:\s*(?:const|volatile|noexcept|&&?))+$")
_RUST_ESCAPES = (
    ("$LT$", "<"),
    ("$GT$", ">"),
    ("$u20$", " "),
    ("$u7b$", "{"),
    ("$u7d$", "}"),
    ("$RF$", "&"),
    ("..", "::"),
)
_RUST_IMPL = linear(r"^_?<(.*?)(?: as .*)?>::(.*)$")
_OBJC = linear(r"^[-+]\[")
_RETURN_TYPE = linear(r"^(?:[^\s]+\s+(?:[*&]+\s*)?)+([^\s]+)$")


def native_name(symbol: str) -> str:
    """`void js::Copy<char16_t>(js::Cx*, int)` is `js::Copy`; Objective-C selectors stay as they are."""
    if _OBJC.match(symbol):
        return symbol
    name = stable_name("native", demangled(symbol))
    for written, word in _OPERATORS:
        name = name.replace(written, word)
    name = drop_nested(drop_nested(drop_nested(name, "(", ")"), "<", ">"), "{", "}")
    name = _QUALIFIERS.sub("", name).strip()
    if "operator" not in name:
        returned = _RETURN_TYPE.match(name)
        name = returned.group(1) if returned is not None else name
    return name.lstrip("*&: ").rstrip(": ")


def rust_name(symbol: str) -> str:
    """`<a::B as c::D>::run::h0123456789abcdef` is `a::B::run`; closures count as their function."""
    name = symbol
    for escape, char in _RUST_ESCAPES:
        name = name.replace(escape, char)
    name = stable_name("rust", name.replace("._", "").strip("_"))
    name = stable_name("rust", name)
    impl = _RUST_IMPL.match(name)
    if impl is not None:
        name = f"{impl.group(1)}::{impl.group(2)}"
    name = drop_nested(drop_nested(name, "<", ">"), "{", "}")
    return "::".join(part.strip() for part in name.split("::") if part.strip(" _"))


def split_scope(qualified: str) -> tuple[str, str]:
    """`a::b::c` is scope `a::b` and name `c`."""
    scope, _, name = qualified.rpartition("::")
    return scope, name
