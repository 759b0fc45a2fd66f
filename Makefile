# `make help` lists the targets. Everything they need, they install into .venv themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
SETUP  := $(VENV)/.setup-done

.DEFAULT_GOAL := help
.PHONY: help setup demo check lint types layers test bench clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(SETUP)  ## make .venv with everything in it

$(SETUP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[train,dev]'
	@touch $@

demo: $(SETUP)  ## ingest the sample PDFs, train briefly, index, search, show hits
	$(BIN)/python -m searchapp --help

check: lint types layers  ## style, types and architecture

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SETUP)
	$(BIN)/mypy

layers: $(SETUP)
	$(BIN)/lint-imports

test: $(SETUP)  ## every test
	$(BIN)/python -m pytest

bench: $(SETUP)  ## the benchmarks, side by side; writes benchmarks/results
	@ls benchmarks/*.py

clean:  ## remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
