"""The command line beside the running product: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from signal_pipeline.local.ports import random_ports
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.storage.dead_letters import bury_report
from signal_pipeline_tests.system.product import LONGEST, Product

pytestmark = pytest.mark.slow

LOG = """\
2026-03-01 10:00:01,000 ERROR [worker-1] shop.Orders - order 1001 failed: connection refused to 10.0.0.5:5432
2026-03-01 10:00:02,000 ERROR [worker-2] shop.Orders - order 1002 failed: connection refused to 10.0.0.6:5432
2026-03-01 10:00:03,000 ERROR [worker-1] shop.Cart - cart of user anna is empty
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands") / "server.log"
    path.write_text(LOG)
    return path


@pytest.fixture(scope="module")
def submitted(product: Product, log: Path) -> dict:
    """What `submit --wait --json` said."""
    result = product.command("submit", str(log), "--title", "orders fail", "--wait", "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_submit_waits_and_prints_json_alone(submitted: dict) -> None:
    assert submitted["state"] == "COMPLETED"
    assert (submitted["progress"], submitted["attempt"]) == (100, 1)
    assert [file["outcome"] for file in submitted["files"]] == ["ok"]
    assert sum(cluster["frequency"] for cluster in submitted["clusters"]) == 3


def test_status_and_clusters_say_the_same(product: Product, submitted: dict) -> None:
    report = submitted["report_id"]
    status = product.command("status", report, "--json")
    clusters = product.command("clusters", report, "--json")
    assert (status.returncode, clusters.returncode) == (0, 0)
    assert json.loads(status.stdout).items() <= submitted.items()
    assert json.loads(clusters.stdout)["clusters"] == submitted["clusters"]
    shown = product.command("clusters", report).stdout
    assert "server.log:1" in shown
    assert "connection refused" in shown


def test_a_report_that_is_not_there_is_an_error(product: Product) -> None:
    for command in ("status", "clusters"):
        result = product.command(command, str(uuid4()), "--json")
        assert result.returncode == 1
        assert result.stdout == ""
        assert "is not in the database" in result.stderr
        assert "Traceback" not in result.stderr


def test_doctor_finds_a_running_product_healthy(product: Product) -> None:
    result = product.command("doctor", "--json")
    report = json.loads(result.stdout)
    assert (result.returncode, report["healthy"]) == (0, True), report
    password = product.stack.environment()["DB_PASSWORD"]
    assert password not in result.stdout + result.stderr


def test_a_report_that_was_given_up_is_processed_again_when_it_is_replayed(product: Product, submitted: dict) -> None:
    """Its first attempt has been used, and Dagster never runs a used run key again."""
    report = UUID(submitted["report_id"])
    with product.platform.database.transaction() as connection:
        for state in ("PENDING", "RUNNING", "FAILED", "DEAD"):
            connection.execute("update intake set state = %s where report_id = %s", (state, report))
    dead = product.status(report)
    assert dead.state == "DEAD"
    assert dead.request is not None
    with product.platform.database.transaction() as connection:
        bury_report(
            connection, report_id=report, intake_id=dead.request.id, attempt=1, reason="test", detail="given up"
        )
    listed = json.loads(product.command("dead-letters", "list", "--json").stdout)
    (letter,) = [found for found in listed if found["report_id"] == str(report)]
    assert (letter["kind"], letter["reason"]) == ("report", "test")
    replayed = product.command("dead-letters", "replay", letter["id"], "--json")
    assert json.loads(replayed.stdout) == [{"id": letter["id"], "replayed": True, "reason": None}]
    status = product.wait(report)
    assert status.request is not None
    assert (status.state, status.request.attempt) == ("COMPLETED", 2)
    again = json.loads(product.command("dead-letters", "list", "--json").stdout)
    assert letter["id"] not in [found["id"] for found in again]


def test_a_message_that_was_too_early_is_processed_when_it_is_replayed(product: Product) -> None:
    report = uuid4()
    count = "select count(*) from dead_letters where convert_from(payload, 'UTF8') like %s"
    publish_report(product.platform.settings, report)
    assert wait_until(lambda: product.rows(count, f"%{report}%") == [(1,)], LONGEST)
    with product.platform.database.transaction() as connection:
        connection.execute("insert into reports (id, source) values (%s, 'test')", (report,))
    assert product.command("dead-letters", "replay", "--all").returncode in (0, 1)
    assert product.wait(report).state == "COMPLETED"


def test_without_nats_a_report_is_recorded_and_worked_all_the_same(product: Product, log: Path) -> None:
    nowhere = {"NATS_URL": f"nats://127.0.0.1:{random_ports()['nats']}"}
    result = product.command("submit", str(log), "--json", given=nowhere)
    assert result.returncode == 0, result.stderr
    assert "NATS did not respond" in result.stderr
    assert product.wait(UUID(json.loads(result.stdout)["report_id"])).state == "COMPLETED"


def test_without_the_object_store_submitting_fails_clearly_and_records_nothing(product: Product, log: Path) -> None:
    before = product.rows("select count(*) from reports")
    nowhere = {
        "S3_ENDPOINT": f"http://127.0.0.1:{random_ports()['s3']}",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "a-secret-key-of-nobody",
    }
    result = product.command("submit", str(log), "--json", given=nowhere)
    assert (result.returncode, result.stdout) == (1, "")
    assert "Error: the object store did not respond" in result.stderr
    assert "Traceback" not in result.stderr
    assert product.rows("select count(*) from reports") == before


def test_wrong_keys_of_the_object_store_are_named_without_showing_them(product: Product, log: Path) -> None:
    settings = product.platform.settings
    wrong = {
        "S3_ENDPOINT": str(settings.s3_endpoint),
        "S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
        "S3_SECRET_KEY": "a-secret-key-of-nobody",
    }
    result = product.command("submit", str(log), "--json", given=wrong)
    assert (result.returncode, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr
    assert "a-secret-key-of-nobody" not in result.stderr
