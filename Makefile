# make run    set up, fetch the default model, translate source_de/, build the drafts
# make test   set up, run everything that CI runs
# make dist   build wheel, sdist, SBOM and checksums in dist/
# make wheels build dist/ and add all wheels it needs, to install without network
# make setup | lint | bench | docs | lock

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: setup run test lint bench docs lock dist wheels

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@./.ci/setup "$(PYTHON)" "$(VENV)"
	@touch $@

run: setup
	@$(BIN)/translate run --yes || [ $$? -eq 1 ]
	@$(BIN)/translate build --draft --quiet
	@$(BIN)/translate status

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict pipeline
	$(BIN)/lint-imports

test: lint
	@$(BIN)/translate models install qwen2.5-coder-1.5b-instruct-q4_k_m --yes
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadgroup --no-loadscope-reorder
	@echo "Checking the catalogs as they are committed (make run leaves drafts beside them)"
	@rm -rf $(VENV)/committed && mkdir $(VENV)/committed
	@git archive HEAD translate.toml source_de glossary output | tar -x -C $(VENV)/committed
	$(BIN)/translate --project $(VENV)/committed check

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

dist: setup
	@./.ci/dist $(VENV)

wheels: dist
	@./.ci/wheels $(VENV)

docs: setup
	$(BIN)/python -m pytest tests/test_docs.py tests/checks/test_docs.py --write-docs

lock: setup
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
		$(addprefix --extra ,llama argos content dask firefox review watch all dev) \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
		--output-file requirements.lock pyproject.toml
