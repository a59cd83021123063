# The commands a person types; CI calls the same ones (.ci/run).
PYTHON ?= python3
SHELL := /bin/bash
BIN := .venv/bin
DEMO := .demo
DATA ?= no-folder-given

.PHONY: demo test gold conformance lint types lock clean

demo: $(BIN)/monitor
	rm -rf $(DEMO)
	$(BIN)/python -m examples.region.compose $(DEMO)/recording
	mkdir -p $(DEMO)/home && cp examples/region/{monitor,outlets,organisations,series}.toml $(DEMO)/home
	$(BIN)/monitor replay $(DEMO)/recording --home $(DEMO)/home --from 2025-09-16 --to 2025-10-06 || test $$? -eq 1

test: $(BIN)/monitor
	$(BIN)/pytest --numprocesses auto --dist loadfile

gold: $(BIN)/monitor
	$(BIN)/python -m bench.gold

conformance: $(BIN)/monitor
	$(BIN)/python -m bench.conformance $(DATA)

lint: $(BIN)/monitor
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(BIN)/monitor
	$(BIN)/mypy

# What is installed is what was locked, hash by hash; the project itself comes without a build in isolation.
$(BIN)/monitor: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --no-deps --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(BIN)/monitor

# Run with uv at hand. DuckDB stays on 1.5: files of 1.5 open in 1.5 and in 2.0 clients, files of 2.0 in nothing older.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --upgrade-package 'duckdb<2' --output-file requirements.lock

clean:
	rm -rf .venv $(DEMO) build *.egg-info
