"""Ids that a caller sends: logged where they are ids, and never where they are anything else."""

from __future__ import annotations

import base64
import logging
from typing import Any

import pytest

from signal_pipeline.api.caller_ids import CALLER_IDS, CallerId, caller_ids, report_id_in
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.api.conftest import TOKENS, Client

SECRETS = [
    TOKENS[next(iter(TOKENS))],
    "AKIA" + "Q7RSTUVWXYZ23456",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLWl0",
    "password=hunter2-of-the-tests",
    "anna@example.com",
    "9f86d081884c7d659a2feaa0c55ad015",
    base64.b64encode(b"user:hunter2-of-the-tests").decode(),
    "DE89370400440532013000",
]


@pytest.mark.parametrize("one", CALLER_IDS, ids=lambda one: one.header)
def test_each_kind_takes_its_example(one: CallerId) -> None:
    (found,) = caller_ids({one.header: one.example}).values()
    assert found in one.example


NO_IDS = [
    "", " ", "0b9f6a0e-4a52-4f0f-8f5e", "0b9f6a0e-4a52-4f0f-8f5e-3d4e86f0c1aa-x", "1" * 300, "a b", "\u0661" * 26,
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736", *SECRETS,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_IDS)
def test_what_is_no_id_is_as_if_it_was_not_sent(value: str) -> None:
    assert caller_ids({one.header: value for one in CALLER_IDS}) == {}
    assert report_id_in({"report_id": value}) is None


def requests_in(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "signal_pipeline.api.requests"]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_in_an_id_is_logged_or_echoed(api: Client, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"X-Request-ID": secret, "traceparent": secret, "Idempotency-Key": secret, "X-Correlation-ID": secret}
    with caplog.at_level(logging.DEBUG, "signal_pipeline"):
        answers = [
            api.ask(method, path, headers=headers)
            for method, path in [
                ("GET", "/v1/reports?limit=1"), ("POST", "/v1/reports"), ("GET", f"/v1/reports/{secret}"),
                ("GET", f"/reports/{secret}"), ("DELETE", f"/v1/settings/{secret[:60]}"), ("GET", f"/{secret}"),
                ("GET", f"/v1/dead-letters/{secret}"),
            ]
        ]  # fmt: skip
        # A line is written after its answer has gone.
        assert wait_until(lambda: len(requests_in(caplog)) == len(answers), 30)
    logged = [str(vars(record)) for record in caplog.records]
    assert not [line for line in logged if secret in line]
    for answer in answers:
        assert secret not in str(answer.headers)


def test_an_id_of_the_caller_is_in_the_log_beside_ours(api: Client, caplog: pytest.LogCaptureFixture) -> None:
    sent = {one.header: one.example for one in CALLER_IDS}
    with caplog.at_level(logging.INFO, "signal_pipeline.api.requests"):
        answer = api.ask("GET", "/v1/reports?limit=1", headers=sent)
        assert wait_until(lambda: bool(requests_in(caplog)), 30)
    logged: dict[str, Any] = vars(requests_in(caplog)[-1])
    assert logged["caller_request_id"] == sent["x-request-id"] != answer.headers["x-request-id"]
    assert logged["trace_id"] in sent["traceparent"] and logged["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("key", ["größe", "a\tb", " padded ", "\u00a0"])
def test_a_key_that_is_no_ascii_is_refused(api: Client, key: str) -> None:
    sent = {"Idempotency-Key": key.encode("utf-8").decode("latin-1"), "Content-Type": "application/json"}
    answer = api.ask("POST", "/v1/reports", b"{}", sent)
    assert answer.status == 422 and answer.is_problem
