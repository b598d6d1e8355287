# The Prometheus lab. `make` alone lists what there is. Works with GNU Make 3.81.
lab := sh scripts/cli/lab.sh
node := sh scripts/with-packages.sh node --import tsx
numbers := 1 2 3 4 5 6 7 8

.DEFAULT_GOAL := help
.PHONY: help up down clean status logs spikes slow-scrape check dashboards images-debian images-module docs test e2e bench faults \
  $(addprefix exp-,$(numbers)) $(addprefix check-,$(numbers))

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9 -]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo '  make exp-1 … exp-8  one experiment: the base lab with exactly one change'
	@echo '  make check-1 … -8   measure that experiment on the running lab'

up: ## start the base lab, or return to it
	@$(lab) step up

spikes: ## the base lab with a two-second spike wave
	@$(lab) step spikes

slow-scrape: ## the base lab, scraped every 30 s
	@$(lab) step slow-scrape

$(addprefix exp-,$(numbers)):
	@$(lab) step $@

$(addprefix check-,$(numbers)):
	@$(lab) check $(@:check-%=%) $(ARGS)

check: ## all eight experiments: apply, measure, undo (5 minutes)
	@$(lab) check-all

status: ## what is running, and what was applied last
	@$(lab) status

logs: ## the last lines of every service
	@$(lab) logs

down: ## stop the lab, keep its data
	@$(lab) down

clean: ## stop the lab and delete its data
	@$(lab) clean

images-debian: ## build the base images where no image registry answers (Debian, root)
	@bash scripts/compose/images-debian.sh && mkdir -p .lab && touch .lab/images-debian && rm -f .lab/images-module

images-module: ## the same with the Prometheus that .env pins, built from its Go module (Go 1.26)
	@bash scripts/compose/images-debian.sh --module && mkdir -p .lab && touch .lab/images-debian .lab/images-module

dashboards: ## generate the dashboards' JSON into .lab/dashboards, to look at
	@$(node) grafana/src/main.ts .lab/dashboards

docs: ## put the catalogue's parts into the README
	@$(node) scripts/cli/docs.ts

test: ## types, lint, unit tests, rule tests: no Docker, no root
	@sh test/unit.sh

e2e: ## the real stack, end to end, in the runtime that make up takes (or RUNTIME=…)
	@sh test/e2e/run.sh

bench: ## speed and cost beside the same in Python and Go, growth, the lab (PART=exporter, growth or lab)
	@$(node) test/bench/main.ts $(PART)

faults: ## break the lab on purpose, assert what holds (PART=lab, scrape, hostile, soak or security; SEED=…)
	@sh test/faults/run.sh
