# Uppväxt. `make` lists what there is. Needs make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
# A site is a folder.
SITE ?= data_sample
# Empty: the latest wave.
WAVE ?=
# Not LANG: that one is the terminal's.
DOC_LANG ?= sv
# profile, summary or young.
KIND ?= profile
# Empty: the usual ones; all, or some of html,pdf,docx,xlsx,pptx,csv,json.
FORM ?=
# Empty: where the command puts it, in the site's build folder.
OUT ?=
REAL_DATA ?= ../shared/data
PYTEST_ARGS ?= -n auto

# Tests with real data read it, and skip where the folder is absent.
export REAL_DATA

BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
UPPVAXT := $(BIN)/uppvaxt
EXAMPLE := examples/yrbs2019
OF_SITE := --site "$(SITE)"
OF_ANY := $(if $(WAVE),--wave "$(WAVE)") --lang "$(DOC_LANG)" $(if $(FORM),--form "$(FORM)") \
	$(if $(OUT),--out "$(OUT)")
OF_DOCUMENT := $(OF_SITE) --kind "$(KIND)" $(OF_ANY)
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
	--group build

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

##@ Documents

.PHONY: profile
profile: $(RUNTIME) ## Profile of one area: make profile AREA=norrsatra [WAVE=2023] [DOC_LANG=sv|en] [KIND=summary] [FORM=all] [OUT=folder]
	@if [ -z "$(AREA)" ]; then \
		echo "AREA is missing. Name an area, e.g. make profile AREA=norrsatra; 'make areas' lists them." >&2; \
		exit 2; \
	fi
	@$(UPPVAXT) profile "$(AREA)" $(OF_DOCUMENT)

.PHONY: profiles
profiles: $(RUNTIME) ## Profiles of all areas
	@$(UPPVAXT) profiles $(OF_DOCUMENT)

.PHONY: compare
compare: $(RUNTIME) ## Areas beside each other: make compare AREAS="norrsatra storvik"
	@if [ -z "$(AREAS)" ]; then \
		echo "AREAS is missing. Name two or more, e.g. make compare AREAS=\"norrsatra storvik\"." >&2; \
		exit 2; \
	fi
	@$(UPPVAXT) compare $(AREAS) $(OF_SITE) $(OF_ANY)

.PHONY: overview
overview: $(RUNTIME) ## All areas of SITE beside each other
	@$(UPPVAXT) overview $(OF_SITE) $(OF_ANY)

# On this machine alone; pages on a file share or a web server are copies of the folder.
.PHONY: site
site: PAGES := $(or $(OUT),$(SITE)/build/web)
site: $(RUNTIME) ## Pages for everyone, made of the current release, at http://localhost:8000: make site [PORT=8000] [OUT=folder]
	@[ -e "$(SITE)/releases/current" ] || $(UPPVAXT) release $(OF_SITE)
	@$(UPPVAXT) site $(OF_SITE) --out "$(PAGES)"
	@echo "http://localhost:$(or $(PORT),8000) shows the pages; Ctrl+C ends it." >&2
	@$(BIN)/python -m http.server $(or $(PORT),8000) --bind 127.0.0.1 --directory "$(PAGES)"

.PHONY: explain
explain: $(RUNTIME) ## Where a figure comes from: make explain FIGURE=norrsatra/2025/c_attach_low
	@if [ -z "$(FIGURE)" ]; then \
		echo "FIGURE is missing. Name area, wave and measure, e.g. norrsatra/2025/c_attach_low." >&2; \
		exit 2; \
	fi
	@$(UPPVAXT) explain "$(FIGURE)" $(OF_SITE)

.PHONY: areas
areas: $(RUNTIME) ## List the areas of SITE (default data_sample)
	@$(UPPVAXT) areas $(OF_SITE)

.PHONY: build
build: $(RUNTIME) ## Read the exports of SITE and compute everything anew
	@$(UPPVAXT) build $(OF_SITE)

.PHONY: estimates
estimates: OUT := $(or $(OUT),$(SITE)/build/estimates.csv)
estimates: $(RUNTIME) ## Write every estimate of SITE, one a row: make estimates [OUT=file.csv]
	@$(UPPVAXT) estimates $(OF_SITE) --out "$(OUT)"

.PHONY: sensitivity
sensitivity: OUT := $(or $(OUT),$(SITE)/build/sensitivity.csv)
sensitivity: $(RUNTIME) ## How far figures move under other choices: make sensitivity [WAVE=2023] [OUT=file.csv]
	@$(UPPVAXT) sensitivity $(OF_SITE) $(if $(WAVE),--wave "$(WAVE)") --out "$(OUT)"

.PHONY: norm
norm: $(RUNTIME) ## Show a norm: make norm NORM=id [AGAINST=another, set beside it] [WAVE=2023]
	@if [ -z "$(NORM)" ]; then \
		echo "NORM is missing. Name a norm, e.g. make norm NORM=sandviken_2021_synthetic." >&2; \
		exit 2; \
	fi
	@$(if $(AGAINST),$(UPPVAXT) norms compare "$(NORM)" "$(AGAINST)" $(OF_SITE) $(if $(WAVE),--wave "$(WAVE)"),$(UPPVAXT) norms show "$(NORM)" $(OF_SITE))

.PHONY: participation
participation: $(RUNTIME) ## Who answered by school, grade and gender, and who is missing [WAVE=2023]
	@$(UPPVAXT) participation $(OF_SITE) $(if $(WAVE),--wave "$(WAVE)")

.PHONY: research
research: $(RUNTIME) ## Write the database for researchers: make research KEY=file [RELEASE=name]
	@if [ -z "$(KEY)" ]; then \
		echo "KEY is missing. Name the file with the key, see docs/databases.md." >&2; \
		exit 2; \
	fi
	@$(UPPVAXT) research $(OF_SITE) --key "$(KEY)" $(if $(RELEASE),--release "$(RELEASE)")

.PHONY: comparisons
comparisons: OUT := $(or $(OUT),$(SITE)/build/comparisons.csv)
comparisons: $(RUNTIME) ## Write every comparison of SITE, with its verdict: make comparisons [OUT=file.csv]
	@$(UPPVAXT) comparisons $(OF_SITE) --out "$(OUT)"

.PHONY: nightly
nightly: $(RUNTIME) ## Bring the published release up to date, as every night: make nightly [OUT=folder]
	@$(UPPVAXT) nightly $(OF_SITE) $(if $(OUT),--out "$(OUT)")

##@ Proof

.PHONY: test
test: $(DEV) ## Run the tests
	@$(BIN)/pytest $(PYTEST_ARGS)

.PHONY: kills
kills: $(DEV) ## Kill nightly runs at random moments while a reader reads: make kills [KILLS=200]
	@PUBLISHER=real KILLS=$(or $(KILLS),200) $(BIN)/pytest -s tests/operations/test_kills.py

.PHONY: check
check: lint test ## Everything that must hold: lint and test

.PHONY: lint
lint: $(DEV) ## Format, lint, types, layering, SQL lint, JSON Schemas current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql
	$(BIN)/python -m pipeline.definitions.json_schemas --check

.PHONY: real
real: $(RUNTIME) ## Reproduce published figures from the real file in REAL_DATA (default ../shared/data)
	@if [ ! -d "$(REAL_DATA)/yrbs2019" ]; then \
		echo "$(REAL_DATA)/yrbs2019 does not exist. Name the folder that holds yrbs2019: make real REAL_DATA=folder" >&2; \
		exit 2; \
	fi
	@$(UPPVAXT) build --site $(EXAMPLE)
	@$(UPPVAXT) estimates --site $(EXAMPLE) --edition internal --out $(EXAMPLE)/build/estimates.csv
	@$(BIN)/python -m examples.yrbs2019.compare \
		--estimates $(EXAMPLE)/build/estimates.csv --published "$(REAL_DATA)/yrbs2019"

.PHONY: attack
attack: $(RUNTIME) ## Try to work out what a release hides: make attack [RELEASE=folder]; without, SITE's current one
	@$(if $(RELEASE),,[ -e "$(SITE)/releases/current" ] || $(UPPVAXT) release $(OF_SITE))
	@$(UPPVAXT) attack "$(or $(RELEASE),$(SITE)/releases/current)"

.PHONY: oracle
oracle: CASES := $(or $(CASES),tests/oracle/cases)
oracle: $(RUNTIME) ## Compare with another program's answers: make oracle [CASES=folder of cases]
	@$(BIN)/python -m bench.oracle "$(CASES)"

.PHONY: coverage
coverage: $(RUNTIME) ## Simulate how often intervals of small areas hold the truth; writes docs/coverage.md
	@$(BIN)/python -m bench.coverage --out docs/coverage.md

.PHONY: mutants
mutants: $(DEV) ## Count which small mistakes in disclosure and release the tests notice: make mutants [COUNT=200] [SEED=1]
	@$(BIN)/python -m bench.mutants --count $(or $(COUNT),200) --seed $(or $(SEED),1) $(if $(ONLY),--only "$(ONLY)")

OLD_CLIENT := build/oldclients/.installed
BENCH_SIZES := $(or $(SIZES),20000 200000 1000000 5000000)
BENCH_PEERS := $(or $(PEERS),r r_all svy samplics)
COMMA := ,
PEERS_INSTALLED := bench/build/peers/.installed
.PHONY: bench
bench: $(RUNTIME) $(PEERS_INSTALLED) ## Measure speed beside others: make bench [SIZES="20000 200000"] [PEERS="r svy"|none] [BENCH_FULL=1]
	@$(BIN)/python -m bench.speed \
		--sizes "$(subst $() ,$(COMMA),$(strip $(BENCH_SIZES)))" \
		--peers "$(subst $() ,$(COMMA),$(strip $(BENCH_PEERS)))" \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(BENCH_FULL),--full)

.PHONY: oldclients
oldclients: $(RUNTIME) $(OLD_CLIENT) ## Open both databases with the oldest DuckDB client that is promised
	@$(BIN)/python -m bench.old_clients build/oldclients/bin/python

##@ Upkeep

.PHONY: format
format: $(DEV) ## Bring Python and SQL into the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix --quiet sql

.PHONY: sample
sample: $(RUNTIME) ## Make the synthetic answers of data_sample anew
	@$(BIN)/python -m data_sample.generator

.PHONY: pictures
pictures: $(DEV) ## The pictures of README.md, of the sample: make pictures [BROWSER=/usr/bin/chromium]
	@for kind in profile summary young; do $(UPPVAXT) profile norrsatra --kind $$kind; done
	@[ -e data_sample/releases/current ] || $(UPPVAXT) release
	@$(UPPVAXT) site
	@$(BIN)/python docs/images/make_pictures.py "$(or $(BROWSER),/usr/bin/chromium)"

.PHONY: schemas
schemas: $(RUNTIME) ## Write schemas/json from the models, for editors
	@$(BIN)/python -m pipeline.definitions.json_schemas

.PHONY: lock
lock: $(DEV) ## Resolve the dependencies anew: requirements.lock, requirements-dev.lock
	@$(COMPILE) --upgrade --output-file requirements.lock
	@$(COMPILE) --group dev --upgrade --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: clean
clean: ## Remove everything that is derived, and .venv
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf "$(SITE)/build" $(EXAMPLE)/build bench/build build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "%s%s\n", (NR > 1 ? "\n" : ""), substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile

# Installed once; again only when a lock file or pyproject.toml changes.
$(RUNTIME): requirements.lock pyproject.toml
	@if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Uppväxt needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>/dev/null || echo not there). Name another: make PYTHON=python3.12" >&2; \
		exit 2; \
	fi
	@echo "Installing what Uppväxt runs on into .venv, once ..." >&2
	@"$(PYTHON)" -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(PEERS_INSTALLED): bench/requirements.txt
	@echo "Installing what the product is set beside into bench/build/peers, once ..." >&2
	@"$(PYTHON)" -m venv bench/build/peers
	@bench/build/peers/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input \
		install --requirement bench/requirements.txt
	@touch $@

# In an environment of its own: the product needs a newer DuckDB. With wheels for Python up to 3.12.
$(OLD_CLIENT): | $(RUNTIME)
	@$(BIN)/python -m venv build/oldclients
	@build/oldclients/bin/python -m pip --quiet --disable-pip-version-check --no-input \
		install --only-binary :all: duckdb==1.0.0
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "Installing what the checks need into .venv, once ..." >&2
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
