"""Reports of runtimes, phones, kernels, databases and test runners that the rows of crash_reports.py do not have."""

from __future__ import annotations

# As in crash_reports.py.
RUNTIME_REPORTS: dict[str, tuple[str, list[tuple[int, str, str | None, str | None]]]] = {
    "go-runtime-stack": (
        (
            "fatal error: unexpected signal during runtime execution\n"
            "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x46e7f0]\n"
            "\n"
            "runtime stack:\n"
            "runtime.throw({0x486e64?, 0x40bb79?})\n"
            "\t/usr/local/go/src/runtime/panic.go:992 +0x71\n"
            "\n"
            "goroutine 1 [syscall]:\n"
            "main.add()\n"
            "\t/src/shop/cart.go:12 +0x17\n"
        ),
        [(1, "unexpected signal during runtime execution", "fatal error", "main:add")],
    ),
    "spring-banner": (
        (
            "  .   ____          _            __ _ _\n"
            " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\\n"
            "( ( )\\___ | '_ | '_| | '_ \\/ _` | \\ \\ \\ \\\n"
            " \\\\/  ___)| |_)| | | | | || (_| |  ) ) ) )\n"
            "  '  |____| .__|_| |_|_| |_\\__, | / / / /\n"
            " =========|_|==============|___/=/_/_/_/\n"
            " :: Spring Boot ::                (v2.7.3)\n"
            "\n"
            "\n"
            "***************************\n"
            "APPLICATION FAILED TO START\n"
            "***************************\n"
            "\n"
            "Description:\n"
            "\n"
            "Parameter 0 of constructor in com.acme.shop.CartService required a bean of type"
            " 'com.acme.shop.CartRepository' that could not be found.\n"
            "\n"
            "\n"
            "Action:\n"
            "\n"
            "Consider defining a bean of type 'com.acme.shop.CartRepository' in your configuration.\n"
        ),
        [(11, "APPLICATION FAILED TO START", None, None)],
    ),
    "spring-logged": (
        (
            "  .   ____          _            __ _ _\n"
            " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\\n"
            "( ( )\\___ | '_ | '_| | '_ \\/ _` | \\ \\ \\ \\\n"
            " \\\\/  ___)| |_)| | | | | || (_| |  ) ) ) )\n"
            "  '  |____| .__|_| |_|_| |_\\__, | / / / /\n"
            " =========|_|==============|___/=/_/_/_/\n"
            " :: Spring Boot ::                (v2.7.3)\n"
            "\n"
            "2022-09-05 10:11:12.345  INFO 12345 --- [           main] c.e.demo.DemoApplication                 :"
            " Starting DemoApplication using Java 17\n"
            "2022-09-05 10:11:13.345  WARN 12345 --- [           main] ConfigServletWebServerApplicationContext :"
            " Exception encountered during context initialization - cancelling refresh attempt:"
            " org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'dataSource'\n"
            "2022-09-05 10:11:14.345 ERROR 12345 --- [           main] o.s.b.d.LoggingFailureAnalysisReporter   : \n"
            "\n"
            "***************************\n"
            "APPLICATION FAILED TO START\n"
            "***************************\n"
            "\n"
            "Description:\n"
            "\n"
            "Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be"
            " configured.\n"
            "\n"
            "Reason: Failed to determine a suitable driver class\n"
            "\n"
            "\n"
            "Action:\n"
            "\n"
            "Consider the following:\n"
            "\tIf you want an embedded database (H2, HSQL or Derby), please put it on the classpath.\n"
            "\tIf you have database settings to be loaded from a particular profile you may need to activate it (no"
            " profiles are currently active).\n"
        ),
        [(11, "APPLICATION FAILED TO START", None, None)],
    ),
    "rabbitmq-two-records": (
        (
            "2023-05-04 09:00:01.123 [error] <0.1234.0> Error on AMQP connection <0.1234.0> (10.0.0.5:43210 ->"
            " 10.0.0.9:5672, state: starting):\n"
            "2023-05-04 09:00:01.123 [error] <0.1234.0> PLAIN login refused: user 'shop' - invalid credentials\n"
            "2023-05-04 09:00:02.123 [error] <0.1300.0> closing AMQP connection <0.1300.0> (10.0.0.5:43211 ->"
            " 10.0.0.9:5672):\n"
            "missed heartbeats from client, timeout: 60s\n"
            "2023-05-04 09:00:03.123 [error] <0.1301.0> Channel error on connection <0.1300.0> (10.0.0.5:43211 ->"
            " 10.0.0.9:5672, vhost: '/', user: 'shop'), channel 1:\n"
            "2023-05-04 09:00:03.123 [error] <0.1301.0> operation queue.declare caused a channel exception"
            " precondition_failed: inequivalent arg 'durable' for queue 'carts' in vhost '/': received 'false' but"
            " current is 'true'\n"
            "2023-05-04 09:00:04.123 [warning] <0.1302.0> closing AMQP connection <0.1302.0> (10.0.0.5:43212 ->"
            " 10.0.0.9:5672, vhost: '/', user: 'shop'):\n"
            "2023-05-04 09:00:04.123 [warning] <0.1302.0> client unexpectedly closed TCP connection\n"
        ),
        [
            (1, "Error on AMQP connection <0.1234.0> (10.0.0.5:43210 -> 10.0.0.9:5672, ", None, None),
            (3, "closing AMQP connection <0.1300.0> (10.0.0.5:43211 -> 10.0.0.9:5672):", None, None),
            (5, "Channel error on connection <0.1300.0> (10.0.0.5:43211 -> 10.0.0.9:567", None, None),
        ],
    ),
    "kafka-without-frames": (
        (
            "[2023-05-04 09:00:01,123] ERROR [KafkaApi-1] Error when handling request: clientId=a, correlationId=3"
            " (kafka.server.KafkaApis)\n"
            "org.apache.kafka.common.errors.NotLeaderOrFollowerException: For requests intended only for the leader,"
            " this error indicates that the broker is not the current leader.\n"
            "[2023-05-04 09:00:02,123] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)\n"
            "[2023-05-04 09:00:03,123] ERROR [ReplicaFetcher replicaId=1, leaderId=2, fetcherId=0] Error for"
            " partition carts-0 at offset 7 (kafka.server.ReplicaFetcherThread)\n"
            "org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this"
            " topic-partition.\n"
            "[2023-05-04 09:00:04,123] WARN [Producer clientId=shop] Got error produce response with correlation id 5"
            " on topic-partition carts-0, retrying (2 attempts left). Error: NETWORK_EXCEPTION"
            " (org.apache.kafka.clients.producer.internals.Sender)\n"
            "[2023-05-04 09:00:05,123] ERROR Fatal error during KafkaServer startup. Prepare to shutdown"
            " (kafka.server.KafkaServer)\n"
            "kafka.common.InconsistentClusterIdException: The Cluster ID abc doesn't match stored clusterId Some(def)"
            " in meta.properties.\n"
            "\tat kafka.server.KafkaServer.startup(KafkaServer.scala:220)\n"
            "\tat kafka.Kafka$.main(Kafka.scala:82)\n"
            "[2023-05-04 09:00:06,123] ERROR Error while appending records to carts-0 in dir /var/kafka"
            " (kafka.server.LogDirFailureChannel)\n"
            "java.io.IOException: No space left on device\n"
        ),
        [
            (
                1,
                "[KafkaApi-1] Error when handling request: clientId=a, correlationId=3",
                "org.apache.kafka.common.errors.NotLeaderOrFollowerException",
                None,
            ),
            (
                4,
                "[ReplicaFetcher replicaId=1, leaderId=2, fetcherId=0] Error for partit",
                "org.apache.kafka.common.errors.UnknownTopicOrPartitionException",
                None,
            ),
            (
                7,
                "Fatal error during KafkaServer startup. Prepare to shutdown",
                "kafka.common.InconsistentClusterIdException",
                "kafka.server.KafkaServer:startup",
            ),
            (11, "Error while appending records to carts-0 in dir /var/kafka", "java.io.IOException", None),
        ],
    ),
    "maven-compilation": (
        (
            "[INFO] Scanning for projects...\n"
            "[INFO] \n"
            "[INFO] -----------------------< com.acme:shop >------------------------\n"
            "[INFO] Building shop 1.0-SNAPSHOT\n"
            "[INFO] --------------------------------[ jar ]---------------------------------\n"
            "[INFO] \n"
            "[INFO] --- maven-compiler-plugin:3.8.1:compile (default-compile) @ shop ---\n"
            "[INFO] Compiling 12 source files to /home/u/shop/target/classes\n"
            "[INFO] -------------------------------------------------------------\n"
            "[ERROR] COMPILATION ERROR : \n"
            "[INFO] -------------------------------------------------------------\n"
            "[ERROR] /home/u/shop/src/main/java/com/acme/Cart.java:[12,9] cannot find symbol\n"
            "  symbol:   variable total\n"
            "  location: class com.acme.Cart\n"
            "[ERROR] /home/u/shop/src/main/java/com/acme/Cart.java:[20,5] ';' expected\n"
            "[INFO] 2 errors \n"
            "[INFO] -------------------------------------------------------------\n"
            "[INFO] ------------------------------------------------------------------------\n"
            "[INFO] BUILD FAILURE\n"
            "[INFO] ------------------------------------------------------------------------\n"
            "[INFO] Total time:  1.234 s\n"
            "[INFO] Finished at: 2023-05-04T09:00:01Z\n"
            "[INFO] ------------------------------------------------------------------------\n"
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile"
            " (default-compile) on project shop: Compilation failure: Compilation failure: \n"
            "[ERROR] /home/u/shop/src/main/java/com/acme/Cart.java:[12,9] cannot find symbol\n"
            "[ERROR]   symbol:   variable total\n"
            "[ERROR]   location: class com.acme.Cart\n"
            "[ERROR] /home/u/shop/src/main/java/com/acme/Cart.java:[20,5] ';' expected\n"
            "[ERROR] -> [Help 1]\n"
            "[ERROR] \n"
            "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n"
            "[ERROR] Re-run Maven using the -X switch to enable full debug logging.\n"
            "[ERROR] \n"
            "[ERROR] For more information about the errors and possible solutions, please read the following"
            " articles:\n"
            "[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException\n"
        ),
        [
            (12, "/home/u/shop/src/main/java/com/acme/Cart.java:[12,9] cannot find symbo", None, None),
            (15, "/home/u/shop/src/main/java/com/acme/Cart.java:[20,5] ';' expected", None, None),
            (24, "Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:", None, None),
        ],
    ),
    "maven-tests": (
        (
            "[INFO] -------------------------------------------------------\n"
            "[INFO]  T E S T S\n"
            "[INFO] -------------------------------------------------------\n"
            "[INFO] Running com.acme.CartTest\n"
            "[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.12 s <<< FAILURE! - in"
            " com.acme.CartTest\n"
            "[ERROR] com.acme.CartTest.adds  Time elapsed: 0.01 s  <<< FAILURE!\n"
            "org.opentest4j.AssertionFailedError: expected: <2> but was: <3>\n"
            "\tat com.acme.CartTest.adds(CartTest.java:21)\n"
            "\n"
            "[ERROR] com.acme.CartTest.removes  Time elapsed: 0.002 s  <<< ERROR!\n"
            'java.lang.NullPointerException: Cannot invoke "com.acme.Cart.total()" because "cart" is null\n'
            "\tat com.acme.Cart.remove(Cart.java:31)\n"
            "\tat com.acme.CartTest.removes(CartTest.java:30)\n"
            "\n"
            "[INFO] \n"
            "[INFO] Results:\n"
            "[INFO] \n"
            "[ERROR] Failures: \n"
            "[ERROR]   CartTest.adds:21 expected: <2> but was: <3>\n"
            "[ERROR] Errors: \n"
            '[ERROR]   CartTest.removes:30 NullPointer Cannot invoke "com.acme.Cart.total()" because...\n'
            "[INFO] \n"
            "[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0\n"
            "[INFO] \n"
            "[INFO] BUILD FAILURE\n"
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.0:test (default-test)"
            " on project shop: There are test failures.\n"
            "[ERROR] \n"
            "[ERROR] Please refer to /home/u/shop/target/surefire-reports for the individual test results.\n"
            "[ERROR] Please refer to dump files (if any exist) [date].dump, [date]-jvmRun[N].dump and"
            " [date].dumpstream.\n"
            "[ERROR] -> [Help 1]\n"
        ),
        [
            (5, "Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.12 s", None, None),
            (
                6,
                "com.acme.CartTest.adds  Time elapsed: 0.01 s  <<< FAILURE!",
                "org.opentest4j.AssertionFailedError",
                "com.acme.CartTest:adds",
            ),
            (
                10,
                "com.acme.CartTest.removes  Time elapsed: 0.002 s  <<< ERROR!",
                "java.lang.NullPointerException",
                "com.acme.Cart:remove",
            ),
            (18, "CartTest.adds:21 expected: <2> but was: <3>", None, None),
            (20, 'CartTest.removes:30 NullPointer Cannot invoke "com.acme.Cart.total()" ', None, None),
            (26, "Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:", None, None),
        ],
    ),
    "julia-load-nested": (
        (
            "ERROR: LoadError: LoadError: UndefVarError: `cart` not defined\n"
            "Stacktrace:\n"
            " [1] total(items::Vector{Int64})\n"
            "   @ Main ~/shop/cart.jl:12\n"
            " [2] top-level scope\n"
            "   @ ~/shop/main.jl:3\n"
            "in expression starting at /home/u/shop/cart.jl:9\n"
            "in expression starting at /home/u/shop/main.jl:3\n"
        ),
        [(1, "LoadError: LoadError: UndefVarError: `cart` not defined", "UndefVarError", "shop/cart.jl:total")],
    ),
    "ocaml-named": (
        (
            "Fatal error: exception Not_found\n"
            'Raised at Stdlib__map.Make.find in file "map.ml", line 137, characters 10-25\n'
            'Called from Cart.total in file "src/cart.ml", line 12, characters 8-31\n'
        ),
        [(1, "exception Not_found", "Not_found", "Cart:total")],
    ),
    "ghc-compile": (
        (
            "src/Cart.hs:12:9: error: [GHC-88464]\n"
            "    Variable not in scope: total :: Int -> Int\n"
            "   |\n"
            "12 |   x <- total 3\n"
            "   |        ^^^^^\n"
            "\n"
            "src/Cart.hs:20:5: error:\n"
            "    • Couldn't match expected type ‘Int’ with actual type ‘[Char]’\n"
            '    • In the expression: "a"\n'
            '      In an equation for ‘price’: price = "a"\n'
            "   |\n"
            '20 | price = "a"\n'
            "   |         ^^^\n"
        ),
        [
            (1, "Variable not in scope: total :: Int -> Int", None, None),
            (7, "• Couldn't match expected type ‘Int’ with actual type ‘[Char]’", None, None),
        ],
    ),
    "r-dplyr": (
        (
            "Error in `mutate()`:\n"
            "ℹ In argument: `z = y + 1`.\n"
            "Caused by error:\n"
            "! object 'y' not found\n"
            "Backtrace:\n"
            "     ▆\n"
            "  1. ├─df %>% mutate(z = y + 1)\n"
            "  2. ├─dplyr::mutate(., z = y + 1)\n"
            "  3. └─dplyr:::mutate.data.frame(., z = y + 1)\n"
        ),
        [(1, "object 'y' not found", None, "dplyr:mutate.data.frame")],
    ),
    "perl-module": (
        (
            "Can't locate Moose.pm in @INC (you may need to install the Moose module) (@INC contains: /etc/perl"
            " /usr/local/lib/x86_64-linux-gnu/perl/5.30.0) at bin/shop.pl line 3.\n"
            "BEGIN failed--compilation aborted at bin/shop.pl line 3.\n"
        ),
        [(1, "Can't locate Moose.pm in @INC (you may need to install the Moose modul", None, None)],
    ),
    "matlab": (
        (
            "Error using cart>total (line 12)\n"
            "Undefined function or variable 'items'.\n"
            "\n"
            "Error in main (line 3)\n"
            "total(x)\n"
        ),
        [(1, "Undefined function or variable 'items'.", None, "cart:total")],
    ),
    "terminate": (
        (
            "terminate called after throwing an instance of 'std::out_of_range'\n"
            "  what():  vector::_M_range_check: __n (which is 3) >= this->size() (which is 3)\n"
            "Aborted (core dumped)\n"
        ),
        [(1, "vector::_M_range_check: __n (which is 3) >= this->size() (which is 3)", "std::out_of_range", None)],
    ),
    "glibc-backtrace": (
        (
            "*** Error in `./shop': double free or corruption (fasttop): 0x00000000010c6010 ***\n"
            "======= Backtrace: =========\n"
            "/lib/x86_64-linux-gnu/libc.so.6(+0x777e5)[0x7f2b3b0e27e5]\n"
            "./shop(cart_free+0x1d)[0x4005d5]\n"
            "======= Memory map: ========\n"
            "00400000-00401000 r-xp 00000000 08:01 262153                             /home/u/shop\n"
            "Aborted (core dumped)\n"
        ),
        [
            (
                1,
                "*** Error in `./shop': double free or corruption (fasttop): 0x00000000",
                "glibc:double free or corruption (fasttop)",
                "cart_free",
            )
        ],
    ),
    "flutter": (
        (
            "══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞═══════════════════════════════════════════════════════════\n"
            "The following RangeError was thrown building CartPage(dirty, state: _CartPageState#3f2a1):\n"
            "RangeError (index): Invalid value: Valid value range is empty: 0\n"
            "\n"
            "The relevant error-causing widget was:\n"
            "  CartPage CartPage:file:///home/u/shop/lib/main.dart:12:15\n"
            "\n"
            "When the exception was thrown, this was the stack:\n"
            "#0      List.[] (dart:core-patch/growable_array.dart:264:36)\n"
            "#1      _CartPageState.build (package:shop/cart_page.dart:42:20)\n"
            "#2      StatefulElement.build (package:flutter/src/widgets/framework.dart:5592:27)\n"
            "════════════════════════════════════════════════════════════════════════════════════════════════════\n"
        ),
        [
            (
                1,
                "RangeError (index): Invalid value: Valid value range is empty: 0",
                "RangeError",
                "cart_page.dart:_CartPageState.build",
            )
        ],
    ),
    "erlang-shell": (
        (
            "** exception error: an error occurred when evaluating an arithmetic expression\n"
            "     in function  cart:total/1 (cart.erl, line 12)\n"
        ),
        [(1, "** exception error: an error occurred when evaluating an arithmetic ex", "error", "cart:total")],
    ),
    "erlang-init": (
        (
            '{"init terminating in do_boot",{undef,[{shop,start,[],[]},{init,start_em,1,[]},{init,do_boot,3,[]}]}}\n'
            "init terminating in do_boot ({undef,[{shop,start,[],[]},{init,start_em,1,[]},{init,do_boot,3,[]}]})\n"
            "\n"
            "Crash dump is being written to: erl_crash.dump...done\n"
        ),
        [(1, "init terminating in do_boot ({undef,[{shop,start,[],[]},{init,start_em", None, None)],
    ),
    "oracle": (
        ('ERROR at line 1:\nORA-01403: no data found\nORA-06512: at "SHOP.CART_PKG", line 44\n'),
        [(1, "ORA-01403: no data found", "ORA-01403", "SHOP:CART_PKG")],
    ),
    "abap": (
        (
            "Category               ABAP Programming Error\n"
            "Runtime Errors         COMPUTE_INT_ZERODIVIDE\n"
            "Except.                CX_SY_ZERODIVIDE\n"
            "ABAP Program           ZSHOP_CART\n"
            "Application Component  Not assigned\n"
            "Date and Time          04.05.2023 09:00:01\n"
            "\n"
            "Short text\n"
            "    Division by 0 (type I or INT8)\n"
            "\n"
            "What happened?\n"
            "    Error in the ABAP Application Program\n"
        ),
        [(1, "COMPUTE_INT_ZERODIVIDE", "CX_SY_ZERODIVIDE", None)],
    ),
    "terraform": (
        (
            "╷\n"
            "│ Error: Invalid reference\n"
            "│ \n"
            '│   on main.tf line 3, in resource "aws_instance" "web":\n'
            "│    3:   ami = foo\n"
            "│ \n"
            "│ A reference to a resource type must be followed by at least one attribute\n"
            "╵\n"
            "╷\n"
            "│ Error: creating EC2 Instance: UnauthorizedOperation: You are not authorized to perform this operation.\n"
            "│ \n"
            "│   with aws_instance.web,\n"
            '│   on main.tf line 1, in resource "aws_instance" "web":\n'
            "╵\n"
        ),
        [
            (1, "Error: Invalid reference", None, None),
            (9, "Error: creating EC2 Instance: UnauthorizedOperation: You are not autho", None, None),
        ],
    ),
    "node-notfound": (
        (
            "node:internal/modules/cjs/loader:1051\n"
            "  throw err;\n"
            "  ^\n"
            "\n"
            "Error: Cannot find module 'express'\n"
            "Require stack:\n"
            "- /srv/index.js\n"
            "    at Module._resolveFilename (node:internal/modules/cjs/loader:1048:15)\n"
            "    at Module._load (node:internal/modules/cjs/loader:901:27) {\n"
            "  code: 'MODULE_NOT_FOUND',\n"
            "  requireStack: [ '/srv/index.js' ]\n"
            "}\n"
            "\n"
            "Node.js v20.5.0\n"
        ),
        [(5, "Error: Cannot find module 'express'", "MODULE_NOT_FOUND", "cjs/loader:Module._resolveFilename")],
    ),
    "kotlin-coroutine": (
        (
            "FATAL EXCEPTION: DefaultDispatcher-worker-1\n"
            "Process: com.acme, PID: 1234\n"
            "kotlin.UninitializedPropertyAccessException: lateinit property cart has not been initialized\n"
            "\tat com.acme.Cart.total(Cart.kt:12)\n"
            "\tat kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)\n"
            "\tat kotlinx.coroutines.DispatchedTask.run(DispatchedTask.kt:106)\n"
        ),
        [
            (
                1,
                "EXCEPTION: DefaultDispatcher-worker-1",
                "kotlin.UninitializedPropertyAccessException",
                "com.acme.Cart:total",
            )
        ],
    ),
    "powershell": (
        (
            "foo : The term 'foo' is not recognized as the name of a cmdlet, function, script file, or operable"
            " program.\n"
            "At C:\\src\\build.ps1:12 char:1\n"
            "+ foo -bar\n"
            "+ ~~~\n"
            "    + CategoryInfo          : ObjectNotFound: (foo:String) [], CommandNotFoundException\n"
            "    + FullyQualifiedErrorId : CommandNotFoundException\n"
        ),
        [
            (
                1,
                "foo : The term 'foo' is not recognized as the name of a cmdlet, functi",
                "CommandNotFoundException",
                "build.ps1:<anonymous>",
            )
        ],
    ),
    "google-test": (
        (
            "[==========] Running 2 tests from 1 test suite.\n"
            "[----------] 2 tests from Cart\n"
            "[ RUN      ] Cart.Adds\n"
            "/src/cart_test.cc:12: Failure\n"
            "Expected equality of these values:\n"
            "  add(1, 1)\n"
            "    Which is: 2\n"
            "  3\n"
            "[  FAILED  ] Cart.Adds (0 ms)\n"
            "[ RUN      ] Cart.Removes\n"
            "[       OK ] Cart.Removes (0 ms)\n"
            "[==========] 2 tests from 1 test suite ran. (0 ms total)\n"
            "[  PASSED  ] 1 test.\n"
            "[  FAILED  ] 1 test, listed below:\n"
            "[  FAILED  ] Cart.Adds\n"
            "\n"
            " 1 FAILED TEST\n"
        ),
        [
            (4, "Expected equality of these values:", None, None),
            (14, "[  FAILED  ] 1 test, listed below:", None, None),
            (15, "[  FAILED  ] Cart.Adds", None, None),
        ],
    ),
    "minitest": (
        (
            "Run options: --seed 1234\n"
            "\n"
            "# Running:\n"
            "\n"
            "F\n"
            "\n"
            "Failure:\n"
            "CartTest#test_adds [test/cart_test.rb:12]:\n"
            "Expected: 3\n"
            "  Actual: 2\n"
            "\n"
            "rails test test/cart_test.rb:10\n"
            "\n"
            "Finished in 0.123s, 8.1 runs/s, 8.1 assertions/s.\n"
            "1 runs, 1 assertions, 1 failures, 0 errors, 0 skips\n"
        ),
        [
            (7, "CartTest#test_adds [test/cart_test.rb:12]:", None, None),
            (15, "1 runs, 1 assertions, 1 failures, 0 errors, 0 skips", None, None),
        ],
    ),
    "dotnet-test": (
        (
            "  Failed Adds [12 ms]\n"
            "  Error Message:\n"
            "     Assert.That(total, Is.EqualTo(3))\n"
            "  Expected: 3\n"
            "  But was:  2\n"
            "\n"
            "  Stack Trace:\n"
            "     at Shop.Tests.CartTests.Adds() in /src/CartTests.cs:line 12\n"
            "\n"
            "Failed!  - Failed:     1, Passed:     1, Skipped:     0, Total:     2, Duration: 20 ms\n"
        ),
        [
            (1, "Assert.That(total, Is.EqualTo(3))", None, "Shop.Tests.CartTests:Adds"),
            (10, "Failed!  - Failed:     1, Passed:     1, Skipped:     0, Total:     2,", None, None),
        ],
    ),
    "exunit": (
        (
            "  1) test adds (Shop.CartTest)\n"
            "     test/cart_test.exs:5\n"
            "     Assertion with == failed\n"
            "     code:  assert Cart.add(1, 1) == 3\n"
            "     left:  2\n"
            "     right: 3\n"
            "     stacktrace:\n"
            "       test/cart_test.exs:6: (test)\n"
            "\n"
            "Finished in 0.03 seconds (0.00s async, 0.03s sync)\n"
            "2 tests, 1 failure\n"
        ),
        [(1, "Assertion with == failed", None, "(test)"), (11, "2 tests, 1 failure", None, None)],
    ),
    "testify": (
        (
            "--- FAIL: TestAdd (0.00s)\n"
            "    cart_test.go:14: \n"
            "        \tError Trace:\t/src/shop/cart_test.go:14\n"
            "        \tError:      \tNot equal: \n"
            "        \t            \texpected: 3\n"
            "        \t            \tactual  : 2\n"
            "        \tTest:       \tTestAdd\n"
            "FAIL\n"
            "exit status 1\n"
        ),
        [(1, "--- FAIL: TestAdd (0.00s)", None, None)],
    ),
    "junit-gradle": (
        (
            "> Task :test FAILED\n"
            "\n"
            "CartTest > adds() FAILED\n"
            "    org.opentest4j.AssertionFailedError: expected: <2> but was: <3>\n"
            "        at app//com.acme.CartTest.adds(CartTest.java:21)\n"
            "\n"
            "2 tests completed, 1 failed\n"
        ),
        [
            (3, "CartTest > adds() FAILED", "org.opentest4j.AssertionFailedError", "com.acme.CartTest:adds"),
            (7, "2 tests completed, 1 failed", None, None),
        ],
    ),
    "valgrind": (
        (
            "==1234== Memcheck, a memory error detector\n"
            "==1234== Command: ./shop\n"
            "==1234== \n"
            "==1234== Invalid write of size 4\n"
            "==1234==    at 0x109156: cart_add (cart.c:12)\n"
            "==1234==    by 0x109180: main (main.c:3)\n"
            "==1234==  Address 0x4a4a068 is 0 bytes after a block of size 40 alloc'd\n"
            "==1234==    at 0x483B7F3: malloc (in /usr/lib/x86_64-linux-gnu/valgrind/vgpreload_memcheck-amd64-linux."
            "so)\n"
            "==1234==    by 0x109145: cart_add (cart.c:10)\n"
            "==1234== \n"
            "==1234== HEAP SUMMARY:\n"
            "==1234==     in use at exit: 40 bytes in 1 blocks\n"
            "==1234== \n"
            "==1234== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)\n"
        ),
        [(4, "==1234== Invalid write of size 4", "Valgrind:Invalid write", "cart_add")],
    ),
    "hungtask": (
        (
            "[ 1234.567890] INFO: task mysqld:1234 blocked for more than 120 seconds.\n"
            "[ 1234.567891]       Not tainted 5.4.0-42-generic #46-Ubuntu\n"
            '[ 1234.567892] "echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.\n'
            "[ 1234.567893] mysqld          D    0  1234      1 0x00000000\n"
            "[ 1234.567894] Call Trace:\n"
            "[ 1234.567895]  __schedule+0x2e3/0x740\n"
            "[ 1234.567896]  schedule+0x42/0xb0\n"
            "[ 1234.567897]  io_schedule+0x16/0x40\n"
        ),
        [(1, "INFO: task mysqld:1234 blocked for more than 120 seconds.", None, "__schedule")],
    ),
    "softlockup": (
        (
            "[ 1234.567890] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:1234]\n"
            "[ 1234.567891] Modules linked in: nvme ext4\n"
            "[ 1234.567892] CPU: 3 PID: 1234 Comm: kworker/3:1 Not tainted 5.4.0 #1\n"
            "[ 1234.567893] RIP: 0010:shop_spin+0x1d/0x30\n"
            "[ 1234.567894] Call Trace:\n"
            "[ 1234.567895]  shop_add+0x2e/0x40\n"
        ),
        [
            (
                1,
                "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:1234]",
                "kernel:BUG: soft lockup",
                "shop_spin",
            )
        ],
    ),
    "kernel-warning": (
        (
            "[   12.345678] ------------[ cut here ]------------\n"
            "[   12.345679] WARNING: CPU: 1 PID: 99 at drivers/shop/cart.c:12 shop_add+0x1d/0x30 [shop]\n"
            "[   12.345680] Modules linked in: shop\n"
            "[   12.345681] CPU: 1 PID: 99 Comm: shop Not tainted 5.4.0 #1\n"
            "[   12.345682] RIP: 0010:shop_add+0x1d/0x30 [shop]\n"
            "[   12.345683] Call Trace:\n"
            "[   12.345684]  shop_ioctl+0x2e/0x40 [shop]\n"
            "[   12.345685] ---[ end trace 0123456789abcdef ]---\n"
        ),
        [(1, "WARNING: CPU: 1 PID: 99 at drivers/shop/cart.c:12 shop_add+0x1d/0x30 [", None, "shop_add")],
    ),
    "anr": (
        (
            "05-04 09:00:01.123  1234  1250 E ActivityManager: ANR in com.acme (com.acme/.MainActivity)\n"
            "05-04 09:00:01.123  1234  1250 E ActivityManager: PID: 4321\n"
            "05-04 09:00:01.123  1234  1250 E ActivityManager: Reason: Input dispatching timed out (Waiting to send"
            " non-key event)\n"
            "05-04 09:00:01.123  1234  1250 E ActivityManager: Load: 12.3 / 10.2 / 9.8\n"
            "05-04 09:00:01.123  1234  1250 E ActivityManager: CPU usage from 0ms to 5000ms later:\n"
            "05-04 09:00:01.123  1234  1250 E ActivityManager:   99% 4321/com.acme: 98% user + 1% kernel\n"
        ),
        [(1, "ANR in com.acme (com.acme/.MainActivity)", None, None)],
    ),
    "tombstone": (
        (
            "05-04 09:00:01.123  4321  4321 F DEBUG   : *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***"
            " ***\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   : Build fingerprint:"
            " 'google/sdk/generic:11/RSR1/1:userdebug/dev-keys'\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   : pid: 4300, tid: 4300, name: com.acme  >>> com.acme <<<\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   : signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   :     x0  0000000000000000  x1  0000007fc0\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   : backtrace:\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   :       #00 pc 0000000000012345 "
            " /data/app/com.acme/lib/arm64/libshop.so (cart_add+20) (BuildId: 0123)\n"
            "05-04 09:00:01.123  4321  4321 F DEBUG   :       #01 pc 0000000000012399 "
            " /data/app/com.acme/lib/arm64/libshop.so (main+4)\n"
        ),
        [(1, "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0", "SIGSEGV", "cart_add")],
    ),
    "apple-crash": (
        (
            "Incident Identifier: 6156848E-344E-4D9E-84E0-87AFD0D0AE7B\n"
            "CrashReporter Key:   76f2fb60060d6a7f814973377cbdc866fffd521f\n"
            "Process:             Shop [1234]\n"
            "Path:                /private/var/containers/Bundle/Application/Shop.app/Shop\n"
            "Identifier:          com.acme.shop\n"
            "Version:             1 (1.0)\n"
            "\n"
            "Date/Time:           2023-05-04 09:00:01.123 +0200\n"
            "OS Version:          iPhone OS 15.0 (19A346)\n"
            "\n"
            "Exception Type:  EXC_CRASH (SIGABRT)\n"
            "Exception Codes: 0x0000000000000000, 0x0000000000000000\n"
            "Triggered by Thread:  0\n"
            "\n"
            "Last Exception Backtrace:\n"
            "0   CoreFoundation                \t0x1a2b3c4d5 __exceptionPreprocess + 220\n"
            "1   libobjc.A.dylib               \t0x1b2b3c4d5 objc_exception_throw + 60\n"
            "2   Shop                          \t0x104f5c3a8 -[CartController add:] + 12\n"
            "\n"
            "Thread 0 Crashed:\n"
            "0   libsystem_kernel.dylib        \t0x1c2b3c4d5 __pthread_kill + 8\n"
            "1   libsystem_pthread.dylib       \t0x1d2b3c4d5 pthread_kill + 212\n"
            "\n"
            "Binary Images:\n"
            "0x104f50000 - 0x104f5ffff Shop arm64  <0123> /private/var/Shop\n"
        ),
        [(1, "EXC_CRASH (SIGABRT)", "SIGABRT", "Shop:-[CartController add:]")],
    ),
    "minidump": (
        (
            "Operating system: Linux\n"
            "                  0.0.0 Linux 5.4.0\n"
            "CPU: amd64\n"
            "     family 6 model 85 stepping 7\n"
            "     4 CPUs\n"
            "\n"
            "Crash reason:  SIGSEGV /SEGV_MAPERR\n"
            "Crash address: 0x0\n"
            "Process uptime: not available\n"
            "\n"
            "Thread 0 (crashed)\n"
            " 0  shop!cart_add [cart.c : 12 + 0x5]\n"
            "    rax = 0x0000000000000000   rdx = 0x0000000000000001\n"
            "    Found by: given as instruction pointer in context\n"
            " 1  shop!main [main.c : 3 + 0xa]\n"
            "    Found by: call frame info\n"
            "\n"
            "Thread 1\n"
            " 0  libc.so.6!__poll + 0x4f\n"
            "\n"
            "Loaded modules:\n"
            "0x00400000 - 0x00401fff  shop  ???  (main)\n"
        ),
        [(1, "SIGSEGV /SEGV_MAPERR", "SIGSEGV", "cart_add")],
    ),
    "zig": (
        (
            "thread 1234 panic: index out of bounds: index 5, len 3\n"
            "/src/cart.zig:12:15: 0x10a2b4 in total (shop)\n"
            "    return items[5];\n"
            "              ^\n"
            "/src/main.zig:3:10: 0x10a2f0 in main (shop)\n"
            "    cart.total();\n"
            "         ^\n"
            "Aborted (core dumped)\n"
        ),
        [(1, "thread 1234 panic: index out of bounds: index 5, len 3", None, None)],
    ),
}
