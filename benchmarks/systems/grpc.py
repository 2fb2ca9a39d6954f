"""Microservices in Go that call each other over gRPC and pass a trace id on."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

EDGE, CHECKOUT, PAYMENT, CURRENCY, SHIPPING = (
    f"{name}.log" for name in ("edge", "checkout", "payment", "currency", "shipping")
)
_RENDERS = dict.fromkeys((EDGE, CHECKOUT, PAYMENT, CURRENCY, SHIPPING), formats.zap)
SITE = "https://go.example"


def _ids(which: str) -> dict[str, str]:
    return {"trace_id": f"0af7651916cd43dd8448eb211c80{int(which, 36):04x}"}


def _story(name: str) -> Story:
    story = Story(f"grpc/{name}", _RENDERS)
    for number, at in enumerate((1.0, 4.0, 11.0, 26.0, 47.0)):
        for file in (EDGE, CHECKOUT, CURRENCY):
            story.log(
                file, at + 0.01, "info", "server/interceptor.go:40", "finished unary call", ids=_ids(f"h{number}")
            )
        story.request(at, "GET", f"{SITE}/products/{number}", 200)
    story.log(SHIPPING, 12.0, "warn", "server/server.go:12", "tracing disabled: no collector address set")
    return story


def stories() -> Iterator[Story]:
    yield bad_rate()
    yield payment_gone()
    yield deadline()
    yield certificate()
    yield two_faults()


def _checkout(story: Story, at: float, which: str, what: str, code: str, status: int = 500, took: float = 80.0) -> None:
    story.log(
        CHECKOUT,
        at + 0.01,
        "error",
        "checkout/place.go:131",
        f"failed to place order: {what}: rpc error: code = {code}",
        ids=_ids(which),
    )
    story.log(
        EDGE,
        at + 0.02,
        "error",
        "edge/handler.go:77",
        f"request error: failed to complete the order: rpc error: code = {code.partition(' ')[0]} desc = {what}",
        ids=_ids(which),
    )
    story.request(at - took / 1000 + 0.03, "POST", f"{SITE}/checkout", status, took)


def _bad_rate(story: Story, at: float, which: str) -> None:
    trace = "currency.(*Converter).Convert\n\t/src/currency/convert.go:53\ncurrency.(*Server).Convert\n\t/src/currency/server.go:28\ngoogle.golang.org/grpc.(*Server).processUnaryRPC\n\t/go/pkg/mod/google.golang.org/grpc@v1.60.1/server.go:1343"
    story.log(
        CURRENCY, at, "error", "currency/convert.go:53", "no rate for ISK since 2026-03-01", trace, ids=_ids(which)
    )
    _checkout(story, at, which, "failed to convert price", "Internal desc = no rate for ISK since 2026-03-01")


def bad_rate() -> Story:
    story = _story("bad_rate")
    for number in range(2):
        _bad_rate(story, 30.0 + 8 * number, f"a{number}")
    story.truths = [Truth((CURRENCY,), "no rate for ISK")]
    return story


def payment_gone() -> Story:
    story = _story("payment_gone")
    story.log(
        PAYMENT,
        29.0,
        "fatal",
        "payment/main.go:44",
        "failed to load key ring: open /etc/keys/current: no such file or directory",
    )
    for number in range(3):
        _checkout(
            story,
            30.0 + 4 * number,
            f"b{number}",
            "failed to charge card",
            'Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.7.9:50051: connect: connection refused"',
        )
    story.truths = [Truth((PAYMENT,), "failed to load key ring")]
    return story


def deadline() -> Story:
    story = _story("deadline")
    for number in range(2):
        at = 36.0 + 9 * number
        story.log(
            SHIPPING,
            at - 0.5,
            "warn",
            "shipping/quote.go:61",
            "carrier api.parcel.example: retry 3 of 3 after 2s: context deadline exceeded",
            ids=_ids(f"c{number}"),
        )
        story.log(
            SHIPPING,
            at,
            "error",
            "shipping/quote.go:70",
            'Get "https://api.parcel.example/v1/rates": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            ids=_ids(f"c{number}"),
        )
        _checkout(
            story,
            at,
            f"c{number}",
            "failed to get shipping quote",
            "DeadlineExceeded desc = context deadline exceeded",
            504,
            6_000.0,
        )
    story.truths = [Truth((), "", "api")]
    return story


def certificate() -> Story:
    story = _story("certificate")
    for number in range(2):
        at = 33.0 + 6 * number
        story.log(
            PAYMENT,
            at,
            "error",
            "payment/gateway.go:90",
            'Post "https://gateway.bank.example/charge": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-03T09:30:33Z is after 2026-03-03T00:00:00Z',
            ids=_ids(f"d{number}"),
        )
        _checkout(story, at, f"d{number}", "failed to charge card", "Unknown desc = could not charge the card")
    story.truths = [Truth((PAYMENT,), "certificate has expired")]
    return story


def two_faults() -> Story:
    story = certificate()
    story.name = "grpc/two_faults"
    for number in range(2):
        _bad_rate(story, 34.0 + 6 * number, f"e{number}")
    story.truths.append(Truth((CURRENCY,), "no rate for ISK"))
    return story
