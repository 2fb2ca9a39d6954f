"""Which keys of JSON log lines are kept, and which loggers write which keys. An allow list: all other keys
are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

KEYS: dict[str, tuple[str, ...]] = {
    "message": (
        "msg", "message", "MESSAGE", "short_message", "log", "textPayload", "event", "record.message", "text", "body",
        "Message",
        "@m", "RenderedMessage", "@mt", "MessageTemplate", "log.message", "@message", "jsonPayload.message",
        "jsonPayload.msg", "protoPayload.status.message", "@fields.msg", "@fields.message", "fields.message",
        "data.message", "log.msg", "eventMessage", "eventName", "description", "eventid", "request",
    ),
    "level": (
        "level", "severity", "lvl", "log.level", "levelname", "loglevel", "logLevel", "Level", "log_level",
        "@l", "s", "PRIORITY", "level_name", "severityText", "severity_text", "SeverityText", "LogLevel",
        "@fields.lvl", "@fields.level", "jsonPayload.level", "levelname_", "priority", "severityNumber",
        "severity_number", "messageType", "fields.level", "record.level.name",
        "LevelDisplayName",
    ),
    "time": (
        "time", "timestamp", "@timestamp", "ts", "datetime", "Timestamp", "@t", "t.$date", "asctime", "date",
        "eventTime", "created", "Time", "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "timeMillis",
        "instant", "t", "startTime", "receiveTimestamp", "timeUnixNano", "EdgeStartTimestamp", "datetime.date",
        "record.time.repr", "time_iso8601", "time_local", "requestReceivedTimestamp", "StartUTC", "start_time",
        "lastTimestamp", "firstTimestamp", "TimeCreated",
    ),
    "component": (
        "logger", "logger_name", "loggerName", "name", "component", "module", "log.logger", "service.name",
        "service", "SYSLOG_IDENTIFIER", "c", "_SYSTEMD_UNIT", "channel", "caller", "SourceContext",
        "Properties.SourceContext", "Category", "category", "logName", "scope.name", "context", "source",
        "app", "subsystem", "facility", "target", "record.name", "involvedObject.name",
        "ProviderName",
    ),
    "thread": (
        "thread", "thread_name", "threadName", "process.thread.name", "ctx", "threadId", "_PID", "process.pid",
        "pid",
    ),
    "exception_class": (
        "err.type", "error.type", "err.name", "error.name", "exception.type", "exception.class",
        "exception.name", "error.kind", "error.class", "exception.exception_class", "thrown.name",
        "error_type", "errorType", "exc_type", "exception_class", "err.code", "error.code",
        "context.exception.class", "Exception.Type", "attr.error.codeName", "exception.className", "errorName",
    ),
    "error_text": (
        "err.message", "error.message", "err.msg", "exception.message", "exception.exception_message",
        "thrown.message", "error", "err", "exc_value", "errorMessage", "error_message", "exception_message",
        "context.exception.message", "Exception.Message", "attr.error.errmsg", "attr.message.msg", "attr.error",
        "reason",
        "errorCode",
    ),
    "stack_trace": (
        "stack", "err.stack", "error.stack", "error.stack_trace", "stack_trace", "stacktrace", "stackTrace",
        "exc_info", "exception", "exception.stacktrace", "exception.stack_trace", "exception.stack",
        "traceback", "thrown.extendedStackTrace", "errorVerbose", "full_message", "@x", "Exception", "trace",
        "error.stacktrace", "exc_text", "context.exception.trace",
    ),
    "trace_id": (
        "trace_id", "traceId", "trace.id", "traceID", "dd.trace_id", "request_id", "requestId", "req.id",
        "reqId", "correlation_id", "correlationId", "logging.googleapis.com/trace", "TraceId", "spanId",
        "awsRequestId", "x_request_id", "RequestId", "requestID", "req_id", "http.request.id", "RayID",
        "traceparent", "@tr", "otelTraceID", "TraceIdentifier", "context.trace_id", "span_id",
    ),
    "request_id": (
        "request_id", "requestId", "req.id", "reqId", "correlation_id", "correlationId", "x_request_id", "RequestId",
        "requestID", "req_id", "http.request.id", "CorrelationId", "awsRequestId", "TraceIdentifier",
        "context.request_id",
    ),
    "method": (
        "method", "req.method", "request.method", "http.method", "http.request.method",
        "httpRequest.requestMethod", "request_method", "verb", "ClientRequestMethod", "RequestMethod",
        "httpMethod",
    ),
    "url": (
        "url", "req.url", "request.url", "http.url", "url.full", "url.original", "url.path",
        "httpRequest.requestUrl", "request_uri", "uri", "path", "request.uri", "http.path", "requestURI",
        "ClientRequestURI", "RequestPath", "request_path",
    ),
    "status": (
        "status", "statusCode", "status_code", "res.statusCode", "response.status", "http.status_code",
        "http.response.status_code", "httpRequest.status", "response.statusCode", "EdgeResponseStatus",
        "responseStatus.code", "StatusCode", "http.status", "res.status", "response_code",
    ),
    "duration_ms": (
        "responseTime", "duration_ms", "durationMs", "elapsed_ms", "latency_ms", "took", "ElapsedMilliseconds",
        "response_time_ms", "Elapsed", "attr.durationMillis",
    ),
    "duration_s": (
        "request_time", "duration_s", "elapsed", "duration", "latency_s",
    ),
}  # fmt: skip
"""By field: the keys that may hold it, the first one that holds something wins. A dot leads into an object."""


@dataclass(frozen=True)
class JsonFlavour:
    """A logger that writes JSON lines: it is this one when all `keys` are there. `numbers` is its scale of
    numeric levels.
    """

    name: str
    keys: frozenset[str]
    example: str
    numbers: str = "bunyan"
    level: str | None = None
    """What a line without a level is, for loggers that leave out the usual one."""


FLAVOURS: tuple[JsonFlavour, ...] = (
    JsonFlavour(
        "json-mongodb",
        frozenset({"t", "s", "c", "msg"}),
        '{"t":{"$date":"2024-03-01T10:00:00.000Z"},"s":"E","c":"STORAGE","id":1,"ctx":"main","msg":"a"}',
    ),
    JsonFlavour(
        "json-bunyan",
        frozenset({"v", "hostname", "pid", "level", "msg", "name"}),
        '{"name":"shop","hostname":"h","pid":1,"level":50,"msg":"a","time":"2024-03-01T10:00:00.000Z","v":0}',
    ),
    JsonFlavour(
        "json-pino",
        frozenset({"hostname", "pid", "level", "time"}),
        '{"level":50,"time":1709287200000,"pid":1,"hostname":"h","msg":"a"}',
    ),
    JsonFlavour(
        "json-logstash",
        frozenset({"@timestamp", "@version"}),
        '{"@timestamp":"2024-03-01T10:00:00.000Z","@version":"1","message":"a","logger_name":"b","thread_name":"c","level":"ERROR"}',
    ),
    JsonFlavour(
        "json-ecs",
        frozenset({"@timestamp", "ecs.version"}),
        '{"@timestamp":"2024-03-01T10:00:00.000Z","log.level":"ERROR","message":"a","ecs.version":"1.2.0"}',
    ),
    JsonFlavour(
        "json-ecs",
        frozenset({"@timestamp", "ecs"}),
        '{"@timestamp":"2024-03-01T10:00:00.000Z","log":{"level":"error"},"message":"a","ecs":{"version":"8.0"}}',
    ),
    JsonFlavour(
        "json-gelf",
        frozenset({"version", "short_message"}),
        '{"version":"1.1","host":"h","short_message":"a","timestamp":1709287200.1,"level":3}',
        numbers="syslog",
    ),
    JsonFlavour(
        "json-journald",
        frozenset({"MESSAGE", "__REALTIME_TIMESTAMP"}),
        '{"MESSAGE":"a","__REALTIME_TIMESTAMP":"1709287200000000","PRIORITY":"3","SYSLOG_IDENTIFIER":"shop"}',
    ),
    JsonFlavour(
        "json-google-cloud",
        frozenset({"severity", "insertId"}),
        '{"severity":"ERROR","insertId":"1","textPayload":"a","timestamp":"2024-03-01T10:00:00Z"}',
    ),
    JsonFlavour(
        "json-google-cloud",
        frozenset({"severity", "message"}),
        '{"severity":"ERROR","message":"a","time":"2024-03-01T10:00:00Z"}',
    ),
    JsonFlavour(
        "json-cloudtrail",
        frozenset({"eventVersion", "eventName"}),
        '{"eventVersion":"1.08","eventTime":"2024-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","errorCode":"AccessDenied"}',
    ),
    JsonFlavour(
        "json-serilog",
        frozenset({"@t"}),
        '{"@t":"2024-03-01T10:00:00.000Z","@mt":"a {B}","@l":"Error"}',
        level="info",
    ),
    JsonFlavour(
        "json-loguru",
        frozenset({"text", "record"}),
        (
            '{"text":"a","record":{"level":{"name":"ERROR","no":40},"message":"a","name":"shop",'
            '"time":{"repr":"2024-03-01 10:00:00.123456+00:00"}}}'
        ),
    ),
    JsonFlavour(
        "json-serilog",
        frozenset({"Timestamp", "MessageTemplate"}),
        '{"Timestamp":"2024-03-01T10:00:00.000Z","Level":"Error","MessageTemplate":"a"}',
    ),
    JsonFlavour(
        "json-dotnet",
        frozenset({"EventId", "LogLevel", "Category"}),
        '{"EventId":1,"LogLevel":"Error","Category":"Shop.Cart","Message":"a"}',
    ),
    JsonFlavour(
        "json-monolog",
        frozenset({"message", "context", "level", "level_name", "channel"}),
        (
            '{"message":"a","context":{},"level":400,"level_name":"ERROR","channel":"app","datetime":"2024-'
            '03-01T10:00:00+00:00"}'
        ),
    ),
    JsonFlavour(
        "json-python",
        frozenset({"levelname", "message"}),
        '{"asctime":"2024-03-01 10:00:00,123","levelname":"ERROR","name":"shop","message":"a"}',
    ),
    JsonFlavour(
        "json-zap",
        frozenset({"level", "ts", "caller", "msg"}),
        '{"level":"error","ts":1709287200.1,"caller":"a/b.go:12","msg":"a"}',
    ),
    JsonFlavour(
        "json-structlog",
        frozenset({"event", "level", "timestamp"}),
        '{"event":"a","level":"error","timestamp":"2024-03-01T10:00:00Z"}',
    ),
    JsonFlavour(
        "json-nextcloud",
        frozenset({"reqId", "level", "time", "remoteAddr", "app", "message"}),
        '{"reqId":"a","level":3,"time":"2024-03-01T10:00:00+00:00","remoteAddr":"","user":"b","app":"c","message":"a"}',
        numbers="nextcloud",
    ),
    JsonFlavour(
        "json-winston",
        frozenset({"level", "message", "timestamp"}),
        '{"level":"error","message":"a","timestamp":"2024-03-01T10:00:00.000Z"}',
    ),
    JsonFlavour(
        "json-zerolog",
        frozenset({"level", "time", "message"}),
        '{"level":"error","time":"2024-03-01T10:00:00Z","message":"a"}',
    ),
    JsonFlavour(
        "json-logrus", frozenset({"level", "msg", "time"}), '{"level":"error","msg":"a","time":"2024-03-01T10:00:00Z"}'
    ),
    JsonFlavour("json", frozenset(), '{"msg":"a"}'),
)
