# SPDX-License-Identifier: MIT
"""`make bench-search`: searching among a million packages, over HTTP, through nginx, with one worker.

BENCH_PACKAGES says how many (1 000 000). Needs about 8 GB in /var/tmp, cleans up after itself."""

import http.client
import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from bench import search_data
from support.wharf import Wharf, programs

HERE = Path(__file__).parent
COMMON = "library data python perl ruby java tools files support development documentation common client server plugin module system interface simple fast".split()


def expectations(file):
    for line in (HERE / file).read_text().splitlines():
        if line and not line.startswith("#"):
            query, _, names = line.partition(" => ")
            yield query, set(names.split())


def mixture(source, dice):
    """At least 300 requests as people make them, common words included."""
    packages = list(source.values())
    described = [package for package in packages if len(package.description.split()) > 3]
    def words(count):
        found = [word for word in re.findall(r"[a-z]{4,}", dice.choice(described).description.lower())]
        return " ".join(dice.sample(found, min(count, len(found)))) or "library"
    def name():
        return dice.choice(packages).name
    for word in COMMON:
        yield "common word", {"q": word}
        yield "two common words", {"q": f"{word} {dice.choice(COMMON)}"}
    for _ in range(60):
        yield "two words", {"q": words(2)}
    for _ in range(40):
        yield "three words", {"q": words(3)}
    for _ in range(20):
        yield "five words", {"q": words(5)}
    for _ in range(40):
        yield "name", {"q": name()}
    for _ in range(20):
        yield "mistyped", {"q": "".join(dice.sample(one := name(), len(one))) if len(one := name()) < 5 else one[:2] + one[3:]}
    for _ in range(20):
        yield "phrase", {"q": '"' + " ".join(re.findall(r"[a-z0-9]+", dice.choice(described).description.lower())[:2]) + '"'}
    for _ in range(10):
        yield "beginning of a word", {"q": words(1)[:4] + "*"}
    for _ in range(20):
        yield "OR and NOT", {"q": f"{words(1)} OR {words(1)} -{dice.choice(COMMON)}"}
    for _ in range(10):
        yield "field", {"q": f"{dice.choice(COMMON)} category:\"{search_data.TITLES.get(one := dice.choice(packages).section, one)}\""}
    for word in COMMON[:10]:
        for sort in ("downloads", "recent", "name"):
            yield "sorted by " + sort, {"q": word, "sort": sort}
    for word in COMMON[:10]:
        yield "third page", {"q": word, "offset": 40}


class Client:
    def __init__(self, wharf):
        self.connection = http.client.HTTPConnection("127.0.0.1", wharf.http_port, timeout=60)

    def ask(self, path, **parameters):
        began = time.perf_counter()
        self.connection.request("GET", f"/api/v1/{path}?{urlencode(parameters)}")
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise AssertionError(f"{path} {parameters}: {answer.status} {body[:300]}")
        return json.loads(body), took


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def line(what, times):
    print(f"{what:24} {len(times):5} {quantile(times, .5):8.1f} {quantile(times, .95):8.1f} {quantile(times, .99):8.1f} {max(times):8.1f}", flush=True)


def quality(client, file):
    hits, misses = 0, []
    for query, wanted in expectations(file):
        found = [one["name"] for one in client.ask("search", q=query, limit=20)[0]["results"]]
        place = next((index for index, name in enumerate(found, 1) if name in wanted), None)
        if place and place <= 3:
            hits += 1
        else:
            misses.append(f"{query} (place {place}): {', '.join(found[:3])}")
    print(f"{file}: {hits} of {hits + len(misses)} among the first three")
    for miss in misses:
        print("   not:", miss)
    return hits, hits + len(misses)


def processor_milliseconds(pid):
    """What the process has run, whatever else the machine does; exact as soon as it waits again."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def measure(wharf, rounds=3):
    client = Client(wharf)
    worker = wharf.children("workers-read")[0]
    dice = random.Random(7)
    requests = list(mixture(search_data.debian(), dice))
    kinds, everything = {}, []
    for kind, parameters in requests:  # once, so that the index is in memory
        client.ask("search", **parameters)
    for _ in range(rounds):
        dice.shuffle(requests)
        for kind, parameters in requests:
            before = processor_milliseconds(worker)
            took = client.ask("search", **parameters)[1]
            time.sleep(0.002)  # until the worker waits
            one = (took, processor_milliseconds(worker) - before)
            kinds.setdefault(kind, []).append(one)
            everything.append(one)
    for title, which in (("milliseconds passed", 0), ("the worker's processor", 1)):
        print(f"\n{title:24} {'calls':>5} {'p50':>8} {'p95':>8} {'p99':>8} {'most':>8}")
        for kind, times in kinds.items():
            line(kind, [one[which] for one in times])
        line("everything", [one[which] for one in everything])
    beginnings = [name[:size] for name in ("python", "libqt", "ruby", "node", "golang", "fonts", "gir", "kde") for size in (1, 2, 3, 4)]
    line("suggest", [client.ask("suggest", q=one)[1] for _ in range(rounds) for one in beginnings])
    print()
    return [quality(client, "search_names.txt"), quality(client, "search_needs.txt")]


def main():
    count = int(os.environ.get("BENCH_PACKAGES", "1000000"))
    load = os.getloadavg()[0]
    with Wharf(env={"WHARF_WORKERS": "1"}) as wharf:
        wharf.kill("clerk")
        began = time.monotonic()
        names = search_data.load(wharf, count)
        print(f"{len(names)} packages in the database after {time.monotonic() - began:.0f} s; load of the machine before: {load:.1f}", flush=True)
        began = time.monotonic()
        rebuild = subprocess.Popen([programs() / "wharf-registry", "rebuild", "--search", "--config", wharf.var / "conf/wharf.conf"], stdout=subprocess.PIPE, text=True)
        peak = ended = 0
        while not ended:  # the kernel's figure at the end counts this process's memory, too
            try:
                peak = max(peak, wharf.resident_kib(rebuild.pid, peak=True))
            except (OSError, AssertionError):
                pass  # it has just ended
            time.sleep(0.2)
            ended, status, usage = os.wait4(rebuild.pid, os.WNOHANG)
        if status:
            raise AssertionError("the rebuild failed")
        size = sum(file.stat().st_size for file in (wharf.var / "search").rglob("*") if file.is_file())
        print(f"index built in {time.monotonic() - began:.0f} s ({usage.ru_utime + usage.ru_stime:.0f} s of processor), {peak >> 10} MiB of memory, {size >> 20} MiB on disk", flush=True)
        results = measure(wharf)
        worker = wharf.children("workers-read")[0]
        print(f"memory of the worker: {wharf.resident_kib(worker) >> 10} MiB; load of the machine after: {os.getloadavg()[0]:.1f}")
    return 0 if all(hits >= 0.9 * all_of for hits, all_of in results) else 1


if __name__ == "__main__":
    sys.exit(main())
