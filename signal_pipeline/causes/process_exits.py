"""Texts that tell with what a process ended: why it did is in what it wrote before."""

from __future__ import annotations

from dataclasses import dataclass

import re2

MAX_TEXT_CHARS = 8_000


@dataclass(frozen=True)
class ExitWording:
    """`example` is matched in a test."""

    name: str
    pattern: str
    example: str


EXIT_WORDINGS: tuple[ExitWording, ...] = (
    ExitWording("status", r"(?i)\b(?:exit(?:ed)?|completed|terminated|finished|ended)\b"
                r"(?: with| in)?(?: an?)?(?: error| exit)?,? (?:code|status|value)\b[ :=(]{0,3}-?[1-9][0-9]{0,9}\b",
                "Process completed with exit code 1."),
    ExitWording("systemd", r"\bcode=exited, status=[1-9]|\bFailed with result '",
                "api.service: Main process exited, code=exited, status=1/FAILURE"),
    ExitWording("non_zero", r"(?i)\bnon-?zero (?:exit )?(?:code|status)",
                "Command 'pack' returned non-zero exit status 2."),
    ExitWording("build_tool", r"^(?:g?make(?:\[\d+\])?: \*\*\* |npm ERR! (?:code|errno) )",
                "make: *** [all] Error 2"),
)  # fmt: skip
_ANY = re2.compile("|".join(f"(?:{wording.pattern})" for wording in EXIT_WORDINGS))


def tells_how_it_ended(text: str) -> bool:
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))
