"""Reads one capture as a stream: packets, headers, flows, what they say, redacted frames. The order of the steps."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.parsing.pcap.assignment import assign
from signal_pipeline.parsing.pcap.dissect import Dissector
from signal_pipeline.parsing.pcap.flow_frame import FlowFrames
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.headers import HeaderReader
from signal_pipeline.parsing.pcap.packets import PacketBatch
from signal_pipeline.parsing.pcap.pcap_file import MAGICS, pcap_batches
from signal_pipeline.parsing.pcap.pcapng_file import MAGIC, pcapng_batches
from signal_pipeline.parsing.pcap.timeouts import DEFAULT_TIMEOUTS
from signal_pipeline.parsing.signal_kind import Source


def read_capture(source: Source) -> Iterator[pl.DataFrame]:
    """Frames of the flows and HTTP exchanges of a capture, in the order in which they are over."""
    notes = source.notes
    head = source.stream.peek(4)[:4]
    is_pcap = head in MAGICS
    if not is_pcap and head != MAGIC:
        raise SignalRejected(RejectionCode.NOT_CAPTURE)
    notes.format = "pcap" if is_pcap else "pcapng"
    frames = FlowFrames(source.redactor, source.limits, notes.format)
    table = FlowTable(DEFAULT_TIMEOUTS)
    dissector = Dissector(table)
    end = 0
    for batch in (pcap_batches if is_pcap else pcapng_batches)(source.stream, notes):
        _add(batch, table, dissector, source)
        end = max(end, int(batch.at.max()))
        for flow in table.finished(end):
            frames.add(flow, end)
        for frame in frames.take():
            notes.entries += frame.height
            yield frame
    for flow in table.finished():
        frames.add(flow, end)
    for frame in frames.take(everything=True):
        notes.entries += frame.height
        yield frame


def _add(batch: PacketBatch, table: FlowTable, dissector: Dissector, source: Source) -> None:
    read = HeaderReader(batch).read()
    packets = assign(table, batch, read)
    dissector.inspect(batch, read, packets)
    source.notes.units += len(batch)
    source.notes.understood += len(set(read.row.tolist())) if len(read.row) else 0
    if source.notes.units and not source.notes.understood:
        return
    if len(batch) > len(read.row) * 10:
        source.notes.reasons.add(PartialReason.BAD_VALUES)
