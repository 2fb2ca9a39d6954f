"""How the programs of the made systems write a record, each as its default configuration does."""

from __future__ import annotations

import json
from datetime import datetime

from benchmarks.systems.story import Record

_PINO = {"debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _with_trace(line: str, record: Record) -> str:
    return f"{line}\n{record.trace}" if record.trace else line


def pino(record: Record, at: datetime) -> str:
    row: dict[str, object] = {
        "level": _PINO[record.level],
        "time": int(at.timestamp() * 1000),
        "pid": 31,
        "name": record.logger,
    }
    row |= dict(record.ids)
    if record.trace:
        head = record.trace.splitlines()[0]
        row["err"] = {"type": head.partition(":")[0], "message": head.partition(": ")[2], "stack": record.trace}
    return json.dumps(row | {"msg": record.message})


def winston(record: Record, at: datetime) -> str:
    ids = "".join(f" [{value}]" for value in record.ids.values())
    return _with_trace(f"{_iso(at)} [{record.logger}] {record.level}:{ids} {record.message}", record)


def python_logging(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}"
    ids = "".join(f"[{value}] " for value in record.ids.values())
    level = {"warn": "WARNING", "fatal": "CRITICAL"}.get(record.level, record.level.upper())
    return _with_trace(f"{stamp} {level} {record.logger} {ids}{record.message}", record)


def celery(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}"
    level = {"warn": "WARNING", "fatal": "CRITICAL"}.get(record.level, record.level.upper())
    return _with_trace(f"[{stamp}: {level}/{record.thread or 'MainProcess'}] {record.message}", record)


def logback(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    level = {"fatal": "ERROR"}.get(record.level, record.level.upper())
    ids = ",".join(record.ids.values())
    return _with_trace(
        f"{stamp} {level:>5} [{ids}] 1 --- [{record.thread or 'main'}] {record.logger} : {record.message}", record
    )


def rails(record: Record, at: datetime) -> str:
    level = {"warn": "WARN"}.get(record.level, record.level.upper())
    ids = "".join(f"[{value}] " for value in record.ids.values())
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%f")
    head = f"{level[0]}, [{stamp} #4242] {level:>5} -- : {ids}"
    return "\n".join(head + line for line in [record.message, *record.trace.splitlines()])


def sidekiq(record: Record, at: datetime) -> str:
    ids = "".join(f" {name}={value}" for name, value in record.ids.items())
    level = {"warn": "WARN"}.get(record.level, record.level.upper())
    lines = [record.message, *record.trace.splitlines()]
    return "\n".join(f"{_iso(at)} pid=77 tid=gx1 {record.logger}{ids} {level}: {line}" for line in lines)


def zap(record: Record, at: datetime) -> str:
    row: dict[str, object] = {"level": record.level, "ts": _iso(at), "caller": record.logger, "msg": record.message}
    row |= dict(record.ids)
    if record.trace:
        row["stacktrace"] = record.trace
    return json.dumps(row)


def logfmt(record: Record, at: datetime) -> str:
    ids = "".join(f" {name}={value}" for name, value in record.ids.items())
    level = record.level.upper()
    line = f"time={_iso(at)} level={level} source={record.logger} msg={json.dumps(record.message)}{ids}"
    return _with_trace(line, record)


def go_plain(record: Record, at: datetime) -> str:
    return _with_trace(f"{at.strftime('%Y/%m/%d %H:%M:%S')} {record.message}", record)


def nginx_error(record: Record, at: datetime) -> str:
    return f"{at.strftime('%Y/%m/%d %H:%M:%S')} [{record.level}] 29#29: *{int(record.at * 10)} {record.message}"


def nginx_access(record: Record, at: datetime) -> str:
    """The message has the request, the status and the bytes."""
    return f'10.4.2.7 - - [{at.strftime("%d/%b/%Y:%H:%M:%S +0000")}] {record.message} "-" "Mozilla/5.0 (X11; Linux x86_64)"'


def postgres(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    level = {"info": "LOG", "warn": "WARNING", "error": "ERROR", "fatal": "FATAL", "panic": "PANIC"}[record.level]
    head = f"{stamp} UTC [{record.thread or '312'}] {record.logger} "
    return "\n".join([f"{head}{level}:  {record.message}", *(f"{head}{line}" for line in record.trace.splitlines())])


def redis(record: Record, at: datetime) -> str:
    mark = {"info": "*", "warn": "#", "error": "#"}[record.level]
    return f"1:M {at.strftime('%d %b %Y %H:%M:%S')}.{at.microsecond // 1000:03} {mark} {record.message}"


def kafka(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}"
    return _with_trace(f"[{stamp}] {record.level.upper()} {record.message} ({record.logger})", record)


def klog(record: Record, at: datetime) -> str:
    letter = record.level[0].upper()
    return f"{letter}{at.strftime('%m%d %H:%M:%S.%f')}       1 {record.logger}] {record.message}"


def events(record: Record, at: datetime) -> str:
    """Of Kubernetes, as an exporter writes them: the logger is the reason, the thread is the object."""
    kind, _, name = record.thread.partition("/")
    row = {
        "lastTimestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "type": "Warning" if record.level == "warn" else "Normal",
        "reason": record.logger, "message": record.message, "involvedObject": {"kind": kind, "name": name, "namespace": "shop"},
    }  # fmt: skip
    return json.dumps(row)


def logcat(record: Record, at: datetime) -> str:
    stamp = at.strftime("%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    head = f"{stamp}  4242  4260 {record.level[0].upper()} {record.logger}: "
    return "\n".join(head + line for line in [record.message, *record.trace.splitlines()])


def syslog(record: Record, at: datetime) -> str:
    return f"{at.strftime('%b %d %H:%M:%S')} web-1 {record.logger}: {record.message}"


def console(record: Record, at: datetime) -> str:
    """As a browser's console is saved."""
    return _with_trace(
        f"{at.strftime('%H:%M:%S.')}{at.microsecond // 1000:03} {record.logger} {record.message}", record
    )
