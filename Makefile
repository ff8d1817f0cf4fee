# Two commands on a machine with Python >= 3.11, git and make: `make demo` and `make test`.
PYTHON ?= python3
DATA ?= ../shared/summaries
BIN := .venv/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP_INSTALL := $(BIN)/python -m pip install --quiet

.PHONY: demo test lint bench train-summary docs .venv clean
.DEFAULT_GOAL := demo

demo: .venv/run-time  ## play a member and a group in the browser; no token, no network
	$(BIN)/bantin demo

test: .venv/tools .venv-aiogram/ready .venv-telemelya/ready  ## the whole test suite
	$(BIN)/python -m pytest

lint: .venv/tools  ## style, types, import map
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/tools .venv-aiogram/ready  ## one JSON line a figure, beside what it is measured against
	$(PIP_INSTALL) --group bench
	@$(BIN)/python -m tests.bench --data $(DATA) $(BENCH)

train-summary: .venv/tools  ## learn the summaries' weights from DATA=FOLDER; about 3 minutes
	$(PIP_INSTALL) --group train
	$(BIN)/python -m tests.training $(DATA)

docs: .venv/tools  ## the README's tables and picture, from the code
	$(BIN)/python -m tests.docs

.venv: .venv/run-time

.venv/run-time: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "bantin needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) --editable .
	@touch $@

.venv/tools: .venv/run-time
	$(PIP_INSTALL) pip  # the one that comes with Python 3.11 knows no dependency groups
	$(PIP_INSTALL) --group test --group lint
	@touch $@

# another client than ours talks to the rehearsal, and it is compared with another server;
# their dependencies do not go with ours, nor with each other
.venv-%/ready: tests/clients/%.txt
	$(PYTHON) -m venv .venv-$*
	PIP_CONSTRAINT= .venv-$*/bin/python -m pip install --quiet --requirement $<
	@touch $@

clean:  ## everything that can be made again
	rm -rf .venv .venv-aiogram .venv-telemelya build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
