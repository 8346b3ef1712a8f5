# Tests: each suite is one program; tests/run counts.
.PHONY: test
test: deps-test $(addprefix $(BUILD)/bin/,$(PROGRAMS)) $(BUILD)/bench/wharf-seed $(SUITES:%=$(BUILD)/tests/%/run) ## run every test (T=name runs those whose name contains it)
	@BUILD=$(BUILD) T='$(T)' tests/run $(SUITES) system

.PHONY: $(SUITES:%=test-%) test-system
$(SUITES:%=test-%): test-%: deps-test $(BUILD)/tests/%/run
	@BUILD=$(BUILD) T='$(T)' tests/run $*
test-system: deps-test $(addprefix $(BUILD)/bin/,$(PROGRAMS)) $(BUILD)/bench/wharf-seed ## the system tests alone
	@BUILD=$(BUILD) T='$(T)' tests/run system

# The lines of libwharf and registry that the tests run, at least $(COVERAGE_LEAST) in a hundred: the unit, store and http
# tests, and of the system tests those that alone play an operator's tool against a whole installation.
COVERAGE_LEAST := 75
COVERAGE_SYSTEM := system:test_import
.PHONY: coverage coverage-report
coverage: deps-coverage ## measure the lines that the tests run; fails below 75 %
	@$(MAKE) --no-print-directory MODE=coverage coverage-report
coverage-report: $(addprefix $(BUILD)/bin/,$(PROGRAMS)) $(SUITES:%=$(BUILD)/tests/%/run)
	@find $(BUILD) -name '*.gcda' -delete
	@BUILD=$(BUILD) tests/run $(SUITES) $(COVERAGE_SYSTEM)
	@mkdir -p $(BUILD)/report
	@gcovr -j 2 --root . --object-directory $(BUILD) --filter 'libwharf/' --filter 'registry/' --exclude-throw-branches \
	   --txt $(BUILD)/report/coverage.txt --html-details $(BUILD)/report/coverage.html --print-summary --fail-under-line $(COVERAGE_LEAST)

.PHONY: format lint check-layers
format: ## clang-format everything
	@git ls-files '*.hpp' '*.cpp' | xargs clang-format -i
lint: deps-lint ## clang-tidy over every source, clang-format as a check
	@git ls-files '*.hpp' '*.cpp' | xargs clang-format --dry-run --Werror
	@git ls-files '*.cpp' | xargs -P 2 -n 4 clang-tidy --quiet --warnings-as-errors='*' -- $(CPPFLAGS) -std=c++20
check-layers: ## prove that includes go down only
	@packaging/make/check-layers

.PHONY: bench bench-install bench-scale bench-search bench-resolver test-real
bench-resolver: $(BUILD)/bench/resolver ## measure resolving: real and made-up graphs, from loaded documents
	@$(BUILD)/bench/resolver
bench-search: all ## measure searching among a million packages (BENCH_PACKAGES=number; takes a while and 8 GB)
	@BUILD=$(BUILD) PYTHONPATH=tests python3 -m bench.search
bench: all deps-bench $(BUILD)/bench/fastcgi_hello $(BENCHES) ## measure speed and memory on a running system, as ratios
	@$(BUILD)/bench/requirement_match
	@BUILD=$(BUILD) PYTHONPATH=tests python3 -m bench.bench
	@BUILD=$(BUILD) PYTHONPATH=tests python3 -m bench.downloads
bench-scale: all deps-bench $(BUILD)/bench/wharf-seed ## compare a registry of N packages (100000) with one of a thousand; says what it needs
	@BUILD=$(BUILD) N='$(N)' VERSIONS='$(VERSIONS)' BLOBS='$(BLOBS)' PYTHONPATH=tests python3 -m bench.scale
# An npm that is there already is as good as Debian's, which brings hundreds of packages.
bench-install: all deps-quietly ## install 300 packages, measured against `npm ci` from Verdaccio (skipped without npm)
	@command -v npm >/dev/null || packaging/make/install-deps $(DEPS_BENCH_INSTALL) || true
	@BUILD=$(BUILD) PYTHONPATH=tests python3 -m bench.install
test-real: all ## publish at least 40 real packages from npm and read them back (needs npm and its registry)
	@BUILD=$(BUILD) PYTHONPATH=tests python3 -m support.runner real
