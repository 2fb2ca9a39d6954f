import subprocess
import sys
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from signal_pipeline.cli.lazy_group import LazyCommand, lazy_group
from signal_pipeline.cli.main import COMMANDS, app
from signal_pipeline.errors import StorageUnavailable

HEAVY = ("dagster", "polars", "numpy", "psycopg", "boto3", "nats", "torch", "onnxruntime", "signal_pipeline.settings")


@pytest.fixture
def toy(monkeypatch):
    """A group of two commands in a module of their own, and one that cannot be imported."""
    module = ModuleType("toy_commands")

    def greet(name: str, loud: bool = False) -> None:
        """Say hello."""
        typer.echo(name.upper() if loud else name)

    def fail() -> None:
        raise StorageUnavailable("the bucket does not answer: is it up?")

    nested = typer.Typer()
    nested.command("list")(lambda: typer.echo("listed"))
    nested.command("replay")(lambda: typer.echo("replayed"))
    module.greet, module.fail, module.nested = greet, fail, nested  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toy_commands", module)
    rows = (
        LazyCommand("greet", "toy_commands", "greet", "Greets."),
        LazyCommand("fail", "toy_commands", "fail", "Fails."),
        LazyCommand("nested", "toy_commands", "nested", "Has commands of its own."),
        LazyCommand("broken", "no_such_module", "x", "Is not there."),
    )
    application = typer.Typer(cls=lazy_group(rows), no_args_is_help=True, pretty_exceptions_enable=False)
    application.callback()(lambda: None)
    return application


def invoke(application, *arguments):
    return CliRunner().invoke(application, list(arguments))


def test_a_command_is_run_with_its_options(toy):
    assert invoke(toy, "greet", "ann", "--loud").output == "ANN\n"


def test_commands_of_commands(toy):
    assert invoke(toy, "nested", "replay").output == "replayed\n"


def test_help_lists_all_and_imports_none(toy):
    result = invoke(toy, "--help")
    assert result.exit_code == 0
    for words in ("Greets.", "Fails.", "Has commands of its own.", "Is not there."):
        assert words in result.output


def test_help_of_a_command_is_its_own(toy):
    assert "Say hello." in invoke(toy, "greet", "--help").output


def test_our_errors_are_one_line_and_exit_code_1(toy):
    result = invoke(toy, "fail")
    assert result.exit_code == 1
    assert result.stderr == "Error: the bucket does not answer: is it up?\n"
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["nothing"], ["greet"], ["greet", "x", "--none"], ["nested", "nothing"]])
def test_wrong_usage_is_exit_code_2(toy, arguments):
    assert invoke(toy, *arguments).exit_code == 2


def test_a_typing_error_gets_a_suggestion(toy):
    assert "greet" in invoke(toy, "gret").stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("signal-pipeline d", {"down", "delete", "demo", "dead-letters", "diff", "doctor"}),
        ("signal-pipeline down --p", {"--purge"}),
    ],
)
def test_completion(words, expected):
    result = CliRunner().invoke(
        app,
        [],
        prog_name="signal-pipeline",
        env={"_SIGNAL_PIPELINE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))},
    )
    assert set(result.output.split()) == expected


def test_help_and_version_import_nothing_heavy():
    code = (
        "import sys; from typer.testing import CliRunner; from signal_pipeline.cli.main import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "assert CliRunner().invoke(app, ['--version']).exit_code == 0;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


@pytest.mark.parametrize("row", COMMANDS, ids=[row.name for row in COMMANDS])
def test_every_command_of_the_table_exists(row):
    result = CliRunner().invoke(app, [row.name, "--help"])
    assert result.exit_code == 0, result.exception


def test_names_are_unique():
    assert len({row.name for row in COMMANDS}) == len(COMMANDS)
