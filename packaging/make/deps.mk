# Debian packages, by what they are needed for. The targets install those that are missing; when none is, they cost one
# dpkg-query and ask nothing of the network. One after the other, since apt takes a lock.
DEPS_BUILD := g++ make pkg-config zlib1g-dev libfcgi-dev libmysqlcppconn-dev libssl-dev libcjson-dev libarchive-dev \
              libboost-program-options-dev libargon2-dev libtomlplusplus-dev libxapian-dev libsqlite3-dev libcurl4-openssl-dev
DEPS_RUN := nginx-light mariadb-server-core mariadb-client-core spawn-fcgi multiwatch openssl curl
DEPS_TEST := libcppunit-dev python3 python3-jsonschema git libarchive-tools groff-base nghttp2-client logrotate
DEPS_COVERAGE := gcovr
DEPS_LINT := clang-format clang-tidy
DEPS_BENCH := wrk
# What installing is measured against; the rest of it npm fetches itself.
DEPS_BENCH_INSTALL := nodejs npm
# Tool chains that make archives for the test of honest tools, and the shells that completions are for; without one, its row of
# that test is skipped.
DEPS_TEST_TOOLS := golang-go rustc cargo librust-tar-dev nodejs node-tar zsh fish

.PHONY: deps deps-quietly deps-test deps-coverage deps-lint deps-bench deps-ci
deps: deps-test ## install the Debian packages that are missing (root or sudo)
deps-quietly:
	@packaging/make/install-deps $(DEPS_BUILD) $(DEPS_RUN)
deps-test: deps-quietly
	@packaging/make/install-deps $(DEPS_TEST)
deps-coverage: deps-test
	@packaging/make/install-deps $(DEPS_COVERAGE)
deps-lint: deps-test
	@packaging/make/install-deps $(DEPS_LINT)
deps-bench: deps-quietly
	@packaging/make/install-deps $(DEPS_BENCH)
deps-ci: deps-coverage
	@packaging/make/install-deps $(DEPS_TEST_TOOLS)

# No test is compiled before its headers are there.
$(call objects,$(call sources,tests)): | deps-test
