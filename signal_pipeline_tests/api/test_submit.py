"""Submitting through the API: nothing accepted is lost, nothing refused leaves anything behind."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.reports import signals_of
from signal_pipeline_tests.api.conftest import Client, form

LOG = b"2026-03-01 10:00:00,000 ERROR [main] app - it broke for anna@example.com\n"


def stored(platform: Platform, report_id: str) -> list[Any]:
    with platform.database.transaction() as connection:
        return signals_of(connection, UUID(report_id))


def keys(platform: Platform) -> set[str]:
    listed = platform.objects.client.list_objects_v2(Bucket=platform.objects.bucket, Prefix="reports/")
    return {found["Key"] for found in listed.get("Contents", [])}


def reports(platform: Platform) -> int:
    with platform.database.transaction() as connection:
        return int(connection.execute("select count(*) from reports").fetchone()[0])  # type: ignore[index]


def test_accepted_means_committed(api: Client, worked_platform: Platform) -> None:
    answer = api.upload({"server.log": LOG, "b.log": b"fine\n"}, title="Checkout of anna@example.com fails")
    assert answer.status == 202, answer.body
    told = answer.json
    assert (told["files"], told["bytes"]) == (2, len(LOG) + 5)
    with worked_platform.database.transaction() as connection:
        row = connection.execute(
            "select i.state, r.title, r.source from intake i join reports r on r.id = i.report_id where r.id = %s",
            (told["report_id"],),
        ).fetchone()
    assert row is not None and row[0] == "PENDING" and row[2] == "api (loopback)"
    assert "anna@example.com" not in row[1] and row[1].startswith("Checkout of <EMAIL")
    first = stored(worked_platform, told["report_id"])[0]
    assert first.name == "server.log"
    assert worked_platform.objects.head(first.object_key).size_bytes == len(LOG)
    assert api.get(told["status_url"]).json["state"] == "PENDING"


@pytest.fixture
def key(worked_platform: Platform, tmp_path: Any) -> str:
    path, key = tmp_path / "a.log", f"uploads/{uuid4()}/a.log"
    path.write_bytes(LOG)
    worked_platform.objects.put_file(key, path)
    return key


ORDER = {
    "kind": "nightly",
    "priority": "backfill",
    "not_before": "2026-01-31T02:00:00Z",
    "config": {"clusters": {"min_samples": 3}},
}


def as_form(fields: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    body, headers = form({"server.log": LOG}, None)
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    parts = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary, name.encode(), (value if isinstance(value, str) else json.dumps(value)).encode())
        for name, value in fields.items()
    )
    return parts + body, headers


class TestOrders:
    """How a report wants to be processed."""

    def test_a_form_and_references_say_it_alike(self, api: Client, worked_platform: Platform, key: str) -> None:
        first = api.upload({"a.log": LOG}).json["report_id"]
        answers = [
            api.ask("POST", "/v1/reports", *as_form({**ORDER, "depends_on": first})),
            api.post_json("/v1/reports", {"objects": [{"key": key}], "work": {**ORDER, "depends_on": [first]}}),
        ]
        for answer in answers:
            assert answer.status == 202, answer.body
            status = api.get(answer.json["status_url"]).json
            assert (status["kind"], status["priority"], status["depends_on"]) == ("nightly", "backfill", [first])
            with worked_platform.database.transaction() as connection:
                row = connection.execute(
                    "select config, due_at <= now() from intake where report_id = %s", (answer.json["report_id"],)
                ).fetchone()
            assert row == ('{"clusters": {"min_samples": 3}}', True)

    WRONG: ClassVar[list[tuple[str, Any]]] = [
        ("kind", "no good"),
        ("priority", "10"),
        ("not_before", "tomorrow"),
        ("config", {"clusters": {"min_samples": 0}}),
        ("config", {"parsed_entries": {}}),
        ("depends_on", str(UUID(int=7))),
        ("depends_on", "x"),
    ]

    @pytest.mark.parametrize(("name", "value"), WRONG)
    def test_what_makes_no_sense_leaves_nothing(
        self, api: Client, worked_platform: Platform, name: str, value: Any
    ) -> None:
        before = reports(worked_platform), keys(worked_platform)
        answer = api.ask("POST", "/v1/reports", *as_form({name: value}))
        assert (answer.status, answer.json["code"], answer.is_problem) == (422, "work_order_invalid", True)
        assert name in answer.json["detail"]
        assert (reports(worked_platform), keys(worked_platform)) == before


def test_a_large_file_goes_to_the_store_in_parts(api: Client, worked_platform: Platform, tmp_path: Any) -> None:
    content = b"x" * 1023 + b"\n"
    answer = api.upload({"large.log": content * 17_000})
    assert answer.status == 202, answer.body
    (signal,) = stored(worked_platform, answer.json["report_id"])
    head = worked_platform.objects.head(signal.object_key)
    assert head.size_bytes == 17_000 * 1024
    assert worked_platform.objects.fetch(signal.object_key, tmp_path / "copy", head) == signal.sha256


NAMES = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\anna\\server.log", "server.log"),
    ("a\x1b[31m.log", "a\ufffd[31m.log"),
    ("", "unnamed"),
    ("x" * 400, "x" * 255),
]


@pytest.mark.parametrize(("name", "expected"), NAMES, ids=[repr(n[0][:20]) for n in NAMES])
def test_a_file_name_is_for_reading_alone(api: Client, worked_platform: Platform, name: str, expected: str) -> None:
    answer = api.upload({name: LOG})
    assert answer.status == 202, answer.body
    (signal,) = stored(worked_platform, answer.json["report_id"])
    assert signal.name == expected
    assert signal.object_key == f"reports/{answer.json['report_id']}/{signal.id}"


class TestIdempotency:
    def test_the_same_key_and_content_are_one_report(self, api: Client, worked_platform: Platform) -> None:
        key = str(uuid4())
        first = api.upload({"a.log": LOG}, title="x", Idempotency_Key=key)
        before = reports(worked_platform), keys(worked_platform)
        again = api.upload({"a.log": LOG}, title="x", Idempotency_Key=key)
        assert (first.status, again.status) == (202, 200)
        assert first.json["report_id"] == again.json["report_id"]
        assert (reports(worked_platform), keys(worked_platform)) == before

    @pytest.mark.parametrize("files", [{"a.log": LOG + b"\n"}, {"b.log": LOG}, {"a.log": LOG, "b.log": LOG}])
    def test_another_content_is_a_conflict(self, api: Client, files: dict[str, bytes]) -> None:
        key = str(uuid4())
        assert api.upload({"a.log": LOG}, Idempotency_Key=key).status == 202
        answer = api.upload(files, Idempotency_Key=key)
        assert answer.status == 409 and answer.is_problem and answer.json["code"] == "idempotency_conflict"

    def test_keys_of_two_clients_do_not_meet(self, closed_port: int) -> None:
        from signal_pipeline.api.identity import Scope
        from signal_pipeline_tests.api.conftest import TOKENS

        key = str(uuid4())
        one = Client(closed_port, TOKENS[Scope.SUBMIT]).upload({"a.log": LOG}, Idempotency_Key=key)
        other = Client(closed_port, TOKENS[Scope.ADMIN]).upload({"a.log": LOG + b"\n"}, Idempotency_Key=key)
        assert (one.status, other.status) == (202, 202)


class TestReferences:
    def test_objects_of_the_bucket_can_be_referred_to(self, api: Client, worked_platform: Platform, key: str) -> None:
        answer = api.post_json("/v1/reports", {"title": "t", "objects": [{"key": key, "name": "server.log"}]})
        assert answer.status == 202, answer.body
        (signal,) = stored(worked_platform, answer.json["report_id"])
        assert (signal.object_key, signal.name, signal.sha256) == (key, "server.log", None)

    @pytest.mark.parametrize(
        "bad",
        [
            "uploads/not-there", "reports/x/y", "uploads/../reports/x", "uploads/%2e%2e/x", "uploads//x", "frames/a/b",
            "http://169.254.169.254/latest", "file:///etc/passwd", "uploads/" + "x" * 1100, "",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, api: Client, worked_platform: Platform, bad: str) -> None:
        before = reports(worked_platform)
        answer = api.post_json("/v1/reports", {"objects": [{"key": bad}]})
        assert answer.status == 422 and answer.is_problem
        assert bad not in answer.body.decode() or not bad
        assert reports(worked_platform) == before

    def test_the_same_object_twice_is_refused(self, api: Client, key: str) -> None:
        assert api.post_json("/v1/reports", {"objects": [{"key": key}, {"key": key}]}).status == 422


def chunked(api: Client, chunks: list[bytes], headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
    try:
        connection.request(
            "POST", "/v1/reports", iter(chunks), headers | {"Host": f"127.0.0.1:{api.port}"}, encode_chunked=True
        )
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return 413  # the server had answered and closed before all was sent
    finally:
        connection.close()


BROKEN = [
    (b"--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nnever ends", 400),
    (b"no boundary at all", 400),
    (b"", 400),
    (b"--limit\r\n" + b"X-Long: " + b"y" * 20_000 + b"\r\n\r\nz\r\n--limit--\r\n", 400),
    (b"--limit--\r\n", 422),
    (b'--limit\r\nContent-Disposition: form-data; name="title"\r\n\r\nno file\r\n--limit--\r\n', 422),
    (b'--limit\r\nContent-Disposition: form-data; name="evil"\r\n\r\nx\r\n--limit--\r\n', 422),
    (b'--limit\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--limit--\r\n', 422),
    (b'--limit\r\nContent-Disposition: form-data; name="title"\r\n\r\n' + b"t" * 9_000 + b"\r\n--limit--\r\n", 413),
]  # fmt: skip


TYPES = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/xml", ""]


JSON = [
    b"", b"{", b"null", b"[]", b'"x"', b'{"objects": []}', b'{"objects": [{}]}', b'{"objects": [{"key": 5}]}',
    b'{"objects": [{"key": "uploads/a"}], "evil": 1}', b'{"objects": [{"key": "uploads/\\u0000"}]}',
    b'{"objects": [{"key": "uploads/\\ud800"}]}', b"[" * 100_000, b'\xff\xfe{"objects": 1}',
]  # fmt: skip


class TestRefusals:
    """Section A1 and A2 of the catalogue of bad inputs: a 4xx problem, and nothing left behind."""

    @pytest.fixture(autouse=True)
    def nothing_is_left_behind(self, worked_platform: Platform) -> Any:
        before = reports(worked_platform), keys(worked_platform)
        yield
        assert (reports(worked_platform), keys(worked_platform)) == before

    def test_too_long_by_its_own_word(self, api: Client) -> None:
        """Refused before a byte of it was read."""
        with socket.create_connection(("127.0.0.1", api.port), timeout=30) as raw:
            raw.sendall(
                f"POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\n"
                "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 99999999999\r\n\r\n".encode()
            )
            assert b"413" in raw.recv(4096).split(b"\r\n")[0]

    def test_too_long_without_saying_so(self, api: Client) -> None:
        body, headers = form({"a.log": b"x" * 1024 * 1024})
        begin, end = body[:-12], body[-12:]
        assert chunked(api, [begin, *[b"y" * 1024 * 1024] * 25, end], headers) == 413

    @pytest.mark.parametrize(("body", "status"), BROKEN, ids=[str(b[0][:24]) for b in BROKEN])
    def test_broken_forms(self, api: Client, body: bytes, status: int) -> None:
        answer = api.ask("POST", "/v1/reports", body, {"Content-Type": "multipart/form-data; boundary=limit"})
        assert answer.status == status and answer.is_problem

    @pytest.mark.parametrize("kind", TYPES)
    def test_other_types(self, api: Client, kind: str) -> None:
        answer = api.ask("POST", "/v1/reports", b"x", {"Content-Type": kind})
        assert answer.status == 415 and answer.is_problem

    def test_a_compressed_body(self, api: Client) -> None:
        body, headers = form({"a.log": LOG})
        answer = api.ask("POST", "/v1/reports", body, headers | {"Content-Encoding": "gzip"})
        assert answer.status == 415 and answer.is_problem

    @pytest.mark.parametrize("body", JSON, ids=[str(b[:30]) for b in JSON])
    def test_json_that_is_none_or_other(self, api: Client, body: bytes) -> None:
        answer = api.ask("POST", "/v1/reports", body, {"Content-Type": "application/json"})
        assert answer.status == 422 and answer.is_problem

    def test_json_that_is_too_long(self, api: Client) -> None:
        answer = api.ask("PUT", "/v1/dead-letters", b"x" * 1_500_000, {"Content-Type": "application/json"})
        assert answer.status == 413 and answer.is_problem

    def test_a_client_that_goes_away(self, api: Client, worked_platform: Platform) -> None:
        from signal_pipeline.processes.termination import wait_until

        before = keys(worked_platform)
        head = f"POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\n"
        head += "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 15000000\r\n\r\n"
        with socket.create_connection(("127.0.0.1", api.port), timeout=30) as raw:
            raw.sendall(head.encode() + form({"a.log": b"x" * 9_500_000})[0][:-20])
        assert wait_until(lambda: keys(worked_platform) == before, 30)
        store = worked_platform.objects
        assert wait_until(lambda: not store.client.list_multipart_uploads(Bucket=store.bucket).get("Uploads"), 30)


def test_a_finished_report_can_be_processed_again(api: Client, worked_platform: Platform, tmp_path: Any) -> None:
    from signal_pipeline_tests.worked_report import submit_and_work

    (tmp_path / "a.log").write_bytes(LOG)
    report = submit_and_work(worked_platform, [tmp_path / "a.log"])
    assert api.ask("POST", f"/v1/reports/{report}/retry").status == 202
    again = api.ask("POST", f"/v1/reports/{report}/retry")
    assert again.status == 409 and again.json["code"] == "not_finished"
    log = api.get(f"/v1/reports/{report}").json["log"]
    assert [line["text"] for line in log][-1].startswith("attempt 1: COMPLETED → PENDING")
    assert json.dumps(log)
