# Two commands for a fresh machine: `make demo` and `make test`. Needs Python 3.11 or newer, git and, for anything but linux/amd64,
# helmfile 0.16x and helm 3 on PATH. Everything is put into .venv, .demo and the user's cache folder (see `migrate tools --help`).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DEMO := .demo/platform
BRANCH := feature/BE-384

# Python keeps its bytecode, whatever the environment says: the tests start it often.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint lock wheelhouse clean

help:
	@echo "make demo   set up, make a sample legacy repository, plan and apply its migration, show the proof (two minutes)"
	@echo "make test   set up, lint, type-check, run all tests (eleven minutes on two cores)"
	@echo "make setup  the virtual environment only"
	@echo "make wheelhouse  get every package into wheelhouse/, for a machine without a network"
	@echo "make lock   renew requirements.lock and requirements-dev.lock"
	@echo "make clean  remove what these commands made here"

setup: $(VENV)/.run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

# The project itself is built with the setuptools of the lock file: nothing comes in without a hash.
$(VENV)/.run: $(BIN)/python requirements.lock pyproject.toml
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run
	$(BIN)/migrate tools install
	rm -rf $(DEMO)
	$(BIN)/python -m tests.fixtures.platform $(DEMO)
	git -C $(DEMO) config user.name "Demo Person"
	git -C $(DEMO) config user.email demo@example.org
	$(BIN)/migrate plan --repo $(DEMO)
	$(BIN)/migrate apply --repo $(DEMO) --branch $(BRANCH)
	git -C $(DEMO) --no-pager log --oneline --graph --max-count=20 $(BRANCH)
	@echo "The sample repository is in $(DEMO), its migration on the branch $(BRANCH)."

# The linters come first, so that the last line is pytest's own. Each worker begins with a part of its own, so that what the tests of
# a module share is made once; who is done takes over from the other.
test: $(VENV)/.dev
	$(BIN)/migrate tools install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# uv's compiler writes one file for all systems and Python versions (libcst needs another YAML package on 3.13; pip-compile would write
# down only what the Python that runs it needs). The files name packages, versions and hashes, never an index.
LOCK := .cache/lock
COMPILE := $(LOCK)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --system-certs \
	--custom-compile-command "make lock" --extra build

lock:
	$(PYTHON) -m venv $(LOCK)
	$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@! grep -nE '://|--(index-url|extra-index-url|trusted-host|find-links)' requirements.lock requirements-dev.lock \
		|| { echo "a lock file names a package index"; exit 1; }

# For a machine without a network; see docs/how-to/work-without-network-or-on-macos.md.
wheelhouse: $(BIN)/python
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--dest wheelhouse -r requirements.lock

clean:
	rm -rf $(VENV) wheelhouse .demo .cache build .mypy_cache .ruff_cache .pytest_cache .hypothesis ./*.egg-info
