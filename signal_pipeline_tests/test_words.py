"""Plain technical English wherever a person reads: documents, help texts, pages, messages, comments.

A row is a phrase that is not plain, and what to write. A phrase that is right in one place is named in ALLOWED.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from signal_pipeline_tests.source_files import FILES, PACKAGE, nodes_of

ROOT = PACKAGE.parent


@dataclass(frozen=True)
class Phrase:
    pattern: str
    write: str
    example: str


# Kept out of everything, comments and names of tests included.
ANYWHERE = (
    Phrase(r"\banew\b", "again", "clustered anew"),
    Phrase(r"\bmend(?:s|ed|ing)?\b", "fix", "until it is mended"),
    Phrase(r"\bin hand\b", "in progress, running", "work in hand"),
    Phrase(r"\bnone of ours\b", "not ours", "a process that is none of ours"),
    Phrase(r"\bdearer\b", "costlier", "the dearer mistake"),
    Phrase(r"\bby a hair\b", "narrowly", "missed by a hair"),
    Phrase(r"\bthe very (?!first|last)\w+s\b", "the exact …", "the very lines"),
    Phrase(r"\bnot a byte left\b", "disk full", "not a byte left on the disk"),
    Phrase(r"\bwait\w* for a (?:yes|second one)\b", "held; only one so far", "clusterings that wait for a yes"),
    Phrase(r"\btake\w* (?:it )?at its word\b", "assume it to be correct", "taken at its word"),
    Phrase(r"\breads? alike\b|\bhow alike\b|\bgrown alike\b", "similar, similarity", "what lies close reads alike"),
    Phrase(r"\bliken?ess\b", "similarity", "Likeness"),
    Phrase(r"\bburied\b", "moved to the dead letters", "buried as a dead letter"),
    Phrase(r"\bany ?more\b", "no longer", "the file is not there any more"),
    Phrase(r"\b(?:is|are|was|were|be|being|not|or) worked\b", "processed", "once it is worked"),
    Phrase(
        r"\b(?:stands?|stood|standing) (?:right |directly )?(?:before|behind|below|above|between)\b",
        "comes before, follows, is below …",
        "what stands before the level",
    ),
    Phrase(r"\bone behind the other\b", "one after the other", "logs that were written one behind the other"),
    Phrase(
        r"\bwork(?:s|ing)? (?:a|the|an|this|each|every) (?:\w+ )?(?:reports?|letters?)\b",
        "process",
        "work a sample report",
    ),
)
# Kept out of what is shown: documents, pages, help texts and messages.
SHOWN = (
    Phrase(r"(?<!there )\b(?:is|are) no (?!longer\b|more\b)\w+", "is not a …", "the file is no HAR"),
    Phrase(r"\b(?:is|are) none\b", "is not one", "a HAR that is none"),
    Phrase(
        r"\b(?:is|are|was|were) told\b", "is shown, reported, published to, answered with", "is told on the subject"
    ),
    Phrase(r"\bfor good\b", "permanently", "deleted for good"),
    Phrase(r"\ball the same\b", "anyway, still", "finished all the same"),
    Phrase(r"\bby (?:itself|themselves)\b", "automatically, on its own", "it is tried again by itself"),
    Phrase(r"\b(?<!dead )(?<!Dead )letters? (?:comes?|goes)\b", "dead letter", "a letter comes back"),
    Phrase(r"\btake\w* away\b", "remove, revoke", "Make and take away tokens"),
    Phrase(r"\bhow far\b", "the progress of", "Show how far a report is"),
    Phrase(r"\bworth a look\b", "notable; what is unusual", "what is worth a look"),
    Phrase(r"\bput down to\b", "attributed to", "a failure is put down to a cause"),
    Phrase(r"\btells? of\b", "reports, announces", "lines that tell of a failure"),
    Phrase(r"\bat most so (?:many|much)\b", "the maximum", "At most so many, the oldest first"),
    Phrase(r"\bcalled off\b", "cancelled", "the start was called off"),
    Phrase(r"\bmakes? no sense\b", "invalid", "A message that makes no sense"),
    Phrase(r"\bsome (?:tens|hundreds?|thousands?|millions?)\b", "a few hundred", "a column of some hundred rows"),
    Phrase(r"\bdeaths?\b|\bdies\b", "is killed, crashes, ends", "a worker dies between two deaths"),
    Phrase(r"\bread\w* (?:old files|files|them|it) otherwise\b", "differently", "a new version reads files otherwise"),
    Phrase(r"\bwhat is there\b", "what exists, the current …", "restore it in place of what is there"),
    Phrase(r"\bmistakes? in (?:the|this|our) (?:code|program)\b", "a bug", "a mistake in this program"),
    Phrase(r"\bstands? (?:twice|behind|beside|in the list)\b", "is, occurs", "names that stand twice"),
    Phrase(r"\bdoubles? (?:nothing|none)\b", "duplicates nothing", "it loses and doubles nothing"),
    Phrase(r"\bof late\b", "recently", "attempts that failed of late"),
    Phrase(r"\bclosed words?\b", "one of a fixed set of words", "a closed word for programs"),
    Phrase(r"\blook\w* at\b", "check, examine", "the API looks at Postgres"),
    Phrase(
        r"(?<![\d.,])1 (?:problems|files|reports|entries|lines|signatures|clusters)\b", "plural.counted", "1 problems"
    ),
)
# Where a phrase is right: (part of the path, the text around it).
ALLOWED: tuple[tuple[str, str], ...] = ()


# Names that only their author would guess; the field has words for what they meant.
PRIVATE_NAMES = re.compile(
    r"_*(?:alike|warm|warm_\w+|remote|steps|together|deciding|comparing|near_rows|other_words|few_rows|companions?"
    r"|companion_\w+|owners_of|leaders_of|with_leaders|told|_told\w*|mourn\w*|look|look_at\w*|ending|kept_part)",
    re.IGNORECASE,
)


def documents() -> Iterator[tuple[str, str]]:
    paths = [ROOT / "README.md", ROOT / ".env.example", ROOT / "Makefile", *(ROOT / "docs").glob("*.md")]
    paths += [
        *(ROOT / "deploy").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "deploy").rglob("alerts*.yml"),
    ]
    paths += [*(PACKAGE / "pages").rglob("*.jinja"), *(PACKAGE / "pages" / "static").glob("*.js")]
    for path in paths:
        # Without the code of a template.
        yield (
            str(path.relative_to(ROOT)),
            re.sub(r"\{[{%].*?[}%]\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL),
        )


def messages() -> Iterator[tuple[str, str]]:
    """Texts of errors, of what is logged, printed or shown as help, and the docstrings of commands and routes."""
    for path in FILES:
        name = str(path.relative_to(ROOT))
        for node in nodes_of(path):
            if isinstance(node, ast.Raise) and node.exc is not None:
                yield from _texts(name, node.exc)
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if re.search(
                    r"^logger\.|\becho$|\.print$|Problem$|\bQuery$|\bField$|Finding$|\b(?:Option|Argument)$", called
                ):
                    yield from _texts(name, node)
                for keyword in node.keywords:
                    if keyword.arg in ("help", "description", "summary"):
                        yield from _texts(name, keyword.value)
            elif isinstance(node, ast.FunctionDef) and node.decorator_list and {"cli", "routes"} & set(path.parts):
                yield name, ast.get_docstring(node) or ""


def _texts(name: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
            yield name, part.value


def comments() -> Iterator[tuple[str, str]]:
    """Comments, docstrings and names of tests. Tables hold words of other programs, so texts are left out here."""
    for folder in ("signal_pipeline", "signal_pipeline_tests", "reliability", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path == Path(__file__):
                continue
            name, source = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            # A text with such a character counts too: telling it apart takes ten times as long.
            yield from ((name, comment) for comment in re.findall(r"#.*", source))
            for node in nodes_of(path) if path.is_relative_to(PACKAGE) else ast.walk(ast.parse(source)):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield name, ast.get_docstring(node) or ""
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield name, node.name.replace("_", " ")


def found(phrases: tuple[Phrase, ...], texts: Iterator[tuple[str, str]]) -> list[str]:
    compiled = [(re.compile(phrase.pattern, re.IGNORECASE), phrase) for phrase in phrases]
    return sorted(
        {
            f"{name}: {' '.join(text[max(0, hit.start() - 40) : hit.end() + 40].split())!r}: write {phrase.write!r}"
            for name, text in texts
            for pattern, phrase in compiled
            for hit in pattern.finditer(text)
            if not any(place in name and around in text for place, around in ALLOWED)
        }
    )


@pytest.mark.parametrize("phrase", (*ANYWHERE, *SHOWN), ids=lambda phrase: phrase.example)
def test_each_row_finds_its_example(phrase: Phrase) -> None:
    assert re.search(phrase.pattern, phrase.example, re.IGNORECASE)


def test_documents_and_pages() -> None:
    assert found((*ANYWHERE, *SHOWN), documents()) == []


def test_messages_and_help_texts() -> None:
    assert found((*ANYWHERE, *SHOWN), messages()) == []


def test_comments_and_names_of_tests() -> None:
    assert found(ANYWHERE, comments()) == []


def test_no_file_function_or_class_has_a_private_name() -> None:
    found = []
    for path in FILES:
        defined = {path.stem}
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.add(node.name)
        found += [f"{path.relative_to(ROOT)}: {name}" for name in defined if PRIVATE_NAMES.fullmatch(name)]
    assert found == []
