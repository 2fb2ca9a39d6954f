"""The version of all that decides what a file's entries are and which signatures they have. Reports that were read by
another one are stale.
"""

from __future__ import annotations

from signal_pipeline.classification.classify import CLASSIFICATION_VERSION
from signal_pipeline.classification.generalise import GENERALISE_VERSION
from signal_pipeline.parsing.version import PARSERS_VERSION
from signal_pipeline.redaction.table import VERSION as REDACTION_VERSION
from signal_pipeline.stack_traces.version import STACK_TRACES_VERSION

PARSING_VERSION = f"{PARSERS_VERSION}/traces-{STACK_TRACES_VERSION}/redaction-{REDACTION_VERSION}"
READER_VERSION = f"{PARSING_VERSION}/{CLASSIFICATION_VERSION}/{GENERALISE_VERSION}"
