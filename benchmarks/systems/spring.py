"""Orders in Spring Boot services that talk over HTTP and Kafka."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

ORDERS, STOCK, MAIL, BROKER, GATEWAY = (
    "order-service.log",
    "stock-service.log",
    "mail-service.log",
    "kafka-server.log",
    "gateway.log",
)
_RENDERS = dict.fromkeys((ORDERS, STOCK, MAIL, GATEWAY), formats.logback) | {BROKER: formats.kafka}
SITE = "https://orders.example"
_SERVLET = """\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)
\tat org.apache.tomcat.util.threads.TaskThread$WrappingRunnable.run(TaskThread.java:61)
\tat java.base/java.lang.Thread.run(Thread.java:840)"""


def _ids(which: str) -> dict[str, str]:
    return {
        "traceId": f"64f1a2b3c4d5e6f708192a3b4c5d{int(which, 36):04x}",
        "spanId": f"a1b2c3d4e5f6{int(which, 36):04x}",
    }


def _story(name: str) -> Story:
    story = Story(f"spring/{name}", _RENDERS)
    for number, at in enumerate((1.0, 7.0, 13.0, 33.0, 58.0)):
        ids = _ids(f"h{number}")
        story.request(at, "GET", f"{SITE}/api/orders/{number}", 200, ids={"x_b3_traceid": ids["traceId"]})
        story.log(
            ORDERS,
            at + 0.01,
            "info",
            "c.a.orders.OrderController",
            f"loaded order {number}",
            ids=ids,
            thread="nio-8080-exec-1",
        )
    story.log(
        ORDERS,
        2.0,
        "warn",
        "o.h.engine.jdbc.spi.SqlExceptionHelper",
        "HHH90003004: firstResult/maxResults specified with collection fetch; applying in memory",
    )
    story.log(
        BROKER,
        3.0,
        "info",
        "kafka.coordinator.group.GroupCoordinator",
        "[GroupCoordinator 1]: Stabilized group mail generation 4",
    )
    return story


def stories() -> Iterator[Story]:
    yield stock_null()
    yield poison_message()
    yield broker_down()
    yield slow_stock()
    yield breaker_open()
    yield out_of_heap()


def _failed(story: Story, at: float, which: str, path: str, status: int = 500, took: float = 90.0) -> None:
    story.request(at, "POST", SITE + path, status, took, ids={"x_b3_traceid": _ids(which)["traceId"]})


def stock_null() -> Story:
    """The called service fails, the caller logs its answer with a long trace of its own."""
    story = _story("stock_null")
    for number in range(2):
        at, which = 20.0 + 5 * number, f"a{number}"
        trace = f"""java.lang.NullPointerException: Cannot invoke "com.acme.stock.Shelf.getFree()" because "shelf" is null
\tat com.acme.stock.ReservationService.reserve(ReservationService.java:57)
\tat com.acme.stock.StockController.reserve(StockController.java:33)
{_SERVLET}"""
        said = "Servlet.service() for servlet [dispatcherServlet] in context with path [] threw exception [Request processing failed] with root cause"
        story.log(
            STOCK,
            at,
            "error",
            "o.a.c.c.C.[.[.[/].[dispatcherServlet]",
            said,
            trace,
            ids=_ids(which),
            thread="nio-8080-exec-4",
        )
        wrapped = f"""org.springframework.web.client.HttpServerErrorException$InternalServerError: 500 : "{{"status":500,"error":"Internal Server Error","path":"/reserve"}}"
\tat org.springframework.web.client.HttpServerErrorException.create(HttpServerErrorException.java:102)
\tat org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:782)
\tat com.acme.orders.StockClient.reserve(StockClient.java:41)
\tat com.acme.orders.OrderService.place(OrderService.java:88)
{_SERVLET}"""
        story.log(
            ORDERS,
            at + 0.03,
            "error",
            "c.a.orders.OrderController",
            "could not place the order",
            wrapped,
            ids=_ids(which),
            thread="nio-8080-exec-2",
        )
        _failed(story, at - 0.04, which, "/api/orders")
    story.truths = [Truth((STOCK,), 'because "shelf" is null')]
    return story


def poison_message() -> Story:
    story = _story("poison_message")
    story.request(25.0, "POST", SITE + "/api/orders", 201)
    for number in range(4):
        trace = """org.springframework.kafka.listener.ListenerExecutionFailedException: Listener method 'public void com.acme.mail.OrderListener.on(com.acme.mail.OrderPlaced)' threw exception
\tat org.springframework.kafka.listener.adapter.MessagingMessageListenerAdapter.invokeHandler(MessagingMessageListenerAdapter.java:380)
\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.doInvokeRecordListener(KafkaMessageListenerContainer.java:2800)
Caused by: java.util.NoSuchElementException: no template for locale de_LU
\tat com.acme.mail.Templates.find(Templates.java:29)
\tat com.acme.mail.OrderListener.on(OrderListener.java:51)
\t... 12 more"""
        tries = f"interval=1000, currentAttempts={number + 1}, maxAttempts=3"
        said = f"Backoff FixedBackOff{{{tries}}} for orders-0@1841"
        story.log(MAIL, 25.5 + number, "error", "o.s.k.l.DefaultErrorHandler", said, trace, thread="ntainer#0-0-C-1")
    story.truths = [Truth((MAIL,), "no template for locale")]
    return story


def broker_down() -> Story:
    story = _story("broker_down")
    said = "Error while writing to checkpoint file /var/lib/kafka/orders-0/leader-epoch-checkpoint"
    trace = "java.io.IOException: No space left on device\n\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)\n\tat kafka.server.checkpoints.CheckpointFile.write(CheckpointFile.scala:72)"
    story.log(BROKER, 29.0, "error", "kafka.server.LogDirFailureChannel", said, trace)
    story.log(
        BROKER,
        29.2,
        "fatal",
        "kafka.log.LogManager",
        "Shutdown broker because all log dirs in /var/lib/kafka have failed",
    )
    for number in range(3):
        at = 30.0 + 6 * number
        story.log(
            ORDERS,
            at,
            "warn",
            "org.apache.kafka.clients.NetworkClient",
            "[Producer clientId=producer-1] Connection to node 1 (kafka/10.4.2.20:9092) could not be established. Broker may not be available.",
            thread="ad | producer-1",
        )
    which = "b0"
    trace = f"""org.springframework.kafka.KafkaException: Send failed
\tat org.springframework.kafka.core.KafkaTemplate.doSend(KafkaTemplate.java:688)
\tat com.acme.orders.OrderEvents.publish(OrderEvents.java:24)
\tat com.acme.orders.OrderService.place(OrderService.java:95)
{_SERVLET}
Caused by: org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 60000 ms."""
    story.log(
        ORDERS,
        92.0,
        "error",
        "c.a.orders.OrderController",
        "could not place the order",
        trace,
        ids=_ids(which),
        thread="nio-8080-exec-2",
    )
    _failed(story, 31.9, which, "/api/orders", 500, 60_120.0)
    story.truths = [Truth((BROKER,), "No space left on device")]
    return story


def slow_stock() -> Story:
    """The called service logs nothing: who calls it names it."""
    story = _story("slow_stock")
    for number in range(2):
        at, which = 40.0 + 9 * number, f"c{number}"
        trace = f"""org.springframework.web.client.ResourceAccessException: I/O error on POST request for "http://pricing-service:8080/quote": Read timed out
\tat org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:785)
\tat com.acme.orders.PricingClient.quote(PricingClient.java:36)
\tat com.acme.orders.OrderService.place(OrderService.java:84)
{_SERVLET}
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)"""
        story.log(
            ORDERS,
            at,
            "error",
            "c.a.orders.OrderController",
            "could not place the order",
            trace,
            ids=_ids(which),
            thread="nio-8080-exec-3",
        )
        _failed(story, at - 5.1, which, "/api/orders", 504, 5_110.0)
    story.truths = [Truth((), "", "pricing-service")]
    return story


def breaker_open() -> Story:
    """After some failures the breaker answers by itself."""
    story = _story("breaker_open")
    for number in range(3):
        at, which = 30.0 + number, f"d{number}"
        trace = f"""java.lang.ArithmeticException: / by zero
\tat com.acme.stock.Discounts.share(Discounts.java:19)
\tat com.acme.stock.StockController.price(StockController.java:61)
{_SERVLET}"""
        story.log(
            STOCK, at, "error", "c.a.stock.StockController", "could not compute the discount", trace, ids=_ids(which)
        )
        story.log(
            ORDERS,
            at + 0.02,
            "warn",
            "c.a.orders.StockClient",
            "stock-service answered with 500 for /price",
            ids=_ids(which),
        )
        _failed(story, at - 0.02, which, "/api/basket")
    for number in range(3, 6):
        at, which = 30.0 + number, f"d{number}"
        trace = f"""io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker 'stock-service' is OPEN and does not permit further calls
\tat io.github.resilience4j.circuitbreaker.CallNotPermittedException.createCallNotPermittedException(CallNotPermittedException.java:48)
\tat com.acme.orders.StockClient.price(StockClient.java:55)
{_SERVLET}"""
        story.log(
            ORDERS, at, "error", "c.a.orders.OrderController", "could not load the basket", trace, ids=_ids(which)
        )
        _failed(story, at - 0.02, which, "/api/basket", 503)
    story.truths = [Truth((STOCK,), "/ by zero")]
    return story


def out_of_heap() -> Story:
    story = _story("out_of_heap")
    story.log(
        ORDERS,
        44.0,
        "error",
        "o.a.c.c.C.[.[.[/].[dispatcherServlet]",
        "Handler dispatch failed",
        f"java.lang.OutOfMemoryError: Java heap space\n\tat com.acme.orders.Export.rows(Export.java:70)\n{_SERVLET}",
        ids=_ids("e0"),
        thread="nio-8080-exec-7",
    )
    _failed(story, 41.0, "e0", "/api/orders/export", 500, 3_050.0)
    for number in range(3):
        at = 46.0 + 2 * number
        story.log(
            ORDERS,
            at,
            "error",
            "com.zaxxer.hikari.pool.HikariPool",
            "HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta=58s).",
            thread="housekeeper",
        )
        said = "I/O error while reading input message; nested exception is org.apache.catalina.connector.ClientAbortException"
        story.log(
            ORDERS,
            at + 1,
            "error",
            "c.a.orders.ErrorAdvice",
            said,
            ids=_ids(f"e{number + 1}"),
            thread="nio-8080-exec-9",
        )
        _failed(story, at + 0.9, f"e{number + 1}", "/api/orders", 500)
    story.truths = [Truth((ORDERS,), "Java heap space")]
    return story
