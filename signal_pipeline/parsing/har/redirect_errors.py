"""A refusal of OAuth or OpenID Connect, which a server tells its client in the address that it redirects to."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from signal_pipeline.parsing.har.entry import Response
from signal_pipeline.parsing.har.headers import header
from signal_pipeline.parsing.har.problem import Problem, limited

_CODES = frozenset(
    [
        "invalid_request",
        "unauthorized_client",
        "access_denied",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "invalid_client",
        "invalid_grant",
        "invalid_request_uri",
        "invalid_request_object",
        "request_not_supported",
        "registration_not_supported",
        "redirect_uri_mismatch",
        "invalid_redirect_uri",
    ]
)
_SILENT = frozenset(["login_required", "interaction_required", "consent_required", "account_selection_required"])
"""The usual answer to a client that asks in the background whether somebody is signed in."""
_MAX_URL = 8_192


def refusal_in_redirect(response: Response) -> Problem | None:
    """`error: description` of a redirect to `…?error=access_denied&error_description=…`; None for any other."""
    target = header(response.headers, "location") or response.redirect_url
    if not isinstance(target, str) or "error=" not in target[:_MAX_URL]:
        return None
    try:
        address = urlsplit(target[:_MAX_URL])
        fields = parse_qs(address.query or address.fragment, max_num_fields=50, errors="replace")
    except ValueError:
        return None
    code = fields.get("error", [""])[0].strip()
    said = fields.get("error_description", [""])[0].strip()
    if not code or code in _SILENT or not (code in _CODES or (said and " " not in code)):
        return None
    return Problem(limited(f"{code}: {said}" if said else code))
