# Everything runs with the Node.js that `npm ci` brings (node_modules/.bin/node) and from the TypeScript sources.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --conditions=@plexica/source

INSTALLED := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help start test check generate bench bench-events soak event-loss fuzz clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

start: $(INSTALLED) ## compile the manifests, start the example plugins and the gateway, print what to try
	@node scripts/start.ts

test: $(INSTALLED) ## pass everything: the checks, then all tests
	@node scripts/run-tests.ts

check: $(INSTALLED) ## format, lint, types, unused code, package checks, drift of generated files
	@node scripts/check.ts

generate: $(INSTALLED) ## write schemas/*.generated.ts and generated/ anew
	@node schemas/generate.ts
	@node compiler/bin/plexica.js build

bench: $(INSTALLED) ## measure the compiler and the gateway beside their peers
	@node bench/run.ts

bench-events: $(INSTALLED) ## measure events over the gateway and over Kafka beside plain kafkajs
	@node bench/events.ts

soak: $(INSTALLED) ## ten minutes of load through reloads, restarts and kills: nothing lost, memory flat
	@node test/soak/soak.ts

event-loss: $(INSTALLED) ## 100,000 events while brokers, gateway and plugins are killed; EVENTS, TRANSPORT, SEED change that
	@node test/event-loss/event-loss.ts

fuzz: $(INSTALLED) ## 100,000 hostile connections; FUZZ_RUNS and FUZZ_SEED change that
	@FUZZ_RUNS=$${FUZZ_RUNS:-100000} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} node node_modules/.bin/vitest run test/fuzz

clean: ## remove what was installed and built
	rm -rf node_modules .plexica .cache coverage $(addsuffix /dist,schemas compiler runtime/gateway runtime/sdk runtime/event-bus)

$(INSTALLED): package.json package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@
