# Two set-up commands: `make demo` and `make test`. Each is complete by itself on a machine with git, make and
# Python 3.11 or newer with pip. uv is used where it is installed, else brought into the project's own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(or $(shell command -v uv 2>/dev/null),$(BIN)/uv)

# Without bytecode every process compiles the project anew, which costs seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test unit check lint types contracts format clean

demo: $(BIN)/.synced
	$(BIN)/firstdraft demo

test: $(BIN)/.extras
	$(BIN)/python -m pytest -m "not flows and not long" -n auto --dist worksteal
	$(BIN)/python -m pytest -m "flows and not long"

# What is quick of all that does not start Prefect.
unit: $(BIN)/.extras
	$(BIN)/python -m pytest -m "not flows and not long and not thorough" -n auto --dist worksteal

check: lint types contracts

lint: $(BIN)/.extras
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/.extras
	$(BIN)/mypy

contracts: $(BIN)/.extras
	$(BIN)/lint-imports

format: $(BIN)/.synced
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Without ensurepip (Debian splits it off) a venv has no pip of its own; the machine's pip installs into it.
$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(BIN)/uv: | $(BIN)/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv

# --inexact leaves uv itself in place; bytecode now, or Prefect's first start runs into its own time limit.
$(BIN)/.synced: pyproject.toml uv.lock | $(BIN)/python $(filter $(BIN)/uv,$(UV))
	$(UV) sync --frozen --inexact --compile-bytecode --quiet
	@touch $@

# What tests need beyond a run: the optional parts, and a driver for the browser.
$(BIN)/.extras: $(BIN)/.synced
	$(UV) sync --frozen --inexact --group extras --compile-bytecode --quiet
	@touch $@

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache .hypothesis
