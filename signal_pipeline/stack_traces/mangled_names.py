"""The qualified name inside an Itanium-mangled C++ symbol: enough to tell functions apart, not a demangler."""

from __future__ import annotations

from signal_pipeline.stack_traces.linear_pattern import linear

_MANGLED = linear(r"^_{1,2}Z(N?)[KVrRO]*((?:L?[0-9]|S[a-z0-9_])[0-9A-Za-z_$.]*)")
_LENGTH = linear(r"^L?([0-9]{1,4})")
_STANDARD = {"St": "std", "Sa": "std::allocator", "Ss": "std::string", "Sb": "std::basic_string"}


def demangled(symbol: str) -> str:
    """`_ZN4shop4Cart3addEi` is `shop::Cart::add`. Names after template arguments are left out; what is not
    mangled comes back as it is."""
    found = _MANGLED.match(symbol)
    if found is None:
        return symbol
    nested, rest = bool(found.group(1)), found.group(2)
    parts: list[str] = []
    while rest:
        if rest[:2] in _STANDARD:
            parts.append(_STANDARD[rest[:2]])
            rest = rest[2:]
            continue
        length = _LENGTH.match(rest)
        if length is None:
            break
        size = int(length.group(1))
        name = rest[length.end() : length.end() + size]
        parts.append("anonymous" if name.startswith("_GLOBAL__N") else name)
        rest = rest[length.end() + size :]
        if not nested:
            break
    if nested and parts and rest[:1] in ("C", "D") and rest[1:2].isdigit():
        parts.append(parts[-1] if rest[0] == "C" else f"~{parts[-1]}")
    return "::".join(parts) or symbol
