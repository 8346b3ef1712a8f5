# Debian packages, by what they are needed for. `make deps` installs those that are missing.
DEPS_BUILD := g++ make pkg-config zlib1g-dev libfcgi-dev libmysqlcppconn-dev libssl-dev libcjson-dev libarchive-dev \
              libboost-program-options-dev libargon2-dev libtomlplusplus-dev
DEPS_RUN := nginx-light mariadb-server-core mariadb-client-core spawn-fcgi multiwatch openssl curl
DEPS_TEST := libcppunit-dev python3

# One dpkg-query for all of them: nothing is asked of the network when nothing is missing.
missing = $(shell for p in $(1); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; done)

.PHONY: deps deps-quietly deps-test
deps: DEPS := $(DEPS_BUILD) $(DEPS_RUN) $(DEPS_TEST)
deps: ## install the Debian packages that are missing (root or sudo)
	@packaging/make/install-deps $(DEPS)
deps-test: DEPS := $(DEPS_BUILD) $(DEPS_RUN) $(DEPS_TEST)
deps-test:
	@packaging/make/install-deps $(DEPS)
deps-quietly:
	@packaging/make/install-deps $(DEPS_BUILD) $(DEPS_RUN)
