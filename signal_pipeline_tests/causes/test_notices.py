"""Warnings that announce are told from those that tell of a failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signal_pipeline.causes.notices import is_notice
from signal_pipeline.causes.records import EntryRecord

ENTRY = EntryRecord(
    signature="a", service="shop", message="", error_type=None, severity=None, exception=None, frame=None, at=None,
    is_origin=False, is_felt=False, evidence={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ('Option "driver" from group "token" is deprecated for removal', True),
        ("DeprecationWarning: the asyncore module is deprecated", True),
        ("Buffer() is obsolete, use Buffer.from()", True),
        ("This is incorrect but backwards compatible behaviour.", True),
        ("componentWillMount will be removed in the next major version", True),
        ("please update api_servers with a fully qualified url", True),
        ("Could not find domain: default", False),
        ("retrying after the connection was reset", False),
        ("the file was removed while it was read", False),
        ("Volume status must be available to reserve, but the status is creating", False),
    ],
)
def test_notices(message: str, wanted: bool) -> None:
    assert is_notice(replace(ENTRY, message=message)) is wanted


def test_an_error_is_no_notice() -> None:
    assert not is_notice(replace(ENTRY, message="deprecated option: refused", error_type="GenericError"))
