# Two commands do everything: `make build` proves the rules of ruleset/, `make test` runs the tests.
# Each creates the environment that it needs in .venv, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: build test lint rooms wheel clean

build: $(VENV)/run  ## check, prove, document and export the rules of ruleset/ into build/
	$(BIN)/rulewright build

test: $(VENV)/test  ## run the tests
	$(BIN)/pytest

lint: $(VENV)/dev  ## style, types and import order
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/basedpyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python .ci/rooms

rooms: $(VENV)/run  ## print which room imports which
	$(BIN)/python .ci/rooms

wheel: $(VENV)/dev  ## build the wheel, install it into an empty environment and try it there
	PYTHON=$(BIN)/python .ci/wheel

clean:
	rm -rf $(VENV) build dist

# A stamp file for each set of dependencies; a change of pyproject.toml renews them.
$(VENV)/run: EXTRAS =
$(VENV)/test: EXTRAS = [test]
$(VENV)/dev: EXTRAS = [dev]
$(VENV)/run $(VENV)/test $(VENV)/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.$(EXTRAS)'
	touch $@
