"""deploy/Dockerfile: installs as CI does, copies what exists, runs commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline_tests.deploy.conftest import OF_THE_APP


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def test_it_installs_with_the_lock_as_the_makefile_does(root: Path, dockerfile: str) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    (install,) = re.findall(r"^PIP_INSTALL = (.*)$", makefile, re.MULTILINE)
    assert install.endswith("-c constraints.txt")
    assert makefile.count("pip install") == 1, "the Makefile installs in another way"
    assert len(re.findall(r"@\$\(PIP_INSTALL\) -e '\.\[[a-z,]+\]'$", makefile, re.MULTILINE)) == 2
    assert re.findall(r"pip install .*$", dockerfile, re.MULTILINE) == ["pip install -c constraints.txt ."]
    assert "make install" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_it_copies_what_exists_and_what_is_not_ignored(root: Path, dockerfile: str) -> None:
    let_in = {
        line[1:] for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (root / source).exists(), source
            assert source.removeprefix("./").split("/")[0] in let_in, source


def test_the_modules_that_the_build_runs_exist(dockerfile: str) -> None:
    import importlib.util

    modules = re.findall(r"python -m (signal_pipeline\S+)", dockerfile)
    assert modules == ["signal_pipeline.embedding.export"]
    assert all(importlib.util.find_spec(module) for module in modules)


def test_the_image_s_folders_are_those_of_compose(dockerfile: str, services: dict[str, dict[str, Any]]) -> None:
    environment = services["code_server"]["environment"]
    assert f"MODEL_DIR={environment['MODEL_DIR']}" in dockerfile
    assert f"TEMP_DIR={environment['TEMP_DIR']}" in dockerfile
    made = re.search(r"install --directory --owner 10001 --group 10001 (.*)$", dockerfile, re.MULTILINE)
    assert made is not None
    own = {mount.split(":")[1] for name in OF_THE_APP for mount in services[name]["volumes"]}
    assert own == set(made[1].split()), "a volume on a folder that the image does not make belongs to root"


def options_of(*command: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-m", *command, "--help"], capture_output=True, text=True, timeout=120, check=True
    )
    return set(re.findall(r"--[a-z][a-z-]+", shown.stdout))


@pytest.mark.slow
def test_dagster_has_the_options(services: dict[str, dict[str, Any]]) -> None:
    used = {name: {word for word in service["command"] if word.startswith("--")} for name, service in services.items()
            if name in ("code_server", "daemon", "webserver")}  # fmt: skip
    assert used["code_server"] <= options_of("dagster", "api", "grpc")
    assert used["daemon"] <= options_of("dagster._daemon", "run")
    assert used["webserver"] <= options_of("signal_pipeline.local.webserver")


@pytest.mark.slow
def test_dagster_has_the_health_checks() -> None:
    assert "--port" in options_of("dagster", "api", "grpc-health-check")
    assert options_of("dagster._daemon", "liveness-check")


def test_the_fork_server_does_a_work_that_exists(services: dict[str, dict[str, Any]]) -> None:
    from signal_pipeline.local.fork_server import WORK

    command = services["fork_server"]["command"]
    assert command[command.index("--work") + 1] == WORK
    address = command[command.index("--socket") + 1]
    for name in ("daemon", "webserver"):
        assert services[name]["environment"]["FORK_SERVER_SOCKET"] == address
        assert any(mount.split(":")[1] == str(Path(address).parent) for mount in services[name]["volumes"])


def test_init_is_a_command(services: dict[str, dict[str, Any]]) -> None:
    from signal_pipeline.cli.main import COMMANDS

    program, command = services["init"]["command"]
    assert program == "signal-pipeline"
    assert command in {known.name for known in COMMANDS}
