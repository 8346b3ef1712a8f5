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
