"""What codes mean to a reader, and what to do about them. A test keeps both tables complete."""

from __future__ import annotations

from signal_pipeline.errors import PartialReason, RejectionCode

REFUSED: dict[str, str] = {
    RejectionCode.EMPTY: "The file is empty.",
    RejectionCode.BINARY: "The file contains binary data, not text.",
    RejectionCode.NOT_HAR: "The file is not a HAR. Export it again: in the browser's network panel, “Save all as HAR”.",
    RejectionCode.HAR_SHAPE: "The HAR has no list of entries.",
    RejectionCode.JSON_DEPTH: "The JSON is nested deeper than in any HAR.",
    RejectionCode.TOO_MANY_ENTRIES: "The HAR has more entries than the limit. Record a shorter session.",
    RejectionCode.TOO_MANY_LINES: "The log has more lines than the limit.",
    RejectionCode.TOO_LARGE: "The file is larger than MAX_FILE_BYTES.",
    RejectionCode.EXPAND_RATIO: "The compressed file expands more than real text does.",
    RejectionCode.TOO_MANY_MEMBERS: "The archive contains too many files, and none of the first ones could be read.",
    RejectionCode.BAD_ARCHIVE: "The archive is damaged or contains nothing that can be read.",
    RejectionCode.ENCODING: "The encoding of the text could not be determined.",
    RejectionCode.UNSUPPORTED_KIND: "Archives of this kind cannot be read. Pack the files as zip, gzip or zstd.",
    RejectionCode.PICTURE: "The file is a picture. Attach the log or the HAR that it shows.",
    RejectionCode.CAPTURE: "The file is a packet capture in a format that is not read. Save it as pcap or pcapng.",
    RejectionCode.NOT_CAPTURE: "The file is not a packet capture in the pcap or pcapng format.",
    RejectionCode.NOT_EVENTS: "The file holds no events: one JSON object a line, or an array of them.",
    RejectionCode.DOCUMENT: "The file is a document (PDF or Office). Attach the log itself.",
    RejectionCode.WEB_PAGE: "The file is a web page, perhaps an error page saved in place of the log.",
    RejectionCode.TABLE: "The file is a table (CSV), not a log.",
    RejectionCode.NOT_FOUND: "The object store has no such object. Was it deleted, or not uploaded?",
    RejectionCode.FORBIDDEN: "The object store denied access to the object. Check the S3 keys.",
    RejectionCode.BAD_OBJECT_KEY: "The object's key is invalid.",
    RejectionCode.CHANGED: "The object is not the one that was submitted: it has been replaced since. Submit it again.",
    RejectionCode.ERROR_DOCUMENT: "The object store sent an error page instead of the file.",
    RejectionCode.BAD_ANSWER: "The object store sent less than the whole object, twice. Check the store, then retry.",
    RejectionCode.REDACTION_FAILED: "Redaction failed, so nothing of the file was kept.",
    RejectionCode.RESOURCE: "Reading the file took more memory than is allowed.",
    RejectionCode.TIMEOUT: "Reading the file took too long.",
    # The same code for a whole file and for a part of it.
    RejectionCode.INTERNAL_ERROR: "An internal error; the affected part was left out. The log has the details.",
}

READ_IN_PART: dict[str, str] = {
    PartialReason.TRUNCATED: "The file is cut off; everything before the cut was read.",
    PartialReason.BAD_ENTRIES: "Some entries could not be understood and were left out.",
    PartialReason.BAD_VALUES: "Some values could not be understood and are missing.",
    PartialReason.LINES_CAPPED: "The log was read up to the line limit.",
    PartialReason.ENTRIES_CAPPED: "The file was read up to the entry limit.",
    PartialReason.SIGNATURE_CAP: "Only the most frequent signatures were kept.",
    PartialReason.TEXT_CAPPED: "Long texts were cut.",
    PartialReason.STACK_CAPPED: "Long stack traces were cut in the middle.",
    PartialReason.BODY_DROPPED: "Some error bodies were too large or not readable.",
    PartialReason.BAD_MEMBER: "Some files in the archive could not be read.",
    PartialReason.ENCODING_REPLACED: "Some bytes are invalid in the file's encoding and were replaced.",
    PartialReason.UNENDED_TRACE: "The file ends within a stack trace.",
    PartialReason.TRAILING_DATA: "More data follows the end of the document or of the compressed file.",
    PartialReason.TOO_MANY_MEMBERS: "The archive contains too many files; only the first ones were read.",
    PartialReason.LINK_MEMBER: "The archive contains links, which were not followed.",
    PartialReason.RAW_FILE_GONE: "The raw file could not be fetched again; the earlier result is kept.",
    PartialReason.INTERNAL_ERROR: "An internal error; the affected part was left out. The log has the details.",
}


def reason_in_words(code: str) -> str:
    """The sentence for a code; a code from elsewhere, such as an older version, as it is."""
    return REFUSED.get(code) or READ_IN_PART.get(code) or code.replace("_", " ")
