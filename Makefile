# The commands of the project. Each target is one script in scripts/, so what it does can be read there.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo serve backup test soak bench-query bench-ingest check data size bench-tracker bench-dashboard bench-live screenshots api fmt clean

PORT ?= 8787
export PORT DATA ADDRESS PROXY_HEADER PROXIES PUBLIC TO

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building and testing need, once (into .tools/ and node_modules/; Debian packages by apt)
	@scripts/setup.sh

build: setup ## build the tracker, the dashboard and the collector
	@scripts/build-tracker.sh
	@scripts/build-dashboard.sh
	@scripts/build-collector.sh

demo: build ## serve the dashboard, the collector and a demo shop with 60 days of made-up shoppers on http://localhost:$(PORT) (PORT=8787)
	@exec scripts/demo.sh

serve: build ## serve on this machine for good: DATA=./data ADDRESS=127.0.0.1:8787 PROXY_HEADER= (docs/self-hosting.md)
	@exec scripts/serve.sh

backup: setup ## copy what `make serve` keeps while it serves: DATA=./data TO=<a new folder>
	@. scripts/env.sh && exec node --disable-warning=ExperimentalWarning scripts/backup.ts "$${DATA:-data}" "$${TO:?say where to: make backup TO=...}"

test: build ## run every test; the last line is the count
	@exec scripts/test.sh

soak: build ## for an hour: faults, fuzzing, the API, the laws and the oracle (EVENTS=1000000 FUZZ_SECONDS=60 SECONDS_EACH=300 CASES=20000 SEED=)
	@exec scripts/soak.sh

bench-query: build ## what questions cost: on the host, beside DuckDB, and in the Worker (target/bench/query.json)
	@exec scripts/bench-query.sh

bench-ingest: build ## how many batches it takes in, beside what bounds any Worker, and what that costs (target/bench/ingest.json)
	@exec scripts/bench-ingest.sh

check: setup ## formatting, lints, types, documentation, purity and size of the sources
	@scripts/check.sh

size: build ## bytes of what a page and the dashboard load, against their budgets
	@. scripts/env.sh && node npm-package/size.mjs; page=$$?; node dashboard/size.mjs && exit $$page

bench-dashboard: build ## how long the overview takes to show, on a processor four times slower
	@scripts/build-public.sh
	@. scripts/env.sh && node tests/bench-dashboard.ts

bench-live: build ## how soon a click is seen by whoever watches, and the live view at 50 events a second (target/bench/live.json)
	@scripts/build-public.sh
	@. scripts/env.sh && node --disable-warning=ExperimentalWarning tests/bench/live.ts

screenshots: build ## pictures of every view of the dashboard, with made-up visits: dashboard/screenshots
	@scripts/build-public.sh
	@. scripts/env.sh && node tests/screenshots.ts

bench-tracker: build ## compare the tracker with its peers, which it installs; about 10 minutes on a quiet machine
	@scripts/bench-tracker.sh

data: ## rebuild analytics/data from the public lists in ../shared/data (or $$PASSERBY_DATA)
	@. scripts/env.sh && cargo run --quiet --package passerby-analytics --example enrich_data
	@. scripts/env.sh && node scripts/countries.mjs >analytics/data/countries.txt
	@. scripts/env.sh && npm ci --prefix scripts/world --silent && node scripts/world/world.mjs >dashboard/src/charts/world.ts

api: ## write down the HTTP API (OpenAPI, types of TypeScript) as the code has it
	@scripts/api.sh

fmt: ## format the Rust sources
	@cargo fmt --all

clean: ## remove what was built; the tools and the demo's data stay
	@rm -rf target edge-collector/build edge-collector/public npm-package/dist dashboard/dist dashboard/screenshots
