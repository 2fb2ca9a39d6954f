"""The package's source files, each read and parsed once in a process, for the tests that read code."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import signal_pipeline

PACKAGE = Path(signal_pipeline.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """The nodes of a file's syntax tree; the first is the module."""
    return tuple(ast.walk(ast.parse(text_of(path))))
