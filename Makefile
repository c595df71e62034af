# Every target makes its own .venv where there is none; nothing has to be done before.
.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports deps coverage snapshots screenshots keys matrix leaks soak bench clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOP := $(VENV)/.develop
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Tests wait for terminals and servers more than they compute: two for each core.
WORKERS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))

help:
	@echo "make demo         the main job on a made-up fleet: see it, roll it back, watch until it is done"
	@echo "make test         the tests"
	@echo "make check        everything that a change has to pass: format, lint, types, imports, deps, tests, coverage"
	@echo "make matrix       the acceptance matrix: every numbered case and how it stands"
	@echo "make leaks        the tests, and a search for API keys in everything that comes out of them"
	@echo "make soak         long runs, an hour and more: memory, a night of faults, processor while idle"
	@echo "make bench        how fast, small and frugal it is beside others: three minutes, 1 where a goal is missed"
	@echo "make format       format the code"
	@echo "make snapshots    accept the screens as they are now; look at them first"
	@echo "make screenshots  write screenshots/ again from the running app"
	@echo "make keys         write the table of keys in the README again"

$(RUNTIME): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(DEVELOP): $(RUNTIME)
	$(PIP) --editable '.[dev]'
	@touch $@

demo: $(RUNTIME)
	$(BIN)/octomil-console demo

test: $(DEVELOP)
	$(BIN)/python -m pytest -n $(WORKERS)

check: format-check lint types imports deps coverage

.PHONY: format-check
format-check: $(DEVELOP)
	$(BIN)/ruff format --check .

lint: $(DEVELOP)
	$(BIN)/ruff check .

types: $(DEVELOP)
	$(BIN)/mypy

imports: $(DEVELOP)
	$(BIN)/lint-imports --no-cache

deps: $(DEVELOP)
	$(BIN)/deptry .

# The tests once more, counted: the pure rules whole, the layers that decide nearly so.
coverage: $(DEVELOP)
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=
	$(BIN)/coverage report --fail-under=100 --include='octomil_tui/domain/*'
	$(BIN)/coverage report --fail-under=95 --include='octomil_tui/api/*,octomil_tui/engine/*'
	$(BIN)/coverage report --fail-under=90

format: $(DEVELOP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

snapshots: $(DEVELOP)
	$(BIN)/python -m pytest tests/snapshots --snapshot-update

keys: $(DEVELOP)
	$(BIN)/python -m octomil_tui.ui.key_document README.md

screenshots: $(DEVELOP)
	$(BIN)/python -m screenshots.make

matrix: $(DEVELOP)
	$(BIN)/python -m tests.faults.matrix -n $(WORKERS)

leaks: $(DEVELOP)
	$(BIN)/python -m tests.leaks -n $(WORKERS)

# What to run, and how long: make soak SOAK="night --minutes 30 --seed 7"
soak: $(DEVELOP)
	$(BIN)/python -m tests.soak $(SOAK)

# Fetches what is compared with, where it can. The result goes into docs/PERFORMANCE.md with: make bench KEEP=1
bench: $(DEVELOP)
	$(BIN)/python -m tests.bench.peers
	$(BIN)/python -m tests.bench $(if $(KEEP),--keep) $(BENCH)

clean:
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
