# SPDX-License-Identifier: MIT
"""`make bench-scale`: what a request costs in a large registry, over what it costs in one of a thousand packages.

Two private Wharfs stand beside each other, one with 1 000 packages and one with N (100 000), both filled by wharf-seed. Rounds of the
one and the other alternate, so that whatever else the machine does falls on both; the medians of the rounds are compared. Before
anything is made it says how much disk, memory and time it takes, and refuses where the disk has less.

  N=100000         packages of the large one, up to a million
  VERSIONS=5*N     versions of it
  BLOBS=shared     one archive for all versions, which saves disk; `own` for one each
  BENCH_ROUNDS=5   BENCH_SECONDS=4   BENCH_DEADLINE=1800, the seconds after which filling is given up
"""

import os
import random
import re
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bench import HERE, machine, progress, wrk
from support import packages
from support.wharf import Wharf, programs, wait_for

SMALL = 1_000
LARGE = int(os.environ.get("N") or 100_000)
VERSIONS = int(os.environ.get("VERSIONS") or 5 * LARGE)
SHARED = (os.environ.get("BLOBS") or "shared") == "shared"
ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 5)
SECONDS = int(os.environ.get("BENCH_SECONDS") or 4)
DEADLINE = int(os.environ.get("BENCH_DEADLINE") or 1800)
GOAL = 1.5
SEED = programs().parent / "bench/wharf-seed"

# Measured at 10 000 packages with 25 000 versions, and rounded up: what a package takes besides its versions (two index documents, a
# folder, its row and its part of the search index), a version (its row, its event twice, its link), and an archive that is its own.
KIB_PER_PACKAGE, KIB_PER_VERSION, KIB_PER_ARCHIVE = 24, 8, 8


def needs():
    """GiB of disk, and of MariaDB's memory, that the large one takes."""
    count = LARGE + SMALL
    kib = count * KIB_PER_PACKAGE + (VERSIONS + 5 * SMALL) * (KIB_PER_VERSION + (0 if SHARED else KIB_PER_ARCHIVE))
    memory = min(max(128, LARGE // 100), 4096)
    return kib / 1024 ** 2 + 1, memory


def seeded(count, versions, memory, shared):
    wharf = Wharf(env={"WHARF_LIMITS": "off", "WHARF_WORKERS": "8", "WHARF_SITE_WHOLE_INDEX": "off", "WHARF_MEMORY": f"{memory}M"}).start()
    try:
        command = [str(SEED), "--config", str(wharf.var / "conf/wharf.conf"), "--packages", str(count), "--versions", str(versions),
                   "--threads", "4", *(["--shared"] if shared else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=DEADLINE)
        if done.returncode != 0:
            raise SystemExit("wharf-seed failed")
        took = re.search(r"seconds=([\d.]+)", done.stdout)
        clerk = re.search(r"clerk seconds=([\d.]+)", done.stdout)
        if not clerk:
            raise SystemExit("the clerk did not follow")
        wharf.seeding, wharf.following = float(took[1]), float(clerk[1])
        wharf.names = [row[0] for row in wharf.sql(f"SELECT name FROM packages WHERE latest_version IS NOT NULL ORDER BY RAND(1) LIMIT 20000")]
        wharf.token = wharf.register("bench").token
        # With every page once where it will be, as in a registry that has run for a while.
        wharf.sql("ANALYZE TABLE packages, versions, package_downloads, package_dependencies")
    except BaseException:
        wharf.close()
        raise
    return wharf


def latencies(out):
    found = re.search(r"scale requests=(\d+) failed=(\d+) p50=([\d.]+) p99=([\d.]+)", out)
    if not found or int(found[2]) or not int(found[1]):
        raise SystemExit(f"a round failed:\n{out}")
    return float(found[3]), float(found[4])


def reads(wharf, folder, ending):
    paths = folder / "paths"
    paths.write_text("\n".join(f"/api/v1/packages/{name}{ending}" for name in random.sample(wharf.names, min(5000, len(wharf.names)))))
    # A header with a token goes around the micro-cache: each answer is a worker's.
    return latencies(wrk(wharf.url, "Authorization: none", connections=2, script=HERE / "paths.lua", env={"BENCH_PATHS": str(paths)},
                         seconds=SECONDS))


def publishes(wharf, folder, number):
    lines, offset = [], 0
    with open(folder / "archives", "wb") as archives:
        for i in range(600 * SECONDS):
            # Four of five are new versions of packages, the fifth is a new package.
            name, version = f"bench-{number}-{i - i % 5 if i % 5 < 4 else i}", f"1.{i % 5}.0"
            archive = packages.package(name, version, files={"data.bin": secrets.token_bytes(4_000)},
                                       dependencies={wharf.names[i % len(wharf.names)]: "*"})
            lines.append(f"{name} {version} {offset} {len(archive)}")
            offset += archives.write(archive)
    (folder / "plan").write_text("\n".join(lines) + "\n")
    out = wrk(wharf.url, connections=1, script=HERE / "publish.lua", seconds=SECONDS,
              env={"BENCH_ARCHIVES": str(folder / "archives"), "BENCH_PLAN": str(folder / "plan"), "BENCH_TOKEN": wharf.token})
    found = re.search(r"created=(\d+) visible=(\d+) refused=(\d+) seconds=[\d.]+ p50=([\d.]+) p99=([\d.]+)", out)
    if not found or int(found[3]) or int(found[1]) == 0:
        raise SystemExit(f"publishing failed:\n{out}")
    return float(found[4]), float(found[5])


def compare(name, measure, both):
    """Alternated rounds; the medians of both sides' p50 and p99 as a row."""
    progress(f"{name} …")
    for wharf in both:
        measure(wharf, 0)  # warms up and is not counted
    rounds = {wharf: [] for wharf in both}
    for number in range(1, ROUNDS + 1):
        for wharf in both:
            rounds[wharf].append(measure(wharf, number))
    (small50, small99), (large50, large99) = ([statistics.median(one[i] for one in rounds[wharf]) for i in (0, 1)] for wharf in both)
    return (f"| {name} | {small50:.2f} ms, {small99:.2f} ms | {large50:.2f} ms, {large99:.2f} ms | {large50 / small50:.2f} "
            f"| {large99 / small99:.2f} | ≤ {GOAL} |")


def main():
    # Whoever ends it ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    disk, memory = needs()
    free = shutil.disk_usage("/var/tmp").free / 1024 ** 3
    progress(f"{LARGE:,} packages with {VERSIONS:,} versions take about {disk:.0f} GiB below /var/tmp ({free:.0f} GiB are free), {memory} MiB of "
             f"memory for MariaDB, and on two idle cores about {VERSIONS / 900 / 60 + 3:.0f} minutes")
    if free < disk:
        raise SystemExit("the disk has too little room; choose a smaller N, fewer VERSIONS, or BLOBS=shared")
    folder = Path(tempfile.mkdtemp(prefix="wharf-bench-scale-", dir="/dev/shm"))
    both, rows = [], []
    try:
        load = os.getloadavg()[0]
        both.append(seeded(SMALL, 5 * SMALL, memory, SHARED))
        both.append(seeded(LARGE, VERSIONS, memory, SHARED))
        large = both[1]
        used = subprocess.run(["du", "-sm", str(large.var)], capture_output=True, text=True).stdout.split()[0]
        rows.append(compare("package metadata, without the micro-cache", lambda wharf, _: reads(wharf, folder, ""), both))
        rows.append(compare("index document", lambda wharf, _: reads(wharf, folder, "/index.json"), both))
        rows.append(compare("publish of 5 KB, one client, durable and visible", lambda wharf, number: publishes(wharf, folder, number), both))
        loads = f"load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end"
    finally:
        for wharf in both:
            wharf.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{machine()}; {loads}; medians of {ROUNDS} alternated rounds of {SECONDS} s; "
          f"`make bench-scale N={LARGE} VERSIONS={VERSIONS} BLOBS={'shared' if SHARED else 'own'}`\n")
    print(f"Filled with {LARGE:,} packages and {VERSIONS:,} versions in {large.seeding:.0f} s ({VERSIONS / large.seeding:,.0f} versions/s); the clerk "
          f"was done {large.following:.0f} s later; {int(used) / 1024:.1f} GiB on the disk.\n")
    print(f"| what (p50, p99) | {SMALL:,} packages | {LARGE:,} packages | ratio of p50 | ratio of p99 | goal |\n|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
