# Installing: programs, manual pages, bash's completions, nginx's templates, the database's rights, documents and an example configuration.
# Nothing is started, no user is made, and nothing below /etc is touched.
PROGRAMS_FROM ?= $(BUILD)/bin
INSTALL_SBIN := $(DESTDIR)$(PREFIX)/sbin
INSTALL_BIN := $(DESTDIR)$(PREFIX)/bin
INSTALL_SHARE := $(DESTDIR)$(PREFIX)/share/wharf
INSTALL_MAN := $(DESTDIR)$(PREFIX)/share/man
INSTALL_DOC := $(DESTDIR)$(PREFIX)/share/doc/wharf
INSTALL_COMPLETIONS := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
MANUALS := $(wildcard docs/man/*.[1-8])
# These write their own manuals and completions, from the table of their commands.
TOOLS := $(filter-out wharf-fcgi,$(PROGRAMS))
FOR_EVERYONE := $(filter wharf,$(PROGRAMS))
FOR_OPERATORS := $(filter-out wharf,$(PROGRAMS))
DOCUMENTS := $(shell find docs -name '*.md' 2>/dev/null)
section = $(patsubst .%,%,$(suffix $(1)))

.PHONY: install install-files uninstall
install: all install-files ## copy programs, manuals, templates and documents below DESTDIR/PREFIX (default /usr/local)

# What is there already, without building: PROGRAMS_FROM says where the programs are.
install-files:
	$(Q)install -d $(INSTALL_SBIN) $(INSTALL_SHARE)/nginx $(INSTALL_SHARE)/sql $(INSTALL_DOC)
	$(Q)install -m 0755 $(FOR_OPERATORS:%=$(PROGRAMS_FROM)/%) $(INSTALL_SBIN)
	$(Q)install -d $(INSTALL_BIN)
	$(Q)install -m 0755 $(FOR_EVERYONE:%=$(PROGRAMS_FROM)/%) $(INSTALL_BIN)
	$(Q)install -m 0644 nginx/*.in $(INSTALL_SHARE)/nginx
	$(Q)install -m 0644 sql/grants.sql $(INSTALL_SHARE)/sql
	$(Q)install -m 0644 packaging/logrotate/wharf $(INSTALL_SHARE)/logrotate.conf
	$(Q)$(foreach page,$(MANUALS),install -D -m 0644 $(page) $(INSTALL_MAN)/man$(call section,$(page))/$(notdir $(page)) &&) true
	$(Q)install -d $(INSTALL_MAN)/man1 $(INSTALL_MAN)/man8 $(INSTALL_COMPLETIONS)
	$(Q)set -e; for tool in $(TOOLS); do \
	  section=8; [ $$tool != wharf ] || section=1; \
	  page=$(INSTALL_MAN)/man$$section/$$tool.$$section; \
	  $(PROGRAMS_FROM)/$$tool --man > $$page; \
	  $(PROGRAMS_FROM)/$$tool --completion bash > $(INSTALL_COMPLETIONS)/$$tool; \
	  chmod 0644 $$page $(INSTALL_COMPLETIONS)/$$tool; done
	$(Q)install -m 0644 README.md ARCHITECTURE.md CHANGELOG.md LICENSE $(INSTALL_DOC)
	$(Q)$(foreach page,$(DOCUMENTS),install -D -m 0644 $(page) $(INSTALL_DOC)/$(page) &&) true
	$(Q)$(PROGRAMS_FROM)/wharf-registry config --describe > $(INSTALL_DOC)/wharf.conf.example
	$(Q)chmod 0644 $(INSTALL_DOC)/wharf.conf.example
	$(call say,DONE,$(DESTDIR)$(PREFIX))

uninstall: ## remove what install copied; configuration and data stay
	$(Q)rm -f $(FOR_OPERATORS:%=$(INSTALL_SBIN)/%) $(FOR_EVERYONE:%=$(INSTALL_BIN)/%)
	$(Q)rm -f $(foreach page,$(MANUALS),$(INSTALL_MAN)/man$(call section,$(page))/$(notdir $(page)))
	$(Q)rm -f $(FOR_EVERYONE:%=$(INSTALL_MAN)/man1/%.1) $(TOOLS:%=$(INSTALL_MAN)/man8/%.8) $(TOOLS:%=$(INSTALL_COMPLETIONS)/%)
	$(Q)rm -rf $(INSTALL_SHARE) $(INSTALL_DOC)
