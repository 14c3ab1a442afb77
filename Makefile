# Digiklinikka. `make help` lists everything.
PY := .venv/bin/python
export APP_PORT ?= 8550
export PLATFORM_PORT ?= 8040
unexport PYTHONDONTWRITEBYTECODE # else each process that the tests start compiles the whole app again
WEB_PORT ?= 8560
BASE ?= /
JOURNEYS := $(wildcard tests/e2e/test_*_journey.py) tests/e2e/test_device.py

.PHONY: help run app web serve-web stub console test unit histories interop journeys browsers soak walk mutants check format bench screenshots clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1|/' | column -t -s '|'

.venv/ready: pyproject.toml requirements.txt .ci/env
	@bash .ci/env

run: .venv/ready ## the stub platform and the app together; prints one address to open
	@$(PY) -m backend_stub.together

stub: .venv/ready ## the stub platform alone (PLATFORM_PORT)
	@$(PY) -m backend_stub --port $(PLATFORM_PORT)

app: .venv/ready ## the app alone, served to browsers (APP_PORT)
	@$(PY) -m app --web --port $(APP_PORT) --platform http://127.0.0.1:$(PLATFORM_PORT)

web: .venv/ready ## the static browser client, into build/web (BASE=/path/ when it is not at the root)
	@bash .ci/static
	@$(PY) -m web.build --base-href $(BASE)

serve-web: .venv/ready ## the static browser client on this machine (WEB_PORT), with the headers it needs
	@$(PY) -m web.serve --port $(WEB_PORT) --base-href $(BASE) --platform http://127.0.0.1:$(PLATFORM_PORT) --tester

console: .venv/ready ## where the professional's console is
	@echo "http://127.0.0.1:$(PLATFORM_PORT)/console"

test: check unit histories interop journeys ## everything: checks, tests without a browser, journeys in a real browser

unit: .venv/ready ## tests without a browser; one that passed only when run again is listed as RERUN
	$(PY) -m pytest tests -m "not browser" --ignore=tests/e2e --ignore=tests/platform_browser --ignore=tests/web --ignore=tests/offline/test_machine.py --ignore=tests/interop \
	  --ignore=tests/stores/test_chat_order.py -n 2 --dist loadfile --reruns 1 -rfER

histories: .venv/ready ## 2,500 histories of syncing with every fault (SOAK=n, FIRST_SEED=n for others), 2,000 of chats
	FIRST_SEED=$${FIRST_SEED:-1} CHAT_RUNS=$${CHAT_RUNS:-2000} $(PY) -m pytest tests/offline/test_machine.py tests/stores/test_chat_order.py -n 2 --dist load

interop: .venv/ready ## the client against an independent FHIR server (needs Node, else skipped)
	@bash .ci/interop
	$(PY) -m pytest tests/interop

soak: .venv/ready ## 100,000 random histories of syncing, about half an hour; a failing one is kept in tests/offline/failures
	SOAK=$${SOAK:-100000} $(PY) -m pytest tests/offline/test_machine.py -n 2 --dist load

walk: .venv/ready ## WALK=n random walks over the whole app (STEPS=n each, FIRST_SEED=n for the same ones again)
	$(PY) -m tests.walker

mutants: .venv/ready ## breaks the sync protocol line by line: each change must be noticed by a test
	$(PY) -m tests.offline.mutants

journeys: .venv/ready ## residents' journeys in a real Chromium
	@bash .ci/chromium
	$(PY) -m pytest $(JOURNEYS) --reruns 2 -rfER

browsers: .venv/ready ## every other browser test: each screen by axe, keyboard, layouts, the static client
	@bash .ci/chromium
	@bash .ci/static
	$(PY) -m pytest tests/components tests/backend_stub tests/platform -m browser --reruns 1 -rfER
	$(PY) -m pytest tests/e2e --reruns 1 -rfER
	$(PY) -m pytest tests/web tests/platform_browser --reruns 1 -rfER

check: .venv/ready ## format, lint, types, import arrows, catalogues
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m app.i18n.check
	$(PY) -m pytest tests/test_architecture.py

format: .venv/ready ## put the code in its standard form
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: .venv/ready ## speed figures, one JSON line each, against a baseline of the same run
	@bash .ci/chromium
	@bash .ci/static
	@$(PY) -m tests.bench

screenshots: .venv/ready ## pictures of every screen, in build/screenshots and docs/pictures
	@bash .ci/chromium
	@$(PY) -m tests.e2e.screenshots

clean:           ## remove what was made here
	rm -rf .venv build var .pytest_cache .hypothesis .mypy_cache .ruff_cache
