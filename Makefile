# The commands of the project. Each does its own set-up; see README.md.
PYTHON ?= python3
RUN = .venv/bin/python
WORKERS ?= 2
TESTS_OF_APPS = $(filter tests/%,$(wildcard $(patsubst apps/%/,tests/%,$(wildcard apps/*/)))) \
	$(wildcard tests/oidc tests/test_safety*.py)
# Texts that may still lack a translation. Goes down to 0 when nynorsk and English are complete.
ALLOW_MISSING ?= 0

.DEFAULT_GOAL := help
.PHONY: help demo test test-project coverage check fix drill bench bench-long lock messages

help:
	@echo "make demo      set up and run the product (PORT=8000 BIND=127.0.0.1 DATA_DIR=data)"
	@echo "make test      set up and run every test (WORKERS=2 ARGS='tests/core -x')"
	@echo "make coverage  the tests of the apps and the safety rules, traced: how much of the code they run (at least 95 %)"
	@echo "make test-project  the rest: what holds for the whole project"
	@echo "make check     lint, types, missing migrations and translations, import order"
	@echo "make fix       repair what a tool can repair"
	@echo "make drill     long tests and fault tests"
	@echo "make bench     benchmark, written to bench/RESULTS.md (bench-long: also long load)"
	@echo "make lock      remake the lock files (UPGRADE=1: with the newest versions)"
	@echo "make messages  collect texts for translation into locale/"

demo:
	@$(PYTHON) scripts/setup.py demo
	@$(RUN) scripts/demo.py

PYTEST = $(RUN) -m pytest -n $(WORKERS) --dist loadgroup -m "not drill"

test:
	@$(PYTHON) scripts/setup.py test
	@$(PYTEST) $(ARGS)

test-project:
	@$(PYTHON) scripts/setup.py test
	@$(PYTEST) $(addprefix --ignore=,$(TESTS_OF_APPS)) $(ARGS)

coverage:
	@$(PYTHON) scripts/setup.py test
	@$(PYTEST) --cov --cov-report=term $(TESTS_OF_APPS) $(ARGS)

check:
	@$(PYTHON) scripts/setup.py dev
	@$(RUN) scripts/check.py --allow-missing $(ALLOW_MISSING)

fix:
	@$(PYTHON) scripts/setup.py dev
	@$(RUN) scripts/check.py --fix --allow-missing $(ALLOW_MISSING)

drill:
	@$(PYTHON) scripts/setup.py test
	@$(RUN) -m pytest -m drill -s $(ARGS)

bench:
	@$(PYTHON) scripts/setup.py test
	@$(RUN) -m bench $(ARGS)

bench-long:
	@$(PYTHON) scripts/setup.py test
	@$(RUN) -m bench --long $(ARGS)

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

lock:
	@$(PYTHON) scripts/setup.py dev
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt

messages:
	@$(PYTHON) scripts/setup.py dev
	@$(RUN) scripts/check_messages.py --write
