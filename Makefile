# What runs the house. `make` alone says what there is.

PYTHON := $(shell for python in .venv/bin/python python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$python" -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BUILD = $(or $(PYTHON),$(error Procure needs Python 3.11 or newer: none was found)) -m procure.infra.building
UV = .venv/bin/uv
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	$(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help setup run develop test proof lint bench drill lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make everything ready without serving: .venv/bin/procure works after it
	@$(BUILD) setup

run: ## Make ready and serve on http://127.0.0.1:8000 (PORT= for another); Ctrl-C ends it
	@$(BUILD) run

develop:  # setup, and what tests and checks need
	@$(BUILD) setup dev

test: develop ## Run every test, the browser's included (ARGS= for pytest)
	@.venv/bin/python -m pytest -n 2 --dist worksteal $(ARGS)

proof: develop ## Every kind of document in each language, long and bare, checked as PDF/A and PDF/UA and for its layout
	@PROVE=all .venv/bin/python -m pytest tests/documents/proof.py -k "sqlite or checks" $(ARGS)

lint: develop ## Style, types, import contracts, templates
	@status=0; \
	for check in "ruff check --quiet ." "ruff format --check --quiet ." mypy "lint-imports --no-logo" "djlint templates --lint --quiet"; do \
		echo "$$check"; .venv/bin/$$check || status=1; \
	done; \
	exit $$status

bench: develop ## The benchmarks
	@.venv/bin/python -m tests.bench

drill: develop ## Many editors, kills, no mail server, everything sent twice: is anything lost? (ARGS="--size 0.1" for a tenth)
	@.venv/bin/python -m tests.drills $(ARGS)

lock: develop ## Lock the dependencies again (UPGRADE=1 for newer ones)
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(LOCK) --group build -o requirements-build.txt
	@$(LOCK) --group node -o requirements-node.txt
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

clean: ## Remove what was made, but no data: instance/ stays
	rm -rf .venv .build node_modules procure/static/theme.css procure/static/vendor procure/static/fonts
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis procure.egg-info
	find procure -name '*.mo' -delete
	find procure tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
