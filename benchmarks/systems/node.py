"""A shop in Node and Express behind nginx, with Postgres, as its browser and its logs tell of it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

API, NGINX, ACCESS, DATABASE = "api.log", "nginx-error.log", "nginx-access.log", "postgresql.log"
_RENDERS = {API: formats.pino, NGINX: formats.nginx_error, ACCESS: formats.nginx_access, DATABASE: formats.postgres}
_STACK = """    at {0} (/srv/app/src/{1})
    at processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async /srv/app/src/routes/{2}.js:31:18
    at async Layer.handle [as handle_request] (/srv/app/node_modules/express/lib/router/layer.js:95:5)"""
SITE = "https://shop.example"


def _story(name: str) -> Story:
    story = Story(f"node/{name}", _RENDERS)
    for number, at in enumerate((1.0, 3.5, 9.0, 22.0, 41.0)):
        path = ("/", "/api/articles?page=2", "/api/basket", "/assets/app.js", "/api/articles/17")[number]
        _answered(story, at, "GET", path, 200, f"f{number}")
        story.log(API, at + 0.02, "info", "shop-api", "request completed", ids={"reqId": f"req-f{number}"})
    story.log(DATABASE, 2.0, "info", "shop@shop", "checkpoint starting: time", thread="44")
    story.log(API, 5.0, "warn", "shop-api", "DeprecationWarning: Buffer() is deprecated, please use Buffer.alloc()")
    return story


def _answered(story: Story, at: float, method: str, path: str, status: int, which: str, took: float = 40.0) -> None:
    story.request(at, method, SITE + path, status, took, ids={"x_request_id": f"req-{which}"})
    story.log(ACCESS, at + took / 1000, "info", "nginx", f'"{method} {path} HTTP/1.1" {status} 512')


def stories() -> Iterator[Story]:
    yield unique_number()
    yield crash_loop()
    yield pool_exhausted()
    yield undefined_field()
    yield two_faults()


def _unique(story: Story, at: float, which: str) -> None:
    said = 'duplicate key value violates unique constraint "orders_number_key"'
    below = "DETAIL:  Key (number)=(2026-118) already exists.\nSTATEMENT:  INSERT INTO orders (number, total) VALUES ($1, $2)"
    story.log(DATABASE, at, "error", "shop@shop", said, below)
    trace = f"error: {said}\n" + _STACK.format("OrderRepository.insert", "repositories/orders.js:44:22", "orders")
    story.log(API, at + 0.004, "error", "shop-api", "could not place order", trace, ids={"reqId": f"req-{which}"})
    story.log(
        API, at + 0.006, "error", "shop-api", "request errored", ids={"reqId": f"req-{which}", "statusCode": "500"}
    )
    _answered(story, at - 0.03, "POST", "/api/orders", 500, which)


def unique_number() -> Story:
    story = _story("unique_number")
    _unique(story, 30.0, "a1")
    _unique(story, 34.0, "a2")
    story.truths = [Truth((API, DATABASE), "orders_number_key")]
    return story


def crash_loop() -> Story:
    story = _story("unhandled_rejection")
    trace = "TypeError: Cannot read properties of undefined (reading 'rate')\n" + _STACK.format(
        "computeShipping", "services/shipping.js:88:31", "basket"
    )
    story.log(API, 50.0, "fatal", "shop-api", "unhandledRejection, exiting", trace)
    for number in range(4):
        at, which = 50.2 + number * 1.5, f"b{number}"
        said = (
            "connect() failed (111: Connection refused) while connecting to upstream, client: 10.4.2.7, server:"
            ' shop.example, request: "GET /api/basket HTTP/1.1", upstream: "http://127.0.0.1:3000/api/basket"'
        )
        story.log(NGINX, at, "error", "nginx", said)
        _answered(story, at - 0.01, "GET", "/api/basket", 502, which, 10.0)
    story.truths = [Truth((API,), "reading 'rate'")]
    return story


def pool_exhausted() -> Story:
    story = _story("too_many_clients")
    for number, path in enumerate(("/api/basket", "/api/articles", "/api/orders/12", "/api/profile")):
        at = 60.0 + number * 0.7
        story.log(DATABASE, at, "fatal", "shop@shop", "sorry, too many clients already", thread=str(900 + number))
        trace = "error: sorry, too many clients already\n" + _STACK.format(
            "Parser.parseErrorMessage", "../node_modules/pg-protocol/dist/parser.js:283:98", "any"
        )
        ids = {"reqId": f"req-c{number}"}
        story.log(API, at + 0.01, "error", "shop-api", "request errored", trace, ids=ids)
        _answered(story, at - 0.05, "GET", path, 500, f"c{number}", 70.0)
    story.truths = [Truth((DATABASE, API), "too many clients")]
    return story


def _undefined(story: Story, at: float, which: str) -> None:
    trace = "TypeError: Cannot read properties of null (reading 'price')\n" + _STACK.format(
        "totalOf", "services/basket.js:17:40", "basket"
    )
    story.log(
        API,
        at,
        "error",
        "shop-api",
        "Cannot read properties of null (reading 'price')",
        trace,
        ids={"reqId": f"req-{which}"},
    )
    _answered(story, at - 0.02, "PUT", "/api/basket", 500, which)


def undefined_field() -> Story:
    story = _story("undefined_field")
    _undefined(story, 28.0, "d1")
    story.truths = [Truth((API,), "reading 'price'")]
    return story


def two_faults() -> Story:
    story = _story("two_faults")
    _unique(story, 30.0, "a1")
    _undefined(story, 31.0, "d1")
    story.truths = [Truth((API, DATABASE), "orders_number_key"), Truth((API,), "reading 'price'")]
    return story
