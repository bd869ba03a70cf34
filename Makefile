# The commands of the project. Each target says what it does; the work is done by scripts/, which also run alone.
# A fresh machine needs git, make, Go and Node 20 with npm; `setup` gets the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
# One setting for builds and tests: a static binary, one compiler cache, and no C compiler on a fresh machine.
export CGO_ENABLED ?= 0

.PHONY: help setup build demo demo-reset test bench lint verify generate ui-dev soak fuzz conform clean

help: ## list the targets
	@echo "Pactloop. Start with: make demo"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: ## install everything that building and testing needs, and only what is missing
	@scripts/setup all

build: ## build the user interface and bin/pactloop
	@scripts/setup build
	@scripts/build

demo: ## build and start the demo: Pactloop with stand-ins of the other systems; stays up until Ctrl-C
	@scripts/setup build
	@scripts/build demo
	@exec bin/pactloop-demo demo

demo-reset: ## forget the data of the demo and start it over
	@scripts/demo-reset
	@$(MAKE) --no-print-directory demo

test: ## run everything that must pass: generated files, linters, Go tests on both databases, UI and browser tests
	@scripts/setup all
	@scripts/check

lint: ## run the linters of Go and of the user interface
	@scripts/setup lint
	@scripts/lint

verify: ## fail where a generated file is stale
	@scripts/setup build
	@scripts/verify

generate: ## write the generated files: docs/schema, docs/openapi.json, docs/reference, web/src/api/schema.d.ts
	@scripts/setup build
	@scripts/generate

bench: ## measure, with ratios to what the same work costs without us; BENCHTIME=3s
	@scripts/setup bench
	@scripts/bench

soak: ## the long tests: high counts, race detector, fuzzing for FUZZTIME (2m) each; hours
	@scripts/setup all
	@scripts/soak

fuzz: ## every fuzz target for FUZZTIME (10m) each; FUZZ=document picks some
	@scripts/setup build
	@scripts/fuzz

conform: ## check simulators and connectors against the vendors' descriptions: make conform SHARED=folder
	@scripts/conform

ui-dev: ## serve the user interface with live reload, against a server on 127.0.0.1:8080
	@scripts/setup build
	@echo "==> the user interface with live reload; start the server beside it: bin/pactloop serve"
	@cd web && npm run dev

clean: ## remove what was built; keeps the tools, the node modules and all data
	@echo "==> removing bin, .cache and the built user interface"
	@rm -rf bin .cache
	@find web/dist -mindepth 1 ! -name .gitkeep -delete
