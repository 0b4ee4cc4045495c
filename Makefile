# Chores, one word each. `make` alone lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
LOCKED := .venv/.locked

.DEFAULT_GOAL := help
.PHONY: help setup run test test-tools test-all check format docs lock clean

help: ## list the chores
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(LOCKED) ## install the locked packages, build the encoder, train the classifier
	@$(BIN)/triagebot setup

$(LOCKED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "triagebot needs Python 3.11 or newer")'
	@test -x $(BIN)/python || { echo "making a virtual environment in .venv"; $(PYTHON) -m venv .venv; }
	@echo "installing the packages of requirements.lock"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r requirements.lock \
		| $(BIN)/python .ci/progress.py $$(grep -c == requirements.lock)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## start everything on this machine: mail, worker, pretend Slack, pages
	@$(BIN)/triagebot serve --sandbox

test: ## the test suite, in under ten minutes
	@$(MAKE) --no-print-directory -j3 setup check test-tools
	@$(BIN)/pytest -m "not long and not alone" --numprocesses 3 --dist loadfile
	@$(BIN)/pytest -m "not long and alone"

test-tools:
	@.ci/test-tools

test-all: test ## the long checks too: crash, load, fuzz
	@$(BIN)/pytest -m long

check: $(LOCKED) ## lints, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: $(LOCKED) ## format the code, and mend what a linter can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

docs: $(LOCKED) ## write the pages that are made from the code
	@$(BIN)/python -m bot.documents

lock: $(LOCKED) ## resolve the dependencies anew into requirements.lock
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock" -o requirements.lock

clean: ## remove the environment and the data folder
	@rm -rf .venv var
