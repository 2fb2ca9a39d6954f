"""The names that JSON APIs give to the parts of an error: text, code, what it holds, class and trace."""

# Names are compared in lower case without "_" and "-". The first one present wins.
MESSAGES = (
    "exceptionmessage", "message", "errormessage", "errordescription", "detail", "msg", "errormsg", "errmsg",
    "description", "reason", "faultstring", "diagnostics", "resultmessage", "resultmsg", "respmsg", "responsemessage",
    "returnmsg", "returnmessage", "retmsg", "submsg", "usermessage", "errormessages", "hint", "text",
    "error description", "details",
)  # fmt: skip
HEADS = (
    "title",
    "error",
    "errors",
    "code",
    "errorcode",
    "errcode",
    "errno",
    "faultcode",
    "status",
    "type",
    "errorcodes",
)
NESTED = (
    "error", "errors", "fault", "exception", "detail", "details", "message", "response", "data", "result", "body",
    "meta",
    "issues", "issue", "violations", "constraintviolations", "parameterviolations", "fieldviolations", "invalidparams",
    "fielderrors",
    "validationerrors", "validation", "suberrors", "embedded", "errordetails", "json", "reason", "odata.error",
    "payload",
)  # fmt: skip
CLASSES = ("exception", "exceptionclass", "exceptiontype", "errortype", "__type", "type", "name", "class")
STACKS = ("trace", "stacktrace", "stack", "backtrace", "traceback", "exceptionstack", "traces", "stacktracestring")
# Where a validation error names its field, and what it says of it.
FIELDS = ("field", "property", "propertypath", "param", "loc", "path", "name", "key", "attribute", "pointer")
