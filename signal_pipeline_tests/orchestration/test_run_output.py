"""What a run prints: kept whole in Dagster's files, and repeated where the process's output goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
from dagster._core.storage.compute_log_manager import ComputeIOType
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager

from signal_pipeline.orchestration.run_output import RunOutput

KEY = ["run-1", "compute_logs", "steps"]

PROGRAM = """
import os, subprocess, sys
from signal_pipeline.orchestration.run_output import RunOutput

print("before", flush=True)
with RunOutput(sys.argv[1]).capture_logs(["run-1", "compute_logs", "steps"]):
    print("of Python")
    print("of Python, too", file=sys.stderr)
    os.write(1, b"of C\\n")
    subprocess.run(["echo", "of a child"], check=True)
    print("x" * 300_000)
    {middle}
print("after", flush=True)
"""


def run(home: Path, middle: str = "pass", **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("{middle}", middle), str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def kept(home: Path, kind: ComputeIOType) -> str:
    data, _ = LocalComputeLogManager(base_dir=str(home / "storage")).get_log_data_for_type(KEY, kind)
    return (data or b"").decode()


def test_output_is_kept_where_dagster_looks_for_it_and_repeated(tmp_path: Path) -> None:
    process = run(tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    expected = {"of Python", "of C", "of a child", "x" * 300_000}
    assert set(kept(tmp_path, ComputeIOType.STDOUT).splitlines()) == expected
    assert kept(tmp_path, ComputeIOType.STDERR) == err == "of Python, too\n"
    lines = out.splitlines()
    assert (lines[0], lines[-1], set(lines[1:-1])) == ("before", "after", expected)
    assert LocalComputeLogManager(base_dir=str(tmp_path / "storage")).is_capture_complete(KEY)


def test_what_was_printed_before_a_death_is_kept(tmp_path: Path) -> None:
    process = run(tmp_path, "sys.stdout.flush(); os.kill(os.getpid(), 9)")
    process.communicate(timeout=60)
    assert process.returncode == -9
    assert "of a child" in kept(tmp_path, ComputeIOType.STDOUT)
    assert not LocalComputeLogManager(base_dir=str(tmp_path / "storage")).is_capture_complete(KEY)


def test_a_reader_that_has_stopped_reading_holds_nobody_up(tmp_path: Path) -> None:
    """The output is a pipe that is full: what is repeated stays behind, the run ends and its file is whole."""
    reading, writing = os.pipe()
    program = PROGRAM.replace('print("before", flush=True)', "").replace('print("after", flush=True)', "os._exit(0)")
    process = subprocess.Popen(
        [sys.executable, "-c", program.replace("{middle}", "pass"), str(tmp_path)], stdout=writing, stderr=writing
    )
    try:
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        os.close(reading)
        os.close(writing)
    assert "x" * 300_000 in kept(tmp_path, ComputeIOType.STDOUT)


def test_output_is_repeated_while_the_run_goes_on(tmp_path: Path) -> None:
    with run(tmp_path, "sys.stdout.flush(); input()", stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        seen = [process.stdout.readline() for _ in range(4)]
        assert "of a child\n" in seen
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.read().endswith("after\n")


def test_a_stream_without_a_file_is_left_alone(tmp_path: Path, capsys: object) -> None:
    with RunOutput(str(tmp_path)).capture_logs(KEY):
        print("to nobody's file")
    assert kept(tmp_path, ComputeIOType.STDOUT) == ""


def test_dagster_makes_it_from_its_settings(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(
        "compute_logs:\n  module: signal_pipeline.orchestration.run_output\n  class: RunOutput\n"
        f"  config: {{home: {tmp_path}}}\ntelemetry: {{enabled: false}}\n"
    )
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        manager = instance.compute_log_manager
        assert isinstance(manager, RunOutput)
        with manager.capture_logs(KEY):
            pass
        manager.delete_logs(prefix=KEY[:2])
    assert not list((tmp_path / "storage").rglob("steps*"))
