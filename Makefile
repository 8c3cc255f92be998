# Everything a developer does, on a machine that has Python 3.11 or later (with venv and pip) and
# make. uv comes along in a folder of its own; no container engine is needed.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .uv/bin/uv
RUN := $(UV) run --no-sync
# Two processes share the tests; one of them has all that need the whole platform.
SHARED := --numprocesses=2 --dist=loadscope --no-loadscope-reorder
PYTEST_ARGS ?= $(SHARED)
DEMO_ARGS ?=
ARGS ?=
NAME ?=

# The interpreter is the one given, never one that uv would fetch.
export UV_PYTHON_DOWNLOADS := never
# An environment that happens to be active is not the project's.
unexport VIRTUAL_ENV
# Bytecode is kept, whatever the machine's habit: without it every process compiles all it imports.
unexport PYTHONDONTWRITEBYTECODE

MANIFESTS := pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml tools/*/pyproject.toml)
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help sync demo test up down status token lint format types arch deps schemas contracts \
	migrations compose bench check hooks clean distclean

help: ## show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

$(READY): uv.lock $(MANIFESTS) | $(UV)
	@$(UV) sync --quiet --frozen --all-packages --all-groups --python "$(PYTHON)"
	@touch $@

sync: $(READY) ## install exactly what the lock file says

demo: $(READY) ## play a day of the chain against the whole platform (DEMO_ARGS=...)
	@$(RUN) python -m demo $(DEMO_ARGS)

test: $(READY) ## run all tests (PYTEST_ARGS=...)
	@$(RUN) python -m devstack fetch
	@$(RUN) python -m pytest $(PYTEST_ARGS)

up: $(READY) ## start the whole platform on this machine
	@$(RUN) python -m devstack up $(ARGS)

down: $(READY) ## stop it; its data stay
	@$(RUN) python -m devstack down $(ARGS)

status: $(READY) ## say what runs, and where
	@$(RUN) python -m devstack status $(ARGS)

token: $(READY) ## print a token for trying things out (ARGS=...)
	@$(RUN) python -m devstack token $(ARGS)

lint: $(READY) ## ruff: rules and format
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .

format: $(READY) ## ruff: mend what it can
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

types: $(READY) ## mypy, strict
	@$(RUN) mypy

arch: $(READY) ## who imports whom, and the rules of the house
	@$(RUN) lint-imports
	@$(RUN) python -m checks shape

deps: $(READY) ## every package declares what it imports
	@$(RUN) python -m checks dependencies

schemas: $(READY) ## write the events' JSON Schemas and the AsyncAPI document
	@$(RUN) python -m contracts export

contracts: $(READY) ## they are written, and compatible with before (ARGS="--base v1.0.0")
	@$(RUN) python -m contracts check $(ARGS)

migrations: $(READY) ## squawk over the SQL of every migration
	@$(RUN) python -m checks migrations

compose: ## let the compose client read docker-compose.yml, where there is one
	@if docker compose version >/dev/null 2>&1; then docker compose config --quiet; \
	else echo "no compose client here: the tests read docker-compose.yml"; fi

bench: $(READY) ## run one benchmark (NAME=...)
	@test -n "$(NAME)" || { echo "which one? make bench NAME=..." >&2; exit 2; }
	@$(RUN) python -m bench $(NAME) $(ARGS)

check: lint types arch deps contracts migrations compose ## all checks, without the tests

hooks: $(READY) ## run the quick checks before every commit
	@$(RUN) pre-commit install

clean: ## remove the local platform's data, reports and caches
	@if [ -x .venv/bin/python ]; then for state in var/stack var/demo/stack; do \
		.venv/bin/python -m devstack destroy --state $$state || true; done; fi
	@rm -rf var .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.uv/*' -prune -exec rm -rf {} +

distclean: clean ## remove the environments too
	@rm -rf .venv .uv
