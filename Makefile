# Everything here runs in a virtual environment in this folder; nothing is installed elsewhere.
# `make` alone lists the targets.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
HOST ?= 127.0.0.1
PORT ?= 8080
ARGS ?=
SECONDS ?= 600

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUNS := $(VENV)/.pkgraph-runs
TOOLS := $(VENV)/.pkgraph-tools

BUILT := src/pkgraph/web/static/built/manifest.json
SOURCES := $(wildcard frontend/package-lock.json frontend/build.mjs frontend/src/*/*.js)

.PHONY: help demo serve browser test test-servers check format reference profile coverage bench \
    growth soak screenshots build clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(RUNS) ## set up, then show what Woodhouse argues and which missions it is about
	@$(BIN)/pkgraph query authors-arguments-missions author=Woodhouse

serve: $(RUNS) browser ## set up, then serve pages and a SPARQL endpoint on http://127.0.0.1:8080
	@$(BIN)/pkgraph serve --host $(HOST) --port $(PORT)

browser: ## build what browsers run of packages from npm, if npm is at hand
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(BUILT); else \
	    echo "npm is not at hand: the SPARQL editor is served in its plain form" \
	        "(install Node.js 20 or newer with npm to have it)." >&2; \
	fi

test: $(TOOLS) ## set up, then run the tests (ARGS="-k store" passes options to pytest)
	@$(BIN)/python -m pytest $(ARGS)

test-servers: $(TOOLS) ## ask triple stores of others the whole catalogue (needs Virtuoso, Java and Maven)
	@$(BIN)/python .ci/fetch_servers.py
	@$(BIN)/python -m pytest -m servers $(ARGS)

check: $(TOOLS) ## lint, types, layers, canonical Turtle, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/turtlefmt --check ontology shapes
	find graph -name '*.ttl' | sort | xargs $(BIN)/pkgraph format --check
	$(BIN)/python docs/generate_reference.py --check
	$(BIN)/python -m pytest --quiet -p no:randomly -m "not slow" tests/test_docs.py

format: $(TOOLS) ## write code, ontology, shapes and graph in their one form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/turtlefmt ontology shapes
	find graph -name '*.ttl' | sort | xargs $(BIN)/pkgraph format

reference: $(TOOLS) ## write docs/reference/ anew
	$(BIN)/python docs/generate_reference.py

profile: $(TOOLS) ## check that the ontology is OWL 2 DL (needs Java and Maven)
	$(BIN)/python .ci/validate_profile.py

coverage: $(TOOLS) ## run the tests and say which lines and branches none of them reaches
	@$(BIN)/python -m pytest --cov --cov-report=term-missing $(ARGS)

bench: $(RUNS) ## measure, as ratios to the bare engine (benchmarks/README.md)
	@$(PIP_INSTALL) --editable '.[bench]'
	@for script in process api remote build personnel check contribution serving search argument_map pages; do $(BIN)/python benchmarks/$$script.py || exit 1; done

growth: $(RUNS) ## measure how everything grows with the graph, into docs/explanation/growth.md (ARGS=--ten-million: an hour)
	@$(BIN)/python benchmarks/scale.py --out docs/explanation/growth.md $(ARGS)

soak: $(RUNS) ## load a server with all that may happen to it, for ten minutes (SECONDS=60 for one)
	@$(BIN)/python tests/soak.py --seconds $(SECONDS)

screenshots: $(TOOLS) ## photograph every kind of page into screenshots/ (needs Chromium)
	@$(BIN)/python tests/browser/screenshots.py

build: $(TOOLS) ## build the wheel and the source archive into dist/
	$(BIN)/python -m build --outdir dist

$(BUILT): $(SOURCES)
	@cd frontend && npm ci --silent && npm run build --silent

clean: ## remove the virtual environment and whatever tools left behind
	rm -rf $(VENV) .tools build dist screenshots .coverage* .hypothesis .import_linter_cache \
	    .mypy_cache .pytest_cache .ruff_cache frontend/node_modules src/pkgraph/web/static/built
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python of the list that is new enough and can make virtual environments.
$(BIN)/python:
	@new_enough=; \
	for python in $(PYTHON); do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    new_enough=$$python; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
	    echo "Setting up $(VENV) with $$($$python --version); the first time takes a minute." >&2; \
	    exec $$python -m venv --clear $(VENV); \
	done; \
	if [ -n "$$new_enough" ]; then \
	    echo "$$new_enough cannot make virtual environments: its venv or ensurepip module is" \
	        "missing. Install it (Debian, Ubuntu: apt install python3-venv) and repeat." >&2; \
	else \
	    echo "pkgraph needs Python 3.11 or newer, and none was found among: $(PYTHON)." \
	        "Install one, or name it: make PYTHON=/path/to/python3.11 …" >&2; \
	fi; \
	exit 1

$(RUNS): pyproject.toml | $(BIN)/python
	@$(PIP_INSTALL) --editable .
	@touch $@

$(TOOLS): pyproject.toml | $(BIN)/python
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $(RUNS) $@
