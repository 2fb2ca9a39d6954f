"""Masks that are applied to every line, before lines are told apart: cheap where nothing matches.

They cannot tell one digit from another, so that one line stands for all that differ in digits only. The masks that
follow, on the few distinct lines that are left, are in `masks.py`.
"""

from __future__ import annotations

from signal_pipeline.classification.kept_codes import KEPT_HEX, alternation
from signal_pipeline.classification.mask import BOUNDARY, HEX, Mask

LINE_MASKS: tuple[Mask, ...] = (
    Mask("pseudonym", r":[0-9a-f]{6}>", ">", "mail to <EMAIL:1f3a9c>", "line"),
    Mask(
        "uuid",
        rf"{BOUNDARY}{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}{BOUNDARY}",
        "<UUID>",
        "request 38101a0b-2096-447d-96ea-a692162415ae",
        "line",
    ),
    Mask(
        "ulid",
        rf"{BOUNDARY}[0-9][0-9A-HJKMNP-TV-Z]{{25}}{BOUNDARY}",
        "<UUID>",
        "event 01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "line",
    ),
    Mask(
        "document_number",
        rf"{BOUNDARY}([ABD-Z][A-Z]{{1,5}}|C[A-UW-Z][A-Z]{{0,4}})-[0-9]+-[0-9]+{BOUNDARY}",  # a CVE is a name
        "${1}-<NUM>",
        "order ORD-2024-000123",
        "line",
    ),
    Mask(
        "vendor_id",
        rf"{BOUNDARY}(cus|pi|ch|in|sub|acct|evt|price|prod|pm|seti|cs|req|tok|src|txn)_[0-9A-Za-z]{{14,}}{BOUNDARY}",
        "${1}_<BLOB>",
        "no such customer: cus_NffrFeUfNV2Hib",
        "line",
    ),
    Mask(
        "mail_queue_id",  # as Exim and sendmail make them
        rf"{BOUNDARY}(?:[0-9][0-9A-Za-z]{{5}}-[0-9A-Za-z]{{6}}-[0-9A-Za-z]{{2}}|[a-zA-Z][0-9A-X][0-9A-Za-z][A-Z][0-9A-Za-z]{{4}}[0-9]{{6}}){BOUNDARY}",
        "<HEX>",
        "x9KCmXb0012345: to=ada",
        "line",
    ),
    Mask("object_in_braces", rf"\{{{HEX}{{6,8}}{BOUNDARY}", "{<HEX>", "Token{a64f992 ActivityRecord", "line"),
    Mask("object_id", rf"@{HEX}{{5,16}}{BOUNDARY}", "@<HEX>", "java.lang.Object@1f2e3d4c", "line"),
    Mask("hex_prefixed", rf"{BOUNDARY}0x{HEX}+{BOUNDARY}", "<HEX>", "at 0x7fff5fbff8c0", "line", alternation(KEPT_HEX)),
    Mask(
        "hex_run",
        rf"{BOUNDARY}(?:[0-9]{{1,2}}[a-f][0-9a-f]{{5,}}|[0-9]{{3,4}}[a-f][0-9a-f]{{3,}}|[0-9]{{5,}}[a-f][0-9a-f]+|[a-f][0-9a-f]{{7,}}"
        rf"|[0-9]+[A-F][0-9A-F]{{6,}}|[A-F][0-9A-F]*[0-9][0-9A-F]{{6,}}){BOUNDARY}",
        "<HEX>",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "line",
    ),
    Mask("underscore_id", r"_-?[0-9]+(?:_[0-9]+)*", "_0", "blk_-1608999687919862906", "line"),
    Mask("digits", rf"{BOUNDARY}[0-9]+", "0", "took 12345 ms", "reduce"),
)
