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


def spring_traced(record: Record, at: datetime) -> str:
    """With the ids of the trace and the span in brackets, as Micrometer puts them."""
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    level = {"fatal": "ERROR"}.get(record.level, record.level.upper())
    ids = f"[{'-'.join(record.ids.values())}] " if record.ids else ""
    line = f"{stamp} {level:>5} 1 --- [{record.thread or 'main'}] {ids}{record.logger:<40} : {record.message}"
    return _with_trace(line, record)


def serilog(record: Record, at: datetime) -> str:
    level = {"debug": "DBG", "info": "INF", "warn": "WRN", "error": "ERR", "fatal": "FTL"}[record.level]
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03} +00:00"
    ids = "".join(f"{{{name}: {value}}} " for name, value in record.ids.items())
    return _with_trace(f"{stamp} [{level}] ({record.logger}) {ids}{record.message}", record)


def rabbitmq(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f") + "+00:00"
    lines = [record.message, *record.trace.splitlines()]
    level = {"warn": "warning"}.get(record.level, record.level)
    return "\n".join(f"{stamp} [{level}] <{record.thread or '0.512.0'}> {line}" for line in lines)


def mysql(record: Record, at: datetime) -> str:
    level = {"info": "System", "warn": "Warning", "error": "ERROR"}[record.level]
    return f"{at.strftime('%Y-%m-%dT%H:%M:%S.%f')}Z {record.thread or '0'} [{level}] [{record.logger}] [InnoDB] {record.message}"


def php_fpm(record: Record, at: datetime) -> str:
    level = {"info": "NOTICE", "warn": "WARNING", "error": "ERROR", "fatal": "ALERT"}[record.level]
    return f"[{at.strftime('%d-%b-%Y %H:%M:%S')}] {level}: {record.message}"


def php_errors(record: Record, at: datetime) -> str:
    return _with_trace(f"[{at.strftime('%d-%b-%Y %H:%M:%S')} UTC] {record.message}", record)


def actions(record: Record, at: datetime) -> str:
    """A job of GitHub Actions, as its log is downloaded."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
    mark = {"error": "##[error]"}.get(record.level, "") if record.logger == "runner" else ""
    return "\n".join(f"{stamp} {line}" for line in [mark + record.message, *record.trace.splitlines()])


def windows_events(record: Record, at: datetime) -> str:
    """As `wevtutil` or PowerShell export them, one JSON object a line: the logger is the source, the thread the id."""
    level = {"info": "Information", "warn": "Warning", "error": "Error", "fatal": "Critical"}[record.level]
    said = f"{record.message}\n{record.trace}" if record.trace else record.message
    row = {"TimeCreated": _iso(at), "Id": int(record.thread or 0), "LevelDisplayName": level,
           "ProviderName": record.logger, "MachineName": "WEB-02", "Message": said}  # fmt: skip
    return json.dumps(row)


def iis(record: Record, at: datetime) -> str:
    """The message has method, path and query, the status with its parts and the time taken."""
    return f"{at.strftime('%Y-%m-%d %H:%M:%S')} 10.2.0.8 {record.message}"


def ios(record: Record, at: datetime) -> str:
    """As `log show --style compact` prints a device's log."""
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    level = {"info": "I ", "warn": "Df", "error": "E ", "fatal": "F "}[record.level]
    return _with_trace(
        f"{stamp} {level} ShopApp[4242:90817] [com.example.shop:{record.logger}] {record.message}", record
    )


def coredns(record: Record, _at: datetime) -> str:
    return f"[{record.level.upper()}] {record.message}"


def envoy(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    return f"[{stamp}][17][{record.level}][{record.logger}] {record.message}"


def elixir(record: Record, at: datetime) -> str:
    stamp = at.strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03}"
    ids = "".join(f"{name}={value} " for name, value in record.ids.items())
    return _with_trace(f"{stamp} {ids}[{record.level}] {record.message}", record)


def tracing(record: Record, at: datetime) -> str:
    """Of Rust."""
    ids = "".join(f"{name}={value} " for name, value in record.ids.items())
    return _with_trace(f"{_iso(at)} {record.level.upper():>5} {record.logger}: {ids}{record.message}", record)


def journal(record: Record, at: datetime) -> str:
    return f"{at.strftime('%Y-%m-%dT%H:%M:%S+0000')} host-7 {record.logger}: {record.message}"


def controller(record: Record, at: datetime) -> str:
    """Of an operator on controller-runtime: an error has its text in a field of its own, below the message."""
    row: dict[str, object] = {"level": record.level, "ts": _iso(at), "logger": record.logger, "msg": record.message}
    row |= dict(record.ids)
    if record.trace:
        error, _, stack = record.trace.partition("\n")
        row |= {"error": error} | ({"stacktrace": stack} if stack else {})
    return json.dumps(row)


def mongodb(record: Record, at: datetime) -> str:
    row = {
        "t": {"$date": at.isoformat(timespec="milliseconds")}, "s": record.level[0].upper(), "c": record.logger,
        "id": 22943, "ctx": record.thread or "conn17", "msg": record.message,
    }  # fmt: skip
    return json.dumps(row | ({"attr": {"error": record.trace}} if record.trace else {}))


def haproxy(record: Record, at: datetime) -> str:
    """The message has back end, server, timers, status and the request."""
    stamp = at.strftime("%d/%b/%Y:%H:%M:%S.") + f"{at.microsecond // 1000:03}"
    return f"{at.strftime('%b %d %H:%M:%S')} edge haproxy[212]: 10.3.1.4:50112 [{stamp}] {record.message}"


def caddy(record: Record, at: datetime) -> str:
    row: dict[str, object] = {
        "level": record.level,
        "ts": at.timestamp(),
        "logger": record.logger,
        "msg": record.message,
    }
    return json.dumps(row | dict(record.ids))


def monolog(record: Record, at: datetime) -> str:
    level = {"warn": "WARNING", "fatal": "CRITICAL"}.get(record.level, record.level.upper())
    line = f"[{at.isoformat(timespec='microseconds')}] {record.logger}.{level}: {record.message}"
    return f"{_with_trace(line, record)} {json.dumps(dict(record.ids) or [])} []"


def airflow(record: Record, at: datetime) -> str:
    level = {"warn": "WARNING", "fatal": "CRITICAL"}.get(record.level, record.level.upper())
    return _with_trace(
        f"[{at.strftime('%Y-%m-%d, %H:%M:%S UTC')}] {{{record.logger}}} {level} - {record.message}", record
    )


def akka(record: Record, at: datetime) -> str:
    stamp = at.strftime("%m/%d/%Y %H:%M:%S.") + f"{at.microsecond // 1000:03}"
    level = record.level.upper()
    return _with_trace(f"[{level}] [{stamp}] [{record.thread or 'main'}] [{record.logger}] {record.message}", record)


def cassandra(record: Record, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}"
    level = record.level.upper()
    return _with_trace(f"{level:<5} [{record.thread or 'main'}] {stamp} {record.logger} - {record.message}", record)


def glog(record: Record, at: datetime) -> str:
    """Of C++, with the year and a column for the thread."""
    stamp = at.strftime("%Y%m%d %H:%M:%S.%f")
    return _with_trace(
        f"{record.level[0].upper()}{stamp} {record.thread or '4411'} {record.logger}] {record.message}", record
    )
