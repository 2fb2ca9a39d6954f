"""Unix sockets of our own processes, in a folder that no other user may enter.

What belongs here: where they are, and that the folder is private. What does not: what is said over one.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.state import StateFolder

# 107 bytes on Linux, 103 on macOS.
_LONGEST_ADDRESS = 100
# gRPC reads an address as a URI: a space, a quotation mark or % would be another path, or none.
_PLAIN = re.compile(r"[A-Za-z0-9/._+-]+")


def socket_address(folder: StateFolder, name: str) -> Path:
    """Below the state folder, or in a private temporary folder where that path is too long or not plain."""
    address = folder.run / name
    if len(os.fsencode(address)) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(str(address)):
        return address
    digest = hashlib.sha256(os.fsencode(folder.root)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"signal-pipeline-{os.getuid()}-{digest}" / name


def make_socket_folder(address: Path, state: StateFolder) -> None:
    """The socket's folder exists, is ours and is closed; LocalServerFailed where somebody else made it before us."""
    folder = address.parent
    if folder == state.run:
        return  # closed by the state folder; its owner may be another user than root, who runs us
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise LocalServerFailed(
            f"{folder} is accessible to other users, so no socket is created in it; remove it, "
            "or set SIGNAL_PIPELINE_HOME to a shorter path"
        )


def remove_socket(address: Path, folder: StateFolder) -> None:
    """The socket, and its folder when that is not the state folder and nothing is left in it."""
    address.unlink(missing_ok=True)
    if address.parent != folder.run:
        try:
            address.parent.rmdir()
        except OSError:
            return  # another socket is there, or nothing
