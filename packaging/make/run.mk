# Starting and stopping the local installation: packaging/local does the work.
LOCAL := WHARF_PROGRAMS='$(abspath $(BUILD))/bin' packaging/local/wharf-local

.PHONY: run start stop status
run: all ## build and start everything in ./var (or WHARF_VAR); Ctrl-C stops it
	@$(LOCAL) run
start: all ## the same in the background
	@$(LOCAL) start
stop: ## stop what `make start` or `make run` started
	@$(LOCAL) stop
status: ## show which parts run
	@$(LOCAL) status

# Packages that were never written, for demonstrations and benchmarks. The registry must run.
N ?=
VERSIONS ?=
BLOBS ?=
SEED ?= 1
.PHONY: seed
seed: all $(BUILD)/bench/wharf-seed ## fill the running registry with N=… made-up packages; VERSIONS=, SEED=, BLOBS=shared
	@$(if $(N),,$(error say how many packages, as in `make seed N=10000`))
	@$(BUILD)/bench/wharf-seed --config $(or $(WHARF_VAR),var)/conf/wharf.conf --packages $(N) $(if $(VERSIONS),--versions $(VERSIONS)) \
	   --seed $(SEED) --threads 4 $(if $(filter shared,$(BLOBS)),--shared)
