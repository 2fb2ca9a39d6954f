"""What programs and their runtimes say when something dies. A table; that of machines is block_kinds_dumps.py."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.block_kind import BlockKind

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
        "oracle-xml",
        r"[a-z_]+='|$",
        "<msg time='2024-03-01T10:00:00.123+01:00' org_id='oracle' comp_id='rdbms'\n"
        " type='INCIDENT_ERROR' level='1' host_id='db1'>\n <txt>Errors in file /u01/a.trc:\n"
        "ORA-00600: internal error code, arguments: [a]\n </txt>\n</msg>",
        format="oracle-xml",
        last=r"</msg>",
        says=r"(?:\s*<txt>)?([A-DF-Z][^\s].*|E[^r].*)$",
        is_telling=False,
    ),
    BlockKind(
        "native-backtrace",
        r"(?:\[debug\] )?(?:[Ss]erver|[Gg]ame|[Aa]pplication|[Cc]lient) (?:has )?crashed (?:due to|with|in|at|while) ",
        "[10:00:00] [debug] Server crashed due to an unknown error\n[10:00:00] [debug] Native backtrace:\n"
        "[10:00:00] [debug] #0 f7484e8b in _ZN10StackTraceC1EPv () from plugins/shop.so",
        continues=r"(?:\[debug\] )?(?:[A-Z]\w+ backtrace:|#[0-9]+ )",
        strip=r"^\[debug\] ",
        any_level=True,
        is_crash=True,
        level="critical",
        is_loud=True,
        is_telling=False,
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
)
