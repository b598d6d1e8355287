# The Prometheus lab. `make` alone lists what there is. Works with GNU Make 3.81.
lab := sh scripts/cli/lab.sh
node := sh scripts/with-packages.sh node --import tsx

# What is typed for an exercise reaches it as it was typed: make would expand each $ in it, here and in what it
# hands on by itself.
typed := QUERY NUMBER HINT ANSWER FAULT CAUSE TELL SERVICE
$(foreach name,$(typed),$(if $(filter-out undefined,$(origin $(name))),$(eval export LAB_$(name) := $$(value $(name)))))
unexport $(typed)
# So do the settings, such as a password.
settings := $(foreach name,$(filter-out $(typed),$(.VARIABLES)),$(if $(findstring command line,$(origin $(name))),$(name)))
$(foreach name,$(settings),$(eval override $(name) := $$(value $(name))))
export $(settings)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.PHONY: always help up down clean kill stop start restart freeze thaw status logs spikes slow-scrape clocks check compare progress dashboards images-debian images-module docs screenshots test e2e bench faults

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## / { sub("%", "N", $$1); printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@$(lab) experiments

up: ## start the base lab, or return to it
	@$(lab) step up

spikes: ## the base lab with a two-second spike wave
	@$(lab) step spikes

slow-scrape: ## the base lab, scraped every 30 s
	@$(lab) step slow-scrape

clocks: ## the base lab, and one wave that three jobs scrape every 1 s, 5 s and 30 s
	@$(lab) step clocks

exp-%: always ## start experiment N: the base lab with exactly one change (FAULT=… where it is a search)
	@$(lab) step $@

check-%: always ## measure experiment N on the running lab
	@$(lab) check $* $(ARGS)

solve-%: always ## your turn: the exercise of experiment N (QUERY='…', HINT=1, ANSWER=1, NUMBER=2; CAUSE=… where it is a search)
	@$(lab) solve $* $(ARGS)

progress: ## show which exercises are solved
	@$(lab) progress

check: ## every experiment in turn: apply it, measure it, undo it (some minutes)
	@$(lab) check-all

compare: ## ask a second engine the same, beside the truth (QUERY_URL=… one of yours, DOCS=1 writes docs/compare.md)
	@$(lab) compare

kill: ## end one service at once, as a crash does (SERVICE=…); start brings it back, and so does every step
stop: ## end one service politely (SERVICE=…)
start: ## start it again (SERVICE=…)
restart: ## end one service politely and start it again (SERVICE=…)
freeze: ## let one service do nothing, with its connections open (SERVICE=…)
thaw: ## let it go on (SERVICE=…)
kill stop start restart freeze thaw:
	@$(lab) $@

status: ## show what is running and what was applied last
	@$(lab) status

logs: ## show the last lines of every service's log
	@$(lab) logs

down: ## stop the lab, keep its data
	@$(lab) down

clean: ## stop the lab and delete its data
	@$(lab) clean

images-debian: ## build the base images where no image registry answers (Debian, root)
	@bash scripts/compose/images-debian.sh && mkdir -p .lab && touch .lab/images-debian && rm -f .lab/images-module

images-module: ## the same with the Prometheus that .env pins, built from its Go module (Go 1.26)
	@bash scripts/compose/images-debian.sh --module && mkdir -p .lab && touch .lab/images-debian .lab/images-module

dashboards: ## write the dashboards' JSON to .lab/dashboards, to look at
	@$(node) grafana/src/main.ts .lab/dashboards

docs: ## write what the documents take from the catalogue of experiments
	@$(node) scripts/cli/docs.ts

screenshots: ## make the documents' pictures of the guide anew (Node, Chromium; some minutes)
	@$(node) test/screenshots/main.ts

test: ## types, lint, unit tests, rule tests: no Docker, no root
	@sh test/unit.sh

e2e: ## the real stack, end to end, in the runtime that make up takes (or RUNTIME=…)
	@sh test/e2e/run.sh

bench: ## speed and cost beside the same in Python and Go, growth, the lab (PART=exporter, growth, lab or states)
	@$(node) test/bench/main.ts $(PART)

faults: ## break the lab on purpose, assert what holds (PART=lab, engine, scrape, hostile, soak or security; SEED=…)
	@sh test/faults/run.sh
