.DEFAULT_GOAL := help
.PHONY: help setup demo test test-browser screenshots torture bench lint types fix migration lock clean

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: .venv/installed ## install the locked packages into .venv

.venv/installed: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Buy-in needs Python 3.11 or newer; name it: make PYTHON=python3.12 setup"; exit 1; }
	@echo "Installing the locked packages into .venv (once, about half a minute) ..."
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## play a month of an initiative on a local Slack, then stay up
	@$(BIN)/python -m bot demo

test: export PYTHONDONTWRITEBYTECODE = # each worker would compile everything again, 5 s each
test: setup ## run every test but the browser's
	@echo "Everything but tests/browser (make test-browser), tests/torture and benchmarks:"
	@$(PYTEST) -q -n auto --maxprocesses 4 --dist worksteal

test-browser: setup ## run the browser tests (needs Chromium)
	@$(PYTEST) -q tests/browser --override-ini addopts="--strict-markers --import-mode=importlib"

screenshots: setup ## take the README's pictures of the demo (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots

torture: setup ## run the long crash and concurrency tests
	@$(PYTEST) -q tests/torture --override-ini addopts="--strict-markers --import-mode=importlib" --timeout 900

bench: setup ## print the benchmarks' table
	@$(BIN)/python -m tests.benchmarks

lint: setup ## check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup ## check types
	@$(BIN)/mypy

fix: setup ## mend style where that is automatic
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: setup ## lock the newest allowed versions, with hashes
	@PYTHON=$(BIN)/python sh .ci/lock

clean: ## remove what was installed and built
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
