"""What machines, kernels and crash reporters write of a program that died. A table."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.block_kind import BlockKind

_KERNEL = r"(?:\[ *[0-9]+\.[0-9]+\] ?)?"

DUMP_KINDS: tuple[BlockKind, ...] = (
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
