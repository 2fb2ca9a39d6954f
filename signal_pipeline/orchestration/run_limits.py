"""Limits of a run: as tags, where its kind of work or the size of its files has some, and in its process.

Dagster ends a run that has `dagster/max_runtime`; a pod takes `dagster-k8s/config`; a process that is forked on this
machine bounds itself.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import time
from collections.abc import Mapping, Sequence
from uuid import UUID

import dagster as dg

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.work_limits import PodSize, WorkLimits, read_limits
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import Batch
from signal_pipeline.storage.reports import bytes_of

logger = logging.getLogger(__name__)
MAX_RUNTIME = "dagster/max_runtime"
POD = "dagster-k8s/config"
MEMORY_MB = "signal_pipeline/memory_mb"
CPUS = "signal_pipeline/cpus"


def limit_tags(platform: Platform, batches: Sequence[Batch]) -> dict[UUID, dict[str, str]]:
    """Tags for the run of each batch, by its id. A file that is wrong limits nothing and is logged: work goes on."""
    if not batches:
        return {}
    try:
        limits = read_limits(platform.settings.work_limits_file)
    except SettingsInvalid as error:
        logger.error("WORK_LIMITS_FILE: %s", error)
        return {}
    if not limits.kinds and not limits.sizes:
        return {}
    read: Mapping[UUID, int] = {}
    if limits.sizes:
        with platform.database.transaction() as connection:
            read = bytes_of(connection, [lease.report_id for batch in batches for lease in batch.leases])
    return {
        batch.id: _tags(limits, batch.leases[0].kind, max(read.get(lease.report_id, 0) for lease in batch.leases))
        for batch in batches
    }


def _tags(limits: WorkLimits, kind: str, largest: int) -> dict[str, str]:
    """`largest`: bytes of the largest report, since those of a run are read one after the other."""
    own, size = limits.kinds.get(kind), limits.size_for(largest)
    tags = {}
    if own is not None and own.max_seconds is not None:
        tags[MAX_RUNTIME] = str(own.max_seconds)
    if own is not None and own.memory_mb is not None:
        tags[MEMORY_MB] = str(own.memory_mb)
    if own is not None and own.cpus is not None:
        tags[CPUS] = f"{own.cpus:g}"
    if size is not None:
        tags[POD] = json.dumps(_pod(size, None if own is None else own.memory_mb, None if own is None else own.cpus))
    return tags


def _pod(size: PodSize, most_memory: int | None, most_cpus: float | None) -> dict[str, object]:
    memory = min(size.memory_mb, most_memory or size.memory_mb)
    cpus = min(size.cpus, most_cpus or size.cpus)
    asked = {"cpu": f"{cpus:g}", "memory": f"{memory}Mi"}
    return {"container_config": {"resources": {"requests": asked, "limits": {"memory": asked["memory"]}}}}


def exceeded_seconds(instance: dg.DagsterInstance, record: dg.RunRecord) -> int | None:
    """The limit of time that the run has exceeded, its kind's or that of all runs; None when it ended within it.

    Dagster ends such a run like one that a person cancels, and only then calls it failed: in between, and where the
    run's process is faster, its status is that of a cancelled one.
    """
    own = record.dagster_run.tags.get(MAX_RUNTIME, "")
    limit = int(own) if own.isdecimal() else int(instance.run_monitoring_max_runtime_seconds)
    if not limit or record.start_time is None:
        return None
    ended = time.time() if record.end_time is None else record.end_time
    return limit if ended - record.start_time > limit else None


def limit_this_process(tags: Mapping[str, str]) -> None:
    """Bound memory and cores of this process and its children. Nothing is loosened."""
    if memory := tags.get(MEMORY_MB):
        bound = int(memory) * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))
    if (cpus := tags.get(CPUS)) and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        # Runs begin at different cores, so that several with few cores do not share the same.
        first = os.getpid() % len(cores)
        os.sched_setaffinity(0, (cores[first:] + cores[:first])[: max(1, round(float(cpus)))])
