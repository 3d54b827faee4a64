# One word a task; `make` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / — /' | sort

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

install: .venv/installed ## make the environment

run: install ## migrate, load the demonstration, start portal and worker
	@$(BIN)/usrati migrate
	@$(BIN)/usrati demo
	@echo "http://127.0.0.1:$(PORT)   (codes arrive in var/sms.jsonl; Ctrl-C stops)"
	@$(BIN)/usrati worker & worker=$$!; PORT=$(PORT) $(BIN)/usrati serve & portal=$$!; \
	 trap 'kill $$worker $$portal 2>/dev/null; wait' EXIT INT TERM; wait $$portal

# What the tests start besides Python, and Debian's packages of it.
PROGRAMS := /usr/bin/chromium /usr/lib/postgresql/*/bin/initdb /usr/sbin/nginx /usr/sbin/haproxy /usr/bin/pdftotext \
            /usr/sbin/smsbox /usr/lib/kannel/test/fakesmsc
PACKAGES := chromium postgresql fonts-noto-core nginx haproxy poppler-utils kannel kannel-extras

.venv/tools: install
	@ls $(PROGRAMS) >/dev/null 2>&1 \
	 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; }
	@touch $@

# On several workers, each with databases, ports and folders of its own; `pytest FILE` alone needs none of it.
WORKERS ?= 2
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder

test: .venv/tools lint ## every page and rule once
	$(PYTEST) -m 'not matrix'

test-all: .venv/tools lint ## the full matrices too
	$(PYTEST)

lint: install ## style, types, import rules, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/tools ## measure pages, submissions, the register and a rescoring (HOUSEHOLDS=100000)
	@which wrk >/dev/null || apt-get install -y -qq --no-install-recommends wrk >/dev/null
	$(BIN)/python -m benchmarks

messages: install ## bring the catalogues up to the code's sentences
	@mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k NN_:1,2 -k counted:1,2 --no-wrap --sort-by-file --add-location file --project Usrati --version 1 -o var/messages.pot portal services
	@for language in ar fr zgh; do \
	 $(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete --ignore-pot-creation-date -i var/messages.pot -d portal/translations -l $$language; done

.PHONY: help install run test test-all lint bench messages
