# `make serve` and `make test` are all that a fresh clone needs; the others are for daily work.
.DEFAULT_GOAL := help
.PHONY: help serve site archive zensical check test bench format lock pictures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The format of problems; github turns them into annotations.
ABICASE_FORMAT ?= text
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true
# Container images often disable bytecode, which makes every start compile tests and modules.
export PYTHONDONTWRITEBYTECODE :=

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(STAMP): requirements.lock pyproject.toml plugins/abicase/__init__.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

serve: $(STAMP) ## Build the site and serve it at http://127.0.0.1:8000, rebuilt after each change
	$(BIN)/mkdocs serve --livereload

# A folder is built under another name and then renamed, so that the last good one stays until the
# new one is complete. Only SIGKILL can stop it between the two renames; the next run first cleans up
# after an earlier one.
begin = [ -e $(1) ] || [ ! -e .$(1)-old ] || mv .$(1)-old $(1); rm -rf .$(1)-new .$(1)-old
finish = trap '' HUP INT TERM; { [ ! -e $(1) ] || mv $(1) .$(1)-old; } \
	&& mv .$(1)-new $(1) && rm -rf .$(1)-old

site: $(STAMP) ## Build the site into site/, strictly, and check it as a whole
	@[ -n "$$SITE_URL" ] || printf '%s\n' >&2 \
		"SITE_URL is not set: the site gets no sitemap and no canonical links. Unless casebook.yml has" \
		"published_at, it gets no feed, and the addresses in replies name no host. To set it:" \
		"  make site SITE_URL=https://casebook.example/"
	@$(call begin,site)
	$(BIN)/mkdocs build --strict --site-dir .site-new || { rm -rf .site-new; exit 1; }
	$(BIN)/abicase inspect --format $(ABICASE_FORMAT) .site-new || [ $$? -eq 3 ] \
		|| { rm -rf .site-new; exit 1; }
	@$(call finish,site)

archive: $(STAMP) ## Build the site into archive/, in a form that works without a server
	@$(call begin,archive)
	OFFLINE=true SITE_URL= $(BIN)/mkdocs build --strict --site-dir .archive-new \
		|| { rm -rf .archive-new; exit 1; }
	@$(call finish,archive)

zensical: $(STAMP) ## Build the site with Zensical into zensical/site/
	@$(call begin,zensical)
	$(BIN)/abicase render --docs docs --links-from file .zensical-new \
		|| { rm -rf .zensical-new; exit 1; }
	$(BIN)/zensical build --strict --config-file .zensical-new/mkdocs.yml \
		|| { rm -rf .zensical-new; exit 1; }
	$(BIN)/abicase links check --format $(ABICASE_FORMAT) .zensical-new/site \
		|| { rm -rf .zensical-new; exit 1; }
	@$(call finish,zensical)

check: $(STAMP) ## Check format, lint, types, fast tests and records; run it before every commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell casestudies docs plugins tools .ci .github *.md
	$(BIN)/mypy
	$(BIN)/abicase check
	$(BIN)/abicase fmt --check
	$(BIN)/pytest -q -n auto --dist worksteal -m 'not slow'

test: $(STAMP) ## Run everything that CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell casestudies docs plugins tools .ci .github *.md
	$(BIN)/mypy
	$(BIN)/abicase check
	$(BIN)/abicase fmt --check
	$(BIN)/pytest -n auto --dist worksteal

# A shorter run: make bench BENCH="--sizes 12,120 --runs 1"
bench: $(STAMP) ## Measure speed and size against plain MkDocs; takes an hour on an idle machine
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(BENCH)

format: $(STAMP) ## Format code and records, and rewrite the schemas
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/abicase fmt
	$(BIN)/abicase schema schema

lock: ## Update the pins of the dependencies in pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --upgrade --group dev pyproject.toml -o requirements.lock

pictures: site ## Retake the README's pictures (needs Chromium)
	$(BIN)/python tools/pictures.py

clean: ## Remove build results
	rm -rf site .site-* archive .archive-* zensical .zensical-* .mypy_cache .ruff_cache .pytest_cache .hypothesis
