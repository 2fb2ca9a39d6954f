"""Where in a HAR document a bracket stands: which container is the document, the log, the list of entries.

Only levels down to an entry are followed, and only outside entries. No entry content comes here.
"""

from __future__ import annotations

import json
from enum import Enum

_KEY_WINDOW = 4096
_OBJECT = 0x7B
MAX_ENTRY_LEVEL = 5  # [ { log { entries [ { in a list of documents; 4 in a document; one less without the log around
_PAIRS = {0x7D: 0x7B, 0x5D: 0x5B}


class Role(Enum):
    DOCUMENT = "document"
    LOG = "log"
    ENTRIES = "entries"
    ENTRY = "entry"
    PRODUCER = "producer"
    REPEATED = "repeated"  # a log or entries key that this document had before
    OTHER = "other"


class DocumentPath:
    """The open containers from the root down, each with its role.

    `deepest` is the level of an entry, the greatest depth that matters here.
    """

    def __init__(self) -> None:
        self._roles: list[Role] = []
        self._brackets: list[int] = []
        self._tail = b""
        self._log_in_document = False
        self._entries_in_document = False
        self.deepest = MAX_ENTRY_LEVEL
        self.entries = 0
        self.log_found = False
        self.bare_log = False
        self.documents = 0
        self.entries_found = False
        self.mismatched = False

    def remember(self, block: bytes) -> None:
        """Keeps the end of a block that is done, since a key may be split from its bracket."""
        self._tail = (self._tail + block[-_KEY_WINDOW:])[-_KEY_WINDOW:]

    def open(self, block: bytes, position: int, level: int) -> Role:
        """The role of the container that opens at `position`; it is now the innermost one."""
        bracket = block[position]
        parent = self._roles[-1] if self._roles else None
        is_object = bracket == _OBJECT
        role = Role.OTHER
        if level == 1:
            self.deepest = MAX_ENTRY_LEVEL - is_object
        if is_object and (parent is None or (level == 2 and self._brackets[0] != _OBJECT)):
            role = Role.DOCUMENT
            self._log_in_document = self._entries_in_document = False
            self.documents += level == 1
            self.deepest = MAX_ENTRY_LEVEL - (level == 1)
        elif parent is Role.DOCUMENT and is_object and self.key(block, position) == "log":
            role = self._log()
        elif parent is Role.LOG:
            role = self._in_log(self.key(block, position), is_object)
        elif parent is Role.DOCUMENT and not self._log_in_document:
            role = self._in_bare_log(self.key(block, position), is_object, level)
        elif parent is Role.ENTRIES and is_object:
            # The entry itself is followed by level, not kept here.
            return Role.ENTRY
        repeated = role is Role.REPEATED
        self._brackets.append(bracket)
        self._roles.append((Role.LOG if is_object else Role.ENTRIES) if repeated else role)
        return role

    def close(self, bracket: int, level: int) -> tuple[Role, bool]:
        """The role of the container that closes, and whether its document had a log."""
        if level != len(self._roles) or not self._roles:
            self.mismatched = True
            return Role.OTHER, False
        role = self._roles.pop()
        self.mismatched |= self._brackets.pop() != _PAIRS[bracket]
        return role, self._log_in_document

    def _log(self) -> Role:
        repeated = self._log_in_document
        self._log_in_document = self.log_found = True
        self._entries_in_document = False
        return Role.REPEATED if repeated else Role.LOG

    def _in_bare_log(self, key: str | None, is_object: bool, level: int) -> Role:
        """What a tool writes that keeps the log object without the document around it."""
        role = self._in_log(key, is_object)
        if role is Role.ENTRIES:
            self._log_in_document = self.log_found = self.bare_log = True
            self.deepest = level + 1
        return role

    def _in_log(self, key: str | None, is_object: bool) -> Role:
        if key == "entries" and not is_object:
            repeated = self._entries_in_document
            self._entries_in_document = self.entries_found = True
            return Role.REPEATED if repeated else Role.ENTRIES
        return Role.PRODUCER if key in ("creator", "browser") and is_object else Role.OTHER

    def key(self, block: bytes, position: int) -> str | None:
        """The object key right before `position`, or None."""
        start = max(0, position - _KEY_WINDOW)
        before = (self._tail if start == 0 else b"") + block[start:position]
        before = before.rstrip()
        if not before.endswith(b":"):
            return None
        before = before[:-1].rstrip()
        begin = before.rfind(b'"', 0, len(before) - 1)
        if begin < 0 or before[begin - 1 : begin] == b"\\":
            return None
        try:
            key = json.loads(before[begin:])
        except ValueError:
            return None
        return key if isinstance(key, str) else None
