# One environment (.venv), one lock file. Needs only Python 3.11 or newer; every target runs from a fresh clone.
#   make demo        install, then compare attractiveness and cooperation on the Figeac case
#   make test        the suite, without what is marked slow
#   make test-all    everything
#   make docs        the documentation site, in build/docs, its links checked; needs no network once installed
#   make audit       licences, bill of materials, two equal wheels, secrets, unsafe calls
#   make lint        style, types, import contracts, and the wheel installed elsewhere and run
# Another Python:    make test PYTHON=python3.13 VENV=build/venv-3.13
# One part:          make test TESTS=tests/unit

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
TESTS ?= tests
PYTEST_FLAGS ?=

LOCK := requirements.lock
PY := $(VENV)/bin/python
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null)
# pip that names neither its own updates nor the packages one by one; the lock decides the versions
INSTALL := -m pip install --quiet --disable-pip-version-check --constraint $(LOCK)
PYTEST := $(PY) -m pytest --numprocesses=$(WORKERS)

.DEFAULT_GOAL := help
.PHONY: demo test test-all test-lowest lint docs audit wheel lock clean help

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -n 9

demo: $(VENV)/.installed
	$(VENV)/bin/coopsim compare figeac-attractiveness figeac-cooperation --replicates 20 --out out/demo --report report.html
	@echo "The report is $(CURDIR)/report.html: open it in a browser. The tables are in $(CURDIR)/out/demo."

test: $(VENV)/.installed-test
	$(PYTEST) -m "not slow" --hypothesis-profile=ci $(PYTEST_FLAGS) $(TESTS)

test-all: $(VENV)/.installed-test
	$(PYTEST) --hypothesis-profile=thorough $(PYTEST_FLAGS) $(TESTS)

lint: $(VENV)/.installed-lint
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(MAKE) wheel

docs: $(VENV)/.installed-docs
	$(PY) -m sphinx --builder html --fail-on-warning --keep-going --quiet docs build/docs
	$(PY) docs/check_site.py build/docs
	@echo "The site is $(CURDIR)/build/docs/index.html"

# What the release is made of: licences, bill of materials, two equal wheels, secrets, unsafe calls.
audit: $(VENV)/.installed-audit
	$(PY) benchmarks/supply.py build/supply

# The built wheel, in an environment that has never seen the checkout and holds no extra.
wheel: $(VENV)/.installed-lint
	rm -rf build/wheel build/elsewhere
	$(PY) -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/elsewhere
	build/elsewhere/bin/python $(INSTALL) build/wheel/coopsim-*.whl
	cd build/elsewhere && bin/coopsim --help > /dev/null
	cd build/elsewhere && bin/coopsim list scenarios
	cd build/elsewhere && bin/coopsim run figeac-status-quo --years 1 --out out
	rm -rf build/elsewhere

# The suite with the oldest dependencies that pyproject.toml allows.
test-lowest: build/uv/bin/uv
	$(MAKE) build/lowest/.created-$(VERSION) VENV=build/lowest
	build/uv/bin/uv pip compile --quiet --python $(abspath build/lowest/bin/python) --resolution lowest-direct --extra test --output-file build/lowest/requirements.txt pyproject.toml
	build/lowest/bin/python -m pip install --quiet --requirement build/lowest/requirements.txt --editable .
	build/lowest/bin/python -m pytest --numprocesses=$(WORKERS) -m "not slow" --hypothesis-profile=ci $(PYTEST_FLAGS) $(TESTS)

# One file for every supported Python and system (environment markers), without hashes and index addresses.
lock: build/uv/bin/uv
	build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --all-extras --upgrade --no-annotate \
	  --no-emit-index-url --custom-compile-command "make lock" --output-file $(LOCK) pyproject.toml

build/uv/bin/uv:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf build dist out report.html .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(VENV)/.installed*
	find coopsim calibration viz tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment: made once, installed again only when the lock or pyproject.toml is newer than the stamp ---

$(VENV)/.created-$(VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "coopsim needs Python 3.11 or newer; $(PYTHON) is older or missing. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@test ! -x $(PY) || $(PY) -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(VERSION)")' || { \
	  echo "$(VENV) holds another Python than $(VERSION). Keep both: make $(MAKECMDGOALS) PYTHON=$(PYTHON) VENV=build/venv-$(VERSION)" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PY) -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created-$(VERSION) $(LOCK) pyproject.toml
	@echo "Installing coopsim and its dependencies (a minute or two the first time)"
	@$(PY) $(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.created-$(VERSION) $(LOCK) pyproject.toml
	@echo "Installing coopsim and its test tools (a minute or two the first time)"
	@$(PY) $(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-lint: $(VENV)/.created-$(VERSION) $(LOCK) pyproject.toml
	@echo "Installing coopsim and its lint tools"
	@$(PY) $(INSTALL) --editable '.[lint]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: $(VENV)/.created-$(VERSION) $(LOCK) pyproject.toml
	@echo "Installing coopsim and what builds its documentation"
	@$(PY) $(INSTALL) --editable '.[docs]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-audit: $(VENV)/.created-$(VERSION) $(LOCK) pyproject.toml
	@echo "Installing coopsim and what audits it"
	@$(PY) $(INSTALL) --editable '.[audit]'
	@touch $@ $(VENV)/.installed
