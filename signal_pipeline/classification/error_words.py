"""Words that make a line without a level an error, and the harmless phrases that hold such words.

Tables only; `error_detection.py` says when they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.classification.ascii_pattern import ascii_pattern


@dataclass(frozen=True)
class Wording:
    """A case-insensitive pattern and a line that it is about."""

    name: str
    pattern: str
    example: str


HARMLESS: tuple[Wording, ...] = (
    # Whole lines come first: what stands in them is then not looked at.
    Wording(
        "passed_tests",
        r"^\s*(?:ok [0-9]+\b.*|test .* \.\.\. (?:ok|ignored)\s*$|(?:--- pass:|=== (?:run|pause|cont|name)) .*"
        r"|pass[ :].*|[✓✔√] .*|\[ +(?:ok|run) +\] .*|[\w./-]+\.py::\w+(?:::\w+)*(?:\[.*\])?\s*$"
        r"|.*\b(?-i:PASSED)(?: +\[ *[0-9]+%\])?\s*$)",
        "ok 3 - throws error on bad input",
    ),
    Wording(
        "commands",
        r"^\s*(?:\+{1,4}|\$|PS>) [^\s].*|^\s*(?:running|executing|run|exec|cmd|command|command line):? (?:[\['\"]|["
        r"^\s]+ .*-).*"
        r"|^\s*(?:cmd|command|args|argv|opts|options|flags)=[\"'].*"
        r"|^\s*(?:export |set )?[A-Z][A-Z0-9]*_[A-Z0-9_]*=.*|^> task [^\s]+ failed\s*$",
        "+ echo build failed",
    ),
    Wording(
        "headings_and_recaps",
        r"^\s*(?:failures|errors|failed \w+|there (?:was|were) [0-9]+ (?:failures?|errors?))[:!]\s*$"
        r"|^[0-9]+ examples?, [0-9]+ failures?.*|^tests: [0-9]+, assertions: .*|^found [0-9]+ errors?(?: in .*)?\.?\s*$"
        r"|^[^\s]+ +: ok=[0-9]+ +changed=[0-9]+ .*|^\s*⎯.*",
        "web1 : ok=3    changed=0    unreachable=0    failed=1",
    ),
    Wording(
        "compiler_notes",
        r"^(?:[a-z]:)?[^\s:(]+(?::[0-9]+(?::[0-9]+)?|\([0-9,]+\)): (?:note|remark|warning|hint)\b.*",
        "a.cpp:78:8: note: template argument deduction/substitution failed:",
    ),
    Wording(
        "packages",
        r"^\s*(?:compiling|download(?:ing|ed)|install(?:ing|ed)|adding|fetching|unpacking|collecting|using cached"
        r"|requirement already satisfied:?|setting up|preparing to unpack|selecting previously unselected package"
        r"|npm http fetch \w+ 2[0-9]{2}|get:[0-9]+|reused|extracting|building wheel for) [^\s]+.*",
        "Compiling thiserror v1.0.0",
    ),
    Wording("lists_of_files", r"^(?:[A-Za-z]:)?[\\/][^\s]+$", "/usr/share/man/man3/Net::DBus::Error.3pm.gz"),
    Wording(
        "lists_of_packages",
        r"^[a-z]{2,3} +[^\s]+ +[^\s]*[0-9][^\s]* +(?:all|any|amd64|arm64|armhf|i386|ppc64el|riscv64|s390x) .*",
        "ii  libcom-err2:amd64  1.47.0-2  amd64  common error description library",
    ),
    Wording(
        "questions_of_configure",
        r"^checking (?:for|whether|if|how|that|the|dependency)\b.*",
        "checking for strerror... yes",
    ),
    Wording(
        "none_of_them",
        r"\b(?:no|0+|zero|without|any|not an?|never|nothing|none)[ _-](?:\w+ ){0,2}?(?:errors?|failures?"
        r"|exceptions?|failed|fail|timeouts?|crash(?:es)?|panics?|problems?)\b",
        "finished with 0 errors",
    ),
    Wording(
        "empty_field",
        r"\b[\w./-]*(?:err|errors?|failures?|failed|fails?|exceptions?|timeouts?|aborted|errno"
        r"|error_?code|error_?count|denied|refused|invalid|unreachable|missing|corrupt(?:ed)?"
        r"|violations?|rejected|expired|crash(?:es|ed)?)(?:[ _]?(?:count|num|total|code"
        r"|rate)|/s(?:ec)?| per \w+)?[\"']?\s*[=:]\s*(?:[\"']?0+(?:\.0+)?%?(?:[\s,;\"')\]}.]|$)"
        r"|(?:[\"']?(?:null|none(?: found| detected)?|nil|<nil>|<none>|<null>|false|no|ok|success|n/a)[\"']?"
        r"|\[\]|\{\}|\"\"|''|-)(?:[,;)\]}.]|\s*$"
        r"|\s+[\w.-]+[=:]))",
        "errors: 0",
    ),
    Wording("empty_tail", r"\b(?:error|err|exception|errors)=(?:[\s,;]|$)", "status=ok error="),
    Wording("zero_behind", r"\b(?:0|no) (?:\w+ ){0,2}(?:errors?|failed|failures?|skipped)\b", "12 passed, 0 failed"),
    Wording(
        "name_of_a_thing",
        r"\b(?:error|failure|exception|fail|panic|crash|abort|timeout|failover"
        r"|fatal)[ _.-]?(?:handl(?:er|ers|ing)|pages?|logs?|level|logging|reporting|reporter|rate"
        r"|boundary|recovery|detection|threshold|budget|documents?|mode|policy|policies|listener"
        r"|callback|filter|mapper|count(?:er)?s?|correction|correcting|checking|messages?|stream"
        r"|output|queue|dump|tolerance|tolerant|safe|fast|over|back|detector|limit|set(?:ting)?s?|lists?|types?|cla"
        r"ss(?:es)?"
        r"|value|interval|window|period|seconds|ms)\b",
        "error handler installed",
    ),
    Wording(
        "settings",
        r"\b[\w.-]*time-?outs?(?:[_.-]?(?:ms|sec|seconds|s|millis))?[\"']?\s*(?:(?:[=:]|is|of|set to"
        r"|to)?\s*[\"']?[0-9]|(?:configured|enabled|disabled|changed|updated)\b)",
        "timeout=30",
    ),
    Wording(
        "file_names",
        r"[\w./-]*(?:error|exception|fail|panic|crash|fatal|timeout)s?[\w-]*\.(?:log|txt|html?|jsx?"
        r"|tsx?|py|rb|go|java|c|cc|cpp|h|rs|php|json|xml|ya?ml|css|svg|png|conf|cfg|mk|test|o|so|a|dll"
        r"|class|jar)\b",
        "writing error.log",
    ),
    Wording(
        "paths",
        r"(?:/[\w.@%+-]*)*/[\w.@%+-]*(?:error|exception|fail|panic|crash|fatal|timeout|denied)[\w.@%+/-]*",
        "GET /errors/new",
    ),
    Wording("flags", r"--?[\w-]*(?:error|fail|fatal|timeout|abort|panic)[\w-]*", "run with --fail-fast"),
    Wording(
        "daemons",
        r"\bfail2ban\b|\bfailover\b|\bfailsafe\b|\bfail-?fast\b|\berr(?:or)?[-_]?free\b|\bdefault\b",
        "fail2ban started",
    ),
    Wording(
        "recovered",
        r"\b(?:recovered|recovering|recover) from (?:\w+ ){0,3}(?:errors?|failures?|crash(?:es)?)\b",
        "recovered from error",
    ),
    Wording(
        "went_on",
        r"\b(?:cannot|can't|could not|couldn't|unable to|failed to|not found) .*[,;] (?:not )?(?:skipping|ignoring"
        r"|removing|dropping"
        r"|continuing|proceeding|falling back|using (?:the )?default)\b.*|\bfailed and then (?:succeeded|passed)\b",
        "Cannot find last run test, not skipping",
    ),
    Wording(
        "cleared",
        r"\b(?:errors?|failures?|exceptions?|crash(?:es)?)(?:\(s\))? (?:(?:was|were|detected|found|is|are)(?: and)? )?"
        r"(?:cleared|resolved|corrected|fixed|ignored|suppressed|handled)\b",
        "error cleared",
    ),
    Wording(
        "code_names",
        r"\b[\w$]*(?:error|exception|failure)(?:controller|handler|mapper|filter|page|attributes|boundary|listener"
        r"|resolver|view|advice|interceptor|middleware|reporter|logger|service|module|utils?|types?|codes?|messages?"
        r"|store|context|provider|component|bundle|plugin)s?(?:\.\w+)*|\\exceptions\\\w+|\bstrerror\w*|\bperror\b",
        "ErrorHandler initialised",
    ),
    Wording(
        "log_levels",
        r"\blog(?:ging)?(?:[ _.-]?level)?[\w.]*\s*(?:=|:|to|is)\s*[\"']?(?:error|fatal|critical|panic|severe)\b"
        r"|\blevel\.[\w.]+\s*[=:]\s*[\"']?(?:error|fatal)\b",
        "setting log level to ERROR",
    ),
    Wording(
        "none_counted",
        r"\b(?:unhandled|unsuccessful|expired|rejected|dropped|lost|missing|invalid|fatal|critical|corrupt(?:ed)?|r"
        r"efused"
        r"|denied|illegal|malformed|unexpected|mismatch(?:es|ed)?)(?: \w+){0,3}\s*[:=]\s*0+(?:\.0+)?\s*$",
        "Unhandled events: 0",
    ),
    Wording(
        "garbage_collection", r"\(Allocation Failure\)|\b(?:PSYoungGen|ParNew|CMS-\w+)\b.*", "[GC (Allocation Failure)"
    ),
    Wording("success_codes", r"\b(?:error_success|no_error|err_ok|s_ok)\b", "ERROR_SUCCESS"),
    Wording("kernel_settings", r"\bpanic(?:_on_\w+)?=[0-9]+|\boops=\w+", "panic=1 quiet"),
    Wording(
        "tidied_up",
        r"\b(?:remov|clean|purg|delet|evict|prun|expir|flush|sweep)\w*(?: up)? (?:\w+ ){0,2}expired\b"
        r"|\bexpired (?:\w+ )?(?:removed|deleted|cleaned|purged|evicted)\b",
        "removed 12 expired tokens",
    ),
    Wording(
        "not_there_yet",
        r"\bnot found in (?:\w+ ){0,2}cache\b|\bnot found[,;:]? (?:creating|loading|fetching|using|downloading)\b"
        r"|\b(?:does not|doesn't) exist[,;]? (?:yet|creating)\b",
        "not found in cache, loading",
    ),
    Wording(
        "other_meanings",
        r"\bcritical (?:sections?|paths?|css|resources?|mass|chunks?|request chains?)\b|\balert ?managers?\b"
        r"|\balert(?:ing)? (?:rules?|groups?|channels?|polic(?:y|ies)|templates?|webhooks?|notifications?)\b"
        r"|\bemergency (?:contacts?|exits?|numbers?)\b|\bpanic (?:button|mode|room)s?\b"
        r"|\bassert(?:ion)?s? (?:passed|ok|succeeded|holds?|true)\b|\blost ?(?:\+|and) ?found\b",
        "critical section entered",
    ),
)

SAYS_ERROR: tuple[Wording, ...] = (
    Wording("error", r"\berr(?:or)?s?\b|[a-z]errors?\b|_err(?:or)?\b|\berror_", "error: cannot open"),
    Wording(
        "exception",
        r"\bexceptions?\b|[a-z]exception\b|\bkeyboardinterrupt\b|\btraceback \(most recent\b",
        "NullPointerException",
    ),
    Wording("fatal", r"\bfatal(?:ly)?\b|\bpanic(?:ked|s|:)?|\bemerg(?:ency)?\b|\bcritical\b", "panic: runtime error"),
    Wording("failed", r"\bfail(?:ed|ure|ures|s|ing)?\b|\bunsuccessful(?:ly)?\b", "mount failed"),
    Wording(
        "crash",
        r"\bseg(?:mentation )?faults?\b|\bsegv\b|\bsig(?:segv|abrt|bus|ill|fpe|kill)\b|\bcore dumped\b"
        r"|\bcrash(?:ed|es|ing)?\b|\bbus error\b"
        r"|\bstack overflow\b|\bout of memory\b|\boom[- ]?kill(?:er|ed)?\b|\bgeneral protection\b"
        r"|\bkernel bug\b|\boops:|\baborted\b|\bhas died\b|\babnormally\b|\baccess violation\b"
        r"|\buse-after-free\b|\bbuffer-overflow\b|\bstack smashing\b|\bdouble free\b|\bterminate called\b"
        r"|\bterminated by signal\b|^\W{0,3}killed\W*$",
        "segfault at 0 ip 00007f",
    ),
    Wording(
        "kernel",
        r"\bbug: |\bnull pointer dereference\b|\b(?:soft|hard) lockup\b|\bhung_task\b"
        r"|\bblocked for more than [0-9]+ sec"
        r"|\bmachine check (?:interrupt|exception|error|events)\b|\brts panic\b|\babove threshold\b"
        r"|\bexceeds .{0,20}threshold\b|\bread-only file ?system\b|\bresource busy\b|\bstale (?:nfs )?file handle\b"
        r"|\bnot responding\b",
        "nfs: server nas not responding, still trying",
    ),
    Wording("lua", r"\.lua:[0-9]+: (?:[a-z]|$)|\]:[0-9]+: attempt to\b", "main.lua:45: attempt to index a nil value"),
    Wording(
        "builds_and_tests",
        r"^\s*not ok [0-9]+|^_{5,} .{1,200} _{5,}$|^\s*[✕✗✘✖×] |\bexited with [1-9]|\bstopped: subcommand\b",
        "not ok 3 - adds",
    ),
    Wording(
        "over_a_limit",
        r"\b(?:more|greater|larger|longer|higher|bigger) than the (?:\w+ ){0,2}(?:maximum|max|limit|threshold)\b"
        r"|\btook (?:too long|longer than|more than|>)"
        r"|\b(?:over|above|beyond) (?:the|its) (?:\w+ )?(?:maximum|limit)\b",
        "3174 lines, which is more than the 2000 maximum",
    ),
    Wording(
        "incomplete",
        r"^(?-i:MISSING)\b|\b(?:checkout|work(?:ing|) ?(?:tree|copy|directory)|repository) (?:\w+ ){0,2}dirty\b",
        "MISSING REGRESSION TEST: benchmark has none",
    ),
    Wording(
        "containers",
        r"\b(?:crashloop|imagepull)backoff\b|\berrimage\w+|\boomkilled\b|\bfailedscheduling\b|\bback-off restarting\b",
        "CrashLoopBackOff",
    ),
    Wording(
        "refused",
        r"\b(?:connection|request|permission|access|login|operation)? ?(?:was )?(?:refused|denied"
        r"|reject(?:ed|ing|s)?|forbidden|unauthori[sz]ed|disallowed|prohibited)\b|\bnot (?:permitted|allowed"
        r"|authori[sz]ed)\b",
        "connection refused",
    ),
    Wording(
        "authentication",
        r"\binvalid user\b|\bnon-?existent user\b|\buser unknown\b|\bunknown user\b|\bbad password\b|\bwrong password\b"
        r"|\bbreak-in attempt\b|\billegal user\b|\btoo many authentication\b|\bpossible (?:\w+ )?attack\b"
        r"|\blogin attempts?\b.{0,20}\bexceeded\b|\bwrongpass\b|\bpassword (?:does not|doesn't) match\b",
        "Invalid user admin from 10.0.0.1",
    ),
    Wording(
        "timed_out",
        r"\btim(?:ed|ing|es)[ -]?out\b|\btime-?out\b|\bdeadline exceeded\b|\bexpired\b",
        "request timed out",
    ),
    Wording(
        "network",
        r"\breset by peer\b|\blost connection\b|\bbroken pipe\b|\bunreachable\b|\bno route to host\b"
        r"|\bconnection (?:lost"
        r"|reset|aborted|closed unexpectedly)\b"
        r"|\bname or service not known\b|\bname resolution\b|\bbad gateway\b|\bservice unavailable\b"
        r"|\bhost is down\b|\bnot connected\b|\b(?:prematurely|unexpectedly) closed\b|\bclosed .{0,30}\bunexpectedly\b"
        r"|\bno live upstreams\b|\bcircuit breaker (?:is )?open|\bunknown authority\b"
        r"|\btoo large (?:body|request|message)\b",
        "Connection reset by peer",
    ),
    Wording(
        "named_codes",
        r"\b(?-i:E(?:CONN|NOENT|ACCES|PERM|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|ADDR|NOSPC|NOMEM|MFILE"
        r"|INVAL|EXIST|IO\b|AI_AGAIN)\w*)"
        r"|\b(?-i:ERR_[A-Z]\w+|NS_ERROR_\w+|ORA-[0-9]{5}|SQLSTATE\b)"
        r"|\b(?-i:MISCONF|WRONGTYPE|CLUSTERDOWN|NOAUTH|NOSCRIPT)\b"
        r"|\b(?-i:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^\s]+ (?:-> |returned )?[45][0-9]{2}\b"
        r"|\breturned [45][0-9]{2}\b"
        r"|\bHTTP(?:/[0-9.]+)?\"?[ :=]+(?:status |error |code )?[45][0-9]{2}\b"
        r"|\b(?:status|response)(?:[ _]code)?[ :=]+[45][0-9]{2}\b|\bexit(?:ed)?(?: with)?(?: status"
        r"| code| value)+[ :=(]{1,2}[1-9]",
        "connect ECONNREFUSED 127.0.0.1:5432",
    ),
    Wording(
        "cannot",
        r"\bcan(?:not|'t| not)\b|\bcould(?: not|n't)\b|\bunable to\b|\brefus(?:ing|es) to\b|\bdoes(?: not"
        r"|n't) exist\b"
        r"|\bno such (?:file|device|table|host|process|user)\b|\bwas not found\b|\bnot found\b"
        r"|\bmissing\b.{0,20}\brequired\b",
        "cannot open device",
    ),
    Wording(
        "wrong",
        r"\binvalid\b|\billegal\b|\bmalformed\b|\bcorrupt(?:ed|ion)?\b|\bunexpected\b|\bunhandled\b"
        r"|\buncaught\b|\bviolat(?:es|ed|ion|ions)\b|\bassert(?:ion)?\b|\bdeadlock(?:ed)?\b"
        r"|\bundefined (?:reference|symbol|variable|method|function)\b|\bmismatch\b|\bdata loss\b"
        r"|\bdisk full\b|\bno space left\b|\bexceed(?:ed|s)\b|\btoo many open\b|\bunrecoverable\b"
        r"|\bbad (?:request|address|file|block|magic)\b",
        "invalid argument",
    ),
)


REFUSED_LOGIN = (
    r"(?i)\bauthentication (?:failure|failed|error)\b|\binvalid (?:user|password|credentials)\b"
    r"|\b(?:login|logon|password|auth)\w* (?:failure|failed|incorrect|rejected|denied)\b"
    r"|\bfailed (?:\w+ )?(?:login|logon|password|authentication)\b"
)
"""Wordings of a login that was refused."""


def any_of(table: tuple[Wording, ...]) -> str:
    """All rows as one case-insensitive pattern."""
    return ascii_pattern("(?i)" + "|".join(f"(?:{row.pattern})" for row in table))
