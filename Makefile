# The Prometheus lab. `make` alone lists what there is, from the comments below. Works with GNU Make 3.81.
lab := sh scripts/cli/lab.sh
node := sh scripts/with-packages.sh node --import tsx

# What is typed for an exercise reaches it as it was typed: make would expand each $ in it, here and in what it
# hands on by itself.
typed := QUERY NUMBER HINT ANSWER FAULT CAUSE TELL SERVICE LEVEL INSTANCE SINCE UNTIL LOST EXPR FOR KEEP RULES SCENARIO
$(foreach name,$(typed),$(if $(filter-out undefined,$(origin $(name))),$(eval export LAB_$(name) := $$(value $(name)))))
unexport $(typed)
# Which lab is meant, and how far its ports are moved: typed, since a LAB of the user's shell is none of ours.
$(foreach name,NAME PORTS,$(if $(findstring command line,$(origin $(name:NAME=LAB))),$(eval export LAB_$(name) := $$(value $(name:NAME=LAB)))))
unexport LAB PORTS
# So do the settings, such as a password.
settings := $(foreach name,$(filter-out $(typed) LAB PORTS,$(.VARIABLES)),$(if $(findstring command line,$(origin $(name))),$(name)))
$(foreach name,$(settings),$(eval override $(name) := $$(value $(name))))
export $(settings)
export LAB_TYPED := $(strip $(settings))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.PHONY: always help up down clean kill stop start restart freeze thaw status logs spikes slow-scrape clocks check compare backtest oncall incident answer progress dashboards images-debian images-module docs screenshots test e2e bench faults site

help:
	@awk -F ':.*## ' '/^##@ / { print "\n" substr($$0, 5) } \
		/^[a-z0-9% -]+:.*## / { gsub(" ", ", ", $$1); gsub("%", "N", $$1); printf "  make %-30s %s\n", $$1, $$2 }' Makefile
	@echo; echo experiments
	@$(lab) experiments

##@ learn
up: ## start the base lab, or return to it
	@$(lab) step up

exp-%: always ## start experiment N: one change of the base lab (FAULT=…)
	@$(lab) step $@

check-%: always ## measure experiment N on the running lab
	@$(lab) check $* $(ARGS)

solve-%: always ## exercise of N (QUERY='…', HINT=1, ANSWER=1, NUMBER=2, CAUSE=…)
	@$(lab) solve $* $(ARGS)

incident answer: ## something breaks (SEED=…, LEVEL=1 to 3); say what (INSTANCE=…, CAUSE=…)
	@$(lab) $@ $(ARGS)

progress: ## show which exercises are solved (ARGS=--json)
	@$(lab) progress $(ARGS)

check: ## apply, measure and undo every experiment in turn (about 20 minutes)
	@$(lab) check-all

backtest oncall: ## score an alert by the truth (EXPR='…', FOR=, SCENARIO=, …); on a page
backtest:
	@$(lab) $@ $(ARGS)
oncall:
	@$(lab) step $@

compare: ## ask a second backend the same (QUERY_URL=…)
	@$(lab) compare

spikes slow-scrape clocks: ## the base lab with 2 s spikes; a 30 s scrape interval; three intervals
	@$(lab) step $@

##@ by hand, for one service (SERVICE=…)
kill start: ## crash it; bring it back, as every step does
stop restart: ## stop it gracefully; the same, and start it again
freeze thaw: ## pause it, its connections stay open; resume it
kill stop start restart freeze thaw:
	@$(lab) $@

##@ the lab
status logs: ## show what is running and what was applied last; the end of each log
	@$(lab) $@

down clean: ## stop the lab and keep its data; stop it and delete its data
	@$(lab) $@

site: ## the lab as files for a browser alone (OUT=.lab/site)
	@$(node) tab/build.ts $(OUT)

##@ for developers
test e2e: ## tests without Docker and root; the real stack, end to end (RUNTIME=…)
test:
	@sh test/unit.sh
e2e:
	@sh test/e2e/run.sh

bench: ## speed and cost (PART=…)
	@$(node) test/bench/main.ts $(PART)

faults: ## break the lab on purpose, assert what holds (PART=…, SEED=…)
	@sh test/faults/run.sh

docs screenshots dashboards: ## write the documents' generated parts; their pictures; dashboards as JSON
docs:
	@$(node) scripts/dev/docs.ts
screenshots:
	@$(node) test/screenshots/main.ts
dashboards:
	@$(node) grafana/src/main.ts .lab/dashboards

images-debian images-module: ## base images without a registry: Debian's packages; Go modules
images-debian:
	@bash packaging/images-debian.sh && mkdir -p .lab && touch .lab/images-debian && rm -f .lab/images-module
images-module:
	@bash packaging/images-debian.sh --module && mkdir -p .lab && touch .lab/images-debian .lab/images-module
