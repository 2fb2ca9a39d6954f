"""Lines that only say that something failed before: of build tools, test runners and CI services, and of programs that
give up.
"""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_MESSAGE_CHARS = 1_000

BUILD_OUTCOMES: tuple[Phrase, ...] = (
    Phrase("make", r"^(?:[a-z0-9]*make)(?:\[\d+\])?: \*\*\* |^ninja: build stopped|^Recipe `\S+` failed on line",
           "make[1]: *** [Makefile:12: cart.o] Error 1"),
    Phrase("compilers", r"^(?:error: )?(?:aborting due to |could not compile `|build failed$)"
           r"|\bld returned \d+ exit status|\blinker command failed with exit code"
           r"|^(?:Found )?[1-9]\d* errors?(?: generated| in \d+ files?)?[.]?$",
           "error: could not compile `shop` (bin \"shop\") due to 1 previous error"),
    Phrase("node", r"\bLifecycle script `|\bELIFECYCLE\b|^(?:error )?Command failed with (?:exit code|signal)"
           r"|^Failed at the \S+ \S+ script|^Test failed\.\s+See above",
           "Lifecycle script `build` failed with error:"),
    Phrase("gradle", r"\bCompilation (?:error|failed)[.;] [Ss]ee |\bThere were failing tests\b"
           r"|\bfinished with non-zero exit value\b|\bA failure occurred while executing |^BUILD FAILED\b",
           "Execution failed for task ':app:compileKotlin'. > Compilation error. See log for more details"),
    Phrase("msbuild", r"^Build FAILED\.?|^\*\* (?:BUILD|TEST|ARCHIVE) FAILED \*\*"
           r"|^The following build commands failed|^Command \S+ failed with a nonzero exit code|^\(\d+ failures?\)$",
           "** BUILD FAILED **"),
    Phrase("bazel", r"\bBuild did NOT complete successfully|^Configuring incomplete, errors occurred",
           "FAILED: Build did NOT complete successfully"),
    Phrase("ci", r"^(?:Error: )?Process (?:completed|exited) with (?:exit )?code [1-9]|^Job failed\b|^Finished: FAILURE"
           r"|^Build step '.*' marked build as failure|^script returned exit code [1-9]"
           r"|^The (?:command|process) ['\"].*['\"] (?:exited|failed) with |^\S+ exited with code '[1-9]"
           r"|^Exited with code (?:exit status )?[1-9]",
           "Process completed with exit code 2."),
    Phrase("containers", r"\bfailed to solve: (?:process|executor failed)|\bdid not complete successfully: exit code"
           r"|\breturned a non-zero code: [1-9]|^Service '\S+' failed to build",
           "failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2"),
    Phrase("test_runs", r"^Test Suites?:\s+\d+ failed|^Tests?:\s+\d+ failed|^Tests run: \d+, Failures: \d+"
           r"|^=+ .*\b\d+ (?:failed|errors?)\b.* in [\d.]+s|^FAILED \((?:failures|errors)=|^FAIL(?:\s+\S+\s+\S+)?$"
           r"|^\d+ (?:failing|tests? failed)\b|^\d+ examples?, [1-9]\d* failures?|^FAILURES!$"
           r"|^There (?:was|were) \d+ failure|^(?:rspec|cucumber) \S+:\d+ # ",
           "Tests:       1 failed, 7 passed, 8 total"),
    Phrase("python", r"^InvocationError for command|\bcommands failed$|^No matching distribution found for"
           r"|^Failed building wheel for|^Could not build wheels for",
           "InvocationError for command /usr/bin/pytest (exited with code 1)"),
)  # fmt: skip
GIVING_UP: tuple[Phrase, ...] = (
    Phrase("attempts", r"\bafter \d+ (?:failed |unsuccessful )?(?:attempts?|tries|retries)\b|\b(?:gave|giving) up\b"
           r"|\b(?:retries|attempts) (?:are |were )?(?:exhausted|used up)\b|\bno more (?:retries|attempts)\b"
           r"|\bmaximum (?:number of )?(?:retries|attempts) (?:was |were )?(?:exceeded|reached)\b",
           "upload of invoice.pdf failed after 4 attempts"),
    Phrase("counted", r"\b(?:ended|finished|completed|stopped|done)\b.{0,40}\b\d+ (?:of|/|out of) \d+\b",
           "sync of contacts ended: 0 of 4 pages"),
)  # fmt: skip
"""Patterns for messages in lower case."""
_ANY = re2.compile(any_of(BUILD_OUTCOMES))
_GIVES_UP = re2.compile(any_of(GIVING_UP))


def gives_up(message: str) -> bool:
    return bool(_GIVES_UP.search(message[:MAX_MESSAGE_CHARS].lower()))


def ends_build(message: str, stated: str | None = None) -> bool:
    """`stated` is what the record states as its cause."""
    return any(_ANY.search(text[:MAX_MESSAGE_CHARS]) for text in (message, stated) if text)
