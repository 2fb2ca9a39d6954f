"""`python -m signal_pipeline`: the command line."""

from signal_pipeline.cli.main import app

if __name__ == "__main__":
    app(prog_name="signal-pipeline")
