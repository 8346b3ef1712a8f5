# Tests: each suite is one program; tests/run counts.
.PHONY: test
test: deps-test $(addprefix $(BUILD)/bin/,$(PROGRAMS)) $(SUITES:%=$(BUILD)/tests/%/run) ## run every test (T=name runs those whose name contains it)
	@BUILD=$(BUILD) T='$(T)' tests/run $(SUITES)

.PHONY: $(SUITES:%=test-%)
$(SUITES:%=test-%): test-%: deps-test $(BUILD)/tests/%/run
	@BUILD=$(BUILD) T='$(T)' tests/run $*

.PHONY: format lint check-layers
format: ## clang-format everything
	@git ls-files '*.hpp' '*.cpp' | xargs clang-format -i
check-layers: ## prove that includes go down only
	@packaging/make/check-layers
