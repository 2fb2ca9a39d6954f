"""Lines as people write them (comments, code, markup, prose), and lines as programs print them. Tables only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LineKind:
    """A pattern, and a line that it is about."""

    name: str
    pattern: str
    example: str


_WORD = (
    r"(?:the|an?|of|to|in|is|are|be|and|or|that|this|for|with|by|as|on|it|you|your|will|can|may|not|if|which|from|has"
    r"|have|should|must|any|all|when|at)"
)
PROSE_WORDS = rf"(?i)(?:^|[ (\"']){_WORD} .{{12,}}[ (\"']{_WORD} "
"""A sentence has several of the small words, apart from each other."""

ANNOTATION = (
    r"^\s*[A-Za-z_]\w*: ?(?:Final|ClassVar|Any|Literal|Callable|Optional|Union|Incomplete|int|str|bool|float|bytes"
    r"|dict|list|tuple|set|type)\b[\w.\[\], |]*(?: = .*)?$"
)

WRITTEN_LINES: tuple[LineKind, ...] = (
    LineKind(
        "comment",
        r"^\s*(?:#(?:!|\s|$|-|#)|//|/\*|\*/|\*(?:\s|$)|--(?:\s|$)|;{1,3}\s|\"\"\"|'''|<!--|(?:REM|rem|dnl)\s|\.\\\""
        r"|%{1,3}(?:\s|$)|\"\s+[A-Za-z]|=(?:head[1-6]|item|over|back|cut|pod|begin|end)\b)",
        "# failed cases are tried again",
    ),
    LineKind(
        "commented_setting",
        r"^\s*[#;][A-Za-z_][\w.-]* ?(?:=|[A-Za-z0-9/\"'])",
        "#exit_on_error = off  # terminate session on any error?",
    ),
    LineKind("block", r"[{;]\s*$|^\s*[})\]]+[;,)]*\s*$|(?:&&|\|\|)\s*$|\\$", "if (failed) {"),
    LineKind(
        "keyword",
        r"^\s*(?:if|elif|else|while|for|def|class|function|return|import|from|const|let|var|public|private|static|void"
        r"|struct|typedef|extern|enum|case|switch|try|except|catch|finally|raise|throw|with|local|export|then|fi|done"
        r"|esac|do|my|our|sub|use|require|package|func|fn|impl|pub|end|begin|endif|endfunction|async|await|yield"
        r"|lambda|template|namespace|using|unsigned|int|char|bool|echo|exit|set|syn|hi|let)\b[^.]*(?:[({:;,=$]|\bin\b|$)"
        r"|^#\s*(?:include|define|ifn?def|if|endif|else|elif|pragma|undef|error|warning)\b|^\s*@[\w.]+(?:\(|\s|$)",
        "except ImportError:",
    ),
    LineKind(
        "statement",
        r"^\s*[\w.$>\[\]\"'*&-]+\s*(?:\+|\||:|-)?=\s*[^\s=].*[,(\[{;]?$|^\s*[\w.:>-]+\(.*\)\s*[,:;{]?\s*$"
        r"|^\s*[\w.]+=\$",
        "err=$?",
    ),
    LineKind("import", r"^\s*(?:from [\w.]+ import\b|import [\w.]+(?: as \w+)?\s*$)", "from .errors import JoseError"),
    LineKind("annotation", ANNOTATION, "code_mapping_error: dict[str, int]"),
    LineKind("style", r"^\s*[.#@&*:\w\[][^{}]*\{[^{}]*[:;][^{}]*\}\s*$", ".failure-title{color:var(--danger)}"),
    LineKind("change", r"^\s+#[0-9]+(?: +#[0-9]+)* +[A-Za-z(]", "       #612 #645  Fix crash on undefined entities"),
    LineKind("example", r"^\s*(?:>>>|\.\.\.)(?:\s|$)", ">>> import shop.errors"),
    LineKind("table", r"^[^\t]+(?:\t[^\t]*){2,}$", "apt\tliberror-perl\t0.17029-2"),
    LineKind(
        "markup",
        r"^\s*(?:[-+•*▪◦]\s+[^\s]|\.\. |={3,}|~{3,}|-{3,}\s*$|<[/!?a-zA-Z]|:[a-z_-]+:|\[[^\]]+\]\(|\|.*\|\s*$|```)"
        r"|^\s*[0-9]{1,2}[.)]\s|^\.[A-Z]{2}\b|^#{1,6} ",
        "- Fixed a crash on start",
    ),
)

PRINTED_LINES: tuple[LineKind, ...] = (
    LineKind(
        "time",
        r"^\W{0,3}(?:\[?[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}[T _]|[0-9]{2}:[0-9]{2}:[0-9]{2}"
        r"|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{2}:|[0-9]{10}\b)",
        "[2024-03-01 10:00:00] started",
    ),
    LineKind(
        "level",
        r"^\W{0,3}(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE|CRITICAL|SEVERE)\b(?:[^,.]|$)|^[EWID]: "
        r"|\[(?i:error|warn|warning|info|debug|fatal)\] |^\[[^\]]*:(?:INFO|WARNING|ERROR|FATAL):"
        r"|^(?:npm|yarn|pnpm|lerna) (?i:err!|warn|error|info|notice)|^##\["
        r"|^(?:[\w./-]+: )?(?i:error|fatal|warning|panic)(?: [A-Z]+[0-9]+|\[[A-Z0-9]+\])?: ",
        "error: could not compile `shop`",
    ),
    LineKind(
        "request", r"\" [1-5][0-9]{2} (?:[0-9]+|-)(?: |$)", 'a - - [1/sept/2024 10:00] "GET /cart HTTP/1.1" 401 1382'
    ),
    LineKind("fields", r"^\{\".*\}$|^[\w.]+=[^\s]* [\w.]+=", "time=10:00 level=info"),
    LineKind(
        "class",
        r"^[\w.]+(?:Exception|Error)(?:: |$)|^# Fatal error|^[0-9a-f]{8}[`0-9a-f]* [0-9a-f]{8}",
        "java.lang.IllegalStateException: no cart",
    ),
    LineKind("program", r"^(?:[\w.-]+ )?[\w./-]+\[[0-9]+\]: ", "srv sshd[1296]: Failed password for root"),
    LineKind(
        "diagnostic",
        r"^[^\s:()]+:[0-9]+(?::[0-9]+)?: (?i:fatal error|error|warning|note)|\([0-9]+,[0-9]+\): (?:error|warning) ",
        "src/a.c:12:5: error: expected ';'",
    ),
    LineKind(
        "process",
        r"\bexited (?:with )?(?:code|status) [0-9]|\bexit (?:code|status) [1-9][0-9]*\.?$"
        r"|^g?make(?:\[[0-9]+\])?: |^ninja: |^\[ *[0-9]+(?:/[0-9]+|%)\]"
        r"|^\s*[0-9]{1,3}%|[ .][0-9]+(?:\.[0-9]+)? ?(?:ms|secs?|seconds)\)?\W*$|^\s*[0-9]+ (?:passed|failed|passing"
        r"|failing|examples|tests)\b|\b(?i:pid)[ =:][0-9]|\bat 0x[0-9a-f]{6}",
        "make[1]: *** [Makefile:12: all] Error 2",
    ),
    LineKind(
        "progress",
        r"^(?:PASSED|FAILED|PASS|FAIL|SKIPPED|ok [0-9]|not ok [0-9])\b|[^\s] +(?:PASSED|FAILED|FAIL)\s*$"
        r"|\.\.\. ?(?:ok|done|failed|yes|no)\b"
        r"|^(?:Downloading|Downloaded|Compiling|Installing|Collecting|Building|Running|Fetching|Unpacking|Get:[0-9]"
        r"|Setting up|Processing|Successfully|Requirement already|Executing|Starting|Finished|Loading|Checking|Created"
        r"|Removing|Cloning|Pulling|Waiting|Connecting|Connected|Listening) [^\s]+(?: [^\s]+){0,3}\s*$"
        r"|^\+{1,3} [^\s]|^> Task ",
        "Compiling thiserror v1.0.0",
    ),
)

DECISIVE_LINES = (
    # Records in markup
    r"^<msg time='|"
    # Traces; that of an example in a document has no files
    r"^\s+File \"[^\"]+\", line [0-9]+"
    r"|^(?:goroutine [0-9]+ \[|panic: |Caused by: |Exception in thread |thread '.*panicked at"
    r"|==[0-9]+==|#[0-9]+ +0x|PHP [A-Z][a-z]+ error: )|^\s+at [\w.$<>`/]+ ?\(.*\)"
    r"|^\s*(?:[^\s]+ \([0-9.]+\) )?[^\s]+:[0-9]+:in [`']"
    # Builds and test runs that failed
    r"|^={5,} [^=]*[A-Za-z][^=]* ={5,}$|^E {3,}[^\s]|^(?:FAILED|ERROR) [^\s]+::|^--- FAIL: |^not ok [0-9]"
    r"|^FAIL(?:\t|:? )[^\s]*[./]"
    r"|^\s+● .+ › |\.[a-z]{1,4}:[0-9]+:[0-9]+: (?:fatal )?error: |^error(?:\[E[0-9]+\])?: [a-z]"
    r"|^g?make(?:\[[0-9]+\])?: \*"
    r"|^BUILD FAILED|^npm ERR!|\b[Ee]xited with code (?:exit status )?[1-9]"
    r"|^TEST-UNEXPECTED|^\s*[0-9]+ (?:failing|failed)\b"
)
"""A file with one of these was printed by a program, or holds what one printed."""
