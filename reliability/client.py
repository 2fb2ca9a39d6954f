"""Sends reports and bad messages in the two ways there are, and writes down what it was told.

`submit` as the command line does; `produce` as a producer of one's own: objects, rows, message. What does not belong
here: when, and what fails meanwhile.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from uuid import UUID, uuid4

from reliability.corpus import Item
from reliability.journal import Journal
from signal_pipeline.errors import PermanentError, SignalPipelineError
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.messaging.publish import publish_raw, publish_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.object_keys import signal_key
from signal_pipeline.storage.reports import insert_report, insert_signal


class Client:
    """`source` marks its reports."""

    def __init__(self, platform: Platform, journal: Journal, source: str) -> None:
        self._platform = platform
        self._journal = journal
        self._source = source

    def submit(self, item: Item) -> None:
        """By the function behind `signal-pipeline submit`. What it does not return from has no known id."""
        self._journal.note(item.name, "trying")
        try:
            with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
                paths = []
                for name, content in item.files.items():
                    assert content is not None, "a file that is not there cannot be submitted"
                    (Path(folder) / name).write_bytes(content)
                    paths.append(Path(folder) / name)
                done = submit_report(self._platform, paths, title=item.name, source=self._source)
        except SignalPipelineError as error:
            self._journal.note(item.name, "refused" if isinstance(error, PermanentError) else "unknown")
            return
        self._journal.note(item.name, "accepted", done.report_id)

    def produce(self, item: Item) -> None:
        """Accepted when the broker says that it has stored the message."""
        report = uuid4()
        self._journal.note(item.name, "trying", report)
        try:
            self._store(report, item)
        except SignalPipelineError:
            self._journal.note(item.name, "unknown", report)
            return
        self.publish_again(item.name, report)

    def publish_again(self, name: str, report: UUID) -> None:
        """The message of a report whose rows are there; however often, it is one message."""
        try:
            publish_report(self._platform.settings, report, message_id=str(report))
        except SignalPipelineError:
            self._journal.note(name, "unknown", report)
            return
        self._journal.note(name, "accepted", report)

    def poison(self, name: str, payload: bytes) -> bool:
        """Whether it was accepted."""
        self._journal.note(name, "trying")
        try:
            publish_raw(self._platform.settings, payload)
        except SignalPipelineError:
            self._journal.note(name, "unknown")
            return False
        self._journal.note(name, "accepted")
        return True

    def _store(self, report: UUID, item: Item) -> None:
        rows = []
        for name, content in item.files.items():
            signal = uuid4()
            key = signal_key(report, signal)
            if content is not None:
                self._put(key, content)
            rows.append((signal, name, key, content or b""))
        with self._platform.database.transaction() as connection:
            insert_report(connection, report, item.name, self._source)
            for signal, name, key, content in rows:
                insert_signal(
                    connection,
                    signal_id=signal,
                    report_id=report,
                    name=name,
                    object_key=key,
                    size_bytes=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                )

    def _put(self, key: str, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(prefix="reliability-") as file:
            file.write(content)
            file.flush()
            self._platform.objects.put_file(key, Path(file.name))
