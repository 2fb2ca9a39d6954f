"""Texts that report a failed response of another service: the failure is there, and this text only notices it."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 8_000


RESPONSE_WORDINGS: tuple[Phrase, ...] = (
    Phrase("http_status",
        r"\bHTTP(?:/[0-9.]+)?[ :=-]{0,2}(?:status |error |code |response )*[:=]? ?[45]\d\d\b",
        "Cannot attach: the volume is in use (HTTP 409)"),
    Phrase("status_code", r"(?i)\bstatus(?:[ _-]?code)?(?: of| is|:|=)? ?\(?[45]\d\d\b",
        "AxiosError: Request failed with status code 502"),
    Phrase("answered_with", r"(?i)\b(?:(?:(?:responded|answered|replied)(?: with)?|(?:returned|failed) with)(?: an?)?"
        r"|(?:returned|got|received|unexpected)(?: an?)? (?:http|status|response|code|error))"
        r"(?: http| error| status| response| code){0,2}:? [45]\d\d\b",
        "the payment service answered with 503"),
    Phrase("reason_phrase", r"\b(?:500 Internal Server Error|501 Not Implemented|502 Bad Gateway"
        r"|503 Service Unavailable|504 Gateway Time-?out|40[0-9] (?:Bad Request|Unauthorized|Forbidden|Not Found"
        r"|Conflict|Client Error)|5\d\d Server Error|429 Too Many Requests)\b",
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: http://stock/items"),
    Phrase("client_exception", r"\b(?:Http(?:Server|Client)Error|Feign|HttpResponse)Exception\b",
        "org.springframework.web.client.HttpServerErrorException$InternalServerError: boom"),
    Phrase("named_status", r"\b(?:ServiceUnavailable|BadGateway|GatewayTimeout|TooManyRequests)"
        r"(?:Error|Exception)?:",
        "ServiceUnavailable: The server is currently unavailable. Please try again at a later time."),
    Phrase("grpc_status", r"\brpc error: code = [A-Z]\w+|\bStatusRuntimeException: [A-Z_]{4,}",
        "rpc error: code = Unavailable desc = connection closed"),
)  # fmt: skip
_ANY = re2.compile(any_of(RESPONSE_WORDINGS))


def reports_upstream_failure(text: str) -> bool:
    """Whether the text says that a request to another service, or of a client, got a failed response."""
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))
