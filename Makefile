# heartshare: every way to run it from a fresh clone. `make` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
BI_VENV := .venv-bi
SEMANTIC_VENV := .venv-semantic
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps
WEEK   ?=

.PHONY: help setup demo test bench-landing bench-listening bench-marts bench-gate test-integration test-topology test-bi bi lint docs lock up clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/installed ## Make the environment that the product needs (.venv)

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: apt-get install python3 python3-venv"; exit 3; }
	@echo "==> making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	    && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "python3-venv is missing: apt-get install python3-venv"; exit 3; }
	@$(PYTHON) -m venv $(VENV) && touch $@

$(VENV)/installed: requirements.txt pyproject.toml | $(VENV)/python
	@echo "==> installing the locked packages (2 to 3 minutes the first time)"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "==> installing the locked test tools"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

# Superset and MetricFlow need other versions than Airflow, so each has its own place.
$(BI_VENV)/installed: requirements-bi.txt
	@echo "==> installing Superset into $(BI_VENV) (800 MB, five to ten minutes)"
	@$(PYTHON) -m venv $(BI_VENV)
	@$(BI_VENV)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r $<
	@touch $@

$(SEMANTIC_VENV)/installed: requirements-semantic.txt
	@echo "==> installing MetricFlow into $(SEMANTIC_VENV)"
	@$(PYTHON) -m venv $(SEMANTIC_VENV)
	@$(SEMANTIC_VENV)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r $<
	@touch $@

demo: $(VENV)/installed ## Run the main job for a demo organisation, through Airflow
	@$(BIN)/heartshare demo --home var/demo

test: $(VENV)/installed-dev ## Run every test, on all cores
	@$(BIN)/python -m pytest --numprocesses auto

test-integration: $(VENV)/installed-dev ## Prove pulls and copies against real servers on loopback: S3, SFTP, Bluesky, PostgreSQL
	@$(BIN)/python -m pytest -m integration tests/integration

test-topology: $(VENV)/installed-dev ## Prove the compose file's processes: PostgreSQL, Redis, Celery
	@$(BIN)/python -m pytest -m topology tests/end_to_end

test-bi: $(VENV)/installed-dev $(BI_VENV)/installed $(SEMANTIC_VENV)/installed ## Prove dashboard and metrics against `make demo`: Superset, MetricFlow
	@$(BIN)/python -m pytest -m bi tests/integration/bi

bench-landing: $(VENV)/installed-dev ## Measure landing against DuckDB's own reading (needs 12 GB of disk)
	@$(BIN)/python tests/bench/landing.py

bench-listening: $(VENV)/installed-dev ## Measure tone against upstream: speed, equality, accuracy
	@$(BIN)/python tests/bench/listening.py

bench-marts: $(VENV)/installed-dev ## Measure the marts over ten million turns (needs 60 GB of disk)
	@$(BIN)/python tests/bench/marts.py

bench-gate: $(VENV)/installed-dev ## Measure the gate over a fact of ten million rows (after make demo)
	@$(BIN)/python tests/bench/gate.py

lint: $(VENV)/installed-dev ## Check style, types and import direction
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy

docs: $(VENV)/installed-dev ## Write the generated pages under docs/
	@$(BIN)/heartshare docs

bi: $(BI_VENV)/installed ## Start Superset with the dashboard over the published marts
	@$(BI_VENV)/bin/python bi/start.py

up: $(VENV)/installed ## Start Airflow's four services on this machine
	@$(BIN)/heartshare up

lock: ## Renew the hash-locked requirements (needs uv)
	uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --strip-extras --no-header --quiet -o requirements.txt
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --strip-extras --no-header --quiet -c requirements.txt -o requirements-dev.txt

clean: ## Remove the environment and everything a run wrote
	rm -rf $(VENV) $(BI_VENV) $(SEMANTIC_VENV) var build dbt_project/target
