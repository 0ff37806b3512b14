# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPARK_STAMP := $(VENV)/.installed-spark
PLACE ?= northmere
MONTH ?= 2026-10
export DAGSTER_HOME := $(CURDIR)/dagster_home
export GX_ANALYTICS_ENABLED := False
export OMP_WAIT_POLICY := passive
PACKAGES := afloat contracts surfaces linkage features models fairness releases pipelines synthetic

.PHONY: help setup spark demo ui test check fix bench evidence screenshots lock clean

help: ## what each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(STAMP) ## a virtual environment with everything at its pinned version

$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (about a minute the first time)"
	@$(PYTHON) -c 'import sys; sys.exit("Afloat needs Python 3.11 or later.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

spark: $(SPARK_STAMP) ## Spark beside it, where one machine is outgrown (500 MB; needs Java 17)

$(SPARK_STAMP): requirements-spark.lock $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation -r requirements-spark.lock
	@touch $@

demo: setup ## run the whole way on an invented place and print where to look
	@$(BIN)/afloat demo

ui: setup ## open Dagster's pages on http://localhost:3000
	@$(BIN)/dg dev --host 127.0.0.1 --port 3000

test: setup ## run the tests
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: setup ## format, lint, types, import rules, docs in step; changes nothing
	@$(BIN)/ruff format --check --quiet . || { echo "Run make fix: the format differs."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config pyproject.toml
	@$(BIN)/python -m contracts.reference --check
	@$(BIN)/python -m contracts.mapping_reference --check
	@$(BIN)/python -m features.reference --check
	@$(BIN)/python -m synthetic.reference --check
	@$(BIN)/python -m pipelines.snapshot --check
	@$(BIN)/python -m pipelines.inventory --check
	@$(BIN)/dg check defs

fix: setup ## mend what can be mended by machine
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/python -m contracts.reference --write
	@$(BIN)/python -m contracts.mapping_reference --write
	@$(BIN)/python -m features.reference --write
	@$(BIN)/python -m synthetic.reference --write
	@$(BIN)/python -m pipelines.snapshot --write
	@$(BIN)/python -m pipelines.inventory --write

bench: setup ## time each step on places of growing size, and linkage of a million people
	@$(BIN)/python -m bench.steps
	@$(BIN)/python -m bench.million.run

evidence: spark ## recompute every figure that the docs claim
	@$(BIN)/python -m bench.evidence

screenshots: setup ## take the pictures in docs from a finished demo
	@$(BIN)/python -m docs.screenshots

lock: setup ## resolve requirements.lock and requirements-spark.lock again from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra dev -o requirements.lock requirements.in pyproject.toml
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --constraint requirements.lock -o requirements-spark.lock -

clean: ## remove what runs have left (the virtual environment stays)
	@rm -rf var build .pytest_cache .mypy_cache .ruff_cache
	@find dagster_home -mindepth 1 ! -name dagster.yaml -delete
