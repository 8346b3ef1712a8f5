# SPDX-License-Identifier: MIT
"""A program at a terminal: a pseudo-terminal is its standard input, output and error, and a test types and reads as a person
would.

    with Terminal(["wharf", "login"], env) as screen:
        screen.wait_for("Password: ")
        screen.type("secret\\n")
        assert screen.ends() == 0
"""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time


class Terminal:
    def __init__(self, arguments, env, cwd, columns=80, rows=24):
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.chdir(cwd)
                os.execve(arguments[0], [str(one) for one in arguments], {**env, "TERM": "xterm"})
            finally:
                os._exit(127)
        self.output = ""  # all that was ever shown
        self._read = 0    # what wait_for() has passed
        self._status = None

    def _receive(self, seconds):
        """False at the end."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.output += data.decode(errors="replace")
        return bool(data)

    def wait_for(self, text, seconds=20):
        """Until that stands on the screen, behind what was waited for before."""
        deadline = time.monotonic() + seconds
        while text not in self.output[self._read:]:
            if time.monotonic() > deadline or not self._receive(0.1):
                raise AssertionError(f"{text!r} did not appear: {self.output!r}")
        self._read = self.output.index(text, self._read) + len(text)

    def type(self, text):
        os.write(self._fd, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self._fd)[3] & termios.ECHO)

    def ends(self, seconds=60):
        """Its exit code, negative for a signal."""
        deadline = time.monotonic() + seconds
        while self._receive(0.1):
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not end: {self.output!r}")
        self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status

    def plain(self):
        """What was shown, without colours and movements."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.output).replace("\r", "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._status is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)
