# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Bare `make` is for after each edit: format, lint, types and the tests of the domain that need no server.

# The first Python that is new enough; say PYTHON=/path/to/python to choose another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
# Processes of the tests: more than two cores' worth, since the tests of whole stacks mostly wait.
WORKERS ?= 3
# pip compiles all it installs, file after file, for a minute; this takes all cores and leaves out what no start imports.
SELDOM := torch|transformers|sympy|numba|networkx|pip|setuptools|tests?
PIP_INSTALL = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-compile -c constraints.txt
COMPILE = $(BIN)/python -m compileall -qq -j 0 -x '/($(SELDOM))/' $(VENV)/lib/*/site-packages || true
RUN_STAMP := $(VENV)/.installed-to-run
DEV_STAMP := $(VENV)/.installed-to-develop
# Files written once at set-up make every later start faster; some machines switch that off.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := fast
.PHONY: fast demo up test check format lint types bench screenshots chaos lock clean install help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(RUN_STAMP) ## install, start everything, process the sample report, show its clusters (ONCE=1: then stop)
	@$(BIN)/signal-pipeline demo $(if $(ONCE),--exit)

up: $(RUN_STAMP) ## install and start everything until Ctrl-C
	@$(BIN)/signal-pipeline up

test: $(DEV_STAMP) ## install what is missing and run every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

# The types are checked beside the tests and reported after them.
fast: $(DEV_STAMP) ## format, lint, types, and the tests of the domain that need no server
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@types=$$(mktemp); $(BIN)/mypy >"$$types" 2>&1 & mypy=$$!; \
	$(BIN)/python -m pytest --fast -n 2 --dist loadfile $(ARGS); tests=$$?; \
	wait $$mypy; typed=$$?; cat "$$types"; rm -f "$$types"; exit $$((tests | typed))

check: $(DEV_STAMP) ## check format, lint and types
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

format: $(DEV_STAMP) ## rewrite the code in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV_STAMP) ## run the benchmarks, or one: make bench BENCH=logs
	@$(BIN)/python -m benchmarks $(BENCH)

screenshots: $(DEV_STAMP) ## take the screenshots of the documentation again, with the installed Chromium
	@PYTHONPATH=. $(BIN)/python docs/images/take.py

docs: $(DEV_STAMP) ## generate the command line reference and the picture of the rooms
	@$(BIN)/python -m signal_pipeline.cli.reference > docs/cli.md
	@PYTHONPATH=. $(BIN)/python docs/images/rooms.py

chaos: $(DEV_STAMP) ## crash at every named place, then kill every server repeatedly; ARGS="--submissions 10000 --seeds 1,2"
	@CRASH_CASES=all NEMESIS=1,2,3 $(BIN)/python -m pytest signal_pipeline_tests/reliability
	@$(BIN)/python -m reliability $(ARGS)

install: $(DEV_STAMP) ## install everything and start nothing

lock: $(DEV_STAMP) ## write constraints.txt from what is installed
	@{ sed -n '/^#/p' constraints.txt; \
	$(BIN)/pip freeze --exclude-editable --exclude pip --exclude setuptools | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt

clean: ## stop what runs and remove all state (the virtual environment stays)
	@if [ -x $(BIN)/signal-pipeline ]; then $(BIN)/signal-pipeline down --purge; fi
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis benchmarks/results

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it or say PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed; on Debian install python3-venv" >&2; exit 1; }

# A failed installation leaves no stamp, so the next call goes on where it stopped.
$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing signal_pipeline (about 2 GB with the embedding model's libraries; once)"
	@$(PIP_INSTALL) -e '.[local,map]'
	@$(COMPILE)
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing signal_pipeline with its test tools"
	@$(PIP_INSTALL) -e '.[local,map,dev]'
	@$(COMPILE)
	@touch $(RUN_STAMP) $@
