# Every target makes its own .venv where there is none; nothing has to be done before.
.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports deps coverage browser snapshots screenshots browser-picture keys papers dist dist-check system-tools matrix leaks soak bench clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOP := $(VENV)/.develop
PEERS := $(VENV)/.peers
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Tests wait for terminals and servers more than they compute: two for each core.
WORKERS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))

# Whether `serve` is looked at through a browser: no leaves those tests out.
BROWSER_TESTS ?= yes
export BROWSER_TESTS

help:
	@echo "make demo         the main job on a made-up fleet: see it, roll it back, watch until it is done"
	@echo "make test         the tests"
	@echo "make check        everything that a change has to pass: format, lint, types, imports, deps, tests, coverage"
	@echo "make browser      the browser that the tests of serve need, from Debian's packages; BROWSER_TESTS=no does without"
	@echo "make browser-picture  screenshots/dashboard-browser.png again, from the dashboard in a browser"
	@echo "make matrix       the acceptance matrix: every numbered case and how it stands"
	@echo "make leaks        the tests, and a search for API keys in everything that comes out of them"
	@echo "make soak         long runs, an hour and more: memory, a night of faults, processor while idle"
	@echo "make bench        how fast, small and frugal it is beside others: three minutes, 1 where a goal is missed"
	@echo "make format       format the code"
	@echo "make snapshots    accept the screens as they are now; look at them first"
	@echo "make papers       write the manual page and the card again from the program"
	@echo "make dist         the wheel and the source archive, in dist/"
	@echo "make screenshots  write screenshots/ again from the running app"
	@echo "make keys         write the table of keys in the README again"

$(RUNTIME): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(DEVELOP): $(RUNTIME)
	$(PIP) --editable '.[dev,serve]'
	@touch $@

# The vendor's own client, which the control plane has to satisfy; its tests are left out where it cannot be had.
$(PEERS): $(DEVELOP) tests/bench/peers.py
	$(BIN)/python -m tests.bench.peers
	@touch $@

# A browser for the tests of `serve`. Where it cannot be had, those fail and say so; everything else is still tested.
browser:
	@test "$(BROWSER_TESTS)" = no || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	|| command -v google-chrome >/dev/null || { command -v apt-get >/dev/null \
	&& { test "$$(id -u)" = 0 || as_root='sudo -n'; $$as_root apt-get -qq -o DPkg::Lock::Timeout=600 update \
	&& $$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 install --yes \
	--no-install-recommends chromium >/dev/null; }; } \
	|| echo "chromium could not be installed here: install it, or leave its tests out with BROWSER_TESTS=no" >&2

demo: $(RUNTIME)
	$(BIN)/octomil-console demo

# Programs of the system that some tests need, as command=Debian package. Tests skip what is not there;
# `make check` does not.
SYSTEM_TOOLS := zsh=zsh fish=fish man=man-db
system-tools:
	@missing="$$(for one in $(SYSTEM_TOOLS); do command -v "$${one%%=*}" >/dev/null || echo "$${one#*=}"; done)"; \
	test -z "$$missing" || { \
		as_root=; test "$$(id -u)" = 0 || as_root="sudo -n"; \
		$$as_root apt-get update -qq && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	}

test: $(DEVELOP) $(PEERS) browser
	$(BIN)/python -m pytest -n $(WORKERS)

check: system-tools format-check lint types imports deps coverage dist-check

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
coverage: $(DEVELOP) $(PEERS) browser
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

browser-picture: $(DEVELOP) browser
	$(BIN)/python -m screenshots.browser

papers: $(DEVELOP)
	$(BIN)/octomil-console man --roff > docs/octomil-console.1
	$(BIN)/octomil-console card --markdown > docs/CARD.md
	$(BIN)/python -m tests.documents.tables

# The wheel comes out of the source archive, so that both are known to be whole.
dist: $(DEVELOP)
	rm -rf dist
	PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m build

# Installs the wheel as a stranger would, and runs it from an empty directory.
dist-check: dist
	$(BIN)/python -m tests.wheel dist

matrix: $(DEVELOP) browser
	$(BIN)/python -m tests.faults.matrix -n $(WORKERS)

leaks: $(DEVELOP) browser
	$(BIN)/python -m tests.leaks -n $(WORKERS)

# What to run, and how long: make soak SOAK="night --minutes 30 --seed 7"
soak: $(DEVELOP)
	$(BIN)/python -m tests.soak $(SOAK)

# Beside its peers, where they can be had. The result goes into docs/PERFORMANCE.md with: make bench KEEP=1
bench: $(DEVELOP) $(PEERS)
	$(BIN)/python -m tests.bench $(if $(KEEP),--keep) $(BENCH)

clean:
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
