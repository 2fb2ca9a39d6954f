"""The same crash from another build, host or day has the same top frames; another crash has others."""

import pytest

from signal_pipeline.stack_traces.identity import crash_kind, frame_label, top_frames
from signal_pipeline.stack_traces.model import StackFrame
from signal_pipeline.stack_traces.parse import parse_stack_trace

# language, function, module, file -> label
LABELS = [
    ("java", "lambda$add$0", "com.acme.Cart", "Cart.java", "com.acme.Cart:lambda$add"),
    ("java", "apply", "com.acme.Cart$$Lambda$814", "", "com.acme.Cart$$Lambda:apply"),
    ("java", "run", "com.acme.Cart$1", "Cart.java", "com.acme.Cart$:run"),
    ("java", "add", "com.acme.Cart$$EnhancerBySpringCGLIB$$3f2a", "", "com.acme.Cart:add"),
    ("javascript", "render", "", "https://cdn.example/assets/app.3f2a1b.js?v=3", "app.js:render"),
    ("javascript", "render", "", "https://cdn2.example/assets/app.99aa77.js", "app.js:render"),
    ("javascript", "t.render", "", "https://cdn.example/index-BbVGz6C8.js", "index.js:t.render"),
    ("javascript", "Layer.handle [as handle_request]", "", "/srv/shop/src/layer.js", "shop/layer.js:Layer.handle"),
    ("javascript", "Object.<anonymous>", "", "/home/joe/shop/cart.js", "shop/cart.js:<anonymous>"),
    ("go", "(*Cart).Add.func1.2", "example.com/shop", "", "example.com/shop:(*Cart).Add"),
    ("go", "Map[...]", "example.com/shop", "", "example.com/shop:Map"),
    ("rust", "shop::cart::Cart<T>::add::{{closure}}::h0123456789abcdef", "", "", "shop::cart::Cart:add"),
    ("rust", "<shop::Cart as core::ops::Drop>::drop", "", "", "shop::Cart:drop"),
    ("native", "void shop::Cart<int, std::vector<int> >::add(int, char const*) const", "", "", "shop::Cart:add"),
    ("native", "add.isra.0", "libshop.so.1.2", "", "add"),
    ("native", "(anonymous namespace)::add(int)", "", "", "anonymous:add"),
    ("native", "shop::Cart::operator()(int)", "", "", "shop::Cart:operator_call"),
    ("native", "_ZN4shop4Cart3addEi", "", "", "shop::Cart:add"),
    ("native", "", "libshop.so", "", "libshop.so:??"),
    ("csharp", "MoveNext", "Shop.Cart.<AddAsync>d__2`1", "", "Shop.Cart:AddAsync"),
    ("csharp", "<Add>b__0", "Shop.Cart.<>c__DisplayClass1_0", "", "Shop.Cart:Add"),
    ("csharp", "Add", "Shop.Cart`1[System.String]", "", "Shop.Cart:Add"),
    ("ruby", "block (2 levels) in Cart#add", "", "/srv/app/models/cart.rb", "models/cart.rb:add"),
    ("ruby", "block in add", "", "/home/joe/shop/app/models/cart.rb", "models/cart.rb:add"),
    ("php", "add", "App\\Cart", "/var/www/a.php", "App\\Cart:add"),
    ("swift", "closure #1 in Cart.add<A>(item:)", "Shop", "", "Shop:Cart.add"),
    ("swift", "-[Cart add:]", "Shop", "", "Shop:-[Cart add:]"),
    ("dart", "Cart.add.<anonymous closure>", "cart.dart", "", "cart.dart:Cart.add"),
    ("elixir", "-add/2-fun-0-", "cart", "", "cart:add"),
]


@pytest.mark.parametrize(("language", "function", "module", "file", "expected"), LABELS)
def test_frame_label(language: str, function: str, module: str, file: str, expected: str) -> None:
    assert frame_label(StackFrame(function, module, file, language=language)) == expected


# Two texts of one crash.
SAME = {
    "java lines, lambdas, threads": (
        "a.BException: order 12\n\tat com.acme.Cart.lambda$add$0(Cart.java:12)\n\tat "
        "com.acme.Cart$$Lambda$814/0x000008.run(Unknown Source)",
        "a.BException: order 99\n\tat com.acme.Cart.lambda$add$7(Cart.java:40)\n\tat "
        "com.acme.Cart$$Lambda$33/0x00000a.run(Unknown Source)",
    ),
    "java module prefix": (
        "a.BException: c\n\tat app//com.acme.Cart.add(Cart.java:1)\n\tat "
        "java.base/java.lang.Thread.run(Thread.java:829)",
        "a.BException: c\n\tat com.acme.Cart.add(Cart.java:2)\n\tat java.lang.Thread.run(Thread.java:748)",
    ),
    "python install folder": (
        'Traceback (most recent call last):\n  File "/home/joe/shop/cart.py", line 3, in add\nKeyError: 1',
        'Traceback (most recent call last):\n  File "/opt/releases/20240102/shop/cart.py", line 9, in add\nKeyError: 2',
    ),
    "bundle hash": (
        "TypeError: a\n    at add (https://a.example/js/app.3f2a1b.js:1:2)\n    at run "
        "(https://a.example/js/vendor.99aa77.js:3:4)",
        "TypeError: a\n    at add (https://b.example/js/app.77cc12.js:9:8)\n    at run "
        "(https://b.example/js/vendor.1b2c3d.js:7:6)",
    ),
    "go addresses and closures": (
        "panic: a\n\ngoroutine 1 [running]:\nmain.f.func1(0xc0001)\n\t/home/a/main.go:1 "
        "+0x1\nmain.main()\n\t/home/a/main.go:2 +0x2",
        "panic: a\n\ngoroutine 7 [running]:\nmain.f.func2(0xc0009)\n\t/ci/b/main.go:5 "
        "+0x9\nmain.main()\n\t/ci/b/main.go:6 +0x8",
    ),
    "native addresses and offsets": (
        "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 0x11 in free "
        "/x/a.cpp:1\n    #1 0x12 in shop::add<int>(int) /a/cart.c:12:5",
        "==9==ERROR: AddressSanitizer: heap-use-after-free on address 0x9\n    #0 0x91 in "
        "__interceptor_free /y/a.cpp:9\n    #1 0x92 in shop::add<long>(long) /b/cart.c:99:1",
    ),
    "rust hashes": (
        "thread 'main' panicked at 'a', src/a.rs:1:1\nstack backtrace:\n   0: 0x11 - "
        "std::panicking::begin_panic::h0123456789abcdef\n   1: 0x12 - shop::add::h0123456789abcdef",
        "thread 'w' panicked at 'a', src/a.rs:9:9\nstack backtrace:\n   0: 0x91 - "
        "std::panicking::begin_panic::hfedcba9876543210\n   1: 0x92 - shop::add::hfedcba9876543210",
    ),
    "ruby quotes": (
        "/srv/app/models/cart.rb:1:in `add': a (ArgumentError)\n\tfrom /srv/app/models/cart.rb:2:in `block in each'",
        "/srv/app/models/cart.rb:7:in 'Cart#add': a (ArgumentError)\n\tfrom /srv/app/models/cart.rb:8:in "
        "'block in Cart#each'",
    ),
    "data race seen from the other side": (
        "WARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 8 at 0x1 by thread T1:\n    #0 put "
        "/a/q.c:1 (shop+0x1)\n\n  Previous read of size 8 at 0x1 by main thread:\n    #0 get /a/q.c:9 "
        "(shop+0x2)\n",
        "WARNING: ThreadSanitizer: data race (pid=2)\n  Read of size 8 at 0x2 by main thread:\n    #0 "
        "get /a/q.c:9 (shop+0x2)\n\n  Previous write of size 8 at 0x2 by thread T4:\n    #0 put /a/q.c:1 "
        "(shop+0x1)\n",
    ),
    "stack overflow stopped elsewhere in its cycle": (
        "java.lang.StackOverflowError\n" + "\tat a.B.f(B.java:1)\n\tat a.B.g(B.java:2)\n\tat a.B.h(B.java:3)\n" * 500,
        "java.lang.StackOverflowError\n\tat a.B.h(B.java:3)\n"
        + "\tat a.B.f(B.java:1)\n\tat a.B.g(B.java:2)\n\tat a.B.h(B.java:3)\n" * 90,
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_same_crash(name: str) -> None:
    first, second = (parse_stack_trace(text) for text in SAME[name])
    assert first is not None
    assert second is not None
    assert first.exception_class == second.exception_class
    assert top_frames(first) == top_frames(second)
    assert top_frames(first)


DIFFERENT = {
    "wrapped causes": (
        "a.Outer: x\n\tat c.Job.run(Job.java:1)\nCaused by: a.B: x\n\tat c.Cart.add(Cart.java:1)",
        "a.Outer: x\n\tat c.Job.run(Job.java:1)\nCaused by: a.B: x\n\tat c.Cart.remove(Cart.java:1)",
    ),
    "assertions in one function": (
        "#\n# Fatal error in ../src/cart.cc, line 12\n# Check failed: n > 0.\n#",
        "#\n# Fatal error in ../src/cart.cc, line 40\n# Check failed: p != nullptr.\n#",
    ),
    "same handler, other view": (
        'Traceback (most recent call last):\n  File "/srv/app/users/views.py", line 3, in get\nKeyError: 1',
        'Traceback (most recent call last):\n  File "/srv/app/orders/views.py", line 3, in get\nKeyError: 1',
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_crashes(name: str) -> None:
    first, second = (parse_stack_trace(text) for text in DIFFERENT[name])
    assert first is not None
    assert second is not None
    assert top_frames(first) != top_frames(second)


def test_frameworks_count_only_when_there_is_nothing_else() -> None:
    framework = "\tat org.springframework.web.Servlet.run(Servlet.java:1)\n"
    own = parse_stack_trace("a.BException: c\n" + framework + "\tat com.acme.Cart.add(Cart.java:1)")
    alone = parse_stack_trace("a.BException: c\n" + framework)
    assert own is not None
    assert alone is not None
    assert top_frames(own) == ("com.acme.Cart:add",)
    assert top_frames(alone) == ("org.springframework.web.Servlet:run",)


def test_frames_above_a_signal_handler_do_not_count() -> None:
    trace = parse_stack_trace(
        "Program terminated with signal SIGSEGV, Segmentation fault.\n#0  0x1 in report () at r.c:1\n"
        "#1  <signal handler called>\n#2  0x2 in add (n=1) at cart.c:12\n#3  0x3 in main () at m.c:1"
    )
    assert trace is not None
    assert top_frames(trace) == ("add",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1 at pc 0x2", "heap-buffer-overflow"),
        ("==1==ERROR: AddressSanitizer: SEGV on unknown address 0x0", "segv"),
        ("==1==ERROR: AddressSanitizer: ABRT on unknown address 0x0", "abort"),
        ("cart.c:1:2: runtime error: shift exponent 99 is too large", "undefined-behavior"),
        ("panic: runtime error: index out of range [5] with length 3", "index-out-of-range"),
        ("shop: cart.c:12: add: Assertion `n > 0' failed.", "assertion"),
        ("==1== ERROR: libFuzzer: timeout after 26 seconds", "timeout"),
        ("hello", None),
        ("", None),
    ],
)
def test_crash_kind_of_text(text: str, kind: str | None) -> None:
    assert crash_kind(text) == kind


def test_page_without_a_file_name_keeps_its_host_out() -> None:
    frame = StackFrame("onclick", "", "https://shop.example/", language="javascript")
    assert frame_label(frame) == "<page>:onclick"


def test_causes_written_as_a_numbered_list_are_no_frames() -> None:
    trace = parse_stack_trace(
        "\nCaused by:\n    0: reading file\n    1: not found\n\n"
        "Stack backtrace:\n   0: anyhow::error::new\n   1: shop::load",
        "Error: could not load",
    )
    assert trace is not None
    assert [frame.function for frame in trace.frames] == ["anyhow::error::new", "shop::load"]
