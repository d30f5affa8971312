# Every task by name. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PAGES := sandbox/web bot/web/page
# Two more than there are cores: many tests wait for processes that they start (on 2 cores three took 316 s, four 280).
# Whole files go to them in the order of tests/conftest.py, for a file split between two of them builds twice what its
# tests share. What pytest makes of the assertions is kept, whatever is usual on this machine: to make it anew takes each
# worker as long as to load all else.
WORKERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')

.DEFAULT_GOAL := help
.PHONY: help setup sandbox run test browser coverage check fmt catalogues lock audit bench

help: ## list these tasks
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMP) ## create .venv and install the pinned dependencies

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Easel needs Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $(STAMP)

sandbox: setup ## try Easel in your browser, without any key (PORT=8091, ARGS="--keep DIR --open")
	$(BIN)/python -m sandbox $(if $(PORT),--port $(PORT)) $(ARGS)

run: setup ## run the bot with the settings in .env
	$(BIN)/python -m bot

test: check browser ## everything that must pass: lint, types, import contracts, tests
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

browser: ## install Chromium for the browser tests where it is missing (Debian, as root)
	@sh tests/browser/install-chromium.sh

coverage: setup ## run the tests and list what they never touched (branches included)
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

check: setup ## lint, types and import contracts, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxfmt --check $(PAGES)
	$(BIN)/oxlint --quiet --import-plugin -D correctness -D suspicious $(PAGES)
	$(BIN)/pyright
	PYTHONPATH=. $(BIN)/lint-imports --no-cache

fmt: setup ## format the code and apply the safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/oxfmt $(PAGES)

catalogues: setup ## bring the translations in step with the code, and tell how much is translated
	$(BIN)/python -m catalogues

lock: setup ## pin the dependencies of pyproject.toml anew (needs the network)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --group dev pyproject.toml -o requirements-dev.lock

audit: ## ask whether any pinned dependency has a known vulnerability (needs the network; apart from `make test`)
	@test -x build/audit/bin/pip-audit || { $(PYTHON) -m venv build/audit && \
	  build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.lock

bench: setup ## measure what is promised, beside the usual way (20 minutes; ARGS=--gate fails where a gate is missed)
	@failed=0; for name in in_flight acknowledgement deliveries cold_start week store; do \
	  $(BIN)/python benchmarks/$$name.py $(ARGS) || failed=1; done; exit $$failed
