# SPDX-License-Identifier: MIT
"""The admin tools against a running Wharf: `tools = Tools(wharf); done = tools.run("wharf-user", "list", "--json")`."""

import json
import os
import pty
import pwd
import select
import subprocess
import time
from pathlib import Path

from support.wharf import ROOT, programs

# The operator's; the client's commands have tests of their own.
TOOLS = tuple(sorted(path.parent.name for path in (ROOT / "admin-tools").glob("*/main.cpp")))


def table(tool):
    """The tool's own table of commands."""
    done = subprocess.run([programs() / tool, "--list-commands"], text=True, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)["commands"]


def operator():
    """Whom the audit log names for what this process does."""
    return "os:" + (os.environ.get("SUDO_USER") if os.getuid() == 0 and os.environ.get("SUDO_USER") else pwd.getpwuid(os.getuid()).pw_name)


class Tools:
    def __init__(self, wharf):
        self.wharf = wharf
        self.config = wharf.var / "conf/wharf.conf"
        # The configuration's own overrides hold for the tools as for the workers.
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        self.env.update(WHARF_CONFIG=str(self.config), NO_COLOR="1")

    def run(self, tool, *arguments, stdin="", check=None):
        """Without a terminal. `check`: the exit code that is expected."""
        done = subprocess.run([programs() / tool, *map(str, arguments)], input=stdin, env=self.env, text=True, capture_output=True, timeout=120)
        if check is not None and done.returncode != check:
            raise AssertionError(f"{tool} {' '.join(map(str, arguments))} ended with {done.returncode}, not {check}:\n{done.stdout}{done.stderr}")
        return done

    def json(self, tool, *arguments, stdin=""):
        """The one object that --json prints."""
        return json.loads(self.run(tool, *arguments, "--json", stdin=stdin, check=0).stdout)

    def audit(self, since=0):
        """The rows after that id, oldest first, as dictionaries."""
        columns = ("id", "action", "actor", "subject", "reason", "detail")
        shown = ", ".join(f"COALESCE({column}, '(null)')" for column in columns)
        return [dict(zip(columns, row)) for row in self.wharf.sql(f"SELECT {shown} FROM audit WHERE id > {since} ORDER BY id")]

    def audit_end(self):
        return int(self.wharf.sql("SELECT COALESCE(MAX(id), 0) FROM audit")[0][0])


class AtTerminal:
    """A program whose standard streams are a terminal; what it shows is in `shown`."""

    def __init__(self, command, env):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(command[0], [str(word) for word in command], env)
        self.shown = ""
        self.code = None

    def wait_for(self, text, seconds=20):
        deadline = time.monotonic() + seconds
        while text not in self.shown:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"waited in vain for {text!r}; the terminal shows {self.shown!r}")
        return self

    def type(self, text):
        os.write(self.terminal, text.encode())
        return self

    def finish(self, seconds=60):
        """The exit code; everything that was shown is in `shown`."""
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def _read(self, seconds):
        if seconds <= 0 or not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 4096)
        except OSError:  # the other side is closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


def at_terminal(tools, tool, *arguments):
    return AtTerminal([str(Path(programs()) / tool), *map(str, arguments)], tools.env)
