# SPDX-License-Identifier: MIT
"""`make bench-install`: a project of 300 packages, installed by `wharf install` from a local Wharf and by `npm ci` from a local Verdaccio.

Both registries hold the same packages: as many, of the same files, with the same dependencies. Rounds alternate, BENCH_ROUNDS times (5).
Cold: neither a cache nor installed packages. Warm: a full cache, no installed packages. Both have a lock, as `npm ci` wants one; that
`wharf install` also resolves from nothing is measured beside it. Where npm or Verdaccio cannot be had, the reason stands in its column.
Prints a table in Markdown.
"""

import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.verdaccio import Missing, Verdaccio
from support import client, packages
from support.client import Client
from support.wharf import Wharf

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 5))
PACKAGES = 300
ROOTS = 12        # what the project asks for itself
FILES, FILE_BYTES = 12, 4000
WORDS = ("harbour buoy tide fathom keel mast rudder anchor cable chart compass sextant log lead line deck hull bow stern port starboard "
         "sail rope knot block winch cleat fender pier quay dock crane cargo hold").split()


def progress(text):
    print(text, file=sys.stderr, flush=True)


def made_up_packages():
    """name → (dependencies, files): each needs up to five later ones, and all are needed by somebody."""
    chance = random.Random(300)
    names = [f"bench-{number:03}" for number in range(PACKAGES)]
    needs = {name: set() for name in names}
    for number in range(ROOTS, PACKAGES):
        needs[names[chance.randrange(max(0, number // 2 - ROOTS), number)]].add(names[number])
    for number, name in enumerate(names):
        while number < PACKAGES - 10 and len(needs[name]) < 3:
            needs[name].add(names[chance.randrange(number + 1, min(PACKAGES, number + 60))])
    files = {}
    for name in names:
        files[name] = {f"src/part{part}.txt": " ".join(chance.choice(WORDS) + str(chance.randrange(1000)) for _ in range(FILE_BYTES // 10))
                       for part in range(FILES)}
    return {name: (dict.fromkeys(sorted(needs[name]), "^1.0.0"), files[name]) for name in names}


class Attic:
    """What the next round must not find, out of the way: a file system that has just removed thousands of files makes new ones slowly for
    a while, which no one who installs would meet. On the same disk, so that it is a rename."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        folder.mkdir()

    def take(self, path):
        if path.exists():
            self.count += 1
            path.rename(self.folder / str(self.count))


class Measured:
    """Seconds and peak memory of one run of a program and its children."""

    def __init__(self, command, cwd, env):
        began = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds, self.kib, self.cpu = time.monotonic() - began, usage.ru_maxrss, usage.ru_utime + usage.ru_stime
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} failed with {process.returncode}:\n{said}")


class WharfSide:
    def __init__(self, wharf, made, attic):
        self.attic = attic
        token = wharf.register().token
        for name, (needs, files) in made.items():
            wharf.published(token, name, "1.0.0", dependencies=needs, files=files)
        for name in made:
            client.wait_until_visible(wharf, name, "1.0.0")
        self.person = Client(wharf.url)
        self.project = self.person.project("wharf", "bench-project", dict.fromkeys(list(made)[:ROOTS], "^1.0.0"))
        self.project.run("install")
        found = len(self.project.installed())
        if found != PACKAGES:
            raise SystemExit(f"{found} packages were installed instead of {PACKAGES}")

    def install(self, *arguments, cache, lock):
        self.attic.take(self.project.folder / "wharf_packages")
        if not cache:
            self.attic.take(self.person.home / ".cache")
        if not lock:
            self.project.lock.unlink()
        measured = Measured([client.programs() / "wharf", "install", "--quiet", *arguments], self.project.folder, self.person.env)
        if len(self.project.installed()) != PACKAGES:
            raise SystemExit("not all packages were installed")
        return measured

    def close(self):
        self.person.close()


class NpmSide:
    def __init__(self, folder, made, attic):
        self.attic = attic
        self.registry = Verdaccio(folder / "verdaccio")
        try:
            for name, (needs, files) in made.items():
                manifest = {"name": name, "version": "1.0.0", "description": f"the package {name}", "license": "MIT", "dependencies": needs}
                self.registry.publish(manifest, packages.tar_gz({
                    "package/package.json": json.dumps(manifest), "package/README.md": f"# {name}\n\nVersion 1.0.0.\n",
                    **{f"package/{path}": text for path, text in files.items()}}))
            self.folder, self.cache = folder / "npm-project", folder / "npm-cache"
            self.folder.mkdir()
            (self.folder / "package.json").write_text(json.dumps({"name": "bench-project", "version": "0.1.0",
                                                                  "dependencies": dict.fromkeys(list(made)[:ROOTS], "^1.0.0")}))
            self.env = {**os.environ, "npm_config_registry": self.registry.url, "npm_config_cache": str(self.cache), "npm_config_audit": "false",
                        "npm_config_fund": "false", "npm_config_update_notifier": "false", "no_proxy": "*", "NO_PROXY": "*"}
            Measured(["npm", "install", "--package-lock-only"], self.folder, self.env)
            self.install(cache=False)
        except BaseException:
            self.registry.close()
            raise

    def install(self, cache):
        self.attic.take(self.folder / "node_modules")
        if not cache:
            self.attic.take(self.cache)
        measured = Measured(["npm", "ci", "--silent"], self.folder, self.env)
        found = len([one for one in (self.folder / "node_modules").iterdir() if not one.name.startswith(".")])
        if found != PACKAGES:
            raise SystemExit(f"npm installed {found} packages instead of {PACKAGES}")
        return measured

    def close(self):
        self.registry.close()


def medians(runs):
    return statistics.median(run.seconds for run in runs), statistics.median(run.cpu for run in runs), max(run.kib for run in runs) / 1024


def row(what, ours, theirs, reason, goal="≥ 5"):
    seconds, cpu, mib = medians(ours)
    cells = [what, f"{seconds:.2f} s, {cpu:.2f} s, {mib:.0f} MiB"]
    if theirs:
        their_seconds, their_cpu, their_mib = medians(theirs)
        cells += [f"{their_seconds:.2f} s, {their_cpu:.2f} s, {their_mib:.0f} MiB", f"{their_seconds / seconds:.1f}", f"{their_cpu / cpu:.1f}", goal]
    else:
        cells += [reason, "–", "–", goal]
    return "| " + " | ".join(cells) + " |"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main():
    made = made_up_packages()
    folder = Path(tempfile.mkdtemp(prefix="wharf-bench-", dir="/var/tmp"))
    began = os.getloadavg()[0]
    npm, reason = None, ""
    with Wharf(env={"WHARF_WORKERS": "4"}) as wharf:
        progress(f"publishing {PACKAGES} packages …")
        attic = Attic(folder / "attic")
        ours = WharfSide(wharf, made, attic)
        try:
            try:
                progress("fetching Verdaccio, and publishing the same to it …")
                npm = NpmSide(folder, made, attic)
            except Missing as missing:
                reason = f"skipped: {missing}"
                progress(reason)
            runs = {key: [] for key in ("fresh", "cold", "warm", "npm cold", "npm warm")}
            for number in range(ROUNDS):
                progress(f"round {number + 1} of {ROUNDS} …")
                runs["fresh"].append(ours.install(cache=False, lock=False))
                runs["cold"].append(ours.install("--locked", cache=False, lock=True))
                if npm:
                    runs["npm cold"].append(npm.install(cache=False))
                runs["warm"].append(ours.install("--locked", cache=True, lock=True))
                if npm:
                    runs["npm warm"].append(npm.install(cache=True))
        finally:
            if npm:
                npm.close()
            ours.close()
            shutil.rmtree(folder, ignore_errors=True)
    size = sum(len(text) for _, files in made.values() for text in files.values())
    yardstick = f"`npm ci` (npm {subprocess.run(['npm', '--version'], capture_output=True, text=True).stdout.strip()}, Verdaccio {npm.registry.version})" if npm else "`npm ci`"
    print(f"{os.cpu_count()} cores, {processor()}, Linux {platform.release()}; load {began:.1f} at the start, {os.getloadavg()[0]:.1f} at the end; medians of {ROUNDS} "
          f"alternated rounds; {PACKAGES} packages of {FILES + 2} files, {size / (1 << 20):.0f} MiB unpacked; `make bench-install`\n")
    print(f"| what (time, processor time, peak memory) | `wharf install` | {yardstick} | times faster | times less processor time | goal |\n|---|---|---|---|---|---|")
    print(row("cold, with a lock: no cache, nothing installed", runs["cold"], runs["npm cold"], reason))
    print(row("cold, without a lock: resolved, too", runs["fresh"], runs["npm cold"], reason, "–"))
    print(row("warm, with a lock: a full cache, nothing installed", runs["warm"], runs["npm warm"], reason))


if __name__ == "__main__":
    main()
