"""Words that stand after a secret's name in prose, or say that nothing is there.

Masking them would blur error messages and hide no secret.
"""

from __future__ import annotations

STATUS_WORDS = frozenset((
    "null", "none", "nil", "undefined", "true", "false", "empty", "missing", "invalid", "wrong", "incorrect",
    "expired", "expiring", "failed", "failure", "required", "optional", "ok", "okay", "yes", "no", "not",
    "unknown", "unset", "set", "is", "was", "are", "were", "be", "been", "for", "must", "may", "should", "has",
    "have", "had", "does", "did", "do", "the", "a", "an", "and", "or", "of", "to", "in", "on", "at", "by", "with",
    "from", "mismatch", "mismatched", "authentication", "changed", "change", "reset", "updated", "closed",
    "opened", "open", "active", "inactive", "started", "ended", "created", "destroyed", "refreshed", "revoked",
    "rejected", "accepted", "denied", "granted", "disabled", "enabled", "error", "errors", "exception", "timeout",
    "timed", "success", "successful", "succeeded", "valid", "validated", "verified", "unverified", "present",
    "absent", "found", "redacted", "hidden", "masked", "filtered", "removed", "string", "str", "int", "integer",
    "number", "bool", "boolean", "object", "array", "char", "varchar", "text", "bytes", "unauthorized",
    "forbidden", "unauthenticated", "authenticated", "anonymous", "default", "pending", "n/a", "na", "tbd", "void",
    "never", "cannot", "can", "will", "would", "could", "need", "needs", "needed", "too", "short", "long",
    "length", "got", "expected", "but", "only", "this", "that", "your", "please", "new", "old", "current", "basic",
    "bearer", "digest", "negotiate", "ntlm", "type", "self", "todo", "unavailable", "unsupported", "already",
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "permission", "signature", "malformed", "bad",
    "unexpected", "illegal", "unable", "insufficient", "parse", "parsing", "decode", "decoding", "lookup",
    "retrying", "skipped", "skipping", "using", "provided", "supplied", "specified", "configured", "loaded",
    "generated", "rotated", "stored", "deleted", "returned", "received", "sent", "ignored", "detected", "sha-256",
    "enoent", "eacces", "eperm", "eexist", "enotdir", "eisdir", "einval", "eio", "enospc", "erofs", "eloop",
    "ebusy", "enomem", "econnrefused", "econnreset", "etimedout", "enotfound", "ehostunreach",
))  # fmt: skip
