# Wharf: `make help` lists the targets and the variables.
SHELL := /bin/bash
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

MODE ?= release
SANITIZE ?=
WERROR ?=
V ?=
T ?=
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := $(shell cat VERSION)

ifeq ($(filter $(MODE),release debug coverage),)
  $(error MODE is '$(MODE)'; expected release, debug or coverage)
endif

BUILD := build/$(MODE)$(if $(SANITIZE),-$(SANITIZE))
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

CXX ?= g++
ifeq ($(origin CXX),default)
  CXX := g++
endif
CCACHE := $(shell command -v ccache 2>/dev/null)
OPTIMISE_release := -O2 -g1
OPTIMISE_debug := -O0 -g
OPTIMISE_coverage := -O0 -g1 --coverage -fprofile-update=atomic
# With a sanitizer g++ 12 takes the insides of std::regex and std::function for uninitialised.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
CPPFLAGS += -I. -DWHARF_VERSION='"$(VERSION)"' $(if $(SANITIZE),,$(if $(filter release,$(MODE)),-D_FORTIFY_SOURCE=2))
CXXFLAGS += -std=c++20 -pthread -fPIE -fstack-protector-strong $(OPTIMISE_$(MODE)) $(WARNINGS) \
            $(if $(WERROR),-Werror) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -Wno-maybe-uninitialized)
LDFLAGS += -pie -Wl,-z,relro,-z,now -pthread $(if $(SANITIZE),-fsanitize=$(SANITIZE)) \
           $(if $(filter coverage,$(MODE)),--coverage)

# --- What is built: every .cpp below a room belongs to it ---------------------------------------------------------
sources = $(sort $(shell find $(1) -name '*.cpp' 2>/dev/null))
objects = $(patsubst %.cpp,$(BUILD)/%.o,$(1))

LIBWHARF_SRC := $(call sources,libwharf)
REGISTRY_SRC := $(call sources,registry)
FCGI_SRC := $(call sources,fcgi-app)
FCGI_LIB_SRC := $(filter-out fcgi-app/main.cpp,$(FCGI_SRC))
CLIENT_SRC := $(filter-out client/main.cpp,$(call sources,client))

LIBWHARF := $(BUILD)/lib/libwharf.a
REGISTRY := $(BUILD)/lib/libregistry.a
FCGI_LIB := $(BUILD)/lib/libfcgiapp.a
ADMIN_LIB := $(BUILD)/lib/libadmin.a
CLIENT_LIB := $(BUILD)/lib/libclient.a

LIBS_libwharf := -lcrypto -largon2 -lcjson -larchive -lz -lboost_program_options
LIBS_registry := -lmysqlcppconn -lxapian
LIBS_client := -lcurl
# Only what imports is linked with it.
LIBS_importing := -Wl,--as-needed -lsqlite3 -Wl,--no-as-needed
LIBS_fcgi := -lfcgi

ADMIN_TOOLS := $(notdir $(patsubst %/main.cpp,%,$(wildcard admin-tools/*/main.cpp)))
PROGRAMS := $(if $(wildcard fcgi-app/main.cpp),wharf-fcgi) \
            $(ADMIN_TOOLS) $(if $(wildcard client/main.cpp),wharf)
SUITES := $(foreach s,unit store http,$(if $(wildcard tests/$(s)),$(s)))
SUPPORT_SRC := $(call sources,tests/support)
BENCH_SRC := $(wildcard tests/bench/*.cpp)
BENCHES := $(patsubst tests/bench/%.cpp,$(BUILD)/bench/%,$(BENCH_SRC))

.PHONY: all
all: deps-quietly $(addprefix $(BUILD)/bin/,$(PROGRAMS))

include packaging/make/deps.mk
include packaging/make/run.mk
include packaging/make/install.mk
include packaging/make/test.mk

# --- How it is built ----------------------------------------------------------------------------------------------
# A change of flags rebuilds: the stamp changes only when the flags do, and only where something is to be built.
FLAGS_STAMP := $(BUILD)/flags
FLAGS_NOW := $(CXX) $(CPPFLAGS) $(CXXFLAGS) | $(LDFLAGS)
WITHOUT_BUILDING := help install-files uninstall stop status check-layers format clean
ifneq ($(filter-out $(WITHOUT_BUILDING),$(or $(MAKECMDGOALS),all)),)
$(shell mkdir -p $(BUILD); printf '%s' '$(subst ','\'',$(FLAGS_NOW))' | cmp -s - $(FLAGS_STAMP) || \
        printf '%s' '$(subst ','\'',$(FLAGS_NOW))' > $(FLAGS_STAMP))
endif

$(BUILD)/%.o: %.cpp $(FLAGS_STAMP) VERSION | deps-quietly
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@

# The schema travels inside of the programs.
$(BUILD)/generated/migrations.cpp: packaging/make/embed-migrations $(wildcard sql/schema/*.sql)
	$(call say,EMBED,sql/schema)
	$(Q)mkdir -p $(@D)
	$(Q)packaging/make/embed-migrations $(sort $(filter %.sql,$^)) > $@

# So does the document of the interface.
OPENAPI_PARTS := $(sort $(wildcard docs/openapi/*.json docs/openapi/*/*.json))
$(BUILD)/generated/openapi_parts.cpp: packaging/make/embed-openapi $(OPENAPI_PARTS)
	$(call say,EMBED,docs/openapi)
	$(Q)mkdir -p $(@D)
	$(Q)packaging/make/embed-openapi $(OPENAPI_PARTS) > $@

$(BUILD)/generated/%.o: $(BUILD)/generated/%.cpp $(FLAGS_STAMP) | deps-quietly
	$(call say,CXX,$<)
	$(Q)$(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@

$(LIBWHARF): $(call objects,$(LIBWHARF_SRC))
$(REGISTRY): $(call objects,$(REGISTRY_SRC)) $(BUILD)/generated/migrations.o
$(FCGI_LIB): $(call objects,$(FCGI_LIB_SRC)) $(BUILD)/generated/openapi_parts.o
$(ADMIN_LIB): $(call objects,$(wildcard admin-tools/common/*.cpp))
$(CLIENT_LIB): $(call objects,$(CLIENT_SRC))
$(BUILD)/lib/%.a:
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

link = $(Q)mkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(1)

$(BUILD)/bin/wharf-fcgi: $(BUILD)/fcgi-app/main.o $(FCGI_LIB) $(REGISTRY) $(LIBWHARF)
	$(call say,LINK,$@)
	$(call link,$(LIBS_fcgi) $(LIBS_registry) $(LIBS_libwharf))

define admin_tool
$(BUILD)/bin/$(1): $(call objects,$(call sources,admin-tools/$(1))) $(ADMIN_LIB) $(REGISTRY) $(LIBWHARF)
	$$(call say,LINK,$$@)
	$$(call link,$(LIBS_registry) $(LIBS_libwharf) $$(LIBS_importing))
endef
$(foreach tool,$(ADMIN_TOOLS),$(eval $(call admin_tool,$(tool))))

$(BUILD)/bin/wharf: $(BUILD)/client/main.o $(CLIENT_LIB) $(LIBWHARF)
	$(call say,LINK,$@)
	$(call link,$(LIBS_client) $(LIBS_libwharf))

define test_suite
$(BUILD)/tests/$(1)/run: $(call objects,$(call sources,tests/$(1)) $(SUPPORT_SRC)) $(ADMIN_LIB) $(FCGI_LIB) $(REGISTRY) $(if $(filter unit,$(1)),$(CLIENT_LIB)) $(LIBWHARF)
	$$(call say,LINK,$$@)
	$$(call link,-lcppunit $(LIBS_fcgi) $(LIBS_registry) $(if $(filter unit,$(1)),$(LIBS_client)) $(LIBS_libwharf) $$(LIBS_importing))
endef
$(foreach s,$(SUITES),$(eval $(call test_suite,$(s))))

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(FCGI_LIB) $(REGISTRY) $(LIBWHARF)
	$(call say,LINK,$@)
	$(call link,$(LIBS_fcgi) $(LIBS_registry) $(LIBS_libwharf))

$(BUILD)/bench/resolver: $(BUILD)/tests/bench/resolver.o $(BUILD)/tests/support/package_table.o $(LIBWHARF)
	$(call say,LINK,$@)
	$(call link,$(LIBS_libwharf))

$(BUILD)/bench/wharf-seed: $(call objects,$(call sources,tests/bench/seed)) $(REGISTRY) $(LIBWHARF)
	$(call say,LINK,$@)
	$(call link,$(LIBS_registry) $(LIBS_libwharf))

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: clean
clean: ## remove everything that was built (not ./var)
	rm -rf build

.PHONY: help
help: ## this list
	@echo 'Targets:'; grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 18
	@echo 'Variables: MODE=release|debug|coverage SANITIZE=address WERROR=1 V=1 T=<test name> PREFIX= DESTDIR='
