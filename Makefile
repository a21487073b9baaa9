# `make help` lists what there is to do.

# What `make` should say about failing recipes is said by what they run.
MAKEFLAGS += --no-print-directory
GRADER := .venv/bin/grader
BIN := .venv/bin

# Modules are compiled once, not at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help grade show test stubs student-repo autograder-bundle diff lint clean bench trial flakiness fuzz transcripts lock

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 26
	@echo
	@echo '  make grade EX="08 09:reaps"   some exercises, or one promise'
	@echo '  make grade DIR=path           what is in another folder'
	@echo '  make grade SEED=7             the same inputs as in the run with this seed'
	@echo '  make grade V=1                every check in full'
	@echo '  make grade JSON=result.json   the result as a file, too'
	@echo '  make grade REPORT=junit=x.xml the result in other formats, see docs/reports.md'

grade: .venv/.ready ## Grade exercises/
	@$(GRADER) grade $(if $(DIR),--dir "$(DIR)") $(if $(SEED),--seed "$(SEED)") \
		$(if $(JSON),--json "$(JSON)") $(patsubst %,--report "%",$(REPORT)) $(if $(V),-v) $(EX)

show: .venv/.ready ## Watch a TCP endpoint at work (EX=12)
	@$(GRADER) show $(if $(DIR),--dir "$(DIR)") $(if $(SEED),--seed "$(SEED)") $(EX)

# Tests wait more than they compute.
TEST_WORKERS := $(shell expr 3 \* $$(nproc))
test: .venv/.ready-dev ## Test the grader itself (ALL=1: with all submissions)
	@ALL=$(ALL) PYTEST_XDIST_AUTO_NUM_WORKERS=$(TEST_WORKERS) $(BIN)/python -m pytest -n auto tests

stubs: .venv/.ready ## Write the stubs in exercises/ from solutions/
	@$(GRADER) stubs

student-repo: .venv/.ready ## Write what students get, or update it (OUT= EX= POINTS=)
	@$(GRADER) student-repo "$(or $(OUT),student-repo)" $(EX) $(if $(POINTS),--points "$(POINTS)")

autograder-bundle: .venv/.ready ## Write autograders for Gradescope, Classroom 50 (OUT= EX= POINTS=)
	@$(GRADER) autograder-bundle "$(or $(OUT),.)" $(EX) $(if $(POINTS),--points "$(POINTS)")

diff: .venv/.ready ## Show stub and solution, or DIR= and the solution (EX= HTML=)
	@$(GRADER) diff $(if $(DIR),"$(DIR)") $(addprefix -e ,$(EX)) $(if $(HTML),--html "$(HTML)")

lint: .venv/.ready-dev ## Look for mistakes in style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: .venv/.ready-dev ## Measure how fast the grader is (CHECK50=1: beside check50)
	@$(BIN)/python -m tests.bench $(if $(CHECK50),--check50)

trial: .venv/.ready-dev ## Try the grader with all submissions, attacks and mutants (PARTS=)
	@$(BIN)/python -m tests.trial $(PARTS)

RUNS ?= 100
LOAD ?= idle
flakiness: .venv/.ready-dev ## Grade right submissions RUNS times, wrong ones a fifth as often (LOAD=)
	@$(BIN)/python -m tests.trial.flakiness --runs $(RUNS) --load $(LOAD) $(if $(KEEP),--keep) $(WORDS)

EXAMPLES ?= 100000
fuzz: .venv/.ready-dev ## Compare solutions with the C library on EXAMPLES drawn inputs
	@EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -q -n auto -k agrees tests/test_c_library.py

transcripts: .venv/.ready-dev ## Record what students read about wrong submissions (WORDS=)
	@$(BIN)/python -m tests.transcripts $(WORDS)

lock: .venv/.ready-dev ## Pin the newest versions of the dependencies
	@scripts/lock

clean: ## Remove all that was set up
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.ready: requirements.lock pyproject.toml
	@scripts/setup requirements.lock $@

.venv/.ready-dev: requirements-dev.lock .venv/.ready
	@scripts/setup requirements-dev.lock $@
