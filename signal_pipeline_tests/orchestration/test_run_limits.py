"""Limits of runs: what a file may say, which tags a run gets, and what a limited process may use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.toml_file import MAX_BYTES
from signal_pipeline.operations.work_limits import read_limits
from signal_pipeline.orchestration.run_limits import CPUS, MAX_RUNTIME, MEMORY_MB, POD, limit_tags
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import Batch
from signal_pipeline.storage.intake import Lease
from signal_pipeline_tests.storage.tables import new_report

FILE = """
[kinds.nightly]
max_seconds = 3600
memory_mb = 2048
cpus = 1.5

[[sizes]]
up_to_mb = 64
memory_mb = 1024
cpus = 1

[[sizes]]
memory_mb = 3072
cpus = 2
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "limits.toml"
    path.write_text(FILE)
    return path


SIZES = [(0, 1024), (64 * 2**20, 1024), (64 * 2**20 + 1, 3072), (10 * 2**30, 3072)]


@pytest.mark.parametrize(("read_bytes", "memory"), SIZES)
def test_the_first_size_that_is_large_enough(path: Path, read_bytes: int, memory: int) -> None:
    size = read_limits(path).size_for(read_bytes)
    assert size is not None
    assert size.memory_mb == memory


WRONG = {
    "no TOML": ("[kinds", "is not TOML"),
    "another table": ("[limits.x]\ncpus = 1", "limits: Extra inputs"),
    "a kind that is no name": ('[kinds."a b"]\ncpus = 1', "a kind has"),
    "too little memory": ("[kinds.x]\nmemory_mb = 10", "greater than or equal to 1024"),
    "no time": ("[kinds.x]\nmax_seconds = 0", "greater than or equal to 10"),
    "a misspelt limit": ("[kinds.x]\nmax_minutes = 5", "Extra inputs"),
    "sizes without an end": ("[[sizes]]\nup_to_mb = 5\nmemory_mb = 1024\ncpus = 1", "rising order"),
    "sizes out of order": (
        "".join(f"[[sizes]]\nup_to_mb = {bound}\nmemory_mb = 1024\ncpus = 1\n" for bound in (9, 5))
        + "[[sizes]]\nmemory_mb = 1024\ncpus = 1",
        "rising order",
    ),
    "too large": ("#" * (MAX_BYTES + 1), "more than"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_its_place(path: Path, text: str, sentence: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsInvalid) as refused:
        read_limits(path)
    assert sentence in str(refused.value)


def batch(platform: Platform, kind: str, size: int) -> Batch:
    with platform.database.transaction() as connection:
        report = new_report(connection)
        connection.execute("update signals set size_bytes = %s where report_id = %s", (size, report))
    return Batch(uuid4(), (Lease(uuid4(), report, 1, kind=kind),))


def test_a_run_has_the_limits_of_its_kind_and_the_pod_of_its_size(platform: Platform, path: Path) -> None:
    usual, nightly = batch(platform, "report", 100), batch(platform, "nightly", 2**30)
    with Platform(platform.settings.model_copy(update={"work_limits_file": path})) as limited:
        tags = limit_tags(limited, [usual, nightly])
    assert set(tags[usual.id]) == {POD}
    assert json.loads(tags[usual.id][POD])["container_config"]["resources"]["requests"] == {
        "cpu": "1",
        "memory": "1024Mi",
    }
    assert {name: tags[nightly.id][name] for name in (MAX_RUNTIME, MEMORY_MB, CPUS)} == {
        MAX_RUNTIME: "3600",
        MEMORY_MB: "2048",
        CPUS: "1.5",
    }
    # A pod asks for no more than its kind may have.
    assert json.loads(tags[nightly.id][POD])["container_config"]["resources"]["limits"] == {"memory": "2048Mi"}


def test_a_wrong_file_limits_nothing_and_is_logged(
    platform: Platform, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text("[kinds")
    with Platform(platform.settings.model_copy(update={"work_limits_file": path})) as limited:
        assert limit_tags(limited, [batch(platform, "nightly", 1)]) == {}
    assert "is not TOML" in caplog.text


def test_a_limited_process_cannot_take_more() -> None:
    script = f"""
import os
from signal_pipeline.orchestration.run_limits import limit_this_process
limit_this_process({{"{MEMORY_MB}": "1024", "{CPUS}": "1"}})
assert len(os.sched_getaffinity(0)) == 1
try:
    bytearray(2 * 2**30)
except MemoryError:
    print("refused")
print(len(bytearray(100 * 2**20)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", str(100 * 2**20)]
