"""The console of a Chromium browser as its developer tools save it. Firefox and undated lines: scripting.py.

What was printed tells the level: `Uncaught`, a request that was refused and a resource that did not load are errors.
"""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat

_FILES = (
    r"(?:js|mjs|cjs|ts|tsx|jsx|vue|svelte|html?|php|aspx?|jsp|css|json|map|wasm|png|jpe?g|gif|svg|webp|avif|ico"
    r"|woff2?|ttf|mp[34]|webm|xml|txt|pdf)"
)
_SOURCE = (
    rf"(?P<component>[^\s:]+\.{_FILES}(?:\?[^\s:]*)?|\(index\)|\(unknown\)|VM[0-9]+(?: [^\s:]+)?|content-script[^\s:]*)"
    r":[0-9]+(?::[0-9]+)? "
)
_ANY_SOURCE = r"(?:(?P<component>[^\s]+):[0-9]+ +)?"
"""Before a wording of the browser's own the source may be any URL's last part, or missing."""
_METHOD = r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_URL = r"(?P<url>[a-z][a-z0-9+.\-]*://[^\s]+)"
_RESOURCE = r"(?P<component>(?P<url>[^\s]+)):[0-9]+ +"
_LOUD = (
    r"(?P<level>Access to [a-zA-Z]+ at|Mixed Content:|Refused to [a-z]+|\[Violation\]"
    r"|\[Deprecation\]|\[Intervention\])"
)

_ROWS: tuple[tuple[str, str, str], ...] = (
    (
        rf"{_ANY_SOURCE}(?P<message>{_METHOD} {_URL} {{status}}(?: \([^)]*\))?)\s*$",
        "status",
        "api.js:34 GET https://shop.example/api/orders 401 (Unauthorized)",
    ),
    (
        rf"{_ANY_SOURCE}(?P<message>{_METHOD} {_URL} (?P<exception_class>(?P<level>net::)ERR_[A-Z0-9_]+).*)$",
        "browser",
        "api.js:34 GET https://shop.example/api/orders net::ERR_EMPTY_RESPONSE",
    ),
    (
        rf"{_ANY_SOURCE}(?P<level>Uncaught) (?:\(in promise\):? ?)?",
        "browser",
        "api.js:37 Uncaught (in promise) TypeError: x is not a function",
    ),
    (
        rf"{_RESOURCE}(?P<message>Failed to load resource: the server responded with a status of {{status}}.*)$",
        "status",
        "product-1.png:1 Failed to load resource: the server responded with a status of 404 (Not Found)",
    ),
    (
        rf"{_RESOURCE}(?P<message>(?P<level>Failed to load resource).*)$",
        "browser",
        "hit.gif:1 Failed to load resource: net::ERR_NAME_NOT_RESOLVED",
    ),
    (
        rf"{_ANY_SOURCE}(?P<message>{_LOUD}.*)$",
        "browser",
        "(index):1 Access to fetch at 'https://api.example/x' from origin 'https://shop.example' has been blocked",
    ),
    (rf"{_SOURCE}(?:(?P<level>\[ERROR\]|\[WARN\]) )?", "browser", "account.js:12 Logged in as ada"),
)

_FIREFOX = rf"(?:XHR ?)?{{method}} {_URL} \[HTTP/[0-9.]+ {{status}}[^\]]*\]\s*$"

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "firefox-console",
        rf"{{stamp}} {_FIREFOX}",
        ("08:24:41.140 XHR GET https://shop.example/api/x [HTTP/1.1 500 Internal Server Error 12ms]",),
        ("clock",),
        "status",
        kind="access",
    ),
    LogFormat(
        "firefox-console",
        _FIREFOX,
        ("GET https://shop.example/api/x [HTTP/2 500  12ms]",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "chrome-console",
        rf"(?P<message>{_METHOD} {_URL} {{status}} \([^)]*\))\s*$",
        ("GET https://shop.example/api/orders 500 (Internal Server Error)",),
        levels="status",
        kind="bare",
    ),
    LogFormat(
        "chrome-console",
        rf"(?P<message>{_METHOD} {_URL} (?P<exception_class>(?P<level>net::)ERR_[A-Z0-9_]+).*)$",
        ("GET https://shop.example/api/orders net::ERR_CONNECTION_REFUSED",),
        levels="browser",
        kind="bare",
    ),
    *(
        LogFormat("chrome-console", rf"{{stamp}} {header}", (f"08:24:41.140 {example}",), ("clock",), levels)
        for header, levels, example in _ROWS
    ),
    *(
        LogFormat("chrome-console", header.replace(_ANY_SOURCE, _SOURCE), (example,), levels=levels, kind="bare")
        for header, levels, example in _ROWS
    ),
)
