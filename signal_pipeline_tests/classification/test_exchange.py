"""What the marks of the reader and the codes of bodies mean for an exchange, and its route."""

from __future__ import annotations

from typing import Any

import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.exchange import BODY_CODES, MARKS
from signal_pipeline.classification.route import route_of
from signal_pipeline_tests.classification.frames import har_frame


def classified(**changes: Any) -> dict[str, Any]:
    base = {"method": "GET", "url": "https://h.example/x", "status": 200, "net_error": None, "error_text": None}
    return classify_entries(har_frame([base | {"flags": None} | changes])).row(0, named=True)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.name)
def test_each_mark_decides(mark: Any) -> None:
    status = 200 if mark.error else 401 if mark.error is None else 0
    found = classified(status=status, flags=f"no_time,{mark.name}", error_text="x")
    assert found["is_error"] is (mark.error is not False)
    if found["is_error"] and mark.severity:
        assert found["severity"] == mark.severity
    if mark.error_type:
        assert found["error_type"] == mark.error_type


@pytest.mark.parametrize(("error_type", "pattern", "example"), BODY_CODES, ids=[row[0] for row in BODY_CODES])
def test_codes_of_a_body_give_the_type(error_type: str, pattern: str, example: str) -> None:
    assert classified(status=400, error_text=example)["error_type"] == error_type


def test_a_malformed_request_is_no_syntax_error() -> None:
    assert classified(status=400, error_text="malformed request")["error_type"] == "NetworkError"


def test_a_sqlstate_stays_in_template_and_class() -> None:
    found = classified(status=400, error_text="SQLSTATE 23502: null value in column")
    assert "23502" in found["template"]
    assert found["exception_class"] == "SQLSTATE 23502"


def test_the_host_stays_where_it_was_not_reached() -> None:
    found = classified(status=0, net_error="net::ERR_NAME_NOT_RESOLVED")
    assert found["template"] == "GET h.example/x -> net::ERR_NAME_NOT_RESOLVED"


ROUTES: list[tuple[str, str]] = [
    *((path, path) for path in ("/mfa-2step/start", "/k8s/pods", "/base64-encode", "/api/v2.1/list", "/ipv4-check")),
    ("/users/17/orders", "/users/{id}/orders"),
    ("/app-38101a0b-2096-447d-96ea-a692162415ae", "/app-{id}"),
    ("/static/main.0f9e8d7c.chunk.js", "/static/main.{id}.chunk.js"),
    ("/assets/Basket-DkWqRtZp.js", "/assets/Basket-{id}.js"),
    ("/assets/UserCard-DataGrid.js", "/assets/UserCard-DataGrid.js"),
    ("/_framework/Acme.Core.x7k2m9p4qt.wasm", "/_framework/Acme.Core.{id}.wasm"),
    ("/files/My%20Report.pdf", "/files/{id}.pdf"),
    ("/cus_NffrFeUfNV2Hib", "/cus_{id}"),
    ("/a?b=1&a=2#f", "/a?a&b"),
]


@pytest.mark.parametrize(("path", "route"), ROUTES)
def test_routes(path: str, route: str) -> None:
    assert route_of(f"https://h.example{path}") == route
