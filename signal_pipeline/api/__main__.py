"""`python -m signal_pipeline.api`"""

from signal_pipeline.api.server import run

if __name__ == "__main__":
    run()
