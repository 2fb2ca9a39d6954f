"""Texts that tell with what a process ended: why it did is in what it wrote before."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 8_000


EXIT_WORDINGS: tuple[Phrase, ...] = (
    Phrase("status", r"(?i)\b(?:exit(?:ed)?|completed|terminated|finished|ended)\b"
           r"(?: with| in)?(?: an?)?(?: error| exit)?,? (?:code|status|value)\b[ :=(]{0,3}-?[1-9][0-9]{0,9}\b",
           "Process completed with exit code 1."),
    Phrase("systemd", r"\bcode=exited, status=[1-9]|\bFailed with result '",
           "api.service: Main process exited, code=exited, status=1/FAILURE"),
    Phrase("non_zero", r"(?i)\bnon-?zero (?:exit )?(?:code|status)",
           "Command 'pack' returned non-zero exit status 2."),
    Phrase("counted",
           r"(?i)\b\d+ (?:of|out of|/) \d+ \w+ (?:were |was |have |had )?(?:failed|rejected|skipped|invalid)\b"
           r"|\b(?:finished|completed|ended|done|build failed) with \d+ (?:errors?|failures?)\b"
           r"|\b[1-9]\d* (?:failed|failures?), \d+ (?:passed|skipped)",
           "import of prices.csv failed: 60 of 4000 rows were rejected"),
    Phrase("supervisor", r"(?i)\bback-?off restarting failed\b|\bcrashloopbackoff\b|\bprobe failed\b"
           r"|\bcontainer \S{1,80} (?:was )?(?:killed|died)\b"
           r"|\brestarting (?:the )?(?:container|process|worker)\b",
           "Back-off restarting failed container server in pod cart-7c9d"),
    Phrase("build_tool", r"^(?:g?make(?:\[\d+\])?: \*\*\* |npm ERR! (?:code|errno) )",
           "make: *** [all] Error 2"),
)  # fmt: skip
_ANY = re2.compile(any_of(EXIT_WORDINGS))


def tells_how_it_ended(text: str) -> bool:
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))
