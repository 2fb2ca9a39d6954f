"""Formats and levels of logs of real daemons, and the fields of HAR files, against what other parsers say of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from benchmarks.labelled import DATA
from benchmarks.result import Figure
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor

FILES_TARGET = 0.95

# Names of others for formats that are read here, and the beginnings of the names that they have here.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "access_log": ("access",),
    "syslog_log": ("syslog", "kernel"),
    "error_log": ("apache-error", "syslog", "cups"),
    "glog_log": ("glog",),
    "logcat_log": ("logcat",),
    "redis_log": ("redis",),
    "mysql_error_log": ("mysql",),
    "mysql_gen_log": ("mysql",),
    "mysql_slow_log": ("mysql",),
    "openstack_log": ("openstack", "name-time-level"),
    "zookeeper_log": ("zookeeper",),
    "uwsgi_log": ("uwsgi",),
    "laravel_log": ("monolog",),
    "vdsm_log": ("vdsm", "home-assistant"),
    "haproxy_log": ("haproxy", "syslog"),
    "elb_log": ("elb",),
    "java_log": (
        *("log4j", "logback", "hadoop", "java", "spring", "level", "tomcat", "kafka", "cassandra", "elasticsearch"),
        *("time-level", "time-word-level", "time-bracket-level", "loguru", "activemq", "vmware", "solr", "pipes"),
        *("otel", "thread-component", "name-time-level"),
    ),
    "syslog": ("syslog", "dovecot", "kernel"),
    "apache2": ("access", "apache-error"),
    "mysql": ("mysql",),
    "mariadb": ("mysql",),
    "mongodb": ("json-mongodb", "mongodb"),
    "docker": ("docker", "json", "syslog", "access"),
    "containerd": ("cri", "json", "access"),
    "nginx": ("access", "nginx-error"),
    "auditd": ("auditd",),
    "modsecurity": ("apache-error", "nginx-error"),
    "haproxy": ("haproxy",),
    "gitlab": ("json",),
    "keycloak": ("logback", "log4j"),
    "apache-access": ("access",),
    "apache-error": ("apache-error",),
    "cassandra-debug": ("cassandra",),
    "cassandra-system": ("cassandra",),
    "couchbase-http-access": ("access",),
    "jetty-access": ("access",),
    "mysql-error": ("mysql",),
    "mysql-general": ("mysql",),
    "mysql-slow": ("mysql",),
    "redis": ("redis",),
    "solr": ("solr",),
    "tomcat-access": ("access",),
    "tomcat-system": ("tomcat",),
    "varnish": ("access",),
    "zookeeper_general": ("zookeeper",),
    "flink": ("hadoop", "log4j"),
}
_SEVERITY = {100: "debug", 200: "info", 300: "notice", 400: "warning", 500: "error", 600: "critical", 700: "critical"}
_LOUD = ("error", "critical")


def formats_and_levels() -> dict[str, Figure]:
    """Files whose format has the expected name; records whose level is the expected one."""
    right = []
    levels = []
    for name, data, expected in _labelled_files():
        frame, form = _read(data)
        right.append(form is not None and form.startswith(_FAMILIES[name]))
        found = frame["level"].to_list() if frame is not None else []
        if len(found) == len(expected):
            levels += [_same(one, other) for one, other in zip(found, expected, strict=True) if other is not None]
    return {
        "format_is_right": Figure(round(sum(right) / len(right), 4), FILES_TARGET, "higher", "share of files"),
        "formats_judged": Figure(len(right), None, "higher", "files"),
        "level_is_right": Figure(round(sum(levels) / len(levels), 4), FILES_TARGET, "higher", "share of records"),
        "levels_judged": Figure(len(levels), None, "higher", "records"),
    }


def _same(found: str | None, expected: str) -> bool:
    """Equal, or both louder than a warning: where an error ends and a critical one begins differs by agent."""
    return found == expected or (found in _LOUD and expected in _LOUD)


def _read(data: bytes) -> tuple[pl.DataFrame | None, str | None]:
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(data)
        file.flush()
        reading = read_signal(Path(file.name), redactor=local_redactor())
        frames = list(reading)
    return (pl.concat(frames) if frames else None), reading.outcome.format


def _labelled_files() -> Iterator[tuple[str, bytes, list[str | None]]]:
    """Name of the format, content, level of each record (None where it is not known)."""
    for line in (DATA / "logs" / "lnav" / "format_samples.jsonl").read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample["format"] in _FAMILIES:
            yield sample["format"], sample["line"].encode(), [sample["level"]]
    for folder in sorted((DATA / "logs" / "ops-agent").iterdir()):
        if folder.name in _FAMILIES:
            entries = yaml.safe_load((folder / "output_fluentbit.yaml").read_text(encoding="utf-8"))[0]["entries"]
            yield folder.name, (folder / "input.log").read_bytes(), [_stated(entry) for entry in entries]
    for line in (DATA / "logs" / "crowdsec" / "labels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        file, name, _ = line.split("\t")
        if name in _FAMILIES:
            yield name, (DATA / "logs" / "crowdsec" / file).read_bytes(), []


def _stated(entry: dict[str, Any]) -> str | None:
    """The level that the agent gives an entry; it gives requests none."""
    return _SEVERITY.get(int(entry["severity"])) if "severity" in entry else None


def har_fields() -> dict[str, Figure]:
    """Method, status, start, host and scheme of each exchange, against mitmproxy's own reading of the file."""
    right: list[bool] = []
    for truth in sorted((DATA / "har" / "mitmproxy" / "har_files").glob("*.json")):
        flows = json.loads(truth.read_text(encoding="utf-8"))
        frame = pl.concat(read_signal(truth.with_suffix(".har"), redactor=local_redactor(), kind="har"))
        right.append(frame.height == len(flows))
        for flow, found in zip(flows, frame.iter_rows(named=True), strict=False):
            request, response = flow["request"], flow["response"]
            right += [
                found["method"] == request["method"],
                found["status"] == response["status_code"],
                abs(found["timestamp"].timestamp() - request["timestamp_start"]) < 0.002,
                found["component"].partition(":")[0] == request["host"],
                found["url"].partition(":")[0] == request["scheme"],
            ]
    return {"har_fields": Figure(round(sum(right) / len(right), 4), 1.0, "higher", "share of fields")}
