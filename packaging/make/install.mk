# Installing: programs, nginx's templates and the database's rights; nothing is started and no user is made.
.PHONY: install
install: all ## copy the programs and templates below DESTDIR/PREFIX (default /usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/wharf/nginx $(DESTDIR)$(PREFIX)/share/wharf/sql
	install -m 0755 $(PROGRAMS:%=$(BUILD)/bin/%) $(DESTDIR)$(PREFIX)/bin
	install -m 0644 nginx/*.in $(DESTDIR)$(PREFIX)/share/wharf/nginx
	install -m 0644 sql/grants.sql $(DESTDIR)$(PREFIX)/share/wharf/sql
