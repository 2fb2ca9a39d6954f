"""`signal-pipeline tokens`: the file that the API reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from signal_pipeline.api.identity import Scope
from signal_pipeline.api.token_file import hash_of, read_tokens
from signal_pipeline.cli.main import app


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIGNAL_PIPELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("API_TOKENS_FILE", str(tmp_path / "folder" / "tokens"))
    return tmp_path / "folder" / "tokens"


def run(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["tokens", *words])
    return answer.exit_code, answer.output


def test_a_token_is_shown_once_and_kept_as_a_hash(path: Path) -> None:
    code, output = run("add", "ci", "--scope", "submit")
    token = output.strip().splitlines()[-1]
    assert code == 0 and token.startswith("spt_")
    identity = read_tokens(path)[hash_of(token)]
    assert (identity.name, identity.scope) == ("ci", Scope.SUBMIT)
    assert token not in path.read_text() and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_list_and_remove(path: Path) -> None:
    run("add", "one")
    run("add", "two", "--scope", "admin")
    assert run("list") == (0, "read    one\nadmin   two\n")
    assert run("remove", "one")[0] == 0
    assert run("list")[1] == "admin   two\n"
    assert run("remove", "one")[0] == 1


@pytest.mark.parametrize("words", [("add", "two words"), ("add", ""), ("add", "x", "--scope", "all"), ("add", "ä")])
def test_names_and_scopes_that_are_none(path: Path, words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2 and not path.exists()


def test_a_damaged_file_is_named_with_its_line_alone(path: Path) -> None:
    run("add", "one")
    path.write_text(path.read_text() + "my-secret-by-mistake\n", encoding="utf-8")
    code, output = run("list")
    assert code == 1 and "line 3" in output and "my-secret" not in output
