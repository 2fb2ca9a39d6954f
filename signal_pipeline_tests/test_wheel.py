"""The wheel carries all that the package reads at run time, and works where no source lies beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "signal_pipeline"
# Named one by one as well, so that a file that moves is missed.
NEEDED = {
    "signal_pipeline/local/sample_report/shop.har",
    "signal_pipeline/local/sample_report/server.log",
    "signal_pipeline/local/sample_report/browser-console.log",
    "signal_pipeline/local/sample_report/network.pcap",
    "signal_pipeline/local/sample_report/events.ndjson",
    "signal_pipeline/local/dagster.yaml",
    "signal_pipeline/storage/sql/0001_reports.sql",
    "signal_pipeline/clustering/golden.json",
    "signal_pipeline/pages/templates/report.html.jinja",
    "signal_pipeline/pages/static/report.js",
    "signal_pipeline/pages/static/report.css",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since a build leaves folders beside the sources."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(PACKAGE, source / "signal_pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "signal_pipeline_tests" / "cli", source / "signal_pipeline_tests")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(target), str(source)], check=True, capture_output=True, text=True)
    (built,) = target.glob("*.whl")
    return built


def test_it_carries_every_file_that_is_no_code_too(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    there = {
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert names == there >= NEEDED


def test_it_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, which borrows this one's other packages."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(tmp_path / "venv")}))
    pip = [sys.executable, "-m", "pip", "--python", str(tmp_path / "venv" / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True, text=True)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "server.log").write_text("2026-01-01 10:00:00 ERROR app - it broke\n", encoding="utf-8")

    def run(*words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "140"}
        command = [str(tmp_path / "venv" / "bin" / words[0]), *words[1:]]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Bug reports in, clustered problems out." in run("signal-pipeline", "--help")
    assert "it broke" in run("signal-pipeline", "parse", "server.log")
    found = run("python", "-c", "import signal_pipeline.pages.report as p; print(p.__file__)")
    assert found.startswith(str(site))
