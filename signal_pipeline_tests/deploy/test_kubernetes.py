"""deploy/kubernetes: the values and rules name what exists, and hold no secret. No cluster is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from prometheus_client import CollectorRegistry

from signal_pipeline.api.metrics import RequestMeter, text_of
from signal_pipeline.settings import Settings
from signal_pipeline_tests.deploy.conftest import SECRETS


@pytest.fixture(scope="module")
def values(root: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((root / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def rules(root: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((root / "deploy/kubernetes/waiting-work.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def policies(root: Path) -> dict[str, dict[str, Any]]:
    documents = yaml.safe_load_all((root / "deploy/kubernetes/network-policy.yaml").read_text(encoding="utf-8"))
    return {policy["metadata"]["name"]: policy["spec"] for policy in documents}


@pytest.fixture(scope="module")
def code(values: dict[str, Any]) -> dict[str, Any]:
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    found: dict[str, Any] = deployment
    return found


def test_its_variables_are_settings_and_its_secrets_are_referred_to(code: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert set(code["env"]) - known == {"DAGSTER_EVENT_BATCH_SIZE", "HF_HUB_OFFLINE"}
    assert not set(code["env"]) & SECRETS
    required = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert required - set(code["env"]) <= SECRETS | {"NATS_URL"}, "a required setting is neither given nor a secret"


def test_the_shown_settings_work(code: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    secrets = dict.fromkeys(SECRETS, "a-secret-of-the-test") | {"NATS_URL": "nats://nats:4222"}
    for name, value in (code["env"] | secrets).items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).frame_store == "s3"  # type: ignore[call-arg]


def test_it_loads_what_compose_loads(code: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    arguments = code["dagsterApiGrpcArgs"]
    command = services["code_server"]["command"]
    assert [word for word in arguments if word in command] == arguments
    assert code["port"] == int(command[command.index("--port") + 1])


def test_leases_and_runs_have_one_bound(code: dict[str, Any], values: dict[str, Any]) -> None:
    queue = values["dagsterDaemon"]["runCoordinator"]["config"]["queuedRunCoordinator"]
    assert int(code["env"]["MAX_CONCURRENT_TASKS"]) == queue["maxConcurrentRuns"]


def test_a_pod_can_do_little(values: dict[str, Any], code: dict[str, Any]) -> None:
    run = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    pairs = [
        (code["podSecurityContext"], code["securityContext"]),
        (run["podSpecConfig"]["securityContext"], run["containerConfig"]["securityContext"]),
        *((values[part]["podSecurityContext"], values[part]["securityContext"]) for part in PARTS),
    ]
    for pod, container in pairs:
        assert pod["runAsNonRoot"] is True and pod["runAsUser"] == 10001
        assert container["allowPrivilegeEscalation"] is False
        assert container["capabilities"] == {"drop": ["ALL"]}
        assert container["readOnlyRootFilesystem"] is True


def test_what_a_pod_writes_to_is_mounted(values: dict[str, Any], code: dict[str, Any]) -> None:
    run = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    pairs = [(code, code), (run["podSpecConfig"], run["containerConfig"]), *((values[part],) * 2 for part in PARTS)]
    for pod, container in pairs:
        names = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= names
        paths = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert {"/tmp", "/var/tmp/signal_pipeline", code["env"]["TEMP_DIR"]} <= paths
        assert container["resources"]["limits"]["memory"]


def test_there_is_a_secret_for_each_need(values: dict[str, Any], code: dict[str, Any], root: Path) -> None:
    text = (root / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8")
    made = re.findall(r"kubectl create secret generic (\S+)", text)
    used = [secret["name"] for secret in code["envSecrets"]]
    assert set(made) == {*used, values["global"]["postgresqlSecretName"]} and len(made) == 5
    assert values["postgresql"]["postgresqlUsername"] != code["env"]["DB_USERNAME"]


def test_nobody_talks_to_anybody_but_by_a_rule(policies: dict[str, dict[str, Any]], code: dict[str, Any]) -> None:
    assert policies["signal-pipeline-nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (rule,) = policies["signal-pipeline-code-server"]["ingress"]
    assert rule["ports"] == [{"port": code["port"], "protocol": "TCP"}]
    assert all("podSelector" in place and "namespaceSelector" not in place for place in rule["from"])
    (rule,) = policies["signal-pipeline-webserver"]["ingress"]
    assert all("podSelector" in place and "namespaceSelector" in place for place in rule["from"])
    for name in ("signal-pipeline-dagster", "signal-pipeline-runs"):
        for rule in policies[name]["egress"]:
            assert rule["to"] and rule["ports"], "a rule without a place means any place"


PARTS = ("dagsterDaemon", "dagsterWebserver")


def test_the_web_server_changes_nothing(values: dict[str, Any]) -> None:
    assert values["dagsterWebserver"]["enableReadOnly"] is True


def test_a_reserved_place_is_as_large_as_a_run(values: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    (place,) = [rule for rule in rules if rule["kind"] == "Deployment"]
    asked = place["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]
    run = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    assert asked == run["containerConfig"]["resources"]["requests"]


def test_the_rule_asks_a_question_that_the_database_answers(rules: list[dict[str, Any]], settings: Settings) -> None:
    (scaled,) = [rule for rule in rules if rule["kind"] == "ScaledObject"]
    triggers = scaled["spec"]["triggers"]
    names = {rule["metadata"]["name"] for rule in rules}
    assert {scaled["spec"]["scaleTargetRef"]["name"], *(one["authenticationRef"]["name"] for one in triggers)} <= names
    questions = [one["metadata"]["query"].encode() for one in triggers]
    with psycopg.connect(settings.database_url) as connection:
        assert [connection.execute(question).fetchone() for question in questions] == [(0,), (0,)]
        connection.execute("insert into reports select from generate_series(1, 201)")
        connection.execute(
            "insert into intake (report_id, content_digest, due_at) select id, 'digest', now() - interval '200 s'"
            " from reports"
        )
        assert [connection.execute(question).fetchone() for question in questions] == [(2,), (3,)]


@pytest.fixture(scope="module")
def api(root: Path) -> dict[str, dict[str, Any]]:
    documents = yaml.safe_load_all((root / "deploy/kubernetes/api.yaml").read_text(encoding="utf-8"))
    return {one["kind"]: one for one in documents}


def test_the_api_has_settings_that_are_there_and_secrets_by_reference(api: dict[str, dict[str, Any]]) -> None:
    (container,) = api["Deployment"]["spec"]["template"]["spec"]["containers"]
    given = {one["name"] for one in container["env"]}
    assert given <= {name.upper() for name in Settings.model_fields}
    assert not given & SECRETS
    port = container["ports"][0]["containerPort"]
    assert port == Settings.model_fields["api_port"].default
    assert api["Service"]["spec"]["ports"][0]["targetPort"] == port
    assert api["Service"]["spec"]["sessionAffinity"] == "ClientIP", "a session is known to one process"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_api_scales_on_cpu_and_on_a_metric_that_it_has(api: dict[str, dict[str, Any]]) -> None:
    rule = api["ScaledObject"]["spec"]
    assert rule["scaleTargetRef"]["name"] == api["Deployment"]["metadata"]["name"]
    assert "replicas" not in api["Deployment"]["spec"], "the rule decides"
    kinds = {one["type"]: one["metadata"] for one in rule["triggers"]}
    assert set(kinds) == {"cpu", "prometheus"}
    registry = CollectorRegistry()
    RequestMeter(registry).note("GET", "/v1/reports", 200, 0.1)
    (metric,) = re.findall(r"rate\((\w+)_bucket\{", kinds["prometheus"]["query"])
    assert f"# TYPE {metric} histogram" in text_of(registry).decode()
    labels = re.findall(r'(\w+)(?:=|!~)"', kinds["prometheus"]["query"])
    assert set(labels) <= {"method", "route", "status"}
