# Installing: programs, manual pages, nginx's templates, the database's rights, documents and an example configuration.
# Nothing is started, no user is made, and nothing below /etc is touched.
PROGRAMS_FROM ?= $(BUILD)/bin
INSTALL_SBIN := $(DESTDIR)$(PREFIX)/sbin
INSTALL_SHARE := $(DESTDIR)$(PREFIX)/share/wharf
INSTALL_MAN := $(DESTDIR)$(PREFIX)/share/man
INSTALL_DOC := $(DESTDIR)$(PREFIX)/share/doc/wharf
MANUALS := $(wildcard docs/man/*.[1-8])
DOCUMENTS := $(shell find docs -name '*.md' 2>/dev/null)
section = $(patsubst .%,%,$(suffix $(1)))

.PHONY: install install-files uninstall
install: all install-files ## copy programs, manuals, templates and documents below DESTDIR/PREFIX (default /usr/local)

# What is there already, without building: PROGRAMS_FROM says where the programs are.
install-files:
	$(Q)install -d $(INSTALL_SBIN) $(INSTALL_SHARE)/nginx $(INSTALL_SHARE)/sql $(INSTALL_DOC)
	$(Q)install -m 0755 $(PROGRAMS:%=$(PROGRAMS_FROM)/%) $(INSTALL_SBIN)
	$(Q)install -m 0644 nginx/*.in $(INSTALL_SHARE)/nginx
	$(Q)install -m 0644 sql/grants.sql $(INSTALL_SHARE)/sql
	$(Q)$(foreach page,$(MANUALS),install -D -m 0644 $(page) $(INSTALL_MAN)/man$(call section,$(page))/$(notdir $(page)) &&) true
	$(Q)install -m 0644 README.md ARCHITECTURE.md CHANGELOG.md LICENSE $(INSTALL_DOC)
	$(Q)$(foreach page,$(DOCUMENTS),install -D -m 0644 $(page) $(INSTALL_DOC)/$(page) &&) true
	$(Q)$(PROGRAMS_FROM)/wharf-registry config --describe > $(INSTALL_DOC)/wharf.conf.example
	$(Q)chmod 0644 $(INSTALL_DOC)/wharf.conf.example
	$(call say,DONE,$(DESTDIR)$(PREFIX))

uninstall: ## remove what install copied; configuration and data stay
	$(Q)rm -f $(PROGRAMS:%=$(INSTALL_SBIN)/%)
	$(Q)rm -f $(foreach page,$(MANUALS),$(INSTALL_MAN)/man$(call section,$(page))/$(notdir $(page)))
	$(Q)rm -rf $(INSTALL_SHARE) $(INSTALL_DOC)
