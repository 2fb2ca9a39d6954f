"""Names of functions and modules that do not change with build, compiler run or instantiation.

One row per kind of noise. Which frames count at all is identity.py; paths are file_paths.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from signal_pipeline.stack_traces.linear_pattern import linear

MAX_NAME_CHARS = 200
"""Demangled template names grow to tens of kilobytes; what tells them apart comes first."""


@dataclass(frozen=True)
class NoiseRow:
    """In names of `languages`, `pattern` becomes `replacement`; `example` shows before and after."""

    languages: str
    pattern: str
    replacement: str
    example: tuple[str, str]


NOISE: tuple[NoiseRow, ...] = (
    NoiseRow("java", r"\$\$Lambda.*$", "$$Lambda", ("a.B$$Lambda$14/0x0008", "a.B$$Lambda")),
    NoiseRow(
        "java", r"\$\$(?:EnhancerBy|FastClassBy|SpringCGLIB|_).*$", "", ("a.B$$EnhancerBySpringCGLIB$$3f2a", "a.B")
    ),
    NoiseRow("java", r"\blambda\$([^$]+)\$[0-9]+", r"lambda$\1", ("lambda$send$3", "lambda$send")),
    NoiseRow("java", r"\$anonfun\$([^$]+)\$[0-9]+(?:\$adapted)?", r"$anonfun$\1", ("$anonfun$map$1", "$anonfun$map")),
    NoiseRow(
        "java",
        r"(\$Proxy|GeneratedMethodAccessor|GeneratedConstructorAccessor|access\$)[0-9]+",
        r"\1",
        ("$Proxy12", "$Proxy"),
    ),
    NoiseRow("java", r"\$[0-9]+", "$", ("a.B$1", "a.B$")),
    NoiseRow("javascript", r" \[as [^\]]*\]", "", ("Layer.handle [as handle_request]", "Layer.handle")),
    NoiseRow("javascript", r"^(?:(?:async|new|get|set|bound) )+", "", ("new Cart", "Cart")),
    NoiseRow("javascript", r"^[A-Za-z. ]+\*", "", ("promise callback*add", "add")),
    NoiseRow("javascript", r"(?:/?<)+$", "", ("App.add/<", "App.add")),
    NoiseRow(
        "javascript",
        r"^(?:.*\.)?(?:<anonymous>|\(anonymous function\)|anonymous)$|^Anonymous function$",
        "",
        ("Object.<anonymous>", ""),
    ),
    NoiseRow("javascript", r"(_callee|_loop|_temp)(?:\$|_)?[0-9]+(\$?)", r"\1", ("_callee3$", "_callee")),
    NoiseRow(
        "go",
        r"(?:\.func[0-9]+(?:\.[0-9]+)*|\.gowrap[0-9]+|\.deferwrap[0-9]+|-fm|-range[0-9]+|·dwrap·[0-9]+"
        r"|\.abi0)+$",
        "",
        ("main.func1.2", "main"),
    ),
    NoiseRow("go", r"^glob\.\.?.*$", "glob.", ("glob..func1", "glob.")),
    NoiseRow("go", r"^init\.[0-9]+$", "init", ("init.0", "init")),
    NoiseRow("go", r"^(_cgoexpwrap_|_cgoexp_)[0-9a-f]+_", r"\1", ("_cgoexpwrap_e34c4d_run", "_cgoexpwrap_run")),
    NoiseRow("go", r"\[\.\.\.\]|\[go\.shape[^\]]*\]", "", ("Map[...]", "Map")),
    NoiseRow("rust native", r"(?:::|\.)h[0-9a-f]{15,17}(?:\b|$)", "", ("a::b::h849ed7a815da104e", "a::b")),
    NoiseRow(
        "rust", r"::?\{\{?(?:closure|impl|shim|constant)[^}]*\}\}?(?:#[0-9]+)?", "", ("a::b::{{closure}}", "a::b")
    ),
    NoiseRow("rust", r"::_?\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$", "", ("a::_$u7b$$u7b$closure$u7d$$u7d$", "a")),
    NoiseRow(
        "native swift",
        r"\s*\[clone [^\]]*\]|(?:\.(?:isra|constprop|part|cold|lto_priv|llvm|str"
        r"|localalias)(?:\.[0-9]+)*)+$|@@?(?:GLIBC|GLIBCXX|CXXABI|VERS)[A-Z_0-9.]*|@plt$",
        "",
        ("add.isra.0", "add"),
    ),
    NoiseRow("native", r"\+0x[0-9a-f]+$", "", ("wmain+0x12", "wmain")),
    NoiseRow("native", r"\bstd::(?:__1|__ndk1|__cxx11|__Cr|__fs)::", "std::", ("std::__1::sort", "std::sort")),
    NoiseRow(
        "native",
        r"(?:'lambda[0-9]*'|\{lambda[^}]*#[0-9]+\}|<lambda_?[0-9a-f]*>|\$_[0-9]+|lambda_[0-9a-f]{8,})",
        "lambda",
        ("add()::$_0", "add()::lambda"),
    ),
    NoiseRow(
        "native",
        r"\(anonymous namespace\)|`anonymous[ -]namespace'|\{anonymous\}|<unnamed-tag>|<unnamed>",
        "anonymous",
        ("(anonymous namespace)::add", "anonymous::add"),
    ),
    NoiseRow(
        "csharp",
        r"^.*<([A-Za-z_][0-9A-Za-z_]*)>[a-z]__[0-9A-Za-z_|]+(?:\.MoveNext)?$",
        r"\1",
        ("<Add>d__2.MoveNext", "Add"),
    ),
    NoiseRow(
        "csharp",
        r"(?:[.+]<[A-Za-z_0-9]*>[a-z]__?[0-9A-Za-z_]*|[.+]<>c(?:__DisplayClass[0-9_]+)?)(?:`[0-9]+)?",
        "",
        ("A.Cart+<>c__DisplayClass1_0", "A.Cart"),
    ),
    NoiseRow("csharp", r"`[0-9]+(?:\[.*\])?|\[[^\]]*\]$", "", ("Dictionary`2[System.String]", "Dictionary")),
    NoiseRow("csharp", r"^(lambda_method)[0-9]+$", r"\1", ("lambda_method12", "lambda_method")),
    NoiseRow(
        "ruby", r"^(?:(?:block(?: \([0-9]+ levels\))?|rescue|ensure) in )+", "", ("block (2 levels) in add", "add")
    ),
    NoiseRow("ruby", r"^.*[#.]([^#.]+)$", r"\1", ("Cart#add", "add")),
    NoiseRow("php", r"\{closure[^}]*\}", "{closure}", ("{closure:/srv/a.php:12}", "{closure}")),
    NoiseRow(
        "php",
        r"class@anonymous.*?(->|::|$)",
        r"class@anonymous\1",
        ("class@anonymous/srv/a.php:12$0->add", "class@anonymous->add"),
    ),
    NoiseRow(
        "dart",
        r"(?:\.?<(?:anonymous closure|fn|async|computation)>)+(?:\.<.*>)*",
        "",
        ("add.<anonymous closure>", "add"),
    ),
    NoiseRow("elixir", r"^anonymous fn/[0-9]+ in ", "", ("anonymous fn/1 in add", "add")),
    NoiseRow("elixir", r"^-(.+)/[0-9]+-[a-z]+[0-9a-z^/\-]*-$", r"\1", ("-add/1-fun-0-", "add")),
    NoiseRow("elixir", r"/[0-9]+$", "", ("add/1", "add")),
    NoiseRow(
        "swift",
        r"^(?:(?:specialized|closure #[0-9]+(?: \([^)]*\))? in|partial apply for"
        r"|partial apply forwarder for|@objc|@nonobjc|static|thunk for|protocol witness for"
        r"|generic specialization .* of|merged|outlined [a-z ]+of|implicit closure #[0-9]+ in"
        r"|\([0-9]+\) (?:await resume|suspend resume) partial function for) )+",
        "",
        ("closure #1 in Cart.add", "Cart.add"),
    ),
)

_RULES = {
    language: [(linear(row.pattern), row.replacement) for row in NOISE if language in row.languages.split()]
    for language in sorted({name for row in NOISE for name in row.languages.split()})
}


def drop_nested(text: str, opening: str, closing: str) -> str:
    """Text without anything between `opening` and its `closing`; an unclosed one drops the rest. Linear."""
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == opening:
            depth += 1
        elif char == closing and depth:
            depth -= 1
        elif not depth:
            kept.append(char)
    return "".join(kept)


def stable_name(language: str, name: str) -> str:
    """`name` after all rows of NOISE for `language`, at most MAX_NAME_CHARS characters."""
    return _remembered_name(language, name) if len(name) <= _REMEMBERED_CHARS else _stable_name(language, name)


def _stable_name(language: str, name: str) -> str:
    for pattern, replacement in _RULES.get(language, ()):
        name = pattern.sub(replacement, name)
    return name[:MAX_NAME_CHARS].strip()


_REMEMBERED_CHARS = 256
_remembered_name = lru_cache(8_192)(_stable_name)
"""A program's traces name the same functions over and over."""
