"""What programs, machines and kernels say when something dies. A table."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.block_kind import BlockKind

_KERNEL = r"(?:\[ *[0-9]+\.[0-9]+\] ?)?"
_TAGS = r"(?:\[[^\]\s]*\] ?)*"
_PID = r"(?:<[0-9.]+>@?[\w:]* ?)?"
_EXCEPTION = r"[A-Z][\w:.]*(?:Error|Exception|Invalid\w*|NotFound|Denied|Failure|Fault|Unknown\w*|Required)"

CRASH_KINDS: tuple[BlockKind, ...] = (
    BlockKind(
        "spring-failure",
        r"APPLICATION FAILED TO START\s*$",
        "APPLICATION FAILED TO START\n***************************\n\nDescription:\n\nPort 8080 was already in use.\n\n"
        "Action:\n\nStop the process that listens on port 8080.",
        until=r"Process finished|\[[A-Z]+\] |> Task |FAILURE: |\$ |npm |Exited? ",
        level="error",
    ),
    BlockKind(
        "rabbitmq",
        r"(?:Error on|[Cc]losing) AMQP connection .*:\s*$|Channel error on connection .*:\s*$|Supervisor .*:\s*$",
        "2024-03-01 10:00:00.123 [error] <0.9.0> Error on AMQP connection <0.9.0> (10.0.0.5:4321 -> 10.0.0.9:5672):\n"
        "2024-03-01 10:00:00.123 [error] <0.9.0> PLAIN login refused: user 'shop' - invalid credentials",
        format="erlang",
        sure=1,
        continues=r"\s+[^\s]",
    ),
    BlockKind(
        "terminate",
        r"terminate called (?:after throwing|without an active|recursively)",
        "terminate called after throwing an instance of 'std::out_of_range'\n  what():  bad index\nAborted (core"
        " dumped)",
        continues=r"\s+|frame #[0-9]+: |#[0-9]+ ",
        last=r"(?:[^\s]+: line [0-9]+: +[0-9]+ )?Abort(?:ed|(?: trap))",
        says=r"\s*what\(\): +(.*)$",
        is_crash=True,
        level="critical",
    ),
    BlockKind(
        "aborted",
        r"(?:free|malloc|realloc|munmap_chunk|malloc_consolidate)\(\): |corrupted (?:size|double-linked|unsorted)"
        r"|double free or corruption|\*\*\* Error in [`']|\*\*\* (?:stack smashing|buffer overflow) detected|thread"
        r" [0-9]+ panic: ",
        "free(): invalid pointer\nAborted (core dumped)",
        continues=r"\s+|[^\s:]+:[0-9]+:[0-9]+: 0x|=+ (?:Backtrace|Memory map)|[^\s]+\[0x[0-9a-f]+\]"
        r"|[0-9a-f]{8,16}-[0-9a-f]"
        r"{8,16} ",
        last=r"(?:[^\s]+: line [0-9]+: +[0-9]+ )?Abort(?:ed|(?: trap))",
        is_crash=True,
        level="critical",
    ),
    BlockKind(
        "android-fatal",
        r"FATAL EXCEPTION: |EXCEPTION: ",
        "FATAL EXCEPTION: main\nProcess: org.acme.shop, PID: 1234\njava.lang.NullPointerException: a\n"
        "\tat org.acme.Cart.add(Cart.kt:12)",
        continues=r"Process: |PID: |\s+|at [^\s]|Caused by: |\.\.\. [0-9]|Suppressed: "
        r"|(?:[a-z_$][\w$]*\.)+[\w$]+(?::|\s*$)",
        level="critical",
    ),
    BlockKind(
        "flutter",
        r"══+╡ EXCEPTION CAUGHT BY",
        "══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞══════════\nThe following RangeError was thrown building CartPage:\n"
        "RangeError (index): Invalid value\n\nWhen the exception was thrown, this was the stack:\n"
        "#0      _CartPageState.build (package:shop/cart_page.dart:42:20)\n════════════════════",
        until=r"══+╡",
        last=r"═{15,}\s*$",
        says_after=r"The following .* (?:was|were) thrown",
        any_level=True,
        level="error",
        is_loud=True,
    ),
    BlockKind(
        "rlang",
        r"Error in `.{1,200}`:\s*$|<error/[\w.]+>\s*$",
        "Error in `add()`:\n! must be positive\nBacktrace:\n 1. └─global add(-1)\nExecution halted",
        continues=r"\s+|[!ℹ✖✔•x│]|Caused by error|Backtrace:|Run `rlang|Calls: |Error in `",
        last=r"Execution halted",
        says=r"(?:! |Error: )(.*)$",
        level="error",
    ),
    BlockKind(
        "matlab",
        r"Error using [\w./>+]+(?: \(line [0-9]+\))?\s*$",
        "Error using cart>add (line 12)\nUndefined function 'total'.\n\nError in main (line 3)",
        sure=1,
        continues=r"Error in .{1,200} \(line [0-9]+\)|\s+",
        says_next=True,
        level="error",
    ),
    BlockKind(
        "haskell",
        r"(?:[\w.\-]+: )?[Uu]ncaught exception:? [A-Za-z][\w.:\-]*:?\s*$",
        "uncaught exception: ErrorCall\ncart is empty\nCallStack (from HasCallStack):\n"
        "  error, called at src/Cart.hs:12:9 in main:Cart",
        sure=1,
        continues=r"\s+|CallStack|HasCallStack backtrace",
        says_next=True,
        level="error",
    ),
    BlockKind(
        "oracle",
        r"(?:ORA|PLS)-[0-9]{5}: |(?:ERROR )?at line [0-9]+:\s*$",
        'ORA-01403: no data found\nORA-06512: at "SHOP.CART", line 12\nORA-06512: at line 1',
        continues=r"(?:ORA|PLS|TNS)-[0-9]{5}: |Help: https?:|\s+[^\s]",
        says=r"((?:ORA|PLS)-[0-9]{5}: .*)$",
        is_bare=True,
        is_telling=False,
    ),
    BlockKind(
        "abap",
        r"Category\s{2,}[A-Z]|Runtime [Ee]rrors?\s{2,}[A-Z_]{4,}",
        "Category               ABAP Programming Error\nRuntime Errors         COMPUTE_INT_ZERODIVIDE\n"
        "Except.                CX_SY_ZERODIVIDE\n\nShort text\n    Division by 0",
        until=r"Category\s{2,}[A-Z]",
        says=r"Runtime [Ee]rrors?\s{2,}([A-Z_0-9]{4,})",
        is_bare=True,
        level="critical",
    ),
    BlockKind(
        "erlang-start",
        r"\{\"init terminating in ",
        '{"init terminating in do_boot",{undef,[{shop,start,[],[]},{init,start_em,1,[]}]}}\n'
        "init terminating in do_boot ({undef,[{shop,start,[],[]}]})\n\nCrash dump is being written to:"
        " erl_crash.dump...done",
        continues=r"init terminating in |Crash dump |\s+",
        says=r"(init terminating in .*)$",
        level="critical",
    ),
    BlockKind(
        "anr",
        r"ANR in [a-z]",
        "05-04 09:00:01.123  1234  1250 E ActivityManager: ANR in org.acme.shop (org.acme.shop/.Main)\n"
        "05-04 09:00:01.123  1234  1250 E ActivityManager: PID: 4321\n"
        "05-04 09:00:01.123  1234  1250 E ActivityManager: Reason: Input dispatching timed out",
        format="logcat",
        continues=r"PID: |Reason: |Parent: |ErrorId: |Frozen: |Load: |CPU usage |Android time|-----|\s+|[+-]?[0-9.]+%"
        r" |/proc",
    ),
    BlockKind(
        "tombstone",
        r"(?:\*\*\* ){5,}\*\*\*\s*$",
        "*** *** *** *** *** *** *** ***\nBuild fingerprint: 'a/b:11/R/1:user/release-keys'\n"
        "pid: 7, tid: 7, name: shop  >>> org.acme.shop <<<\nsignal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0\n"
        "backtrace:\n      #00 pc 00012345  /data/app/libshop.so (cart_add+20)",
        until=r"(?:\*\*\* ){5,}\*\*\*",
        says=r"(signal [0-9]+ \(.*|Abort message: .*)$",
        is_crash=True,
        level="critical",
    ),
    BlockKind(
        "apple-report",
        r"Incident Identifier: |Process:\s{3,}[^\s].* \[[0-9]+\]\s*$",
        "Incident Identifier: 6156848E-344E-4D9E-84E0-87AFD0D0AE7B\nProcess:             Shop [1234]\n\n"
        "Date/Time:           2024-03-01 09:00:01.123 +0200\n\nException Type:  EXC_CRASH (SIGABRT)\n\n"
        "Thread 0 Crashed:\n0   Shop   0x104f5c3a8 add + 12",
        until=r"Incident Identifier: ",
        says=r"Exception Type:\s+(.*)$",
        time=r"Date/Time:\s+(.+)$",
        is_crash=True,
        is_bare=True,
        level="critical",
    ),
    BlockKind(
        "minidump",
        r"Operating system: [A-Z]|Crash reason: +[A-Z]",
        "Operating system: Linux\nCPU: amd64\n\nCrash reason:  SIGSEGV /SEGV_MAPERR\nCrash address: 0x0\n\n"
        "Thread 0 (crashed)\n 0  shop!cart_add [cart.c : 12 + 0x5]",
        until=r"Operating system: [A-Z]",
        says=r"Crash reason:\s+(.*)$",
        is_crash=True,
        is_bare=True,
        is_telling=False,
    ),
    BlockKind(
        "valgrind",
        r"==[0-9]+== (?:Invalid |Conditional jump|Use of uninit|Syscall param|Mismatched free|Source and destination"
        r"|Jump to the invalid|Process terminating with|[0-9,]+ (?:\([^)]*\) )?bytes in [0-9,]+ blocks are definitely)",
        "==12== Invalid write of size 4\n==12==    at 0x109156: cart_add (cart.c:12)\n"
        "==12==  Address 0x4a4a068 is 0 bytes after a block of size 40 alloc'd\n==12==    at 0x483B7F3: malloc (a.c:1)",
        continues=r"==[0-9]+==  ",
        is_crash=True,
        level="error",
    ),
    BlockKind(
        "rust-panic",
        r"thread '.{0,100}' (?:\([0-9]+\) )?panicked at [^\s]+:[0-9]+:[0-9]+:\s*$",
        "thread 'main' panicked at src/a.rs:3:5:\nbad: 3\nnote: run with `RUST_BACKTRACE=1`",
        sure=1,
        continues=r"\s+|note: |stack backtrace:",
        says_next=True,
        level="critical",
    ),
    BlockKind(
        "data-race",
        r"WARNING: DATA RACE\s*$",
        "WARNING: DATA RACE\nWrite at 0x00c0000b4010 by goroutine 8:\n  main.(*Cart).Add()\n"
        "      /src/cart.go:21 +0x44\n\n"
        "Previous read at 0x00c0000b4010 by goroutine 7:\n  main.main()\n"
        "      /src/main.go:12 +0x3a\n==================",
        continues=r"\s+|(?:Previous )?(?:[Aa]tomic )?(?:[Rr]ead|[Ww]rite) at |Goroutine [0-9]+ ",
        last=r"={18}\s*$",
    ),
    BlockKind(
        "clojure",
        r"(?:Execution error|Syntax error|Unexpected error).{0,200}\([^()]+:[0-9:]+\)\.\s*$",
        "Execution error (ExceptionInfo) at shop.cart/add (cart.clj:42).\ncart is closed\n\n"
        "Full report at:\n/tmp/clojure-123.edn",
        sure=1,
        continues=r"Full report at:|/[^\s]+\.edn\s*$|\s+",
        says_next=True,
        level="error",
    ),
    BlockKind(
        "cowboy",
        r"(?:#PID<[0-9.]+> running |Ranch (?:protocol|listener) ).{1,300} terminated\s*$",
        "#PID<0.51.0> running ShopWeb.Endpoint (connection #PID<0.50.0>, stream id 1) terminated\n"
        "Server: localhost:4000 (http)\nRequest: GET /carts/7\n** (exit) an exception was raised:\n"
        "    ** (KeyError) key :total not found\n        (shop 0.1.0) lib/cart.ex:12: Shop.Cart.show/2",
        continues=r"Server: |Request: |\*\* \(|\s+",
        says=r"\s*\*\* (\([A-Z][\w.]*\) .*)$",
        level="error",
    ),
    BlockKind(
        "faulthandler",
        r"Fatal Python error: ",
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f1c (most recent call first):\n"
        '  File "/srv/cart.py", line 42 in add\n\nExtension modules: numpy (total: 1)',
        continues=r"Python runtime state|(?:Current t|T)hread |\s+|Extension modules: |<no Python frame>",
        level="critical",
    ),
    BlockKind(
        "minecraft-crash",
        r"-{2,4} Minecraft (?:Network Protocol Error|Crash) Report -{2,4}",
        "---- Minecraft Crash Report ----\n// Oops.\n\nTime: 2024-03-01 10:00:00\nDescription: Ticking entity\n\n"
        "java.lang.NullPointerException: a\n\tat a.B.c(B.java:1)\n\nA detailed walkthrough of the error:\n-- Head --\n"
        "Thread: Server",
        says=r"((?:[a-z_$][\w$]*\.)+[\w$]*(?:Exception|Error|Throwable|Failure)\w*(?::.*)?)$",
        time=r"Time: (.+)$",
        level="critical",
    ),
    BlockKind(
        "jvm-fatal",
        r"# A fatal error has been detected by the Java Runtime|# There is insufficient memory for the Java Runtime",
        "# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x1, pid=2, "
        "tid=3\n#\n"
        "# Problematic frame:\n# C  [a.so+0x12]  add+0x1\n#",
        continues=r"#|\[.*core dump",
        says=r"#\s+((?:SIG[A-Z]+|EXCEPTION_[A-Z_]+|Internal Error|Out of Memory Error|Native memory allocation).*)",
        level="critical",
    ),
    BlockKind(
        "sanitizer",
        r"(?:==[0-9]+== ?(?:ERROR|WARNING|FATAL): |(?:WARNING|FATAL|ERROR): )?[A-Z][A-Za-z]+Sanitizer: ?[^\s]"
        r"|[A-Z]+SAN:(?:SIG|DEADLY)[A-Z]+|[A-Z][A-Za-z]+Sanitizer:DEADLYSIGNAL",
        "ASAN:DEADLYSIGNAL\n=================================================================\n"
        "==12==ERROR: AddressSanitizer: SEGV on unknown address 0x1\n    #0 0x4 in add a.c:1\n"
        "SUMMARY: AddressSanitizer: SEGV a.c:1 in add\n==12==ABORTING",
        continues=r"==[0-9]+==|\s|={20,}\s*$|#[0-9]+ |SUMMARY: |(?:READ|WRITE|ACCESS|Write|Read) |0x[0-9a-f]+ is lo"
        r"cated"
        r"|freed by|previously|allocated by|Thread T|(?:Direct|Indirect) leak|Shadow|=>|HINT: |NOTE: |MS: |Hint: "
        r"|Address 0x|\[[0-9a-f]{2}\]|[A-Z][A-Za-z]+Sanitizer|Location is|Mutex M|Previous (?:write|read)|ABORTING"
        r"|Uninitialized|Memory was|This frame|Object at|Suppressions|-{20,}|[ =][ >]0x|Register values|r[a-z0-9]{1"
        r",2} = ",
        says=r"(?:==[0-9]+== ?)?(?:(?:ERROR|WARNING|FATAL): )?([A-Z][A-Za-z]+Sanitizer: .*?)(?:(?: \(pc | at pc | "
        r"\(pid=).*)?$",
        any_level=True,
        level="error",
    ),
    BlockKind(
        "unreal",
        r"=== (?:Critical error|Handled ensure): ===|(?:Fatal error|Assertion failed|Ensure condition failed): "
        r"|Windows GetLastError: |begin: stack for UAT",
        "[2024.03.01-10.00.00:123][  0]LogWindows: Error: === Critical error: ===\n"
        "[2024.03.01-10.00.00:123][  0]LogWindows: Error: Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading 0x0\n"
        "[2024.03.01-10.00.00:123][  0]LogWindows: Error: [Callstack] 0x0007 Shop.exe!UCart::Add() [C:\\Cart.cpp:12]",
        format="unreal",
        says=r"(?:Fatal error!?:? ?)?((?:Unhandled Exception: |Assertion failed: |Ensure condition failed: |appErro"
        r"r called: |SIG)"
        r".+)$",
        is_telling=False,
    ),
    BlockKind(
        "rails",
        rf"{_TAGS}\s*$|{_TAGS}{_EXCEPTION} \(.*\):?\s*$|{_TAGS}{_EXCEPTION}: ",
        "F, [2024-03-01T10:00:00.123456 #7] FATAL -- : \n"
        "F, [2024-03-01T10:00:00.123457 #7] FATAL -- : NoMethodError (undefined method `a' for nil):\n"
        "F, [2024-03-01T10:00:00.123458 #7] FATAL -- : \n"
        "F, [2024-03-01T10:00:00.123459 #7] FATAL -- : app/models/cart.rb:12:in `add'",
        format="ruby-logger",
        until=rf"{_TAGS}(?:{_EXCEPTION} \(.*\):?\s*$|{_EXCEPTION}: )",
        says=rf"{_TAGS}({_EXCEPTION}(?: \(|: ).*)$",
        tells_first=True,
        strip=rf"^{_TAGS}",
        is_telling=False,
    ),
    BlockKind(
        "otp-report",
        r"$",
        "=CRASH REPORT==== 1-Mar-2024::10:00:01.123456 ===\n  crasher:\n    initial call: shop_cart:init/1\n"
        "    exception error: bad argument\n      in function  ets:lookup/2\n    ancestors: [shop_sup]",
        format="erlang-report",
        until=r"$",
        says=r"\s*((?:exception (?:error|exit|throw)|[Rr]eason): .*)$",
        is_telling=False,
    ),
    BlockKind(
        "otp",
        rf"{_PID}(?:\*\* (?:Generic server|State machine|gen_event handler|Task) |\s*(?:crasher:|supervisor: ))",
        "2024-03-01 10:00:00.123 [error] <0.9.0> ** Generic server shop terminating\n"
        "2024-03-01 10:00:00.123 [error] <0.9.0> ** Reason for termination ==\n"
        "2024-03-01 10:00:00.123 [error] <0.9.0> ** {badarith,[]}",
        continues=rf"{_PID}(?:\s+|\*\* |\{{|\[)",
        until=rf"{_PID}\*\* Generic server ",
        says=rf"{_PID}\s*((?:exception (?:error|exit|throw)|[Rr]eason): .*)$",
        strip=f"^{_PID}",
        is_telling=False,
    ),
    # Servers that write a code first and say below what it means
    BlockKind(
        "sqlserver",
        r"Error: [0-9]+, Severity: [0-9]+, State: [0-9]+\.",
        "2024-03-01 10:00:00.12 Logon       Error: 18456, Severity: 14, State: 8.\n"
        "2024-03-01 10:00:00.12 Logon       Login failed for user 'sa'. [CLIENT: 10.0.0.4]",
        format="sqlserver",
        sure=1,
        continues=r"\A\B",
        says_next=True,
        level="error",
        is_telling=False,
    ),
    BlockKind(
        "mq",
        r"Process\([0-9.]+\) User\([^)]*\) Program\(",
        "01/03/2024 10:00:00 - Process(8480.1) User(mq) Program(amqzxma0)\n"
        "                      Host(a) Installation(b)\n\n"
        "AMQ6184E: An internal error has occurred on queue manager QM1.\n\nEXPLANATION:\nIt was detected.\n"
        "----- amqxfdcp.c : 874 -------------------------------------------------------",
        until=r"Process\([0-9.]+\) User\(",
        last=r"-{5} .* -{5,}\s*$",
        says=r"(AMQ[0-9]{4,5}[A-Z]?: .*)$",
        is_telling=False,
    ),
    # Kernels
    BlockKind(
        "kernel-warning",
        rf"{_KERNEL}-{{8,}}\[ cut here \]-{{8,}}",
        "[ 1.0] ------------[ cut here ]------------\n[ 1.0] WARNING: CPU: 1 PID: 99 at drivers/shop.c:12"
        " shop_add+0x1d/0x30\n"
        "[ 1.0] Call Trace:\n[ 1.0]  shop_ioctl+0x2e/0x40\n[ 1.0] ---[ end trace 0123456789abcdef ]---",
        until=rf"{_KERNEL}-{{8,}}\[ cut here \]-{{8,}}",
        last=rf"{_KERNEL}---\[ end trace",
        says=rf"{_KERNEL}(WARNING: (?:CPU: |at ).*|kernel BUG at .*|[Uu]nable to handle kernel .*)",
        any_level=True,
        is_crash=True,
        level="error",
        is_loud=True,
    ),
    BlockKind(
        "out-of-memory",
        rf"{_KERNEL}[^\s:]{{1,40}}(?: [^\s:]{{1,20}})? invoked oom-killer: ",
        "[ 1.0] shop invoked oom-killer: gfp_mask=0x1\n[ 1.0] oom-kill:constraint=CONSTRAINT_NONE,task=shop,pid=7\n"
        "[ 1.0] Out of memory: Killed process 7 (shop) total-vm:1kB",
        until=rf"{_KERNEL}[^\s:]{{1,40}}(?: [^\s:]{{1,20}})? invoked oom-killer: ",
        last=rf"{_KERNEL}(?:[Mm]emory cgroup )?[Oo]ut of memory: [Kk]ill",
        says=rf"{_KERNEL}((?:[Mm]emory cgroup )?[Oo]ut of memory: [Kk]ill.*)",
        any_level=True,
        level="critical",
    ),
    BlockKind(
        "kernel-bug",
        rf"{_KERNEL}(?:(?:watchdog: )?BUG: |Unable to handle kernel|general protection fault|kernel BUG at |Internal"
        rf" error: "
        r"|Oops: |INFO: task .{1,80} blocked for more than |INFO: rcu\w* (?:self-)?detected |rcu: INFO: )",
        "BUG: KASAN: use-after-free in shop_add+0x1/0x2\nWrite of size 4 by task shop/7\nCPU: 3 PID: 7 Comm: shop\n"
        "Call trace:\n[<ffffffc0002099e8>] shop_add+0x0/0x148 a.c:90\n============================================="
        "=====",
        continues=rf"{_KERNEL}(?:\s|[CR][0-9A-Z]{{1,2}}: |EFLAGS|[A-Z]{{3}}: +[0-9a-f]{{4}}|[A-Z]{{2}}: |Code: |[Cc"
        rf"]all [Tt]race"
        r"|CPU: [0-9]|Hardware name|Modules linked in|#PF|PGD |pgd |Oops|Internal error|PKRU: |---\[ end|</?(?:TASK"
        r"|IRQ)>"
        r"|(?:\? )?[\w.]+\+0x[0-9a-f]+/0x|\[<|\[[0-9a-f]+\] \*pgd|Workqueue: |Tainted|Kernel Offset|RIP|RSP|task: |"
        r"Stack:|Process "
        r"|[Pp]c |PC is|LR is|lr |sp |x[0-9]+ ?:|Backtrace|(?:Write|Read|Access) (?:of size|at addr)|Allocated by|F"
        r"reed by"
        r"|The buggy address|Memory state|Object at|>?[0-9a-f]{8,16}:|page:|flags:|raw:|page dumped|which belongs to"
        r"|invalid opcode|Kernel panic|Dumping ftrace|Call |Exception stack|Exception code|CONFIG_KASAN|kasan:|Mem "
        r"abort"
        r"|Data abort|ESR |EC = |SET = |EA = |FSC = |user pgtable|pstate|Disabled|INFO: (?:Slab|Object|Freed|Allocated)"
        r"|Bytes b4|Padding|Redzone|Object [0-9a-f]|Disabling lock|-{20,}|={20,}$)",
        until=rf"{_KERNEL}(?:BUG: )",
        any_level=True,
        is_crash=True,
        level="critical",
    ),
)
