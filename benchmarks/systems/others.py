"""More systems with a fault or two each: PHP and MySQL, .NET, a queue of messages, batch jobs, a build, a host."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

PHP, MYSQL, NET, RABBIT, SHIPPER, JOB, BUILD, HOST, MONGO = (
    "php-fpm.log", "mysqld.log", "billing-api.log", "rabbitmq.log", "shipper.log", "nightly.log", "build.log", "syslog",
    "documents.log",
)  # fmt: skip
_RENDERS = {
    PHP: formats.nginx_error, MYSQL: formats.python_logging, NET: formats.logback, RABBIT: formats.python_logging,
    SHIPPER: formats.winston, JOB: formats.python_logging, BUILD: formats.go_plain, HOST: formats.syslog,
    MONGO: formats.logfmt,
}  # fmt: skip


def stories() -> Iterator[Story]:
    yield table_crashed()
    yield foreign_key()
    yield queue_gone()
    yield batch_of_bad_rows()
    yield full_disk_of_host()
    yield build_fails()
    yield elected()


def table_crashed() -> Story:
    story = Story("php/table_crashed", _RENDERS)
    for number in range(3):
        at = 10.0 + 4 * number
        story.log(
            MYSQL,
            at,
            "error",
            "Server",
            "[MY-010584] Table './blog/wp_options' is marked as crashed and should be repaired",
        )
        said = 'FastCGI sent in stderr: "PHP message: WordPress database error Table \'./blog/wp_options\' is marked as crashed and should be repaired for query SELECT option_value FROM wp_options made by wp_load_alloptions" while reading response header from upstream, request: "GET / HTTP/1.1"'
        story.log(PHP, at + 0.02, "error", "php", said)
        story.request(at - 0.01, "GET", "https://blog.example/", 500)
    story.truths = [Truth((MYSQL,), "marked as crashed")]
    return story


def foreign_key() -> Story:
    story = Story("dotnet/foreign_key", _RENDERS)
    trace = """Microsoft.EntityFrameworkCore.DbUpdateException: An error occurred while saving the entity changes. See the inner exception for details.
 ---> Microsoft.Data.SqlClient.SqlException (0x80131904): The INSERT statement conflicted with the FOREIGN KEY constraint "FK_Invoices_Customers". The conflict occurred in database "billing", table "dbo.Customers", column 'Id'.
   at Microsoft.Data.SqlClient.SqlCommand.<>c.<ExecuteDbDataReaderAsync>b__211_0(Task`1 result)
   --- End of inner exception stack trace ---
   at Microsoft.EntityFrameworkCore.Update.ReaderModificationCommandBatch.ExecuteAsync(IRelationalConnection connection)
   at Acme.Billing.InvoiceService.CreateAsync(InvoiceDraft draft) in /src/Billing/InvoiceService.cs:line 52
   at Acme.Billing.Controllers.InvoicesController.Post(InvoiceDraft draft) in /src/Billing/Controllers/InvoicesController.cs:line 27"""
    for number in range(2):
        at = 15.0 + 6 * number
        story.log(
            NET,
            at,
            "error",
            "Microsoft.AspNetCore.Server.Kestrel",
            f'Connection id "0HMVD{number}", Request id "0HMVD{number}:00000002": An unhandled exception was thrown by the application.',
            trace,
        )
        story.request(at - 0.1, "POST", "https://billing.example/api/invoices", 500, 130.0)
    story.truths = [Truth((NET,), "FK_Invoices_Customers")]
    return story


def queue_gone() -> Story:
    story = Story("rabbit/alarm", _RENDERS)
    story.log(
        RABBIT,
        5.0,
        "warn",
        "<0.412.0>",
        "memory resource limit alarm set on node rabbit@mq-1. Publishers will be blocked until this alarm clears",
    )
    for number in range(3):
        trace = "Error: channel publish timed out after 10000 ms\n    at Publisher.publish (/srv/shipper/src/publisher.js:61:13)\n    at ShipmentJob.run (/srv/shipper/src/jobs/shipment.js:33:5)"
        story.log(SHIPPER, 16.0 + 12 * number, "error", "shipper", f"shipment {81 + number} was not announced", trace)
    story.truths = [Truth((RABBIT,), "memory resource limit alarm")]
    return story


def batch_of_bad_rows() -> Story:
    """Hundreds of lines, one cause, and an end that only counts them."""
    story = Story("batch/bad_rows", _RENDERS)
    story.log(JOB, 0.0, "info", "nightly", "importing 4000 rows of prices.csv")
    for number in range(60):
        story.log(
            JOB,
            1.0 + 0.1 * number,
            "error",
            "nightly.rows",
            f"row {37 + 41 * number}: invalid literal for int() with base 10: '1.2{number % 10}'",
        )
    story.log(JOB, 9.0, "error", "nightly", "import of prices.csv failed: 60 of 4000 rows were rejected")
    story.log(JOB, 9.1, "error", "nightly", "job nightly-import exited with status 1")
    story.truths = [Truth((JOB,), "invalid literal")]
    return story


def full_disk_of_host() -> Story:
    story = Story("host/full_disk", _RENDERS)
    story.log(
        HOST, 4.0, "info", "kernel", "[81234.5] EXT4-fs warning (device sda1): ext4_dx_add_entry: Directory index full!"
    )
    for number, what in enumerate((
        "rsyslogd: action 'action-1' suspended: No space left on device", "mysqld[812]: [ERROR] /usr/sbin/mysqld: Disk is full writing './binlog.000012' (Errcode: 28). Waiting for someone to free space...",
        "cron[900]: (CRON) error (can't write pid file)", "systemd[1]: logrotate.service: Failed with result 'exit-code'.")):  # fmt: skip
        head, _, said = what.partition(": ")
        story.log(HOST, 6.0 + 2 * number, "error", head, said)
    story.truths = [Truth((HOST,), "No space left")]
    return story


def build_fails() -> Story:
    story = Story("build/compile", _RENDERS)
    for at, said in enumerate((
        "[1/4] Resolving packages...", "src/price.ts(41,17): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.",
        "src/basket.ts(9,3): error TS2305: Module '\"./price\"' has no exported member 'gross'.",
        "npm ERR! code ELIFECYCLE", "npm ERR! errno 2", "npm ERR! shop@1.4.0 build: `tsc -p .`", "npm ERR! Exit status 2", "##[error]Process completed with exit code 2.")):  # fmt: skip
        story.log(BUILD, float(at), "error" if at else "info", "build", said)
    story.truths = [Truth((BUILD,), "TS2345")]
    return story


def elected() -> Story:
    story = Story("mongo/not_primary", _RENDERS)
    story.log(
        MONGO,
        8.0,
        "warn",
        "driver",
        "server mongo-1:27017 is no longer primary, reason: stepping down after heartbeat timeout",
    )
    for number in range(3):
        trace = "MongoServerError: not primary\n    at Connection.onMessage (/srv/node_modules/mongodb/lib/cmap/connection.js:202:26)\n    at DocumentStore.save (/srv/src/store.js:40:9)"
        story.log(
            MONGO,
            8.5 + 1.5 * number,
            "error",
            "documents",
            f"document {number} was not saved: MongoServerError: not primary",
            trace,
        )
    story.truths = [Truth((MONGO,), "")]
    return story
