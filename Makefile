# `make help` lists the targets. Everything they need, they install into .venv themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
SETUP  := $(VENV)/.setup-done

.DEFAULT_GOAL := help
.PHONY: help setup demo check lint types layers test docs samples bench clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(SETUP)  ## make .venv with everything in it

$(SETUP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Error: searchapp needs Python 3.11 or newer; hint: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/system-packages python3-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[train,serve,map,mcp,ray,milvus,dev]'
	@touch $@

demo: $(SETUP)  ## ingest the sample PDFs, train briefly, index, search, show hits
	$(BIN)/searchapp ingest sample_pdfs/*.pdf -i demo
	$(BIN)/searchapp train -i demo -o demo --max-steps 20 --replace
	$(BIN)/searchapp index build -i demo --model demo
	$(BIN)/searchapp index verify -i demo
	$(BIN)/searchapp search "how does dropout act as an ensemble" -i demo -k 3 --format md
	$(BIN)/searchapp search "why do long prompts use up so much GPU memory" -i demo -k 3 --format md
	$(BIN)/searchapp search '"temperature scaling" kind:body' -i demo -k 3 --format md

check: lint types layers  ## style, types and architecture

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SETUP)
	$(BIN)/mypy

layers: $(SETUP)
	$(BIN)/lint-imports

test: $(SETUP)  ## every test; those in a browser need Debian's chromium, and say so where it can't be had
	@command -v chromium >/dev/null || tools/system-packages chromium || true
	$(BIN)/python -m pytest

docs: $(SETUP)  ## write the reference and the transcripts anew
	$(BIN)/python -m tools.cli_reference
	$(BIN)/python -m tools.transcripts README.md

samples:  ## typeset the sample papers again and prove that the bytes are the same
	tools/system-packages texlive-latex-recommended texlive-latex-extra texlive-publishers texlive-fonts-recommended qpdf ghostscript imagemagick
	$(PYTHON) -m sample_pdfs.build
	$(PYTHON) -m sample_pdfs.build --check
	$(PYTHON) -m sample_pdfs.trouble

bench: $(SETUP)  ## the benchmarks that need no data of yours; the others name their arguments in --help
	PYTHONPATH=. $(BIN)/python benchmarks/reading.py sample_pdfs
	PYTHONPATH=. $(BIN)/python benchmarks/noise.py sample_pdfs

clean:  ## remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
