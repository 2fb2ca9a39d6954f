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
        "google-test",
        r"[^\s:]+(?::[0-9]+:|\([0-9]+\): error:) Failure\s*$",
        "/src/cart_test.cc:12: Failure\nExpected equality of these values:\n  add(1, 1)\n    Which is: 2\n  3",
        continues=r"\s+|Expected|Value of: |Actual: |Which is: |The difference |Failed|Mock function|Google Test trace:"
        r"|To be |[^\s:]+:[0-9]+: |  ",
        until=r"\[ +(?:RUN|OK) |[^\s:]+(?::[0-9]+:|\([0-9]+\): error:) Failure\s*$",
        last=r"\[ +FAILED +\] ",
        says_next=True,
        level="error",
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
        continues=r"\s+[^\s]",
        until=r"\s{1,4}● ",
        says=r"\s*(● .*)$",
        tells_first=True,
    ),
    BlockKind(
        "jest-recap",
        r"Summary of all failing tests\s*$",
        "Summary of all failing tests\nFAIL src/cart.test.js\n  ● Cart › adds\n\n    Expected: 3",
        until=r"Test Suites: |Tests: ",
        level="info",
        is_telling=False,
    ),
    BlockKind(
        "numbered-failure",
        r"\s{1,4}[0-9]{1,4}\) [^\s].{0,200}$",
        "  1) Cart adds\n     Failure/Error: expect(2).to eq(3)\n\n       expected: 3\n            got: 2\n"
        "     # ./spec/cart_spec.rb:14:in `block'",
        continues=r"\s{3,}[^\s]|\s{2,}[-+]",
        until=r"\s{1,4}[0-9]{1,4}\) ",
        says=r"\s+((?:[A-Z]\w*(?:\.|::))*[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?: .*|Failure/Error: .*"
        r"|Assertion with .* failed|\*\* \([A-Z][\w.]*\) .*|match \(=\) failed.*)$",
        is_telling=False,
    ),
    BlockKind(
        "minitest",
        r"(?:Failure|Error):\s*$",
        "Failure:\nCartTest#test_adds [test/cart_test.rb:12]:\nExpected: 3\n  Actual: 2",
        sure=2,
        continues=r"\s+|Expected|[-+@]{1,3}",
        says=r"([A-Z]\w*(?:::\w+)*#test_\w+.*)$",
        is_telling=False,
        level="error",
    ),
    BlockKind(
        "vitest",
        r"\s*FAIL +[^\s]+\.[cm]?[jt]sx? > .*",
        " FAIL  src/cart.test.ts > Cart > adds\nAssertionError: expected 3 to be 2\n\n- Expected\n+ Received\n\n-"
        " 2\n+ 3\n\n"
        " ❯ src/cart.test.ts:13:23",
        sure=1,
        continues=r"\s+|[-+❯→] ?|Serialized Error|Caused by|[A-Z]\w*Error",
        until=r"\s*FAIL |⎯",
        says=r"((?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?: .*)$",
        tells_first=True,
    ),
    BlockKind(
        "dotnet-test",
        r"\s+(?:Failed|X) [^\s].{0,300} \[[0-9<][^\]]*\]\s*$",
        "  Failed Adds [12 ms]\n  Error Message:\n   Assert.Equal() Failure\nExpected: 3\nActual:   2\n  Stack Trace:\n"
        "     at Shop.CartTests.Adds() in /src/CartTests.cs:line 12",
        continues=r"\s+|Expected|Actual|But was|Stack Trace",
        until=r"\s+(?:Failed|Passed|Skipped|X|√|✓) [^\s].{0,300} \[",
        says_after=r"\s+Error Message:",
        level="error",
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
        "maven-goal",
        r"Failed to execute goal .*[Cc]ompilation (?:failure|error)",
        "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default) on"
        " project"
        " shop: Compilation failure: Compilation failure: \n[ERROR] /a/Cart.java:[12,8] cannot find symbol\n"
        "[ERROR]   symbol:   class Item",
        continues=r"[^\s:]+:\[[0-9]+(?:,[0-9]+)?\] |\s+[a-z]|\[ERROR\]\s{2,}",
        is_telling=False,
    ),
    BlockKind(
        "maven-recap",
        r"(?:Failures|Errors|Flakes|Failed tests|Tests in error): *$",
        "[ERROR] Failures: \n[ERROR]   CartTest.adds:21 expected: <2> but was: <3>\n[ERROR]   CartTest.drops:30 bad",
        format="level-bracket",
        continues=r"\s+[^\s]|\[ERROR\]\s{2,}|[A-Z]\w*(?:\.\w+)*:[0-9]+ |[A-Z]\w*\.\w+ » ",
        says=r"\s*(?:\[ERROR\]\s+)?([A-Z]\w*(?:[.>\-]+\w+)*(?::[0-9]+| »).*)$",
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
        continues=r"\s*(?:-->|:::|\||=|\.\.\.) ?|\s*[0-9]+ +(?:\||[-+~] )|\s+|Some errors have detailed explanations: "
        r"|For more information about (?:this error|an error)",
    ),
    BlockKind(
        "compiler-below",
        r"[^\s:]+:[0-9]+:[0-9]+: error:(?: \[[^\]]+\])*\s*$",
        "src/Cart.hs:12:9: error: [GHC-88464]\n    Variable not in scope: total\n   |\n12 |   total 3\n   |   ^^^^^",
        continues=r"\s+|[0-9]+ +\|",
        says_next=True,
        level="error",
    ),
    BlockKind(
        "ocamlc",
        r"File \"[^\"]+\", lines? [0-9]+(?:-[0-9]+)?(?:, characters [0-9]+-[0-9]+)?:\s*$",
        'File "bin/main.ml", line 5, characters 10-13:\n5 |   add 1 "a"\n              ^^^\n'
        "Error: This expression has type string but an expression was expected of type\n         int",
        continues=r"\s+|[0-9]+ +\||\^+|(?:Error|Warning|Alert)\b",
        says=r"(Error: .*)$",
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
        "node-module",
        r"(?:[A-Za-z]*Error(?: \[[A-Z_]+\])?: )?Cannot find module '",
        "Error: Cannot find module 'express'\nRequire stack:\n- /srv/index.js\n"
        "    at Module._load (node:internal/modules/cjs/loader:901:27)",
        continues=r"Require stack:|- [^\s]+\s*$|\s+|[}\])]+\s*$",
        is_telling=False,
    ),
    BlockKind(
        "powershell",
        r"At (?:line|[A-Za-z]:\\[^\r\n]{1,300}\.ps[md]?1|/[^\r\n]{1,300}\.ps[md]?1):[0-9]+ char:[0-9]+",
        "add : The term 'add' is not recognized\nAt C:\\shop\\cart.ps1:12 char:1\n+ add 7\n+ ~~~\n"
        "    + CategoryInfo          : ObjectNotFound: (add:String) [], CommandNotFoundException\n"
        "    + FullyQualifiedErrorId : CommandNotFoundException",
        sure=1,
        continues=r"\+ |\s+\+ |\s+[^\s]",
        last=r"\s*\+ FullyQualifiedErrorId",
        begins_above=True,
        is_telling=False,
        level="error",
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
