"""Error pages of frameworks, servers and proxies: a table of how each shows class, message and trace.

A page that no row knows gives its title and its heading. Searches are linear (RE2), and bounded by the body's bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import re2

from signal_pipeline.parsing.har.problem import (
    MAX_TEXT,
    NOTHING,
    Problem,
    class_of_trace,
    limited,
    limited_stack,
    plain_text,
)


@dataclass(frozen=True)
class ErrorPage:
    """`marker` is text that only such a page has. Patterns have one group; None where the page does not show it."""

    name: str
    marker: str
    example: str
    exception: str | None = None
    message: str | None = None
    trace: str | None = None


_NAME = r"([A-Za-z_][\w.$\\:]*)"
ERROR_PAGES: tuple[ErrorPage, ...] = (
    ErrorPage(
        "Django",
        "exception_value",
        '<title>KeyError at /a/</title><pre class="exception_value">&#x27;id&#x27;</pre>',
        rf"Exception Type:\s*(?:</th>\s*<td>)?{_NAME}|<title>\s*{_NAME}\s+at\s",
        r'<pre class="exception_value">(.*?)</pre>',
        r"(Traceback \(most recent call last\):.*?)(?:\n\s*Exception Type:|</textarea>)",
    ),
    ErrorPage(
        "Werkzeug",
        "Werkzeug Debugger",
        "<title>ValueError: no cart // Werkzeug Debugger</title><!--\nTraceback (most recent call last):\n  x\n-->",
        rf"<title>\s*{_NAME}: ",
        r"<title>\s*[\w.]+: (.*?)\s*// Werkzeug Debugger",
        r"<!--\s*(Traceback \(most recent call last\):.*?)-->",
    ),
    ErrorPage(
        "Rails",
        "Rails.root",
        "<header><h1>NameError in CartsController#show</h1></header><h2>undefined local variable</h2>Rails.root: /app",
        r"<h1[^>]*>\s*([A-Z]\w*(?:::\w+)*)(?:\s+in\s|\s*</h1>)",
        r'<div class="message">(.*?)</div>|<h2[^>]*>(.*?)</h2>',
        r'<pre id="(?:Application|Full)-Trace[^>]*>\s*<code[^>]*>(.*?)</code>',
    ),
    ErrorPage(
        "Symfony",
        "exception-message",
        '<abbr title="Doctrine\\DBAL\\Exception">E</abbr><h1 class="break-long-words exception-message">no table</h1>',
        r'<abbr title="([\w\\]+)"',
        r'<h1 class="[^"]*exception-message[^"]*">(.*?)</h1>',
    ),
    ErrorPage(
        "Whoops",
        "exc-title-primary",
        '<span class="exc-title-primary">ErrorException</span><p class="exc-message">Undefined variable</p>',
        rf'class="exc-title-primary">\s*{_NAME}',
        r'class="exc-message">\s*(?:<span>)?(.*?)</',
    ),
    ErrorPage(
        "Ignition",
        "exception_class",
        '{"exception_class":"Illuminate\\\\QueryException","exception_message":"no table"}',
        r'exception_class(?:"|&quot;|\\")\s*:\s*(?:"|&quot;|\\")([\w\\]+?)(?:"|&quot;|\\")',
        r'(?:exception_)?message(?:"|&quot;|\\")\s*:\s*(?:"|&quot;|\\")(.*?)(?:"|&quot;|\\")',
    ),
    ErrorPage(
        "Laravel",
        " in file /",
        "<!--\nErrorException: Undefined variable $cart in file /a.php on line 12\n\n#0 /a.php(12): f()\n#1 b\n-->",
        r"<!--\s*([A-Za-z_][\w\\]*): [^\n]*? in file /",
        r"<!--\s*[A-Za-z_][\w\\]*: ([^\n]*?) in file /",
        r"<!--\s*[A-Za-z_][\w\\]*: [^\n]*? in file /[^\n]*\n\s*(#0 .*?)-->",
    ),
    ErrorPage(
        "ASP.NET",
        "Exception Details:",
        "<b> Exception Details: </b>System.NullReferenceException: not set<br><br><!-- \n[X]: a\n   at B()\n-->",
        rf"Exception Details:\s*</b>\s*{_NAME}: ",
        r"Exception Details:\s*</b>\s*[\w.+`]+: (.*?)<br",
        r"<!--\s*\n(\[\w+[^\n]*\n.*?)-->",
    ),
    ErrorPage(
        "ASP.NET Core",
        "titleerror",
        '<div class="titleerror">InvalidOperationException: no service</div>',
        rf'<div class="titleerror">\s*{_NAME}: ',
        r'<div class="titleerror">\s*[\w.+`]+: (.*?)</div>',
        r'class="rawExceptionStackTrace[^>]*>\s*(?:<code>)?(.*?)</(?:code|pre)>',
    ),
    ErrorPage(
        "Tomcat",
        "<h1>HTTP Status ",
        "<h1>HTTP Status 500 – x</h1><p><b>Message</b> no bean</p><p><b>Root Cause</b></p><pre>a.B: c\n\tat d</pre>",
        rf".*(?:<b>|<h3>)Root Cause(?:</b>|</h3>)\s*(?:</p>)?\s*<p?r?e?>?\s*(?:<pre>)?{_NAME}"
        rf"|(?:<b>|<h3>)Exception(?:</b>|</h3>)\s*(?:</p>)?\s*<pre>{_NAME}",
        r".*(?:<b>|<h3>)Root Cause(?:</b>|</h3>)\s*(?:</p>)?\s*<pre>[\w.$]+: ([^\n<]+)"
        r"|<b>[Mm]essage</b>\s*(?:<u>)?(.*?)</",
        r".*<pre>(.*?)</pre>",
    ),
    ErrorPage(
        "Jetty",
        "MESSAGE:</th>",
        "<tr><th>MESSAGE:</th><td>no bean</td></tr><tr><th>CAUSED BY:</th><td>a.B: c</td></tr>",
        rf"CAUSED BY:</th>\s*<td>{_NAME}",
        r"MESSAGE:</th>\s*<td>(.*?)</td>",
        r"<h3>Caused by:</h3>\s*<pre>(.*?)</pre>",
    ),
    ErrorPage(
        "Spring",
        "Whitelabel Error Page",
        "<h1>Whitelabel Error Page</h1><div>… (type=x, status=500).</div><div>no bean</div>",
        None,
        r"status=\d+\)\.</div>\s*<div>(.*?)</div>",
        r"white-space:\s*pre-wrap[^>]*>(.*?)</div>",
    ),
    ErrorPage(
        "Plug",
        'class="struct"',
        '<h5 class="struct">KeyError <small>at GET /</small></h5><h1 class="title">key :id not found</h1>',
        rf'class="struct">\s*{_NAME}',
        r'<h1 class="title">(.*?)</h1>',
    ),
    ErrorPage(
        "Play",
        'id="detail"',
        '<h1>Execution exception</h1><p id="detail" class="pre">[NullPointerException: null cart]</p>',
        rf'id="detail"[^>]*>\s*\[{_NAME}: ',
        r'id="detail"[^>]*>\s*(.*?)</p>',
    ),
    ErrorPage(
        "Express",
        "<title>Error</title>",
        "<title>Error</title></head><body><pre>TypeError: x is not a function<br> &nbsp; &nbsp;at f (/a.js:1:2)</pre>",
        r"<pre>\s*([A-Za-z_][\w.$]*(?:Error|Exception)): ",
        r"<pre>(.*?)(?:<br|</pre>)",
        r"<pre>(.*?)</pre>",
    ),
    ErrorPage(
        "Next.js",
        '"err":{"name"',
        '<script id="__NEXT_DATA__">{"err":{"name":"TypeError","source":"server","message":"no cart","stack":"a"}}',
        r'"err":\{"name":"([\w.]+)"',
        r'"err":\{[^{}]*?"message":"((?:[^"\\]|\\.)*)"',
    ),
    ErrorPage(
        "PHP",
        "error</b>:",
        "<b>Fatal error</b>:  Uncaught TypeError: no cart in /a.php:3\nStack trace:\n#0 b\n in <b>/a.php</b>",
        rf"<b>[\w ]*error</b>:\s+Uncaught {_NAME}: ",
        r"<b>[\w ]*error</b>:\s+(?:Uncaught [\w\\]+: )?(.*?) in (?:<b>)?/",
        r"Stack trace:\s*\n(.*?)(?:\n\s*thrown| in <b>)",
    ),
    ErrorPage(
        "Sinatra and Better Errors",
        " at /",
        "<title>NoMethodError at /carts</title><h2>undefined method `id'</h2>",
        r"<title>\s*([A-Z]\w*(?:::\w+)*) at /",
        r"<h2[^>]*>(.*?)</h2>",
    ),
    ErrorPage(
        "class in the title",
        "<title>",
        "<title>Internal Server Error - java.lang.IllegalStateException: no cart</title>",
        r"<title>[^<]*?\b([A-Za-z_][\w.$\\]*(?:Exception|Error)): ",
        r"<title>[^<]*?\b[A-Za-z_][\w.$\\]*(?:Exception|Error): ([^<]*)</title>",
    ),
    ErrorPage(
        "Cloudflare",
        " | ",
        "<title>shop.example | 522: Connection timed out</title>",
        None,
        r"<title>[^<|]*\|\s*(?:5[0-9]{2}: )?([^<]*)</title>",
    ),
)
_Compiled = tuple[str, Any, Any, Any]


def _compiled(page: ErrorPage) -> _Compiled:
    exception, message, trace = (
        re2.compile(f"(?s){pattern}") if pattern else None for pattern in (page.exception, page.message, page.trace)
    )
    return page.marker, exception, message, trace


_COMPILED: tuple[_Compiled, ...] = tuple(_compiled(page) for page in ERROR_PAGES)
_MAX_SENTENCE = 300
# Titles that say the status again, and sentences that a server prints below each of its statuses.
_ONLY_A_STATUS = re2.compile(
    r"(?i)(?:(?:http )?(?:status )?(?:error )?[45][0-9]{2}(?: ?[:-])?|\(?[45][0-9]{2}\)?|error|bad request|forbidden"
    r"|unauthorized|access denied|method not allowed|conflict|not acceptable|payload too large|unprocessable entity"
    r"|too many requests|internal server error|server error|bad gateway|service (?:temporarily )?unavailable"
    r"|[ :,!.-])+"
)
_SITE_AND_ERROR = re2.compile(r"(?i)^[^:]{1,40}[|›»-] ?error$")
_SAID_OF_EVERY_FAILURE = re2.compile(
    r"(?i)^\W*(?:the requested url|the server (?:encountered|understood|is temporarily|could not understand)"
    r"|your browser sent|your client|you don't have permission|you do not have permission|the page|this page|sorry|oops"
    r"|please|we're|we are|go (?:back|home)|back to|return to|try again|an? (?:internal|unexpected) error|apache|nginx"
    r"|something went wrong|contact|error)|^\W*$"
)
_AT_PATH = re2.compile(r"\s+at /\S*$")


def page_problem(text: str) -> Problem:
    """What an error page says."""
    for marker, exception, message, trace in _COMPILED:
        if marker not in text:
            continue
        name, said, stack = (_group(pattern, text) for pattern in (exception, message, trace))
        if not name and not said:
            continue
        name = name.rstrip(":") if name else class_of_trace(stack)
        said = limited(said) if said else None
        if name and said and name.rpartition(".")[2] not in said:
            said = f"{name}: {said}"
        return Problem(said or name, name, limited_stack(stack) if stack else None)
    return _title_and_heading(text)


def php_fault(text: str) -> Problem | None:
    """What PHP printed into a page of status 200."""
    if "<b>Fatal error</b>: " not in text and "<b>Parse error</b>: " not in text:
        return None
    found = page_problem(text)
    return found if found.text else None


def _group(pattern: Any, text: str) -> str | None:
    found = pattern.search(text) if pattern is not None else None
    return plain_text(next((group for group in found.groups() if group), "")) or None if found else None


def _title_and_heading(text: str) -> Problem:
    """The title and the heading. Searches only: a page may be one long run of half-open tags."""
    lowered = text.lower()
    title, heading = element(text, lowered, "title"), element(text, lowered, "h1")
    title = _AT_PATH.sub("", title) if title else None
    repeats = title is not None and heading is not None and heading.lower() in title.lower()
    parts = dict.fromkeys(part for part in (title, None if repeats else heading) if part and "<" not in part)
    said = limited(": ".join(parts))
    of_a_site = heading is None and said is not None and _SITE_AND_ERROR.search(said) is not None
    if said is None or of_a_site or _ONLY_A_STATUS.fullmatch(said):
        sentence = next((words for tag in ("h2", "p") if (words := element(text, lowered, tag)) is not None), None)
        if (
            sentence is not None
            and "<" not in sentence
            and sentence.count(" ") > 1
            and not _SAID_OF_EVERY_FAILURE.search(sentence)
        ):
            said = limited(f"{said}: {sentence[:_MAX_SENTENCE]}" if said else sentence[:_MAX_SENTENCE])
    return Problem(said) if said else NOTHING


def element(text: str, lowered: str, tag: str) -> str | None:
    """The text of the first element with this name, up to the next end tag."""
    start = 0
    while (start := lowered.find(f"<{tag}", start)) >= 0:
        start += len(tag) + 1
        if lowered[start : start + 1] in (">", " ", "\t", "\n", "\r"):
            begin = lowered.find(">", start) + 1
            end = lowered.find("</", begin)
            if 0 < begin <= end:
                return plain_text(text[begin : min(end, begin + MAX_TEXT)]) or None
            return None
    return None
