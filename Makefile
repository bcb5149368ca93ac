# make run: the demo company, from exports to warehouse and report. make fuzz: files that are made to break the reader.
# make test: everything but what takes minutes by itself, about ten minutes in all; that is in make integration (whole runs, other
# processes, crashes) and make browser. CI calls all three, with LAWS=1.
# make laws: the laws of the models on LAWS (20) times as many random companies as in the suite.
# make mutants: the SQL broken on purpose, one place at a time; MUTANTS="sql/marts/deals.sql …" for some models, SAMPLE=200 for some mutants.
VENV := .venv
PYTHON := $(VENV)/bin/python
HOME_DIR ?= pipeline-home
BENCH ?=

.PHONY: run test integration browser check fuzz laws soak crashes life mutants ui bench docs differential clients cube bi paper sbom audit lock clean

run: $(VENV)/.installed
	@$(VENV)/bin/pipeline-etl demo --home $(HOME_DIR)

PYTEST := $(PYTHON) -m pytest -n 2 --dist loadscope --no-loadscope-reorder
test: $(VENV)/.installed-test
	@LAWS=$${LAWS:-0.25} $(PYTEST) -m "not integration and not browser"

integration: $(VENV)/.installed-test
	@$(PYTEST) -m integration

browser: $(VENV)/.installed-test
	@$(PYTEST) -m browser

check: $(VENV)/.installed-test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/dg check defs

FUZZ_SECONDS ?= 600
fuzz: $(VENV)/.installed-test
	@FUZZ_SECONDS=$(FUZZ_SECONDS) $(PYTHON) -m pytest -q tests/test_messy.py -k no_sequence_of_tokens

LAWS ?= 20
laws: $(VENV)/.installed-test
	@LAWS=$(LAWS) $(PYTHON) -m pytest -q -n 2 $$(grep -l 'laws(' tests/test_*.py)

# Reading a hundred times while a hundred versions are published.
soak: $(VENV)/.installed-test clients
	@SOAK=100 $(PYTHON) -m pytest -q tests/test_clients.py

# Runs that are killed at a system call. Needs strace.
CRASHES ?= 200
crashes: $(VENV)/.installed-test
	@CRASHES=$(CRASHES) $(PYTHON) -m pytest -q -n 2 tests/test_crashes.py

# The life of a warehouse, day by day: LIFE days of exports, each with a run.
LIFE ?= 60
life: $(VENV)/.installed-test
	@LIFE=$(LIFE) $(PYTHON) -m pytest -q tests/test_life.py

MUTANTS ?=
SAMPLE ?=
mutants: $(VENV)/.installed-test
	@$(PYTHON) tests/mutants/run.py $(MUTANTS) $(if $(SAMPLE),--sample $(SAMPLE))

ui: $(VENV)/.installed
	@$(VENV)/bin/pipeline-etl ui --home $(HOME_DIR)

bench: $(VENV)/.installed
	@$(PYTHON) tests/bench_reading.py
	@$(PYTHON) tests/bench.py $(BENCH)

docs: $(VENV)/.installed
	@$(VENV)/bin/pipeline-etl tables --markdown > docs/tables.md

# uv where it is there, else venv and pip; exact versions and hashes either way.
$(VENV)/.installed: requirements.lock pyproject.toml
	@sh scripts/install.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.installed-test: requirements-dev.lock pyproject.toml $(VENV)/.installed
	@sh scripts/install.sh $(VENV) requirements-dev.lock
	@touch $@

# Optional: the tests that compare with it skip without it.
differential: $(VENV)/.installed-test
	@sh scripts/install.sh $(VENV) requirements-differential.lock

# Optional: the DuckDB of other years, which must read what this one writes; each in an environment of its own.
CLIENTS := 1.4 1.5
clients: $(addprefix .venv-clients/,$(addsuffix /.installed,$(CLIENTS)))

.venv-clients/%/.installed: tests/clients/%.lock
	@mkdir -p .venv-clients
	@sh scripts/install.sh .venv-clients/$* $< alone
	@touch $@

# Optional: the compiler of Cube's data models, which must accept the semantic description. Needs npm.
cube: tests/cube/node_modules/.installed
tests/cube/node_modules/.installed: tests/cube/package-lock.json
	@npm ci --prefix tests/cube --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Apache Superset on the home's warehouse (`make run` first), in an environment of its own, on this machine only.
BI_PORT ?= 8088
bi: .venv-bi/.installed
	@.venv-bi/bin/python scripts/bi/start.py $(HOME_DIR) --port $(BI_PORT)

.venv-bi/.installed: requirements-bi.lock
	@sh scripts/install.sh .venv-bi requirements-bi.lock alone
	@touch $@

# Optional: the report as PDF, and its tests; not part of `test`, where each of many runs would print.
paper: $(VENV)/.installed-test
	@sh scripts/install.sh $(VENV) requirements-pdf.lock
	@$(PYTHON) -m pytest -q tests/test_paper.py

# What is in it, for whoever must know: every pinned package with version and hashes, as CycloneDX.
sbom: .venv-audit/.installed
	@mkdir -p build
	@.venv-audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o build/sbom.json
	@echo build/sbom.json

# Known vulnerabilities of the pinned packages; asks the Python package index, which must be reachable.
audit: .venv-audit/.installed
	@.venv-audit/bin/pip-audit -r requirements.lock --disable-pip --strict

.venv-audit/.installed: requirements-audit.lock
	@sh scripts/install.sh .venv-audit requirements-audit.lock alone
	@touch $@

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra ui --extra build pyproject.toml -q -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra ui --extra build --extra dedupe --extra test -c requirements.lock pyproject.toml -q -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-dev.lock tests/differential.in -q -o requirements-differential.lock
	for version in $(CLIENTS); do uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header tests/clients/$$version.in -q -o tests/clients/$$version.lock; done
	npm install --prefix tests/cube --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --silent
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header scripts/bi/requirements.in -q -o requirements-bi.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header scripts/audit/requirements.in -q -o requirements-audit.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra pdf -c requirements-dev.lock pyproject.toml -q -o requirements-pdf.lock

clean:
	rm -rf $(VENV) .venv-clients .venv-bi .venv-audit build dist *.egg-info
