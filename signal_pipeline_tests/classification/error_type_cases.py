"""Real-world wordings of errors: message, error type, exact class (None where the text names none)."""

from __future__ import annotations

from signal_pipeline_tests.classification.compiled_error_types import COMPILED
from signal_pipeline_tests.classification.scripting_error_types import SCRIPTING
from signal_pipeline_tests.classification.server_error_types import SERVERS

ERROR_TYPE_CASES = (*SCRIPTING, *COMPILED, *SERVERS)
