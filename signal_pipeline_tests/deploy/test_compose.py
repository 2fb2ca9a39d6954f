"""docker-compose.yml: everything it names exists, nothing is open that need not be, no secret is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from signal_pipeline.local.webserver import HOSTS_VARIABLE, LOCAL_VARIABLE
from signal_pipeline.settings import Settings
from signal_pipeline_tests.deploy.conftest import OF_THE_APP, SECRETS

Services = dict[str, dict[str, Any]]


# The same in every service, so that the image has it.
OF_THE_IMAGE = {"DAGSTER_HOME"}


def test_the_services(services: Services) -> None:
    assert set(services) == {"postgres", "nats", "s3", *OF_THE_APP}


def test_what_a_service_waits_for_exists_and_says_when_it_is_ready(services: Services) -> None:
    for service in services.values():
        for name, when in service.get("depends_on", {}).items():
            if when["condition"] == "service_healthy":
                assert "healthcheck" in services[name]
            else:
                assert when["condition"] == "service_completed_successfully"
                assert services[name]["restart"] == "no"


def test_all_but_the_one_shot_have_a_health_check(services: Services) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"init"}


def test_volumes_and_networks_are_declared_and_used(compose: dict[str, Any], services: Services) -> None:
    mounts = [volume for service in services.values() for volume in service.get("volumes", [])]
    assert {mount.partition(":")[0] for mount in mounts if not mount.startswith(".")} == set(compose["volumes"])
    assert {name for service in services.values() for name in service["networks"]} == set(compose["networks"])


def test_mounted_files_and_build_folders_exist(root: Path, services: Services) -> None:
    for service in services.values():
        for mount in service.get("volumes", []):
            if mount.startswith("."):
                assert (root / mount.partition(":")[0]).is_file()
                assert mount.endswith(":ro")
        if "build" in service:
            context = root / service["build"]["context"]
            assert (context / service["build"].get("dockerfile", "Dockerfile")).is_file()


def test_only_pages_for_people_are_published_and_only_on_loopback(compose: dict[str, Any], services: Services) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {
        "webserver": ["127.0.0.1:${DAGSTER_UI_PORT:-3000}:3000"],
        "api": ["127.0.0.1:${API_PUBLISHED_PORT:-8090}:8090"],
    }
    assert compose["networks"]["backend"]["internal"] is True
    assert {name for name, service in services.items() if "frontend" in service["networks"]} == {"webserver", "api"}


@pytest.mark.parametrize("name", ["postgres", "nats", "s3", *OF_THE_APP])
def test_a_container_can_do_little(name: str, services: Services, root: Path) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert 0 < service["pids_limit"] <= 1024
    assert re.fullmatch(r"(\$\{WORK_MEMORY:-)?[1-9]g\}?", service["mem_limit"])
    assert service.get("user", _user_of_image(service, root)) not in (None, "root", "0")


def _user_of_image(service: dict[str, Any], root: Path) -> str | None:
    if "build" not in service:
        return None
    file = root / service["build"]["context"] / service["build"].get("dockerfile", "Dockerfile")
    users = re.findall(r"^USER (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return users[-1] if users else None


def test_images_are_pinned(services: Services, root: Path) -> None:
    """To the digest where images.lock knows it; to the version where it does not. A variable may say otherwise."""
    lines = (root / "deploy" / "images.lock").read_text(encoding="utf-8").splitlines()
    known = {name: (image, digest) for name, image, digest in (line.split() for line in lines if line[:1] != "#")}
    wanted = {name: image if digest == "unresolved" else f"{image}@{digest}" for name, (image, digest) in known.items()}
    for image, digest in known.values():
        assert re.search(r":\d+\.\d+[\w.-]*$", image), f"{image} has no version"
        assert re.fullmatch(r"unresolved|sha256:[0-9a-f]{64}", digest)
    asked: list[tuple[str, str]] = []
    for service in services.values():
        build = service.get("build", {})
        texts = [*build.get("args", {}).values(), *([] if build else [service["image"]])]
        found = [re.fullmatch(r"\$\{(\w+):-(.+)\}", text) for text in texts]
        assert found and all(found), f"{texts} names no image"
        asked += [(match.group(1), match.group(2)) for match in found if match]
    for file in root.glob("deploy/**/Dockerfile"):
        text = file.read_text(encoding="utf-8")
        arguments = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", text, re.MULTILINE))
        assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {f"${{{name}}}" for name in arguments}
        asked += arguments.items()
    assert {name for name, _ in asked} == set(wanted)
    assert [(name, image) for name, image in asked if wanted[name] != image] == []


def test_no_secret_has_a_default(root: Path) -> None:
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    for name in SECRETS:
        assert set(re.findall(rf"\$\{{{name}([^}}]*)}}", text)) == {":?set it in .env"}


OF_BOTH = {"API_URL"}
OF_THE_API = {field.upper() for field in Settings.model_fields if field.startswith("api_")} - OF_BOTH | {"DAGSTER_URL"}
OF_THE_OPERATOR = {"NATS_PRODUCER_URL", "NATS_OPERATOR_URL", "NATS_MONITOR_URL"}
OF_THE_WORK = {field.upper() for field in Settings.model_fields} - OF_THE_API - OF_THE_OPERATOR


def test_every_setting_reaches_the_work(services: Services) -> None:
    for name in ("init", "fork_server", "code_server"):
        assert set(services[name]["environment"]) >= OF_THE_WORK


def test_nothing_else_than_settings_and_dagster_reaches_the_work(services: Services, root: Path) -> None:
    dagster = set(_variables_of_dagster_yaml(root))
    assert set(services["code_server"]["environment"]) == OF_THE_WORK | dagster
    assert set(services["api"]["environment"]) == OF_THE_WORK | OF_THE_API | dagster


def test_only_the_command_line_is_the_operator_of_nats(services: Services) -> None:
    holders = {name: service["environment"] for name, service in services.items() if name != "nats"}
    assert set(holders["init"]) >= OF_THE_OPERATOR
    for name, environment in holders.items():
        text = str(environment)
        assert ("NATS_OPERATOR_PASSWORD" in text) is (name == "init"), name
        assert ("NATS_PRODUCER_PASSWORD" in text) is (name in ("init", "api")), name
    # It only sends reports in.
    assert "//producer:" in holders["api"]["NATS_URL"]
    assert "//signal_pipeline:" in holders["code_server"]["NATS_URL"]


def test_the_variables_of_dagster_yaml_are_passed(services: Services, root: Path) -> None:
    wanted = _variables_of_dagster_yaml(root)
    assert "DAGSTER_POSTGRES_URL" in wanted
    for name in OF_THE_APP:
        assert wanted <= set(services[name]["environment"])


def test_ui_and_daemon_get_no_other_secret(services: Services, root: Path) -> None:
    for name, more in (("daemon", set()), ("webserver", {HOSTS_VARIABLE, LOCAL_VARIABLE})):
        assert set(services[name]["environment"]) == _variables_of_dagster_yaml(root) | more


def test_the_image_says_where_dagster_is_at_home(root: Path) -> None:
    dockerfile = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert all(f" {name}=/" in dockerfile for name in OF_THE_IMAGE)


def _variables_of_dagster_yaml(root: Path) -> set[str]:
    """Those that a service has to be given."""
    found: set[str] = set()
    left: list[Any] = [yaml.safe_load((root / "dagster.yaml").read_text(encoding="utf-8"))]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if isinstance(value.get("env"), str):
                found.add(value["env"])
            left += value.values()
        elif isinstance(value, list):
            left += value
    assert found >= OF_THE_IMAGE
    return found - OF_THE_IMAGE


def test_the_workspace_leads_to_the_code_server(services: Services, root: Path) -> None:
    workspace = yaml.safe_load((root / "deploy" / "workspace.yaml").read_text(encoding="utf-8"))
    place = workspace["load_from"][0]["grpc_server"]
    assert place["host"] in services
    command = services[place["host"]]["command"]
    assert command[command.index("--port") + 1] == str(place["port"])
    assert command[command.index("--location-name") + 1] == place["location_name"]
    local = yaml.safe_load((root / "workspace.yaml").read_text(encoding="utf-8"))
    assert local["load_from"][0]["python_module"]["location_name"] == place["location_name"]
    assert local["load_from"][0]["python_module"]["module_name"] in command


def _compose_command() -> list[str] | None:
    """A docker without its compose plugin answers to `docker`, and to nothing that is asked here."""
    if alone := shutil.which("docker-compose"):
        return [alone]
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return None
    return [docker, "compose"]


COMPOSE = _compose_command()
NO_COMPOSE = "neither docker-compose nor docker with its compose plugin is on the PATH"


def _config(root: Path, folder: Path, secrets: set[str]) -> subprocess.CompletedProcess[str]:
    assert COMPOSE is not None
    env_file = folder / "env"
    env_file.write_text("".join(f"{name}=secret0of0the0test\n" for name in sorted(secrets)), encoding="utf-8")
    command = [*COMPOSE, "--env-file", str(env_file), "--file", str(root / "docker-compose.yml"), "config"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={"PATH": "/usr/bin:/bin"}
    )


@pytest.mark.slow
@pytest.mark.skipif(COMPOSE is None, reason=NO_COMPOSE)
def test_compose_accepts_it(root: Path, tmp_path: Path) -> None:
    done = _config(root, tmp_path, SECRETS)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services["code_server"]["environment"]["NATS_URL"] == "nats://signal_pipeline:secret0of0the0test@nats:4222"
    assert services["nats"]["environment"]["NATS_PASSWORD"] == '"secret0of0the0test"'


@pytest.mark.slow
@pytest.mark.skipif(COMPOSE is None, reason=NO_COMPOSE)
@pytest.mark.parametrize("name", sorted(SECRETS))
def test_compose_refuses_to_go_without_a_secret(name: str, root: Path, tmp_path: Path) -> None:
    done = _config(root, tmp_path, SECRETS - {name})
    assert done.returncode != 0
    assert "set it in .env" in done.stderr
