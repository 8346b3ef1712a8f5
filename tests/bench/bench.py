# SPDX-License-Identifier: MIT
"""`make bench`: what a request costs here, as ratios within one run on one machine.

Each comparison takes turns: a round of the one, a round of the other, BENCH_ROUNDS times (5), BENCH_SECONDS each (2); the medians are
compared. Publishes are counted only when they came back as 201 and `Wharf-Visible: yes`. Prints a table in Markdown.
"""

import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.yardstick import Yardstick
from support import packages
from support.wharf import Wharf, wait_for

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 5))
SECONDS = int(os.environ.get("BENCH_SECONDS", 2))
WORKERS = 16    # eight that take uploads: each waits for the clerk with its publisher
PACKAGES = 400  # of up to 100 versions each, for the publishes
HERE = Path(__file__).parent


def progress(text):
    print(text, file=sys.stderr, flush=True)


def wrk(url, *headers, connections=32, script=None, env=None, seconds=SECONDS):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
    command += [part for header in headers for part in ("-H", header)]
    command += ["-s", str(script)] if script else []
    done = subprocess.run([*command, url], capture_output=True, text=True, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise SystemExit(f"wrk failed: {done.stdout}{done.stderr}")
    return done.stdout


def rate(url, *headers):
    out = wrk(url, *headers)
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"{url} answered with errors:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def alternate(name, goal, ours, theirs):
    """Medians of alternated rounds: a row of the table."""
    progress(f"{name} …")
    for each in (ours, theirs):
        each()  # the first round warms up and is not counted
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    mine, yard = (statistics.median(column) for column in zip(*pairs))
    return f"| {name} | {mine:,.0f}/s | {yard:,.0f}/s | {mine / yard:.2f} | {goal} |"


def publish_rates(wharf, token, folder):
    """Publishes a second with one client and with eight, alternated; durable and visible, or not counted."""
    progress("publishes …")
    plan, rates, slowest = [], {1: [], 8: []}, {1: [], 8: []}
    for version in range(1, 101):
        for package in range(PACKAGES):
            plan.append((f"bench-{package}", f"1.{version}.0"))
    taken = 0
    for _ in range(ROUNDS):
        for clients in (1, 8):
            share = plan[taken:taken + 500 * clients * SECONDS]
            taken += len(share)
            lines, offset = [], 0
            with open(folder / "archives", "wb") as archives:
                for name, version in share:
                    archive = packages.package(name, version, files={"data.bin": secrets.token_bytes(14_500)})
                    lines.append(f"{name} {version} {offset} {len(archive)}")
                    offset += archives.write(archive)
            (folder / "plan").write_text("\n".join(lines) + "\n")
            out = wrk(wharf.url, connections=clients, script=HERE / "publish.lua",
                      env={"BENCH_ARCHIVES": str(folder / "archives"), "BENCH_PLAN": str(folder / "plan"), "BENCH_TOKEN": token})
            found = re.search(r"created=(\d+) visible=(\d+) refused=(\d+) seconds=([\d.]+) p50=([\d.]+) p99=([\d.]+)", out)
            created, visible, refused = (int(found[i]) for i in (1, 2, 3))
            if created == 0 or (refused and created < len(share)):
                raise SystemExit(f"publishing failed:\n{out}")
            if created < len(share):
                rates[clients].append(visible / float(found[4]))
            else:  # the plan ended before the time did: nothing can be said of the rest of it
                progress(f"the plan of {len(share)} was too short for {clients} clients; this round is left out")
            slowest[clients].append((float(found[5]), float(found[6])))
    if not all(rates.values()):
        raise SystemExit("no round of publishes could be counted")
    rows = []
    for clients, goal in ((1, "–"), (8, "≥ 400/s")):
        p50 = statistics.median(each[0] for each in slowest[clients])
        p99 = statistics.median(each[1] for each in slowest[clients])
        rows.append(f"| publishes of 15 KB, {clients} client{'s' * (clients > 1)} | {statistics.median(rates[clients]):,.0f}/s "
                    f"| p50 {p50:.1f} ms, p99 {p99:.1f} ms | | {goal} |")
    return rows


def clerk_latency(wharf, token):
    """What waiting for the clerk adds to a publish: a package of 1 to 100 versions with it, another without it."""
    progress("the clerk's part …")

    def publish_hundred(name, visible):
        times = []
        for number in range(100):
            archive = packages.package(name, f"1.{number}.0", files={"data.bin": secrets.token_bytes(14_500)})
            began = time.perf_counter()
            answer = wharf.publish(token, name, f"1.{number}.0", archive)
            times.append(1000 * (time.perf_counter() - began))
            if answer.status != 201 or answer.headers["wharf-visible"] != visible:
                raise SystemExit(f"publishing {name} failed: {answer}")
        return statistics.median(times)

    waited = publish_hundred("followed", "yes")
    wharf.kill("clerk")
    # Nobody waits for a clerk whose heart has not beaten for a second.
    wait_for(lambda: wharf.get("/api/v1/health").json()["checks"]["clerk"]["status"] != "ok", what="the clerk to be missed")
    alone = publish_hundred("unfollowed", "pending")
    wharf.restart("clerk")
    return (f"| what the clerk adds to a publish, package of 1–100 versions | {waited:.1f} ms with, {alone:.1f} ms without "
            f"| | {waited - alone:.1f} ms | ≤ 10 ms |")


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores, {model[1] if model else 'unknown processor'}, Linux {os.uname().release}"


def main():
    # In memory: what is measured is not the reading of thousands of small files by the one who sends them.
    folder = Path(tempfile.mkdtemp(prefix="wharf-bench-archives-", dir="/dev/shm"))
    wharf = Wharf(env={"WHARF_LIMITS": "off", "WHARF_WORKERS": str(WORKERS)})
    yard = Yardstick(workers=WORKERS // 2)
    rows = []
    try:
        wharf.start()
        account = wharf.register("bench")
        for name, size in (("small", 19_500), ("large", 1 << 20)):
            wharf.published(account.token, name, "1.0.0", files={"data.bin": secrets.token_bytes(size)})
        for version in range(2, 12):
            wharf.published(account.token, "small", f"1.0.{version}", dependencies={"large": "^1.0.0"})
        public = wharf.var / "public"
        for name in ("small", "large"):
            yard.put(f"{name}.tar.gz", public / f"tarballs/{name}/1.0.0.tar.gz")
        yard.put("small.json", public / "index/small.json")
        (yard.folder / "files/metadata.json").write_bytes(wharf.get("/api/v1/packages/small").body)
        yard.start()
        base = f"{wharf.url}/api/v1/packages"
        wait_for(lambda: wharf.get("/api/v1/packages/small").status == 200, what="the registry")
        files = (("tarball of 20 KB", f"{base}/small/1.0.0/tarball", "small.tar.gz"),
                 ("tarball of 1 MB", f"{base}/large/1.0.0/tarball", "large.tar.gz"),
                 ("index document", f"{base}/small/index.json", "small.json"))
        for name, ours, theirs in files:
            rows.append(alternate(f"{name}, over bare nginx", "≥ 0.85", lambda: rate(ours), lambda: rate(f"{yard.url}/{theirs}")))
        rows.append(alternate("package metadata without the micro-cache, over a FastCGI hello-world", "≥ 0.5",
                              lambda: rate(f"{base}/small", "Authorization: none"), lambda: rate(f"{yard.url}/hello")))
        rows.append(alternate("package metadata with the micro-cache, over bare nginx", "≥ 0.7",
                              lambda: rate(f"{base}/small"), lambda: rate(f"{yard.url}/metadata.json")))
        wharf.restart("workers-write")  # so that no worker's peak is that of a password's hash
        rows.append(clerk_latency(wharf, account.token))
        rows += publish_rates(wharf, account.token, folder)
        peaks = [wharf.resident_kib(pid, peak=True) for pid in wharf.children("workers-read") + wharf.children("workers-write")]
        clerk = wharf.resident_kib(wharf.pid("clerk"), peak=True)
        rows.append(f"| peak memory of a worker that takes uploads and reads | {max(peaks) / 1024:.1f} MiB | | | < 64 MiB |")
        rows.append(f"| peak memory of the clerk | {clerk / 1024:.1f} MiB | | | – |")
    finally:
        yard.close()
        wharf.close()
        subprocess.run(["rm", "-rf", str(folder)], check=False)
    print(f"{machine()}; medians of {ROUNDS} alternated rounds of {SECONDS} s; `make bench`\n")
    print("| what | Wharf | yardstick | ratio | goal |\n|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
