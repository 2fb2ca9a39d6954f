"""An error in words: what its record says, what its trace says was raised, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import EntryRecord, IncidentRecord, SymptomRecord
from signal_pipeline.causes.statements import raised_in, raised_lines, said_by
from signal_pipeline.causes.wording import described, headline

ENTRY = EntryRecord(
    signature="a", service="shop", message="Could not save the order", error_type="DatabaseError", severity="high",
    exception="OperationalError", frame=None, at=None, is_origin=True, is_felt=False, evidence={},
)  # fmt: skip

# what was raised, the function, message, in words
WORDS: list[tuple[str | None, str | None, str, str]] = [
    (None, None, "Could not save the order", "Could not save the order"),
    (None, "shop.orders:place", "Could not save", "Could not save in `place`"),
    ("OperationalError: database is locked", "shop.orders:place", "Could not save the order",
     "Could not save the order: OperationalError: database is locked in `place`"),
    ("OperationalError: database is locked", None, "500: database is locked", "500: database is locked"),
    ("OperationalError: database is locked", None, "", "OperationalError: database is locked"),
    ("NoHost: it has no host", "utils:extract", f"Task {'x' * 140} failed", "NoHost: it has no host in `extract`"),
    ("KeyError: no such user", None, "Refused: no such user: KeyError: no such user", "Refused: no such user"),
    (None, None, "Refused: KeyError: no such user", "Refused: KeyError: no such user"),
    (None, None, "-> 504 Gateway Timeout: Gateway Timeout: it took long", "-> 504 Gateway Timeout: it took long"),
    ("KeyError: 'x'", "shop:pay", "[instance: 0a1cd93a-d70d-4f87] Pay failed.", "Pay failed: KeyError: 'x' in `pay`"),
    ("KeyError: 'x'", None, f"{'y' * 160} KeyError: 'x'", "KeyError: 'x'"),
    (None, None, "no role: admin.: RoleNotFound: no role: admin.", "no role: admin."),
    (None, None, f"{'z' * 100} (SQL) {{\"exception\":\"[object] {'y' * 60}", f"{'z' * 100} (SQL)"),
]  # fmt: skip


@pytest.mark.parametrize(("raised", "frame", "message", "words"), WORDS, ids=[case[3] for case in WORDS])
def test_an_error_in_words(raised: str | None, frame: str | None, message: str, words: str) -> None:
    assert described(replace(ENTRY, raised=raised, frame=frame, message=message)) == words


# what the user's request was answered, what the headline says of it
ANSWERS = [
    (
        "POST /orders -> 500 Internal Server Error: Could not save the order",
        "POST /orders -> 500 Internal Server Error",
    ),
    ("POST /orders -> 500: Something went wrong", "POST /orders -> 500: Something went wrong"),
    ("POST /orders -> 500", "POST /orders -> 500"),
    ("Could not save the order", "Could not save the order"),
]


@pytest.mark.parametrize(("answer", "said"), ANSWERS)
def test_a_headline_says_the_error_once(answer: str, said: str) -> None:
    felt = SymptomRecord(replace(ENTRY, signature="b", message=answer, is_felt=True), 1, "same id", 0.9, ({},))
    incident = IncidentRecord(1, ENTRY, "shop", in_evidence=True, symptoms=(felt,), tries=1)
    told = headline(problems_of([incident], {}), [], is_new=True)
    assert told == (
        f"1 problem: Could not save the order (shop), new; it failed {said}; 1 of 2 error groups follows from it."
    )


STATED = [
    ("Reconciler error", "dial tcp: connection refused", "Reconciler error: dial tcp: connection refused"),
    ("Cannot run command.", "no such device", "Cannot run command: no such device"),
    ("sync failed: quota used up", "quota used up.", "sync failed: quota used up"),
    ("", "quota used up", "quota used up"),
]


@pytest.mark.parametrize(("message", "stated", "words"), STATED)
def test_what_a_field_states_is_said(message: str, stated: str, words: str) -> None:
    assert described(replace(ENTRY, message=message, stated=stated)) == words


# what a symptom says, the command in the headline
COMMANDS = [
    ("openstack server add volume vm-1 disk-1 --device /dev/vdb ; Invalid input", "openstack server add volume"),
    ("API ERROR:  /usr/bin/kubectl apply -f a.yaml ; timed out", "kubectl apply"),
    ("Command '/usr/bin/git push origin main' returned non-zero exit status 128.", "git push origin main"),
    ('command "terraform apply" failed', "terraform apply"),
    ("Error executing command: `docker build .`", "docker build"),
    ("Command failed: npm install --save x", "npm install"),
    ("Command failed with exit 1: tar -xf a.tgz", "tar"),
    ("the order ; and the rest", None),
    ("Unknown command 'x'", None),
    ("Could not save the order", None),
]


@pytest.mark.parametrize(("message", "command"), COMMANDS)
def test_a_headline_names_the_command_that_failed(message: str, command: str | None) -> None:
    symptom = SymptomRecord(replace(ENTRY, signature="b", message=message), 1, "same id", 0.9, ({},))
    incident = IncidentRecord(1, ENTRY, "shop", in_evidence=True, symptoms=(symptom,), tries=1)
    told = headline(problems_of([incident], {}), [], is_new=True)
    assert (f"; it failed `{command}`;" in told) if command else ("it failed" not in told)


def test_who_made_a_null_value_is_named() -> None:
    entry = replace(ENTRY, message="it is None", frame="shop:book", made_in="pay order")
    assert described(entry) == "it is None in `book`, given null by `pay`"
    assert described(replace(entry, frame="shop:pay")) == "it is None in `pay`"


PYTHON = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nsqlite3.OperationalError: database is locked'
JAVA = (
    "java.lang.RuntimeException: outer\n\tat a.B.c(B.java:1)\nCaused by: java.net.ConnectException: refused\n\tat d.E.f"
)

DOTNET = (
    "Shop.UpdateException: See inner exception.\n ---> Npgsql.PostgresException (0x80004005): 23505: duplicate key\n"
    "   at A.B()"
)

# trace, what was raised first of all
TRACES: list[tuple[str | None, str | None]] = [
    (None, None),
    ("", None),
    (PYTHON, "OperationalError: database is locked"),
    (JAVA, "ConnectException: refused"),
    (DOTNET, "PostgresException: 23505: duplicate key"),
    ("System.AggregateException: One or more ---> System.IO.IOException: disk full", "IOException: disk full"),
    ("at a.B.c(B.java:1)", None),
    ("KeyError:", None),
]


@pytest.mark.parametrize(("trace", "raised"), TRACES)
def test_what_was_raised_first(trace: str | None, raised: str | None) -> None:
    assert raised_in(raised_lines(trace)) == raised


def test_an_exception_whose_name_is_no_errors_says_what_it_says() -> None:
    trace = f"Flow: InvalidVolume: first\n{PYTHON}\nsome.InvalidVolume: it has no host"
    assert said_by("cinder.InvalidVolume", trace) == "InvalidVolume: it has no host"
    assert said_by("Other", trace) is None and said_by(None, trace) is None and said_by("Other", None) is None
