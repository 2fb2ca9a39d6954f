"""Files of somebody who wants the page of their report to do something: markup, scripts and terminal escapes in every
place that a report takes text from.
"""

from __future__ import annotations

import json

MARKS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    "<img src=x onerror=window.hit=3>",
    "<svg/onload=window.hit=4>",
    '"><iframe srcdoc="<script>parent.hit=5</script>">',
    "javascript:window.hit=6",
    "</style><style>body{display:none}</style>",
    "</details></main><h1>taken over</h1>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "\u2028\u2029<!--<script>",
)
ESCAPES = (
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x1b]0;title\x07",
    "\x07",
)
TITLE = "Broken <img src=x onerror=window.hit=9> & </title><script>window.hit=8</script>"


def har() -> str:
    entries = [
        {
            "startedDateTime": f"2026-03-01T10:00:{number:02}.000Z",
            "time": 12.5,
            "request": {
                "method": "GET",
                "url": mark if mark.startswith("javascript") else f"http://shop.example/{mark}?q={mark}",
                "headers": [{"name": "X-Request-Id", "value": mark}],
            },
            "response": {
                "status": 500,
                "statusText": mark,
                "headers": [],
                "content": {
                    "mimeType": "application/json",
                    "text": json.dumps({"error": {"code": mark, "message": mark}}),
                },
            },
            "timings": {},
        }
        for number, mark in enumerate(MARKS)
    ]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": MARKS[0]}, "entries": entries}})


def log() -> str:
    lines = [
        f"2026-03-01 10:00:{n:02},000 ERROR [{mark[:20]}] app.{n} - failed at {mark}" for n, mark in enumerate(MARKS)
    ]
    lines += [f"2026-03-01 10:01:{n:02},000 ERROR [main] app - colour {text} here" for n, text in enumerate(ESCAPES)]
    lines.append(f"java.lang.{MARKS[0]}Exception: {MARKS[1]}\n\tat a.B.{MARKS[2]}(C.java:1)")
    return "\n".join(lines) + "\n"
