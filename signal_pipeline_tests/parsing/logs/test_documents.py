"""Files of written text hold no errors, whatever they tell of; what a program printed stays a log."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.frame_schema import DOCUMENT
from signal_pipeline.parsing.logs.formats.document_lines import PRINTED_LINES, PROSE_WORDS, WRITTEN_LINES
from signal_pipeline_tests.parsing.logs.reading import read

WRITTEN = {
    "stub of a module": "from .errors import (\n    JoseError as JoseError,\n)\nfrom .other import Failure\n\n"
    + "".join(f"code_{number}_error: dict[str, int]\nLast{number}Error: Final = 4\n" for number in range(12)),
    "styles on one line each": "".join(
        f".failure-{number}{{color:var(--danger)}}\n.error-{number} .fails{{list-style:none;cursor:pointer}}\n"
        for number in range(12)
    ),
    "examples of a prompt": """Usage
=====

The shop raises what the bank raises, for it cannot know more than that.

>>> import shop.errors
>>> shop.pay(0)
Traceback (most recent call last):
    ...
ValueError: the amount is not positive
>>> try:
...     shop.pay(1)
... except shop.errors.Refused:
...     print('refused')
refused
""",
    "list of codes": "# The codes of the shop, and what they are called.\n#\n# One line each.\n" * 6
    + "".join(
        f"Section: Class {number:02} - Invalid Transaction Exception\n\n{number:02}000  E  INVALID_{number}\n\n"
        for number in range(30)
    ),
    "manual with a table": """Support
=======

==================  ==========================
version             supported until
==================  ==========================
1.4                 when the last error is fixed
==================  ==========================

This is a list of the encodings which are known to the shop. Those that are not
in the list will most likely fail to return a proper result, or an exception is
raised if the file does not exist.

- `utf-8` is always tried first
- `latin-1` never fails
""",
    "read-me": """# Shop client

A small client for the shop. It retries requests which failed because the
connection was refused, and raises an exception if the server answers with an
error that cannot be retried.

## Errors

All errors of the client are derived from `ShopError`, so that a caller can
catch one class. A timeout is reported as `ShopTimeout`, and its message has the
number of seconds after which the request was aborted.

- `NotFound` is raised when the cart does not exist.
- `Denied` is raised when the token was rejected.
""",
    "changelog": """Changes in 2.4

  * Fix a crash when the cart is empty
  * Fix error when the name of a customer has an umlaut
  * Timeout of payments is now thirty seconds
  * Raise an exception for invalid vouchers

Changes in 2.3

  * Failed payments are tried again after a minute, so that a short failure of
    the bank does not cancel the order
  * Memory leak in the importer fixed
""",
    "python": '''"""Errors of the shop."""

from __future__ import annotations

from shop.errors import ConnectionRefused, Timeout
from shop import exceptions


class PaymentFailed(exceptions.ShopError):
    """The bank refused the payment."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"payment failed: {reason}")


def pay(order):
    try:
        return bank.pay(order)
    except Timeout as error:
        raise PaymentFailed("timeout") from error
    except (ConnectionRefused, ValueError):
        logger.error("cannot reach the bank")
        raise
''',
    "shell": """#!/bin/bash
set -e
start_server
err=$?
if [ $err -ne 0 ]; then
  echo "server failed to start: error $err"
  exit $err
fi
trap 'echo aborted' ERR
test_expect_success 'rejects flags' '
  fail --fatal
'
""",
    "settings": """# Settings of the database

# What happens after a crash
#restart_after_crash = on   # reinitialize after backend crash?
#exit_on_error = off        # terminate session on any error?
#data_sync_retry = off      # retry or panic on failure to fsync
listen_addresses = '*'
log_min_error_statement = error
statement_timeout = 0
# Failed logins are delayed by so many seconds
auth_delay = 3
""",
    "c": """/* Errors of the shop. */
#include <errno.h>

#define SHOP_NO_ERROR 0
#define SHOP_CONNECTION_REFUSED 1
#error "shop_config.h must be included before"

static int add(struct cart *cart, int count)
{
    if (count < 0)
        return SHOP_INVALID;
    if (cart->full)
        abort();
    return SHOP_NO_ERROR;
}
""",
    "manual": """SHOP(1)                     User Commands                     SHOP(1)

NAME
       shop - sell things from the command line

EXIT STATUS
       The exit status is 0 if the order was accepted, and 1 if it failed
       because of an error in the arguments or because the server was not
       reachable. A fatal error of the server is reported on standard error,
       and the process is aborted unless the option for retries is given.

DIAGNOSTICS
       The messages that are printed when the connection is refused should
       be self-explanatory. You may see them when the network is down.
""",
}
PRINTED = {
    "records in markup": "".join(
        f"<msg time='2024-03-01T10:00:0{at}.123+01:00' org_id='oracle' comp_id='rdbms'\n"
        f" type='INCIDENT_ERROR' level='1' host_id='db1'\n host_addr='10.0.0.1' pid='7'>\n"
        " <txt>Errors in file /u01/shop.trc:\nORA-00600: internal error code, arguments: [a]\n </txt>\n</msg>\n"
        for at in range(4)
    ),
    "build": """make all
cc -O2 -o shop shop.c cart.c
shop.c: In function 'add':
shop.c:12:5: error: expected ';' before 'return'
make: *** [Makefile:3: shop] Error 1
make[1]: Leaving directory '/src'
""",
    "prose of a tool": """This is the shop, version 3
Reading the settings from the file that you gave
Starting with the settings of the file in the folder
The server cannot be reached because the connection was refused
Trying again, as you said that it should be tried if it fails
Trying again, as you said that it should be tried if it fails
process exited with code 3
The order that you made was not sent to the server
""",
    "trace": """# notes of a customer

I got this when I opened the cart of the other shop:

java.lang.IllegalStateException: cart is closed
    at shop.Cart.open(Cart.java:12)
    at shop.Main.main(Main.java:3)

It happens each time that I open it, and never on the phone.
The cart was empty when it happened, and it is full now.
And it is the only one that has it.
""",
    "failed test": """=================================== FAILURES ===================================
___________________________________ test_add ___________________________________

    def test_add():
        cart = Cart()
>       assert cart.add(7) == 8
E       assert 7 == 8
E        +  where 7 = add(7)

tests/test_cart.py:12: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_add - assert 7 == 8
""",
    "job that begins with its script": """#!/bin/bash -eo pipefail
bundle exec rspec
Failures:

  1) Cart sums the prices
     Failure/Error: expect(cart.total).to eq(12)

Finished in 0.12 seconds
8 examples, 1 failure

Failed examples:

rspec ./spec/cart_spec.rb:12 # Cart sums the prices

Exited with code exit status 1
""",
    "programs": "\n".join(
        f"web sshd[{pid}]: Failed password for root from the host with the name of a bank" for pid in range(40, 52)
    ),
    "timed": "\n".join(f"2024-03-01 10:00:0{at} the bank refused the payment for you" for at in range(9)),
}


def formats_and_errors(text: str) -> tuple[set[str], int]:
    records, _ = read(text.encode())
    return set(records["format"].to_list()), int(classify_entries(records)["is_error"].sum())


@pytest.mark.parametrize("name", WRITTEN)
def test_written_text_has_no_errors(name):
    assert formats_and_errors(WRITTEN[name]) == ({DOCUMENT}, 0)


@pytest.mark.parametrize("name", PRINTED)
def test_what_programs_print_has_errors(name):
    formats, errors = formats_and_errors(PRINTED[name])
    assert DOCUMENT not in formats
    assert errors >= 1


def test_a_process_that_died_is_an_error_in_written_text_too():
    text = WRITTEN["read-me"] + "\n```\n./shop\nSegmentation fault (core dumped)\n```\n"
    assert formats_and_errors(text)[1] == 1


@pytest.mark.parametrize("row", (*WRITTEN_LINES, *PRINTED_LINES), ids=lambda row: row.name)
def test_each_kind_of_line_matches_its_example(row):
    assert pl.Series([row.example]).str.contains(row.pattern).all()


def test_sentences_have_small_words():
    lines = pl.Series(["An error is raised if the file does not exist when you open it.", "cannot open the file"])
    assert lines.str.contains(PROSE_WORDS).to_list() == [True, False]
