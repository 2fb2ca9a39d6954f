"""Where in the program's own code an error arose: not in a library that it gave a wrong value to, nor in a wrapper."""

from __future__ import annotations

import re
from functools import lru_cache

from signal_pipeline.stack_traces.identity import frame_label
from signal_pipeline.stack_traces.model import StackFrame
from signal_pipeline.stack_traces.parse import parse_stack_trace
from signal_pipeline.stack_traces.wrappers import first_own, is_wrapper

MAX_TRACE_CHARS = 20_000
_PYTHON_PACKAGE = re.compile(r"/(?:site|dist)-packages/([A-Za-z_]\w*)")


@lru_cache(maxsize=256)
def own_frame(stack_trace: str | None, service: str, logger: str | None, top_frames: tuple[str, ...]) -> str | None:
    """`module:function` of the innermost call in the package that the service or else the logger is named after, of the
    first exception of the chain that has one; where none is known, the first of `top_frames` that is no wrapper.
    """
    if top_frames and (stack_trace or "").count("\n") > 1:
        trace = parse_stack_trace((stack_trace or "")[-MAX_TRACE_CHARS:])
        chain = (*reversed(trace.causes), trace) if trace else ()
        for name in filter(None, (service.lower(), logger)):
            if _NAME_PARTS.split(name.lower())[0] in _FRAMEWORKS:
                continue
            for one in chain:
                own = (frame for frame in one.frames if _is_of(frame, name) and not is_wrapper(frame.function))
                if (found := next(own, None)) is not None:
                    return frame_label(found)
    return first_own(top_frames)


def _is_of(frame: StackFrame, name: str) -> bool:
    """Whether a service or logger is named after the frame's package: the first part of its name in Python, the first
    two where names begin with a domain.
    """
    if frame.language == "python":
        found = _PYTHON_PACKAGE.search(frame.file)
        return _NAME_PARTS.split(name)[0] == (found.group(1) if found else frame.module.partition(".")[0])
    return "." in name and frame.module.split(".")[:2] == name.split(".")[:2]


_FRAMEWORKS = frozenset(
    (
        "django", "flask", "fastapi", "starlette", "uvicorn", "gunicorn", "celery", "kombu", "tornado", "aiohttp",
        "sqlalchemy", "psycopg2", "rails", "sidekiq", "puma", "spring", "tomcat", "hibernate", "express", "python",
        "java", "werkzeug", "asyncio", "urllib3", "requests", "kafka", "redis",
    )
)  # fmt: skip
"""A log that is named after the framework is not the framework's program."""
_NAME_PARTS = re.compile(r"[.\-]|_{2}")
