# Two commands: make build, make test. Each makes the environment it needs and then does its job.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: build test test-slow bench lock

build: $(VENV)/.ready
	$(BIN)/python build.py

test: $(VENV)/.ready
	$(BIN)/python -m pytest -m "not slow" -n auto --cov --cov-report=term:skip-covered --cov-fail-under=95

# What needs other programs, other environments or the network of a package registry.
test-slow: $(VENV)/.ready
	$(BIN)/python -m pytest -m slow

# How fast it is, into benchmarks/RESULTS.md; BENCH=--small takes minutes.
bench: $(VENV)/.ready
	$(BIN)/python -m benchmarks $(BENCH)

$(VENV)/.ready: requirements.lock
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

# After a change to the dependencies in pyproject.toml.
lock: $(VENV)/.ready
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock
