"""The names and words with which JSON APIs wrap an answer: flags, codes, messages, and what says that all is well."""

from __future__ import annotations

from typing import Any

# What may stand beside an error in an answer that is nothing but one. Lower case, without "_" and "-".
ENVELOPE = frozenset(
    (
        "error", "errors", "iserror", "haserror", "haserrors", "errorcode", "errorcodes", "errcode", "errno",
        "err", "errmsg",
        "errormsg", "errormessage", "errormessages", "errordescription", "errordetails", "errorid", "erroruri",
        "errortype",
        "code", "msg", "message", "messages", "description", "detail", "details", "reason", "hint", "title",
        "type", "status",
        "statuscode", "statustext", "statusmessage", "success", "ok", "succeeded", "issuccess", "successful",
        "issuccessful",
        "result", "resultcode", "results", "ret", "retcode", "returncode", "respcode", "respmsg", "rescode",
        "resultmsg",
        "resultmessage", "returnmsg", "returnmessage", "retmsg", "responsecode", "responsemessage",
        "subcode", "submsg", "data", "payload", "response", "body", "meta", "extensions",
        "jsonrpc", "id", "requestid", "traceid", "correlationid", "transactionid", "tid", "rid", "reqid",
        "timestamp", "time",
        "servertime", "path", "url", "method", "instance", "version", "apiversion", "exception", "trace", "stack",
        "stacktrace", "responseheader", "took", "warnings", "documentationurl", "moreinfo", "help", "event",
        "channel", "ts",
        "ns", "hasnext", "label", "incremental", "context", "callid", "source", "target", "param", "domain", "now",
        "debug",
        "cost", "duration", "elapsed", "name", "class", "file", "line", "fieldviolations", "locale", "lang",
        "signature",
        "__type", "file", "kind", "httpstatus", "httpcode", "severity", "retryable", "retryafter", "needed", "provided",
    )
)  # fmt: skip
GRAPHQL = frozenset(
    ("data", "errors", "extensions", "hasnext", "path", "label", "incremental", "status", "message", "code")
)
FLAGS = ("success", "ok", "succeeded", "issuccess", "successful", "issuccessful", "status", "result")
RAISED = ("error", "iserror", "haserror", "haserrors", "errors", "err", "fail", "failed")
WORDS = frozenset(("error", "fail", "failed", "failure", "exception", "fault", "ko", "nok"))
WORD_MEMBERS = ("status", "result", "state", "type", "event", "outcome")
CODES = (
    "errcode",
    "errno",
    "errorcode",
    "errorno",
    "err",
    "retcode",
    "ret",
    "resultcode",
    "returncode",
    "respcode",
    "rescode",
    "responsecode",
)
STATUSES = ("statuscode", "httpstatus", "httpcode", "httpstatuscode", "status")
MESSAGES = (
    "message", "msg", "errormessage", "errormsg", "errmsg", "errordescription", "error", "errors", "detail", "details",
    "description", "reason", "respmsg", "resultmsg", "resultmessage", "returnmsg", "returnmessage", "retmsg",
    "responsemessage", "submsg", "exception",
    "statusmessage",
    "errormessages", "messages", "err",
)  # fmt: skip
FINE_CODES = frozenset(
    ("", "0", "00", "000", "0000", "00000", "000000", "1", "200", "10000", "20000", "success", "ok", "none", "null")
)
FINE_WORDS = frozenset(
    ("", "ok", "success", "successful", "succeed", "succeeded", "done", "none", "null", "no error", "0", "true", "成功",
     "操作成功",
     "请求成功", "查询成功", "获取成功")
)  # fmt: skip
TIMES = frozenset(
    ("timestamp", "time", "date", "createdat", "lastseen", "firstseen", "occurredat", "count", "occurrences", "at")
)


def is_fine(word: Any) -> bool:
    """A word or code that says that nothing went wrong."""
    text = str(word).strip().lower()
    return text in FINE_WORDS or text in FINE_CODES or text.startswith("success")
