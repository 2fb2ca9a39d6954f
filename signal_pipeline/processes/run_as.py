"""The unprivileged user that Postgres runs as when we are root, which it refuses to be.

What belongs here: choosing the user and becoming it in a forked child. What does not: who needs it.

No user is created and no folder outside the state folder changes its permissions. Where the user could not
reach the files (a state folder or a virtual environment below /root, say), the child keeps, on Linux, the one
capability to pass through closed folders.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed

_CANDIDATES = ("nobody", "daemon")
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True)
class RunAs:
    """A user to become, with the capability to keep (None: none)."""

    uid: int
    gid: int
    capability: int | None = None

    def become(self) -> None:
        """Switch the calling process over. For a forked child, before exec."""
        os.setgroups([])
        os.setgid(self.gid)
        if self.capability is None:
            os.setuid(self.uid)
        else:
            _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setuid(self.uid)
            _keep_only(self.capability)


def unprivileged_user(paths: Iterable[Path]) -> RunAs | None:
    """Whom to run as, so that `paths` can be reached; None when we are not root and run as we are."""
    if os.geteuid() != 0:
        return None
    uid, gid = _first_user()
    closed = [folder for path in paths for folder in path.resolve().parents if not _passable(folder, uid, gid)]
    if not closed:
        return RunAs(uid, gid)
    capability = _capability()
    if capability is None:
        raise LocalServerFailed(
            f"Postgres does not run as root, and no other user can enter {closed[0]}; "
            "set SIGNAL_PIPELINE_HOME to a folder that others may enter, or run as an ordinary user"
        )
    return RunAs(uid, gid, capability)


def _first_user() -> tuple[int, int]:
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise LocalServerFailed(
        f"Postgres does not run as root, and there is no user {' or '.join(_CANDIDATES)}; run as an ordinary user"
    )


def _passable(folder: Path, uid: int, gid: int) -> bool:
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _capability() -> int | None:
    """The narrowest capability we hold that passes through closed folders (containers often hold the wider only)."""
    if sys.platform != "linux":
        return None
    status = Path("/proc/self/status").read_text()
    held = int(status.partition("CapPrm:")[2].split()[0], 16)
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if held & (1 << capability):
            return capability
    return None


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


# Loaded here rather than in the forked child, where loading could deadlock.
_LIBC = ctypes.CDLL(None, use_errno=True)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = _Header(_CAPABILITY_VERSION_3, 0)
    data = (_Data * 2)(_Data(bit, bit, bit), _Data(0, 0, 0))
    _call("capset", ctypes.byref(header), data)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(_LIBC, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
