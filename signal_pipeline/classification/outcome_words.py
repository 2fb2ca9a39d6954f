"""What is an error at any level: a process that died, a compiler's refusal, a test that failed, a condition that
did not hold. Tables only; `error_detection.py` says when they are asked.

The program that logs such a line writes what another one said, at a level of its own.
"""

from __future__ import annotations

from signal_pipeline.classification.error_words import Wording

OUTCOMES: tuple[Wording, ...] = (
    Wording(
        "failed_tests",
        r"^(?:[A-Z]{2,12} )?(?-i:TEST-UNEXPECTED-[A-Z]+|PROCESS-CRASH) \||^(?-i:FAILED|ERROR) [^\s]+::[^\s]+"
        r"|^\s*(?-i:--- FAIL): |^\s*● .{1,200} › |^not ok [0-9]+\b|<<< (?-i:FAILURE|ERROR)!"
        r"|^test [^\s]+ \.\.\. (?-i:FAILED)\s*$|^rspec \./[^\s]+:[0-9]+|^(?-i:FAIL)(?:\t|:? )[^\s]*[./][^\s]*"
        r"|^\s*(?:[a-z]+\.)*(?-i:AssertionError|AssertionFailedError|ComparisonFailure)\b(?:: |\s*$)",
        "TEST-UNEXPECTED-FAIL | a/b.html | expected 1",
    ),
    Wording(
        "died",
        r"^killed\s*(?:$|[:(])|\bsegmentation fault\b(?:.{0,20}core dumped|\s*$)|\bsegfault at [0-9a-f]|\bcore dumped\)"
        r"|\b(?:terminated|killed|exited|died|interrupted) (?:by|with|on|due to) signal\b"
        r"|\bgot signal [0-9<]|\bfatal signal [0-9<]|\breceived (?:fatal )?signal (?-i:SIG(?:SEGV|ABRT|BUS|ILL|FPE))\b"
        r"|\bcaught signal [0-9<]+ \((?:segm|abor|bus|ill|float)|\bprocess (?:has )?(?:crashed|died)\b"
        r"|\bcrashed by signal:? [0-9<]"
        r"|\bmain process exited, code=(?:dumped|killed, status=(?:[46789]|11|[46789<][^ ]*/))"
        r"|\bPHP message: PHP (?:fatal|parse) error: "
        r"|^(?:the )?(?:server|game|application|client) (?:has )?crashed (?:due to|with|in|at) "
        r"|^exited: [^ ]+ \((?:exit status [1-9][0-9]*|terminated by [A-Z]+[^)]*); not expected\)"
        r"|^gave up: [^ ]+ entered FATAL state"
        r"|^\[UnhandledPromiseRejection: "
        r"|^\*\* exception (?:error|exit|throw): |^init terminating in |^exception in thread [^\s]|^terminate called"
        r" after throwing|^unhandled exception[.:] [^\s]",
        "server process was terminated by signal 9: Killed",
    ),
    Wording(
        "panics",
        r"^(?:thread '[^']*' )?(?:\([0-9]+\) )?panicked at\b|^panic: [^\s]|^fatal error: (?:all goroutines|runtime"
        r"|concurrent"
        r"|out of memory|stack overflow|unexpected signal|sync: |index )|\bkernel panic\b|^(?:BUG|Oops): [^\s]"
        r"|\bBUG: (?:unable|KASAN|kernel|soft|scheduling|sleeping|workqueue)|^general protection fault",
        "thread 'main' panicked at src/main.rs:3:5:",
    ),
    Wording(
        "memory",
        r"\binvoked oom-killer\b|\bout of memory: kill(?:ed)?\b|\bmemory cgroup out of memory\b|^oom-kill:"
        r"|\b(?-i:OOMKilled)\b|\b(?-i:java\.lang\.OutOfMemoryError)\b|\bheap out of memory\b"
        r"|\bkilled process [0-9<]|[a-z]: cannot allocate memory\b"
        r"|[a-z]: no space left on device\b",
        "Out of memory: Killed process 7 (shop)",
    ),
    Wording(
        "renderers",
        r"\b(?:render(?:er)?|gpu|child|plugin|utility|web content)[ -]?(?:process)?(?: process)?[ -](?:is |was |has )?"
        r"(?:gone|crashed|unresponsive)\b",
        "render-process-gone reason=crashed",
    ),
    Wording(
        "containers",
        r"\b(?:liveness|readiness|startup) probe (?:failed|errored)\b|\bback-off (?:restarting failed|pulling image)\b"
        r"|\bcrashloopbackoff\b|\b[0-9<>A-Z]+/[0-9<>A-Z]+ nodes are available\b"
        r"|\bfailed to pull image\b|\b(?:mountvolume|attachvolume|mapvolume)\.\w+ failed for volume\b"
        r"|\bfailed to create pod sandbox\b",
        "Readiness probe failed: HTTP probe failed",
    ),
    Wording(
        "conditions",
        r"\bassertion (?:`|'|\").{1,300} failed\b|\bassertion fail(?:ure|ed): [^\s]|\b(?-i:ASSERTION FAILED)\b"
        r"|\bcheck failed: [^\s]|\bcheck failure\b|\bhit (?-i:MOZ_CRASH)\b"
        r"|\bassert(?:ion)? .{1,200}, file [^\s]+, line",
        "Assertion `n > 0' failed.",
    ),
    Wording(
        "sanitizers",
        r"^(?:WARNING: )?(?-i:DATA RACE)\s*$"
        r"|\b(?:error|warning): (?-i:[A-Z][A-Za-z]+Sanitizer)\b|\b(?-i:SUMMARY: [A-Z][A-Za-z]+Sanitizer): "
        r"|^[^\s:]+:[0-9]+:[0-9]+: runtime error: ",
        "==7==ERROR: AddressSanitizer: heap-use-after-free on address",
    ),
    Wording(
        "compilers",
        r"^(?-i:e): (?:file://|/|[A-Za-z]:\\|[^\s:]+\.kts?\b)|^(?-i:error)\[E[0-9]{4}\]: "
        r"|^[^\s:]+(?::[0-9]+){1,2}: (?:fatal )?error: [^\s]|\([0-9]+,[0-9]+\): error [A-Z]{2,4}[0-9]+: "
        r"|(?:^|\s)- error TS[0-9]+: "
        r"|^(?:vet: )?[^\s:]+\.go:[0-9]+:[0-9]+: [^\s]"
        r"|\bundefined (?:reference to|symbols? for) |: (?:fatal )?error [A-Z]{2,5}[0-9]{3,5}: ",
        "src/a.c:12:5: error: expected ';'",
    ),
)

NO_OUTCOME = (
    r"\b(?:WARNING|INFO|DEBUG): |-(?:CRITICAL|WARNING) \*\*|(?i)^\W*(?:no|zero|0|without) "
    r"|\b(?:will be|would be|to be|if|when|unless|whether|not"
    r"|never|may be|can be|could be"
    r"|is) (?:killed|terminated)|^\s*(?:#|//|/\*|\* )"
    r"|^\s*(?:ok [0-9]+\b|=== (?:(?-i:RUN|PAUSE|CONT|NAME)) |--- (?-i:PASS|SKIP): |[✓✔√] |\[ +(?:OK|RUN) +\] )"
    r"|^test .* \.\.\. (?:ok|ignored)\s*$|\b(?-i:PASSED)(?: +\[ *[0-9]+%\])?\s*$"
)
