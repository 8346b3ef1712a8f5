# SPDX-License-Identifier: MIT
"""python3 -m support.runner SUITE: runs tests/SUITE/test_*.py, only tests whose name contains $T, prints each failure and
each skip, and ends with `SUITE: N passed, N failed, N skipped`.

Each file is run in a process of its own, $JOBS of them side by side (as many as there are cores, unless it is given), since
most of them wait for servers and disks. A file that says `ALONE = True` measures something that others would disturb: it is
run when all the others are done."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path


# Debian's own, which has Debian's modules, even where another one comes first in PATH.
PYTHON = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = self.failed = self.skipped_count = 0
        self.this_failed = self.this_skipped = False

    def startTest(self, test):
        super().startTest(test)
        self.this_failed = self.this_skipped = False
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        if self.this_failed:
            self.failed += 1
        elif self.this_skipped:
            self.skipped_count += 1
        else:
            self.passed += 1
            if os.environ.get("V"):
                print(f"ok {test.id()} ({time.monotonic() - self.began:.1f} s)", flush=True)

    def report(self, test, error):
        print(f"FAILED {test.id()}\n{self._exc_info_to_string(error, test)}", flush=True)
        # A fixture of a module or a class is no test of its own, but its fault must count.
        if isinstance(test, unittest.TestCase) or hasattr(test, "test_case"):
            self.this_failed = True
        else:
            self.failed += 1

    def addError(self, test, err):
        self.report(test, err)

    def addFailure(self, test, err):
        self.report(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.report(subtest, err)

    def addSkip(self, test, reason):
        print(f"skipped {test.id()}: {reason}", flush=True)
        if isinstance(test, unittest.TestCase):
            self.this_skipped = True
        else:
            self.skipped_count += 1

    def addUnexpectedSuccess(self, test):
        print(f"FAILED {test.id()}: it was expected to fail and did not", flush=True)
        self.this_failed = True


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def tests_of(folder, file_pattern):
    found = unittest.defaultTestLoader.discover(str(folder), pattern=file_pattern, top_level_dir=str(folder))
    pattern = os.environ.get("T", "")
    # A file that cannot be imported always counts.
    return [test for test in flatten(found) if pattern in test.id() or "_FailedTest" in test.id()]


def closing_line(name, counts):
    return "{}: {} passed, {} failed, {} skipped".format(name, *counts)


def run_file(name, folder, file):
    """This process is one file's."""
    result = Result()
    unittest.TestSuite(tests_of(folder, file)).run(result)
    counts = result.passed, result.failed, result.skipped_count
    print(closing_line(name, counts), flush=True)
    return 1 if result.failed else 0


def run_beside(name, files, jobs):
    """Runs the files' processes, at most `jobs` at once; prints what each said when it has ended, and yields its counts."""
    waiting, running = list(files), []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                file = waiting.pop(0)
                output = tempfile.TemporaryFile()
                process = subprocess.Popen([PYTHON, "-m", "support.runner", name, file], stdin=subprocess.DEVNULL,
                                           stdout=output, stderr=subprocess.STDOUT)
                running.append((file, process, output, time.monotonic()))
            ended = [one for one in running if one[1].poll() is not None]
            if not ended:
                time.sleep(0.05)
            for one in ended:
                running.remove(one)
                yield counts_of(name, *one)
    finally:
        for _, process, _, _ in running:
            process.send_signal(signal.SIGINT)
        for _, process, _, _ in running:
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()


def counts_of(name, file, process, output, began):
    output.seek(0)
    *lines, last = output.read().decode(errors="replace").splitlines() or [""]
    counts = re.fullmatch(rf"{name}: (\d+) passed, (\d+) failed, (\d+) skipped", last)
    if counts:
        counts = tuple(map(int, counts.groups()))
        if process.returncode and not counts[1]:
            counts = counts[0], 1, counts[2]
    else:
        lines += [last, f"FAILED {file}: its process ended with {process.returncode} and without a closing line"]
        counts = 0, 1, 0
    for line in lines:
        print(line)
    took = time.monotonic() - began
    print("{}, {:.0f} s".format(closing_line(file.removesuffix(".py"), counts), took), flush=True)
    return counts


def main():
    # Whoever starts the tests in the background hands on a SIGINT that is ignored; the programs under test must heed it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    name = sys.argv[1]
    folder = Path(__file__).resolve().parent.parent / name
    if len(sys.argv) > 2:
        return run_file(name, folder, sys.argv[2])
    files = sorted(file.name for file in folder.glob("test_*.py") if tests_of(folder, file.name))
    alone = [file for file in files if re.search(r"^ALONE = True$", (folder / file).read_text(), re.MULTILINE)]
    jobs = int(os.environ.get("JOBS") or len(os.sched_getaffinity(0)))
    total = (0, 0, 0)
    for these, at_once in (([file for file in files if file not in alone], jobs), (alone, 1)):
        for counts in run_beside(name, these, at_once):
            total = tuple(map(sum, zip(total, counts)))
    print(closing_line(name, total), flush=True)
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
