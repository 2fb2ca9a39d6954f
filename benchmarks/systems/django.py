"""A site in Django with Celery and Redis."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

WEB, WORKER, BROKER, PROXY = "django.log", "celery-worker.log", "redis.log", "gunicorn-access.log"
_RENDERS = {
    WEB: formats.python_logging, WORKER: formats.celery, BROKER: formats.redis, PROXY: formats.nginx_access,
}  # fmt: skip
SITE = "https://intranet.example"


def _trace(*frames: tuple[str, int, str, str], last: str) -> str:
    lines = ["Traceback (most recent call last):"]
    for file, line, function, code in frames:
        lines += [f'  File "{file}", line {line}, in {function}', f"    {code}"]
    return "\n".join([*lines, last])


_DJANGO = (
    "/venv/lib/python3.11/site-packages/django/core/handlers/exception.py",
    55,
    "inner",
    "response = get_response(request)",
)
_CELERY = (
    "/venv/lib/python3.11/site-packages/celery/app/trace.py",
    453,
    "trace_task",
    "R = retval = fun(*args, **kwargs)",
)


def _story(name: str) -> Story:
    story = Story(f"django/{name}", _RENDERS)
    for number, at in enumerate((2.0, 6.0, 19.0, 44.0)):
        path = ("/", "/invoices/", "/invoices/41/", "/api/status/")[number]
        story.request(at, "GET", SITE + path, 200)
        story.log(PROXY, at + 0.04, "info", "gunicorn", f'"GET {path} HTTP/1.1" 200 1881')
    story.log(WORKER, 3.0, "info", "celery", "celery@web-1 ready.")
    story.log(
        WORKER,
        7.0,
        "info",
        "celery",
        "Task billing.tasks.rate_refresh[0c9a41de-9c1e-4b0a-8f5e-1f2f3a4b5c6d] succeeded in 0.2s: None",
        thread="ForkPoolWorker-2",
    )
    story.log(WEB, 8.0, "warn", "django.request", "Not Found: /favicon.ico")
    story.log(BROKER, 4.0, "info", "redis", "Background saving terminated with success")
    return story


def stories() -> Iterator[Story]:
    yield task_fails()
    yield broker_down()
    yield missing_column()
    yield read_only_broker()
    yield template_fault()


def task_fails() -> Story:
    """The page works; what it ordered fails later, and is tried again."""
    story = _story("task_fails")
    story.request(20.0, "POST", SITE + "/invoices/41/send/", 202)
    story.log(PROXY, 20.05, "info", "gunicorn", '"POST /invoices/41/send/ HTTP/1.1" 202 12')
    task = "billing.tasks.send_invoice[7d6f1c52-3f2a-4a86-b1c1-4b6a0d1e2f30]"
    trace = _trace(_CELERY, ("/app/billing/tasks.py", 31, "send_invoice", "pdf = render(invoice)"),
                   ("/app/billing/pdf.py", 74, "render", "total = invoice.lines.sum()"),
                   last="AttributeError: 'RelatedManager' object has no attribute 'sum'")  # fmt: skip
    for number in range(3):
        at = 20.5 + number * 10
        last = number == 2
        said = f"Task {task} raised unexpected: AttributeError(\"'RelatedManager' object has no attribute 'sum'\")"
        if not last:
            said = (
                f"Task {task} retry: Retry in 10s: AttributeError(\"'RelatedManager' object has no attribute 'sum'\")"
            )
        story.log(WORKER, at, "error" if last else "warn", "celery", said, trace, thread="ForkPoolWorker-1")
    story.request(55.0, "GET", SITE + "/invoices/41/", 200)
    story.truths = [Truth((WORKER,), "has no attribute 'sum'")]
    return story


def broker_down() -> Story:
    story = _story("broker_down")
    story.log(BROKER, 29.0, "warn", "redis", "Out Of Memory allocating 1048576 bytes!")
    story.log(BROKER, 29.01, "warn", "redis", "=== REDIS BUG REPORT START: Cut & paste starting from here ===")
    for number in range(3):
        at = 30.0 + number * 3
        trace = _trace(_DJANGO, ("/app/billing/views.py", 58, "send", "send_invoice.delay(pk)"),
                       ("/venv/lib/python3.11/site-packages/kombu/connection.py", 476, "_reraise_as_library_errors", "raise ConnectionError(str(exc)) from exc"),
                       last="kombu.exceptions.OperationalError: Error 111 connecting to redis:6379. Connection refused.")  # fmt: skip
        story.log(WEB, at, "error", "django.request", "Internal Server Error: /invoices/41/send/", trace)
        story.request(at - 0.1, "POST", SITE + "/invoices/41/send/", 500, 120.0)
        story.log(PROXY, at + 0.02, "info", "gunicorn", '"POST /invoices/41/send/ HTTP/1.1" 500 145')
        said = (
            "consumer: Cannot connect to redis://redis:6379/0: Error 111 connecting to redis:6379. Connection refused.."
        )
        story.log(WORKER, at + 0.4, "error", "celery", said + "\nTrying again in 2.00 seconds... (1/100)")
    story.truths = [Truth((BROKER,), "Out Of Memory")]
    return story


def missing_column() -> Story:
    """A migration that was not run."""
    story = _story("missing_column")
    for number, path in enumerate(("/customers/", "/customers/9/", "/customers/")):
        at = 25.0 + number * 4
        trace = _trace(
            ("/venv/lib/python3.11/site-packages/django/db/backends/utils.py", 89, "_execute", "return self.cursor.execute(sql, params)"),
            last="psycopg2.errors.UndefinedColumn: column customers_customer.vat_id does not exist\nLINE 1: ...customer\".\"name\", \"customers_customer\".\"vat_id\" FROM\n",
        ) + "\n\nThe above exception was the direct cause of the following exception:\n\n" + _trace(
            _DJANGO, ("/app/customers/views.py", 22, "index" if number != 1 else "detail", "return render(request, 'list.html', {'rows': list(rows)})"),
            ("/venv/lib/python3.11/site-packages/django/db/utils.py", 91, "__exit__", "raise dj_exc_value.with_traceback(traceback) from exc_value"),
            last="django.db.utils.ProgrammingError: column customers_customer.vat_id does not exist\nLINE 1: ...customer\".\"name\", \"customers_customer\".\"vat_id\" FROM",
        )  # fmt: skip
        story.log(WEB, at, "error", "django.request", f"Internal Server Error: {path}", trace)
        story.request(at - 0.05, "GET", SITE + path, 500, 60.0)
        story.log(PROXY, at + 0.02, "info", "gunicorn", f'"GET {path} HTTP/1.1" 500 145')
    story.truths = [Truth((WEB,), "vat_id does not exist")]
    return story


def read_only_broker() -> Story:
    story = _story("disk_of_broker")
    story.log(
        BROKER,
        31.0,
        "warn",
        "redis",
        "Failed opening the temp RDB file temp-91.rdb (in server root dir /data) for saving: No space left on device",
    )
    story.log(BROKER, 31.1, "warn", "redis", "Background saving error")
    for number in range(2):
        at = 33.0 + number * 5
        trace = _trace(_DJANGO, ("/app/accounts/views.py", 40, "login", "request.session.save()"),
                       ("/venv/lib/python3.11/site-packages/redis/connection.py", 800, "read_response", "raise response"),
                       last="redis.exceptions.ResponseError: MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled")  # fmt: skip
        story.log(WEB, at, "error", "django.request", "Internal Server Error: /accounts/login/", trace)
        story.request(at - 0.03, "POST", SITE + "/accounts/login/", 500)
        story.log(PROXY, at + 0.02, "info", "gunicorn", '"POST /accounts/login/ HTTP/1.1" 500 145')
    story.truths = [Truth((BROKER,), "No space left on device")]
    return story


def template_fault() -> Story:
    story = _story("template_fault")
    trace = _trace(_DJANGO, ("/app/reports/views.py", 15, "year", "return render(request, 'year.html', context)"),
                   ("/venv/lib/python3.11/site-packages/django/template/library.py", 237, "render", "output = self.func(*resolved_args, **resolved_kwargs)"),
                   ("/app/reports/templatetags/money.py", 12, "percent", "return 100 * part / whole"),
                   last="ZeroDivisionError: division by zero")  # fmt: skip
    story.log(WEB, 35.0, "error", "django.request", "Internal Server Error: /reports/2026/", trace)
    story.request(34.8, "GET", SITE + "/reports/2026/", 500, 210.0)
    story.log(PROXY, 35.02, "info", "gunicorn", '"GET /reports/2026/ HTTP/1.1" 500 145')
    story.truths = [Truth((WEB,), "division by zero")]
    return story
