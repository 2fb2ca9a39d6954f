"""The pace and the memory of `signal-pipeline parse` on large captures, beside other programs that count flows.

dpkt is a dependency for development. tshark is asked where it is installed, and nfstream where BENCH_NFSTREAM_PYTHON
names an interpreter that has it. BENCH_CAPTURE_MB is the size of the file for the memory, 2,000 by default.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.result import Figure

PACE_PACKETS = 400_000
LARGE_MB = int(os.environ.get("BENCH_CAPTURE_MB", "2000"))
_DAY = 86_400
_RECORD_BYTES = 16

_OURS = """
import sys, time
from pathlib import Path
from benchmarks.peak import peak_mb
import signal_pipeline.parsing.pcap.reader
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import compile_rules, local_redactor
compile_rules()
before = time.process_time()
reading = read_signal(Path(sys.argv[1]), redactor=local_redactor())
rows = sum(frame.height for frame in reading)
print(time.process_time() - before, peak_mb(), rows, reading.outcome.status)
"""
_DPKT = """
import sys, time
import dpkt
before = time.process_time()
flows = {}
with open(sys.argv[1], "rb") as file:
    for at, data in dpkt.pcap.Reader(file):
        try:
            frame = dpkt.ethernet.Ethernet(data)
        except dpkt.UnpackError:
            continue
        packet = frame.data
        if not isinstance(packet, (dpkt.ip.IP, dpkt.ip6.IP6)):
            continue
        carried = packet.data
        ends = (packet.src, getattr(carried, "sport", 0)), (packet.dst, getattr(carried, "dport", 0))
        flow = flows.setdefault((getattr(packet, "p", 0), *sorted(ends)), [0, 0, at, at])
        flow[0] += 1
        flow[1] += len(data)
        flow[3] = at
print(time.process_time() - before, len(flows))
"""
_NFSTREAM = """
import os, sys
from nfstream import NFStreamer
def used():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
before = used()
flows = sum(1 for _ in NFStreamer(source=sys.argv[1], statistical_analysis=True, n_meters=1))
print(used() - before, flows)
"""


def pace(bodies: list[bytes], header: bytes) -> dict[str, Figure]:
    """`bodies`: records of captures in the byte order of `header`, on Ethernet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pcap"
        packets = _write(path, bodies, header, 0, lambda packets, _: packets >= PACE_PACKETS)
        peers = list(_peers(path))
        seconds, _ = _ours(path, packets)
        many = _write(path, bodies, header, _DAY, lambda _, size: size >= LARGE_MB * 1024**2)
        large_seconds, peak = _ours(path, many)
    per_second = packets / seconds / 1000
    figures = {
        "thousand_packets_per_cpu_second": Figure(per_second, 400, "higher", "thousand/s"),
        "thousand_packets_per_cpu_second_short_flows": Figure(
            many / large_seconds / 1000, None, "higher", "thousand/s"
        ),
        "peak_mb": Figure(peak, 300, "lower", f"MB at {LARGE_MB} MB"),
    }
    for name, used in peers:
        theirs = packets / used / 1000
        target = None if name == "dpkt" else 3.5
        figures[f"times_{name}"] = Figure(per_second / theirs, target, "higher", "x", f"{name}, thousand/s", theirs)
    return figures


def _ours(path: Path, packets: int) -> tuple[float, float]:
    """(CPU seconds, peak in MB)."""
    seconds, peak, rows, status = _run(_OURS, path)
    print(f"{packets} packets, {path.stat().st_size / 1024**2:.0f} MB, {rows} entries, {status}")
    if status == "failed":
        raise RuntimeError(f"the capture {path} was refused")
    return float(seconds), float(peak)


def _run(script: str, path: Path, python: str = sys.executable) -> list[str]:
    done = subprocess.run([python, "-c", script, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.split()


def _peers(path: Path) -> Iterator[tuple[str, float]]:
    """(name, CPU seconds) of each that is there."""
    yield "dpkt", float(_run(_DPKT, path)[0])
    if (python := os.environ.get("BENCH_NFSTREAM_PYTHON")) is not None:
        yield "nfstream", float(_run(_NFSTREAM, path, python)[0])
    if (tshark := shutil.which("tshark")) is not None:
        before = _children()
        counted = ["-z", "conv,tcp", "-z", "conv,udp"]
        subprocess.run([tshark, "-n", "-q", "-r", str(path), *counted], capture_output=True, check=True)
        yield "tshark", _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write(path: Path, bodies: list[bytes], header: bytes, later: int, is_enough: Callable[[int, int], bool]) -> int:
    """All bodies one after the other, again and again, each round so many seconds later; returns how many packets.

    At the same time again, the packets of a round belong to the flows of the one before.
    """
    rounds = [np.frombuffer(body, np.uint8).copy() for body in bodies]
    places = [_places(body) for body in bodies]
    written = size = 0
    with path.open("wb") as file:
        file.write(header)
        while True:
            for body, at in zip(rounds, places, strict=True):
                file.write(body.tobytes())
                written, size = written + len(at), size + len(body)
                _move(body, at, later)
                if is_enough(written, size):
                    return written


def _places(body: bytes) -> np.ndarray:
    """Where records begin."""
    found, at = [], 0
    while at + _RECORD_BYTES <= len(body):
        found.append(at)
        at += _RECORD_BYTES + int.from_bytes(body[at + 8 : at + 12], "little")
    return np.array(found)


def _move(body: np.ndarray, at: np.ndarray, later: int) -> None:
    columns = at[:, None] + np.arange(4)
    seconds = body[columns].view("<u4") + np.uint32(later)
    body[columns] = seconds.view(np.uint8)
