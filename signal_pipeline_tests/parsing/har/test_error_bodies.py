"""What is read out of the bodies of failed requests, and of those that failed with a status of success."""

from __future__ import annotations

import json
from typing import Any

import pytest

from signal_pipeline_tests.parsing.har.samples import entry, har_bytes, row

# name, MIME type, body, error_text
BODIES: list[tuple[str, str, Any, str | None]] = [
    (
        "FHIR",
        "application/fhir+json",
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "birthDate is no date"}]},
        "birthDate is no date",
    ),
    (
        "heading and description",
        "application/json",
        {"status": 503, "message": "Cart Error", "description": "The product is sold out."},
        "Cart Error: The product is sold out.",
    ),
    (
        "Web API",
        "application/json",
        {"Message": "An error has occurred.", "ExceptionMessage": "no elements", "ExceptionType": "A.BException"},
        "no elements",
    ),
    (
        "inspected exception",
        "application/json",
        {"status": 500, "error": "Internal Server Error", "exception": "#<Db::NotEstablished: could not connect>"},
        "Db::NotEstablished: could not connect",
    ),
    (
        "page that repeats the status",
        "text/html",
        "<title>403 Forbidden</title><h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed.</p>",
        "403 Forbidden: Forbidden (403): CSRF verification failed.",
    ),
    (
        "page of a server",
        "text/html",
        "<title>500 Internal Server Error</title><h1>Internal Server Error</h1><p>The server encountered an error</p>",
        "500 Internal Server Error",
    ),
    (
        "page of a site",
        "text/html",
        "<title>Blog › Error</title><div><p>There has been a critical error.</p></div>",
        "Blog › Error: There has been a critical error.",
    ),
    ("message", "application/json", {"message": "cart is gone"}, "cart is gone"),
    (
        "GitHub",
        "application/json",
        {"message": "Bad credentials", "documentation_url": "https://x.example"},
        "Bad credentials",
    ),
    (
        "problem+json",
        "application/problem+json",
        {"type": "about:blank", "title": "Out of credit", "status": 503, "detail": "Balance is 30"},
        "Out of credit: Balance is 30",
    ),
    (
        "OAuth",
        "application/json",
        {"error": "invalid_grant", "error_description": "Refresh expired"},
        "invalid_grant: Refresh expired",
    ),
    (
        "Google",
        "application/json",
        {"error": {"code": 503, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}},
        "RESOURCE_EXHAUSTED: Quota exceeded",
    ),
    (
        "Stripe",
        "application/json",
        {"error": {"code": "card_declined", "message": "Your card was declined", "type": "card_error"}},
        "card_declined: Your card was declined",
    ),
    (
        "GraphQL",
        "application/json",
        {"errors": [{"message": "No such field", "extensions": {"code": "BAD_USER_INPUT"}}]},
        "BAD_USER_INPUT: No such field",
    ),
    (
        "JSON:API",
        "application/vnd.api+json",
        {"errors": [{"status": "503", "title": "Busy", "detail": "Try later"}]},
        "Busy: Try later",
    ),
    (
        "FastAPI",
        "application/json",
        {"detail": [{"loc": ["body", "x"], "msg": "field required", "type": "value_error.missing"}]},
        "value_error.missing: body.x: field required",
    ),
    ("Django field errors", "application/json", {"email": ["Enter a valid address"]}, "email: Enter a valid address"),
    (
        "Spring",
        "application/json",
        {"timestamp": 1, "status": 503, "error": "Internal Server Error", "message": "boom", "path": "/x"},
        "Internal Server Error: boom",
    ),
    (
        "ASP.NET",
        "application/json",
        {"Message": "An error has occurred.", "ExceptionType": "System.NullReferenceException"},
        "An error has occurred.",
    ),
    ("nested in data", "application/json", {"data": {"error": {"message": "inner"}}}, "inner"),
    ("error as text", "application/json", {"error": "no such user"}, "no such user"),
    ("numeric code", "application/json", {"code": 1045, "msg": "access denied"}, "code 1045: access denied"),
    ("JSON string", "application/json", "just words", "just words"),
    ("JSON list", "application/json", [{"message": "first"}, {"message": "second"}], "first"),
    ("HTML title", "text/html", "<html><head><title>502 upstream &amp; co</title></head></html>", "502 upstream & co"),
    ("HTML heading", "text/html", "<html><body><h1>Gateway lost</h1></body></html>", "Gateway lost"),
    ("HTML title that only repeats", "text/html", "<html><title>503 Service Unavailable</title></html>", None),
    ("HTML without words", "text/html", "<html><p>x</p></html>", None),
    (
        "S3 XML",
        "application/xml",
        "<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>It does not exist</Message></Error>",
        "NoSuchKey: It does not exist",
    ),
    (
        "SOAP",
        "text/xml",
        "<s:Envelope><s:Body><s:Fault><faultstring>Bad input</faultstring></s:Fault></s:Body></s:Envelope>",
        "Bad input",
    ),
    (
        "form",
        "application/x-www-form-urlencoded",
        "error=invalid_request&error_description=no+redirect",
        "invalid_request: no redirect",
    ),
    ("plain", "text/plain", "\n\n  upstream timed out  \nmore", "upstream timed out"),
    ("JSON cut off", "application/json", '{"message": "it was \\"cut\\"", "trace": "aaa', 'it was "cut"'),
    ("no JSON escape", "application/json", r'{"message": "C:\queue\17 is gone"}', r"C:\queue\17 is gone"),
    ("no JSON at all", "application/json", "upstream connect error", "upstream connect error"),
    ("empty object", "application/json", {}, None),
    ("too deep", "application/json", '{"a":' * 5_000 + "1" + "}" * 5_000, None),
    ("tags without end", "text/html", "<html>" + "<title" * 40_000, None),
    ("many parts", "text/html", "<html>" + "<title>" * 40_000, None),
]


@pytest.mark.parametrize(("name", "mime", "body", "text"), BODIES, ids=[case[0] for case in BODIES])
def test_error_text(name: str, mime: str, body: Any, text: str | None) -> None:
    literal = name in ("JSON cut off", "no JSON escape", "no JSON at all", "too deep")
    raw = body if "json" not in mime or literal else json.dumps(body)
    found = row(har_bytes(entry(status=503, body=raw, mime=mime)))
    assert found["error_text"] == text
    start = "GET https://shop.example/api/cart -> 503 Service Unavailable"
    assert found["message"] == (f"{start}: {text}" if text else start)
    assert found["level"] == "error"


REPORTED: list[tuple[str, Any, str | None]] = [
    ("GraphQL", {"data": None, "errors": [{"message": "Not allowed", "path": ["me"]}]}, "me: Not allowed"),
    ("GraphQL batch", [{"errors": [{"message": "Not allowed"}]}], "Not allowed"),
    (
        "JSON-RPC",
        {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}},
        "code -32601: Method not found",
    ),
    ("ok false", {"ok": False, "error": "channel_not_found"}, "channel_not_found"),
    ("success false", {"success": False, "message": "out of stock"}, "out of stock"),
    ("no errors", {"data": {"a": 1}, "errors": []}, None),
    ("errors null", {"data": {"a": 1}, "errors": None}, None),
    ("error null", {"error": None, "result": 3}, None),
    ("error code zero", {"error": {"code": 0}}, None),
    ("errors of a form", {"errors": {"count": 0}}, None),
    ("a word in the data", {"items": [{"name": "error"}]}, None),
]


@pytest.mark.parametrize(("name", "body", "text"), REPORTED, ids=[case[0] for case in REPORTED])
def test_problems_under_a_status_of_success(name: str, body: Any, text: str | None) -> None:
    found = row(har_bytes(entry(body=json.dumps(body, separators=(",", ":")))))
    assert found["error_text"] == text
    assert found["level"] == ("error" if text else "info")
    assert found["message"].startswith("GET https://shop.example/api/cart -> 200")


def test_exception_class_and_stack_trace_in_fields() -> None:
    trace = "java.lang.IllegalStateException: boom\n\tat com.acme.Cart.add(Cart.java:17)"
    body = {"error": "Internal", "exception": "java.lang.IllegalStateException", "message": "boom", "trace": trace}
    found = row(har_bytes(entry(status=500, body=json.dumps(body))))
    assert found["exception_class"] == "java.lang.IllegalStateException"
    assert found["stack_trace"] == trace


def test_stack_trace_as_a_list_of_lines() -> None:
    body = {"errorMessage": "boom", "errorType": "KeyError", "stackTrace": ["File a.py, line 1", "File b.py, line 2"]}
    found = row(har_bytes(entry(status=502, body=json.dumps(body))))
    assert (found["exception_class"], found["error_text"]) == ("KeyError", "boom")
    assert found["stack_trace"] == "File a.py, line 1\nFile b.py, line 2"


def test_bodies_of_good_answers_leave_no_trace() -> None:
    frame = row(har_bytes(entry(body=json.dumps({"message": "welcome Frank"}))))
    assert "welcome" not in str(frame)


def test_terminal_escapes_in_a_body_are_removed() -> None:
    body = {"message": "\x1b[31mred\x1b[0m \x1b]0;title\x07alert \x1b]8;;http://x.example\x1b\\link\x9b31m"}
    found = row(har_bytes(entry(status=500, body=json.dumps(body))))
    assert found["error_text"].startswith("red alert link")
    assert not any(c < " " or "\x7f" <= c < "\xa0" for c in found["message"])


_TOMCAT = (
    "<h1>HTTP Status 500</h1><p><b>Message</b> Request failed</p><p><b>Exception</b></p><pre>a.Nested: Request failed\n"
    "\ta.F.g(F.java:1)</pre><p><b>Root Cause</b></p><pre>java.lang.IllegalStateException: no stock\n\tb.C.d(C.java:2)"
    "</pre>"
)
_LARAVEL = "<title>x</title><!--\nErrorException: Undefined variable $c in file /a.php on line 1\n\n#0 b\n#1 c\n-->"
# MIME type, body, class, text: what the trace says where no member does.
CLASSES = [
    (
        "text/html",
        "<title>Error</title><pre>TypeError: no id<br> &nbsp;at /a.js:1:2</pre>",
        "TypeError",
        "TypeError: no id",
    ),
    ("text/html", _TOMCAT, "java.lang.IllegalStateException", "java.lang.IllegalStateException: no stock"),
    ("text/html", _LARAVEL, "ErrorException", "ErrorException: Undefined variable $c"),
    (
        "text/html",
        "<h1>Whitelabel Error Page</h1><div>(type=x, status=500).</div><div>no bean</div><div "
        "style='white-space:pre-wrap;'>a.b.StateException: no bean\n\tat c.D(D.java:1)\n</div>",
        "a.b.StateException",
        "a.b.StateException: no bean",
    ),
    (
        "application/json",
        json.dumps(
            {"details": "Error id 7, a.BoomException: boom", "stack": "a.BoomException: boom\n\tat b.C(C.java:1)\n"}
        ),
        "a.BoomException",
        "Error id 7, a.BoomException: boom",
    ),
    (
        "application/json",
        json.dumps(
            {"error": {"name": "ZodError", "issues": [{"code": "bad", "path": ["a", "b"], "message": "Required"}]}}
        ),
        "ZodError",
        "bad: a.b: Required",
    ),
    ("text/html", "<title>shop.example | 522: Connection timed out</title>", None, "Connection timed out"),
]


@pytest.mark.parametrize(("mime", "body", "name", "text"), CLASSES, ids=[str(case[3]) for case in CLASSES])
def test_class_and_text_of_error_bodies(mime: str, body: str, name: str | None, text: str) -> None:
    found = row(har_bytes(entry(status=522 if "522" in body else 500, mime=mime, body=body)))
    assert (found["exception_class"], found["error_text"]) == (name, text)
