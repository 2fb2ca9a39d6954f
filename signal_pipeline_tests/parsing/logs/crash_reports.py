"""Reports of programs that failed, as runtimes, test runners and build tools print them."""

from __future__ import annotations

# name → text, and of each error: its first line, a part of its message, its class, its innermost frame of the program
CRASH_REPORTS: dict[str, tuple[str, list[tuple[int, str, str | None, str | None]]]] = {
    "go-race": (
        (
            "==================\n"
            "WARNING: DATA RACE\n"
            "Write at 0x00c0000b4010 by goroutine 8:\n"
            "  main.(*Cart).Add()\n"
            "      /src/shop/cart.go:21 +0x44\n"
            "  main.main.func1()\n"
            "      /src/shop/main.go:14 +0x64\n"
            "\n"
            "Previous read at 0x00c0000b4010 by goroutine 7:\n"
            "  main.(*Cart).Total()\n"
            "      /src/shop/cart.go:30 +0x3a\n"
            "\n"
            "Goroutine 8 (running) created at:\n"
            "  main.main()\n"
            "      /src/shop/main.go:12 +0x12c\n"
            "==================\n"
            "2024/03/01 10:00:01 listening on :8080\n"
        ),
        [(2, "DATA RACE", None, "main:(*Cart).Add")],
    ),
    "rust-backtrace": (
        (
            "thread 'tokio-runtime-worker' panicked at src/cart.rs:42:10:\n"
            "called `Option::unwrap()` on a `None` value\n"
            "stack backtrace:\n"
            "   0: rust_begin_unwind\n"
            "             at /rustc/abc/library/std/src/panicking.rs:652:5\n"
            "   1: core::panicking::panic_fmt\n"
            "             at /rustc/abc/library/core/src/panicking.rs:72:14\n"
            "   2: shop::cart::Cart::add\n"
            "             at ./src/cart.rs:42:10\n"
            "   3: shop::main::{{closure}}\n"
            "             at ./src/main.rs:12:5\n"
            "note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.\n"
        ),
        [(1, "called `Option::unwrap()` on a `None` value", "panic", "shop::cart::Cart:add")],
    ),
    "phoenix": (
        (
            "10:00:01.123 [error] #PID<0.512.0> running ShopWeb.Endpoint (connection #PID<0.511.0>) ter"
            "minated\n"
            "Server: localhost:4000 (http)\n"
            "Request: GET /carts/7\n"
            "** (exit) an exception was raised:\n"
            "    ** (KeyError) key :total not found in: %{id: 7}\n"
            "        (shop 0.1.0) lib/shop_web/controllers/cart_controller.ex:12: ShopWeb.CartControlle"
            "r.show/2\n"
            "        (phoenix 1.7.10) lib/phoenix/router.ex:432: Phoenix.Router.__call__/5\n"
            "10:00:02.001 [info] GET /health\n"
        ),
        [(1, "(KeyError) key :total not found in: %{id: 7}", "KeyError", "ShopWeb.CartController:show")],
    ),
    "erlang-crash-report": (
        (
            "=CRASH REPORT==== 1-Mar-2024::10:00:01.123456 ===\n"
            "  crasher:\n"
            "    initial call: shop_cart:init/1\n"
            "    pid: <0.123.0>\n"
            "    registered_name: shop_cart\n"
            "    exception error: bad argument\n"
            "      in function  ets:lookup/2\n"
            "         called as ets:lookup(carts,7)\n"
            "      in call from shop_cart:handle_call/3 (src/shop_cart.erl, line 42)\n"
            "    ancestors: [shop_sup,<0.100.0>]\n"
            "=INFO REPORT==== 1-Mar-2024::10:00:02.000000 ===\n"
            "started\n"
        ),
        [(1, "exception error: bad argument", "error", "shop_cart:handle_call")],
    ),
    "node-unhandled": (
        (
            "node:internal/process/promises:288\n"
            "            triggerUncaughtException(err, true /* fromPromise */);\n"
            "            ^\n"
            "\n"
            "[UnhandledPromiseRejection: This error originated either by throwing inside of an async fu"
            "nction without a catch block, or by rejecting a promise which was not handled with .catch("
            '). The promise rejected with the reason "cart closed".] {\n'
            "  code: 'ERR_UNHANDLED_REJECTION'\n"
            "}\n"
            "\n"
            "Node.js v18.19.0\n"
        ),
        [(5, "[UnhandledPromiseRejection: This error originated either by", None, None)],
    ),
    "php-fatal": (
        (
            "PHP Fatal error:  Uncaught TypeError: Shop\\Cart::add(): Argument #1 ($item) must be of typ"
            "e Shop\\Item, null given, called in /var/www/shop/index.php on line 12 and defined in /var/"
            "www/shop/Cart.php:42\n"
            "Stack trace:\n"
            "#0 /var/www/shop/index.php(12): Shop\\Cart->add(NULL)\n"
            "#1 {main}\n"
            "  thrown in /var/www/shop/Cart.php on line 42\n"
        ),
        [(1, "Uncaught TypeError: Shop\\Cart::add(): Argument #1 ($item) mu", "TypeError", "Shop\\Cart:add")],
    ),
    "perl-die": (
        ('Can\'t locate object method "add" via package "Shop::Cart" at lib/Shop.pm line 42.\n'),
        [(1, 'Can\'t locate object method "add" via package "Shop::Cart" at', None, None)],
    ),
    "perl-carp": (
        (
            "cart is closed at lib/Shop/Cart.pm line 42.\n"
            "\tShop::Cart::add(Shop::Cart=HASH(0x55d0c8a1b2c8), 7) called at lib/Shop.pm line 12\n"
            "\tShop::run() called at bin/shop line 3\n"
        ),
        [(1, "cart is closed at lib/Shop/Cart.pm line 42.", None, "Shop::Cart:add")],
    ),
    "r": (
        ("Error in add_item(cart, 7) : object 'cart' not found\nCalls: main -> run -> add_item\nExecution halted\n"),
        [(1, "Error in add_item(cart, 7) : object 'cart' not found", None, None)],
    ),
    "swift-fatal": (
        (
            "Shop/Cart.swift:42: Fatal error: Unexpectedly found nil while unwrapping an Optional value"
            "\n"
            "Current stack trace:\n"
            "0    libswiftCore.so                    0x00007f8b1c2a0f80 _swift_stdlib_reportFatalErrorI"
            "nFile + 112\n"
            "1    libswiftCore.so                    0x00007f8b1bf9d1c0 <unavailable> + 1495488\n"
            "2    shop                               0x000055d0c8a1b2c8 Cart.add(_:) + 120 at /src/Shop"
            "/Cart.swift:42\n"
            "Illegal instruction (core dumped)\n"
        ),
        [
            (1, "Shop/Cart.swift:42: Fatal error: Unexpectedly found nil whil", None, None),
            (6, "Illegal instruction (core dumped)", None, None),
        ],
    ),
    "kotlin-coroutine": (
        (
            'Exception in thread "DefaultDispatcher-worker-1 @coroutine#2" java.lang.IllegalStateExcept'
            "ion: cart closed\n"
            "\tat com.shop.Cart.add(Cart.kt:42)\n"
            "\tat com.shop.MainKt$main$1.invokeSuspend(Main.kt:12)\n"
            "\tat kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)"
            "\n"
            "\tSuppressed: kotlinx.coroutines.internal.DiagnosticCoroutineContextException: [CoroutineId"
            '(2), "coroutine#2":StandaloneCoroutine{Cancelling}@1, Dispatchers.Default]\n'
        ),
        [
            (
                1,
                'Exception in thread "DefaultDispatcher-worker-1 @coroutine#2',
                "java.lang.IllegalStateException",
                "com.shop.Cart:add",
            )
        ],
    ),
    "akka": (
        (
            "[ERROR] [03/01/2024 10:00:01.123] [shop-akka.actor.default-dispatcher-5] [akka://shop/user"
            "/cart] cart closed\n"
            "java.lang.IllegalStateException: cart closed\n"
            "\tat com.shop.CartActor$$anonfun$receive$1.applyOrElse(CartActor.scala:42)\n"
            "\tat akka.actor.Actor.aroundReceive(Actor.scala:537)\n"
            "[INFO] [03/01/2024 10:00:02.123] [shop-akka.actor.default-dispatcher-5] [akka://shop/user/"
            "cart] restarted\n"
        ),
        [(1, "cart closed", "java.lang.IllegalStateException", "com.shop.CartActor$$anonfun$receive:applyOrElse")],
    ),
    "clojure": (
        (
            "Execution error (ExceptionInfo) at shop.cart/add (cart.clj:42).\n"
            "cart is closed\n"
            "\n"
            "Full report at:\n"
            "/tmp/clojure-1234567890.edn\n"
        ),
        [(1, "cart is closed", "ExceptionInfo", "shop.cart:add")],
    ),
    "haskell": (
        (
            "shop: Prelude.head: empty list\n"
            "CallStack (from HasCallStack):\n"
            "  error, called at libraries/base/GHC/List.hs:1646:3 in base:GHC.List\n"
            "  errorEmptyList, called at libraries/base/GHC/List.hs:85:11 in base:GHC.List\n"
            "  head, called at src/Cart.hs:42:7 in main:Cart\n"
        ),
        [(1, "shop: Prelude.head: empty list", None, "Cart.hs:<anonymous>")],
    ),
    "nginx-lua": (
        (
            "2024/03/01 10:00:01 [error] 7#7: *12 lua entry thread aborted: runtime error: /srv/lua/car"
            "t.lua:42: attempt to index a nil value (field 'cart')\n"
            "stack traceback:\n"
            "coroutine 0:\n"
            "\t/srv/lua/cart.lua: in function 'add'\n"
            "\tcontent_by_lua(nginx.conf:12):3: in main chunk, client: 10.0.0.1, server: shop, request: "
            '"GET /cart HTTP/1.1", host: "shop"\n'
            "2024/03/01 10:00:02 [notice] 7#7: signal process started\n"
        ),
        [(1, "lua entry thread aborted: runtime error: /srv/lua/cart.lua:4", None, "lua/cart.lua:add")],
    ),
    "lua": (
        (
            "lua: cart.lua:42: attempt to call a nil value (method 'add')\n"
            "stack traceback:\n"
            "\tcart.lua:42: in function 'main'\n"
            "\t[C]: in ?\n"
        ),
        [(1, "lua: cart.lua:42: attempt to call a nil value (method 'add')", None, "cart.lua:main")],
    ),
    "ruby34": (
        (
            "cart.rb:42:in 'Cart#add': undefined method 'price' for nil (NoMethodError)\n"
            "\n"
            "    item.price\n"
            "        ^^^^^^\n"
            "\tfrom main.rb:12:in 'Object#run'\n"
            "\tfrom main.rb:15:in '<main>'\n"
        ),
        [(1, "cart.rb:42:in 'Cart#add': undefined method 'price' for nil (", "NoMethodError", "cart.rb:add")],
    ),
    "py-group": (
        (
            "  + Exception Group Traceback (most recent call last):\n"
            '  |   File "/srv/shop/main.py", line 12, in <module>\n'
            "  |     asyncio.run(main())\n"
            "  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n"
            "  +-+---------------- 1 ----------------\n"
            "    | Traceback (most recent call last):\n"
            '    |   File "/srv/shop/cart.py", line 42, in add\n'
            '    |     raise ValueError("bad amount")\n'
            "    | ValueError: bad amount\n"
            "    +---------------- 2 ----------------\n"
            "    | Traceback (most recent call last):\n"
            '    |   File "/srv/shop/cart.py", line 50, in pay\n'
            '    |     raise OSError("no bank")\n'
            "    | OSError: no bank\n"
            "    +------------------------------------\n"
        ),
        [(1, "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-excep", "ExceptionGroup", "shop.cart:add")],
    ),
    "asyncio-task": (
        (
            "2024-03-01 10:00:01,123 ERROR asyncio Task exception was never retrieved\n"
            "future: <Task finished name='Task-7' coro=<add() done, defined at /srv/shop/cart.py:40> ex"
            "ception=ValueError('bad amount')>\n"
            "Traceback (most recent call last):\n"
            '  File "/srv/shop/cart.py", line 42, in add\n'
            '    raise ValueError("bad amount")\n'
            "ValueError: bad amount\n"
            "2024-03-01 10:00:02,123 INFO shop next\n"
        ),
        [(1, "asyncio Task exception was never retrieved", "ValueError", "shop.cart:add")],
    ),
    "faulthandler": (
        (
            "Fatal Python error: Segmentation fault\n"
            "\n"
            "Current thread 0x00007f1c2a0f8740 (most recent call first):\n"
            '  File "/srv/shop/cart.py", line 42 in add\n'
            '  File "/srv/shop/main.py", line 12 in <module>\n'
            "\n"
            "Extension modules: numpy.core._multiarray_umath (total: 1)\n"
            "Segmentation fault (core dumped)\n"
        ),
        [
            (1, "Fatal Python error: Segmentation fault", None, "shop.cart:add"),
            (8, "Segmentation fault (core dumped)", None, None),
        ],
    ),
    "glibc": (
        ("free(): double free detected in tcache 2\nAborted (core dumped)\n"),
        [(1, "free(): double free detected in tcache 2", "glibc:free(): double free detected in tcache", None)],
    ),
    "coredump": (
        (
            "Mar 01 10:00:01 web systemd-coredump[1234]: Process 1200 (shop) of user 1000 dumped core.\n"
            "\n"
            "                                            Stack trace of thread 1200:\n"
            "                                            #0  0x00007f1c2a0f8740 raise (libc.so.6 + 0x3c"
            "740)\n"
            "                                            #1  0x00007f1c2a0e1859 abort (libc.so.6 + 0x25"
            "859)\n"
            "                                            #2  0x000055d0c8a1b2c8 cart_add (shop + 0x12c8"
            ")\n"
            "Mar 01 10:00:02 web systemd[1]: shop.service: Main process exited, code=dumped, status=6/A"
            "BRT\n"
        ),
        [
            (1, "Process 1200 (shop) of user 1000 dumped core.", None, "cart_add"),
            (7, "shop.service: Main process exited, code=dumped, status=6/ABR", None, None),
        ],
    ),
    "kubelet-oom": (
        (
            "LAST SEEN   TYPE      REASON      OBJECT           MESSAGE\n"
            "2m          Warning   OOMKilling  node/web-1       Memory cgroup out of memory: Killed pro"
            "cess 1200 (shop) total-vm:1024kB\n"
            "1m          Warning   BackOff     pod/shop-7d9     Back-off restarting failed container sh"
            "op in pod shop-7d9_default(abc)\n"
            "1m          Normal    Pulled      pod/shop-7d9     Container image already present on mach"
            "ine\n"
        ),
        [
            (2, "node/web-1       Memory cgroup out of memory: Killed process", None, None),
            (3, "pod/shop-7d9     Back-off restarting failed container shop i", None, None),
        ],
    ),
    "terraform": (
        (
            "aws_instance.web: Creating...\n"
            "╷\n"
            "│ Error: creating EC2 Instance: InvalidAMIID.NotFound: The image id '[ami-123]' does not e"
            "xist\n"
            "│ \tstatus code: 400, request id: 8f7b\n"
            "│ \n"
            "│   with aws_instance.web,\n"
            '│   on main.tf line 12, in resource "aws_instance" "web":\n'
            '│   12: resource "aws_instance" "web" {\n'
            "│ \n"
            "╵\n"
        ),
        [(2, "Error: creating EC2 Instance: InvalidAMIID.NotFound: The ima", None, None)],
    ),
    "ansible": (
        (
            "TASK [shop : install] **********************************************************\n"
            'fatal: [web1]: FAILED! => {"changed": false, "msg": "No package matching \'shop\' found avai'
            'lable, installed or updated", "rc": 126}\n'
            "PLAY RECAP *********************************************************************\n"
            "web1                       : ok=3    changed=0    unreachable=0    failed=1    skipped=0\n"
        ),
        [(2, '[web1]: FAILED! => {"changed": false, "msg": "No package mat', None, None)],
    ),
    "npm": (
        (
            "npm ERR! code ERESOLVE\n"
            "npm ERR! ERESOLVE unable to resolve dependency tree\n"
            "npm ERR! \n"
            "npm ERR! While resolving: shop@1.0.0\n"
            "npm ERR! Found: react@18.2.0\n"
            "npm ERR! \n"
            "npm ERR! Fix the upstream dependency conflict, or retry\n"
            "npm ERR! A complete log of this run can be found in: /root/.npm/_logs/x.log\n"
        ),
        [(1, "code ERESOLVE", "ERESOLVE", None)],
    ),
    "yarn": (
        (
            "yarn install v1.22.19\n"
            "[1/4] Resolving packages...\n"
            'error An unexpected error occurred: "https://registry.yarnpkg.com/shop: Not found".\n'
            "info If you think this is a bug, please open a bug report with the information provided in"
            ' "/src/yarn-error.log".\n'
            "info Visit https://yarnpkg.com/en/docs/cli/install for documentation about this command.\n"
        ),
        [(3, 'error An unexpected error occurred: "https://registry.yarnpk', None, None)],
    ),
    "pnpm": (
        (
            ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml '
            "is not up to date with package.json\n"
            "\n"
            "Note that in CI environments this setting is true by default.\n"
        ),
        [(1, 'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-loc', "ERR_PNPM_OUTDATED_LOCKFILE", None)],
    ),
    "cargo": (
        (
            "   Compiling shop v0.1.0 (/src)\n"
            "error[E0308]: mismatched types\n"
            "  --> src/cart.rs:42:18\n"
            "   |\n"
            '42 |     let n: u32 = "a";\n'
            "   |            ---   ^^^ expected `u32`, found `&str`\n"
            "   |            |\n"
            "   |            expected due to this\n"
            "\n"
            'error: could not compile `shop` (bin "shop") due to 1 previous error\n'
        ),
        [
            (2, "error[E0308]: mismatched types", "E0308", None),
            (10, 'could not compile `shop` (bin "shop") due to 1 previous erro', None, None),
        ],
    ),
    "gobuild": (
        ("# shop/cart\n./cart.go:42:9: undefined: Prize\n./cart.go:50:2: declared and not used: n\n"),
        [
            (2, "./cart.go:42:9: undefined: Prize", None, None),
            (3, "./cart.go:50:2: declared and not used: n", None, None),
        ],
    ),
    "cmake": (
        (
            "-- Configuring\n"
            "CMake Error at CMakeLists.txt:12 (find_package):\n"
            '  Could not find a package configuration file provided by "Shop" with any of\n'
            "  the following names:\n"
            "\n"
            "    ShopConfig.cmake\n"
            "\n"
            "\n"
            "-- Configuring incomplete, errors occurred!\n"
        ),
        [(2, 'Could not find a package configuration file provided by "Sho', None, None)],
    ),
    "ninja": (
        (
            "[12/40] Building CXX object src/cart.o\n"
            "FAILED: src/cart.o \n"
            "/usr/bin/c++ -Isrc -c ../src/cart.cpp -o src/cart.o\n"
            "../src/cart.cpp:42:10: error: use of undeclared identifier 'prize'\n"
            "    item.prize();\n"
            "         ^\n"
            "1 error generated.\n"
            "ninja: build stopped: subcommand failed.\n"
        ),
        [
            (2, "FAILED: src/cart.o", None, None),
            (4, "../src/cart.cpp:42:10: error: use of undeclared identifier '", None, None),
            (8, "ninja: build stopped: subcommand failed.", None, None),
        ],
    ),
    "bazel": (
        (
            "INFO: Analyzed target //shop:cart (0 packages loaded).\n"
            "ERROR: /src/shop/BUILD:12:11: Compiling shop/cart.cc failed: (Exit 1): gcc failed: error e"
            "xecuting command /usr/bin/gcc -c shop/cart.cc\n"
            "shop/cart.cc:42:3: error: 'prize' was not declared in this scope\n"
            "   42 |   prize();\n"
            "      |   ^~~~~\n"
            "Target //shop:cart failed to build\n"
            "ERROR: Build did NOT complete successfully\n"
        ),
        [
            (2, "/src/shop/BUILD:12:11: Compiling shop/cart.cc failed: (Exit", "exit 1", None),
            (3, "shop/cart.cc:42:3: error: 'prize' was not declared in this s", None, None),
            (6, "Target //shop:cart failed to build", None, None),
            (7, "Build did NOT complete successfully", None, None),
        ],
    ),
    "pytest": (
        (
            "=================================== FAILURES ===================================\n"
            "___________________________________ test_add ___________________________________\n"
            "\n"
            "    def test_add():\n"
            "        cart = Cart()\n"
            ">       assert cart.add(7) == 8\n"
            "E       assert 7 == 8\n"
            "E        +  where 7 = add(7)\n"
            "\n"
            "tests/test_cart.py:12: AssertionError\n"
            "=========================== short test summary info ============================\n"
            "FAILED tests/test_cart.py::test_add - assert 7 == 8\n"
            "========================= 1 failed, 3 passed in 0.12s ==========================\n"
        ),
        [(2, "assert 7 == 8", "AssertionError", "tests.test_cart:test_add")],
    ),
    "jest": (
        (
            "FAIL src/cart.test.js\n"
            "  ● Cart › adds an item\n"
            "\n"
            "    expect(received).toBe(expected) // Object.is equality\n"
            "\n"
            "    Expected: 8\n"
            "    Received: 7\n"
            "\n"
            "      10 |   const cart = new Cart();\n"
            "    > 11 |   expect(cart.add(7)).toBe(8);\n"
            "         |                       ^\n"
            "      at Object.toBe (src/cart.test.js:11:23)\n"
            "\n"
            "Tests:       1 failed, 3 passed, 4 total\n"
        ),
        [
            (1, "● Cart › adds an item", None, "cart.test.js:Object.toBe"),
            (14, "Tests:       1 failed, 3 passed, 4 total", None, None),
        ],
    ),
    "mocha": (
        (
            "  3 passing (12ms)\n"
            "  1 failing\n"
            "\n"
            "  1) Cart\n"
            "       adds an item:\n"
            "\n"
            "      AssertionError [ERR_ASSERTION]: 7 == 8\n"
            "      + expected - actual\n"
            "\n"
            "      -7\n"
            "      +8\n"
            "\n"
            "      at Context.<anonymous> (test/cart.js:12:14)\n"
            "      at process.processImmediate (node:internal/timers:478:21)\n"
        ),
        [(4, "AssertionError [ERR_ASSERTION]:", "AssertionError", "test/cart.js:<anonymous>")],
    ),
    "gotest": (
        (
            "=== RUN   TestAdd\n"
            "    cart_test.go:12: got 7, want 8\n"
            "--- FAIL: TestAdd (0.00s)\n"
            "=== RUN   TestTotal\n"
            "--- PASS: TestTotal (0.00s)\n"
            "FAIL\n"
            "exit status 1\n"
            "FAIL\tshop/cart\t0.012s\n"
        ),
        [(3, "--- FAIL: TestAdd (0.00s)", None, None), (8, "FAIL\tshop/cart\t0.012s", None, None)],
    ),
    "rspec": (
        (
            "Failures:\n"
            "\n"
            "  1) Cart adds an item\n"
            "     Failure/Error: expect(cart.add(7)).to eq(8)\n"
            "\n"
            "       expected: 8\n"
            "            got: 7\n"
            "\n"
            "       (compared using ==)\n"
            "     # ./spec/cart_spec.rb:12:in `block (2 levels) in <top (required)>'\n"
            "\n"
            "Finished in 0.012 seconds (files took 0.1 seconds to load)\n"
            "4 examples, 1 failure\n"
            "\n"
            "Failed examples:\n"
            "\n"
            "rspec ./spec/cart_spec.rb:10 # Cart adds an item\n"
        ),
        [(3, "Failure/Error: ", None, None), (17, "rspec ./spec/cart_spec.rb:10 # Cart adds an item", None, None)],
    ),
    "phpunit": (
        (
            "There was 1 failure:\n"
            "\n"
            "1) Tests\\CartTest::testAdd\n"
            "Failed asserting that 7 matches expected 8.\n"
            "\n"
            "/srv/tests/CartTest.php:12\n"
            "\n"
            "FAILURES!\n"
            "Tests: 4, Assertions: 4, Failures: 1.\n"
        ),
        [(3, "Failed asserting that 7 matches expected 8.", None, None)],
    ),
    "postgres": (
        (
            "2024-03-01 10:00:01.123 UTC [123] shop@shop ERROR:  duplicate key value violates unique co"
            'nstraint "carts_pkey"\n'
            "2024-03-01 10:00:01.123 UTC [123] shop@shop DETAIL:  Key (id)=(7) already exists.\n"
            "2024-03-01 10:00:01.123 UTC [123] shop@shop STATEMENT:  INSERT INTO carts VALUES (7)\n"
            "2024-03-01 10:00:02.123 UTC [124] LOG:  checkpoint starting: time\n"
        ),
        [(1, 'duplicate key value violates unique constraint "carts_pkey"', None, None)],
    ),
    "mongo": (
        (
            '{"t":{"$date":"2024-03-01T10:00:01.123+00:00"},"s":"F","c":"-","id":23095,"ctx":"initandli'
            'sten","msg":"Fatal assertion","attr":{"msgid":28595,"error":"13: Permission denied","file"'
            ':"src/mongo/db/storage/wiredtiger/wiredtiger_kv_engine.cpp","line":1094}}\n'
            '{"t":{"$date":"2024-03-01T10:00:01.124+00:00"},"s":"I","c":"NETWORK","id":1,"ctx":"conn1",'
            '"msg":"Connection ended"}\n'
        ),
        [(1, "Fatal assertion", None, None)],
    ),
    "redis": (
        (
            "1:M 01 Mar 2024 10:00:01.123 # Can't save in background: fork: Cannot allocate memory\n"
            "1:M 01 Mar 2024 10:00:02.123 * DB saved on disk\n"
        ),
        [(1, "Can't save in background: fork: Cannot allocate memory", None, None)],
    ),
    "redis-crash": (
        (
            "=== REDIS BUG REPORT START: Cut & paste starting from here ===\n"
            "1:M 01 Mar 2024 10:00:01.123 # Redis 7.0.5 crashed by signal: 11, si_code: 1\n"
            "1:M 01 Mar 2024 10:00:01.123 # Accessing address: 0x8\n"
            "------ STACK TRACE ------\n"
            "EIP:\n"
            "redis-server *:6379(lookupKey+0x12)[0x55d0c8a1b2c8]\n"
            "\n"
            "Backtrace:\n"
            "/lib/libc.so.6(+0x3c740)[0x7f1c2a0f8740]\n"
            "redis-server *:6379(getCommand+0x1a)[0x55d0c8a1b300]\n"
            "=== REDIS BUG REPORT END. Make sure to include from START to END. ===\n"
        ),
        [(2, "Redis 7.0.5 crashed by signal: 11, si_code: 1", None, None)],
    ),
    "elastic": (
        (
            "[2024-03-01T10:00:01,123][ERROR][o.e.b.ElasticsearchUncaughtExceptionHandler] [node-1] fat"
            "al error in thread [main], exiting\n"
            "java.lang.OutOfMemoryError: Java heap space\n"
            "\tat org.elasticsearch.common.Cart.add(Cart.java:42)\n"
            "[2024-03-01T10:00:02,123][INFO ][o.e.n.Node] [node-1] stopping\n"
        ),
        [
            (
                1,
                "fatal error in thread [main], exiting",
                "java.lang.OutOfMemoryError",
                "org.elasticsearch.common.Cart:add",
            )
        ],
    ),
    "react-native": (
        (
            "E/ReactNativeJS( 1234): TypeError: undefined is not an object (evaluating 'cart.items')\n"
            "E/ReactNativeJS( 1234): \n"
            "E/ReactNativeJS( 1234): This error is located at:\n"
            "E/ReactNativeJS( 1234):     in Cart (at App.js:12)\n"
            "I/ActivityManager( 900): Displayed com.shop\n"
        ),
        [(1, "TypeError: undefined is not an object (evaluating 'cart.item", "TypeError", None)],
    ),
    "vitest": (
        (
            " FAIL  src/cart.test.ts > Cart > adds an item\n"
            "AssertionError: expected 7 to be 8 // Object.is equality\n"
            "\n"
            "- Expected\n"
            "+ Received\n"
            "\n"
            "- 8\n"
            "+ 7\n"
            "\n"
            " ❯ src/cart.test.ts:11:23\n"
            "     10|   const cart = new Cart();\n"
            "     11|   expect(cart.add(7)).toBe(8);\n"
        ),
        [(1, "AssertionError: expected 7 to be 8 // Object.is equality", "AssertionError", None)],
    ),
    "tsc": (
        (
            "src/cart.ts(42,10): error TS2339: Property 'prize' does not exist on type 'Item'.\n"
            "src/cart.ts:50:3 - error TS2322: Type 'string' is not assignable to type 'number'.\n"
            "\n"
            '50   n = "a";\n'
            "     ~\n"
            "\n"
            "Found 2 errors in 1 file.\n"
        ),
        [
            (1, "src/cart.ts(42,10): error TS2339: Property 'prize' does not", "TS2339", None),
            (2, "- error TS2322: Type 'string' is not assignable to type 'num", "TS2322", None),
        ],
    ),
    "eslint": (
        (
            "/src/cart.js\n"
            "  12:5  error    'prize' is not defined  no-undef\n"
            "  20:1  warning  Unexpected console statement  no-console\n"
            "\n"
            "✖ 2 problems (1 error, 1 warning)\n"
        ),
        [
            (1, "12:5  error    'prize' is not defined  no-undef", None, None),
            (5, "✖ 2 problems (1 error, 1 warning)", None, None),
        ],
    ),
    "docker-oom": (
        ("shop-1  | Starting\nshop-1  | Killed\nshop-1 exited with code 137\n"),
        [(2, "Killed", None, None), (3, "shop-1 exited with code 137", "exit 137", None)],
    ),
    "sidekiq": (
        (
            "2024-03-01T10:00:01.123Z pid=7 tid=abc class=CartJob jid=123 elapsed=0.012 INFO: fail\n"
            '2024-03-01T10:00:01.124Z pid=7 tid=abc WARN: {"context":"Job raised exception","job":{"cla'
            'ss":"CartJob"}}\n'
            "2024-03-01T10:00:01.124Z pid=7 tid=abc WARN: NoMethodError: undefined method `price' for n"
            "il:NilClass\n"
            "2024-03-01T10:00:01.124Z pid=7 tid=abc WARN: /srv/app/jobs/cart_job.rb:12:in `perform'\n"
            "/usr/lib/ruby/gems/sidekiq-7/lib/sidekiq/processor.rb:202:in `execute_job'\n"
        ),
        [(3, "NoMethodError: undefined method `price' for nil:NilClass", "NoMethodError", "jobs/cart_job.rb:perform")],
    ),
}
