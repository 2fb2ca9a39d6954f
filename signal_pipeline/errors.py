"""Every way this product can fail, as types. The type decides what happens next.

    SignalPipelineError
    ├── TransientError            tried again with backoff
    │   ├── StorageUnavailable        the object store did not answer, or answered 5xx
    │   │   └── BadObjectAnswer           it answered, and the answer is not an object: short, without a size
    │   ├── DatabaseUnavailable       Postgres did not answer, restarts, or gave up a lock
    │   ├── BrokerUnavailable         NATS did not answer
    │   └── EmbeddingUnavailable      the embeddings endpoint did not answer, or was busy
    └── PermanentError            recorded, never tried again by itself
        ├── SignalRejected            one file cannot be read; the report goes on without it
        ├── SchemaInvalid             a JSON Schema cannot be read or compiled; events of its type are not checked
        ├── RulesInvalid              the table of event rules has a row that cannot work
        ├── MessageRejected           a message on the intake subject means nothing
        ├── ReportUnknown             no such report in the database
        ├── DatabaseRefused           Postgres refused a statement (constraint, type, permission)
        ├── Superseded                a later attempt or a cancellation took this work over
        ├── SettingsInvalid           a setting has a value that cannot work
        ├── VectorInvalid             an embedding is zero, not finite or of the wrong length
        ├── EmbeddingRefused          the embeddings endpoint refused, or answered something else
        ├── VectorsMixed              a report's signatures have vectors of different models
        ├── VerdictRefused            a verdict contradicts others, or names what is not there
        ├── SignatureUnknown          no signature or problem has this hash or id, or several begin with it
        └── LocalServerFailed         an embedded server did not start

Messages name the thing, the (redacted) value and the next step. They never carry text from an
input file: a parser raises a code and a position, because error texts end up in logs and databases.
"""

from __future__ import annotations

from enum import StrEnum


class SignalPipelineError(Exception):
    """Root of all errors that this package raises on purpose."""


class TransientError(SignalPipelineError):
    """A fault that may be gone at the next attempt."""


class StorageUnavailable(TransientError):
    """The object store did not answer or answered with a server error."""


class BadObjectAnswer(StorageUnavailable):
    """The object store answered for one object, with less than was promised or without saying how much."""


class DatabaseUnavailable(TransientError):
    """Postgres did not answer, is restarting, or gave up waiting for a lock."""


class BrokerUnavailable(TransientError):
    """NATS did not answer."""


class EmbeddingUnavailable(TransientError):
    """The embeddings endpoint did not answer, or was busy, several times in a row."""


class PermanentError(SignalPipelineError):
    """A fault that another attempt will not fix."""


class RejectionCode(StrEnum):
    """Why a whole file was refused. Closed set: these words are stored, shown and counted."""

    EMPTY = "empty"
    BINARY = "binary"
    NOT_HAR = "not_har"
    NOT_CAPTURE = "not_capture"
    NOT_EVENTS = "not_events"
    HAR_SHAPE = "har_shape"
    JSON_DEPTH = "json_depth"
    TOO_MANY_ENTRIES = "too_many_entries"
    TOO_MANY_LINES = "too_many_lines"
    TOO_LARGE = "too_large"
    EXPAND_RATIO = "expand_ratio"
    BAD_ARCHIVE = "bad_archive"
    TOO_MANY_MEMBERS = "too_many_members"
    ENCODING = "encoding"
    UNSUPPORTED_KIND = "unsupported_kind"
    PICTURE = "picture"
    CAPTURE = "capture"
    DOCUMENT = "document"
    WEB_PAGE = "web_page"
    TABLE = "table"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    BAD_OBJECT_KEY = "bad_object_key"
    CHANGED = "changed"
    ERROR_DOCUMENT = "error_document"
    BAD_ANSWER = "bad_answer"
    REDACTION_FAILED = "redaction_failed"
    RESOURCE = "resource"
    TIMEOUT = "timeout"
    INTERNAL_ERROR = "internal_error"


class PartialReason(StrEnum):
    """Why a file was read only in part. Closed set, stored beside the file's outcome."""

    TRUNCATED = "truncated"
    BAD_ENTRIES = "bad_entries"
    BAD_VALUES = "bad_values"
    LINES_CAPPED = "lines_capped"
    ENTRIES_CAPPED = "entries_capped"
    SIGNATURE_CAP = "signature_cap"
    TEXT_CAPPED = "text_capped"
    STACK_CAPPED = "stack_capped"
    BODY_DROPPED = "body_dropped"
    BAD_MEMBER = "bad_member"
    ENCODING_REPLACED = "encoding_replaced"
    UNENDED_TRACE = "unended_trace"
    TRAILING_DATA = "trailing_data"
    TOO_MANY_MEMBERS = "too_many_members"
    LINK_MEMBER = "link_member"
    RAW_FILE_GONE = "raw_file_gone"
    INTERNAL_ERROR = "internal_error"


class SignalRejected(PermanentError):
    """One file cannot be read. `position` is a byte offset, line or entry index where one is known."""

    def __init__(self, code: RejectionCode, position: int | None = None) -> None:
        self.code = code
        self.position = position
        where = "" if position is None else f" at {position}"
        super().__init__(f"{code.value}{where}")


class SchemaInvalid(PermanentError):
    """A JSON Schema, or the folder of them, cannot be used."""


class RulesInvalid(PermanentError):
    """The table of event rules has a row that cannot work; the message names the row."""


class MessageRejected(PermanentError):
    """A message that no later attempt can make sense of. `code` is a short closed word."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


class WorkOrderInvalid(PermanentError):
    """How a request wants to be processed does not make sense; the message names each field and quotes no value."""


class ReportUnknown(PermanentError):
    """No report with this id is in the database."""


class DatabaseRefused(PermanentError):
    """Postgres refused a statement; carries the SQLSTATE and the constraint, never the values."""


class SchemaStepChanged(PermanentError):
    """The file of a step that this database has seen is not the one that was applied; the message names it."""


class Superseded(PermanentError):
    """This attempt no longer owns the report: a later attempt or a cancellation took it over."""


class SettingsInvalid(PermanentError):
    """A setting has a value that cannot work; the message names the variable and its bounds."""


class VectorInvalid(PermanentError):
    """An embedding is zero, not finite or has the wrong length."""


class EmbeddingRefused(PermanentError):
    """The embeddings endpoint refused the request, or answered something that is no list of vectors."""


class VectorsMixed(PermanentError):
    """A report's signatures have vectors of different models, which cannot be compared."""


class VerdictRefused(PermanentError):
    """A verdict contradicts others; the message names them."""


class SignatureUnknown(PermanentError):
    """No signature and no problem has this hash or id, or several begin with it."""


class LocalServerFailed(PermanentError):
    """An embedded server did not start; the message says which, why, and where its log is."""
