"""Reports of test runners, build tools and package managers. A table."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.block_kind import BlockKind

BUILD_KINDS: tuple[BlockKind, ...] = (
    # Test runners
    BlockKind(
        "pytest",
        r"_{3,} .{1,300} _{3,}\s*$",
        "____ test_add ____\n\n    def test_add():\n>       assert 1 == 2\nE       assert 1 == 2\n\na.py:2: Asserti"
        "onError\n"
        "==== short test summary info ====\nFAILED a.py::test_add - assert 1 == 2\n==== 1 failed in 0.1s ====",
        until=r"_{3,} .{1,300} _{3,}\s*$|={3,} (?:ERRORS|FAILURES|PASSES|XFAILURES) ={3,}",
        last=r"={3,} .*\b(?:passed|failed|errors?|skipped|deselected)\b.* in [0-9.:]+ ?(?:s|seconds)\b.*={3,}\s*$",
        says=r"E\s+([^\s].*)",
        any_level=True,
    ),
    BlockKind(
        "unittest",
        r"(?:FAIL|ERROR): [\w.]+ \([\w.]+\)",
        "ERROR: test_add (tests.CartTest)\n------------------------------\nTraceback (most recent call last):\n"
        '  File "a.py", line 2, in test_add\nValueError: bad',
        continues=r"-{20,}\s*$|Traceback \(most|\s+|[\w.]+(?:Error|Exception|Exit|Interrupt|Warning)(?::|\s*$)"
        r"|During handling of|The above exception|[-+?] |Stdout:|Stderr:|First differing|AssertionError",
        until=r"={20,}\s*$|Ran [0-9]+ tests? in |(?:FAIL|ERROR): ",
        says=r"([\w.]+(?:Error|Exception|Exit|Interrupt)(?::.*)?)$",
    ),
    BlockKind(
        "go-test",
        r"\s*--- FAIL: ",
        "--- FAIL: TestAdd (0.00s)\n    cart_test.go:14: expected 3, got 2\nFAIL\nexit status 1\nFAIL\tacme.org/sho"
        "p\t0.1s",
        continues=r"\s+|FAIL\s*$|exit status [0-9]+\s*$|FAIL\t",
        until=r"\s*--- (?:FAIL|PASS|SKIP): |=== ",
        any_level=True,
    ),
    BlockKind(
        "jest",
        r"\s{0,4}● .{1,300}|FAIL [^\s]+\.[cm]?[jt]sx?\b.{0,40}$",
        "FAIL src/cart.test.js\n  ● Cart › adds\n\n    expect(received).toBe(expected)\n\n    Expected: 3\n    Rece"
        "ived: 2\n"
        "\n      at Object.<anonymous> (cart.test.js:14:20)",
        continues=r"\s{3,}|\s{1,4}● ",
        until=r"\s{1,4}● ",
        says=r"\s*(● .*)$",
        tells_first=True,
    ),
    BlockKind(
        "numbered-failure",
        r"\s{1,4}[0-9]{1,4}\) [^\s].{0,200}$",
        "  1) Cart adds\n     Failure/Error: expect(2).to eq(3)\n\n       expected: 3\n            got: 2\n"
        "     # ./spec/cart_spec.rb:14:in `block'",
        continues=r"\s{3,}[^\s]|\s{2,}[-+]",
        until=r"\s{1,4}[0-9]{1,4}\) ",
        says=r"\s+((?:[A-Z]\w*(?:\.|::))*[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?: .*)$",
        is_telling=False,
    ),
    BlockKind(
        "phpunit",
        r"[0-9]{1,4}\) [\w\\]+::\w+",
        "1) Tests\\CartTest::testAdd\nFailed asserting that 7 matches expected 8.\n\n/srv/tests/CartTest.php:12",
        sure=1,
        continues=r"/[^\s]+:[0-9]+\s*$|[-+@ ]|Caused by|[A-Z][\w\\]*(?:Error|Exception)",
        until=r"[0-9]{1,4}\) |--$",
        says=r"(Failed asserting .*|[A-Z][\w\\]*(?:Exception|Error): .*)$",
        is_telling=False,
    ),
    BlockKind(
        "eslint",
        r"(?:/|[A-Za-z]:\\)[^\s:]+\.[cm]?[jt]sx?\s*$",
        "/srv/cart.js\n  12:5  error    'prize' is not defined  no-undef\n"
        "  20:1  warning  Unexpected console statement",
        continues=r"\s+[0-9]+:[0-9]+\s+(?:error|warning)\s",
        says=r"\s+([0-9]+:[0-9]+\s+error\s+.*)$",
        is_telling=False,
    ),
    # Build tools and package managers
    BlockKind(
        "npm",
        r"[^\s]",
        "npm ERR! code ENOENT\nnpm ERR! syscall open\nnpm ERR! path /a/package.json\nnpm ERR! A complete log of thi"
        "s run "
        "can be found in:\nnpm ERR!     /root/.npm/_logs/a.log",
        format="npm",
        until=r"code E[0-9A-Z]",
        says=r"(code E[0-9A-Z_]+.*)$",
        is_telling=False,
    ),
    BlockKind(
        "maven-place",
        r"[^\s:]+:\[[0-9]+(?:,[0-9]+)?\] ",
        "[ERROR] /a/Cart.java:[12,8] cannot find symbol\n[ERROR]   symbol:   class Item\n[ERROR]   location: class "
        "Cart",
        continues=r"\s+|\[ERROR\]\s{2,}",
        is_telling=False,
    ),
    BlockKind(
        "gradle",
        r"FAILURE: Build (?:failed|completed) with ",
        "FAILURE: Build failed with an exception.\n\n* What went wrong:\nExecution failed for task ':app:lint'.\n"
        "> Lint found errors\n\n* Try:\n> Run with --info option\n\nBUILD FAILED in 12s",
        until=r"> Task |[0-9]+ actionable tasks",
        last=r"BUILD FAILED",
        any_level=True,
    ),
    BlockKind(
        "git-files",
        r"(?:error|fatal): (?:Your local changes|The following untracked|Entry|Pulling is not)",
        "error: Your local changes to the following files would be overwritten by merge:\n\ta.c\nPlease commit your"
        " changes\n"
        "Aborting",
        continues=r"\s+|Please |hint: ",
        last=r"Aborting",
        is_telling=False,
    ),
    BlockKind(
        "rustc",
        r"(?:error|warning)(?:\[[A-Z][0-9]+\])?: ",
        "error[E0308]: mismatched types\n --> src/a.rs:4:18\n  |\n4 |     let x: i32 = a;\n  |                  ^ e"
        "xpected\n",
        continues=r"\s*(?:-->|:::|\||=|\.\.\.) ?|\s*[0-9]+ +(?:\||[-+~] )|\s+",
    ),
    BlockKind(
        "compiler-summary",
        r"[^\s:]+:[0-9]+(?::[0-9]+)?: (?:fatal )?error: ",
        "Cart.java:12: error: cannot find symbol\n        foo();\n        ^\n  symbol: method foo()\n1 error",
        continues=r"\s+|\^|[0-9]+ (?:errors?|warnings?)(?: and [0-9]+ warnings?)?(?: generated)?\.?\s*$",
    ),
    BlockKind(
        "cmake",
        r"CMake (?:Error|Warning)(?: \(dev\))?(?: at [^\s]+)?.*:\s*$",
        "CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing FindFoo.cmake\n\n"
        "Call Stack (most recent call first):\n  a.cmake:3 (b)",
        continues=r"\s+|Call Stack",
        says_next=True,
    ),
    BlockKind(
        "terraform",
        r"╷\s*$",
        "╷\n│ Error: Invalid reference\n│ \n│   on main.tf line 3, in resource:\n╵",
        last=r"╵",
        says=r"│ ((?:Error|Warning): .*)",
    ),
    BlockKind(
        "ansible",
        r"(?:fatal|failed): \[.{1,200}(?:=> ?\{|=>)\s*$",
        'fatal: [web1]: FAILED! => {\n    "changed": false,\n    "msg": "No package matching"\n}',
        last=r"\}\s*$",
    ),
    BlockKind(
        "docker-build",
        r"------\s*$",
        "------\n > [build 4/6] RUN make:\n0.5 make: *** No rule\n------\nDockerfile:4\n--------------------\n"
        '   4 | >>> RUN make\n--------------------\nERROR: failed to solve: process "make" did not complete',
        continues=r"------|\s*> \[|#?[0-9.]+ |[\w.-]*[Dd]ockerfile[\w.-]*:[0-9]+|\s*[0-9]+ \| ",
        last=r"ERROR: ",
        says=r"(ERROR: .*)",
        is_telling=False,
    ),
)
