# SPDX-License-Identifier: MIT
"""The second part of `make bench`: what counting downloads costs. Two registries that differ in `downloads.counting` alone serve the
same archives and take turns; between two rounds everything is counted to its end, so that no round bears another one's work."""

import secrets
import statistics

from bench.bench import ROUNDS, SECONDS, machine, progress, rate
from support import recount
from support.wharf import Wharf, wait_for

SIZES = (("20 KB", "small", 19_500), ("1 MB", "large", 1 << 20))


def counted(wharf):
    return int(wharf.sql("SELECT COALESCE(SUM(count), 0) FROM daily_downloads")[0][0])


def logged(wharf):
    return sum(sum(1 for _ in recount.lines_of(path)) for path in recount.logs_of(wharf))


def read_lines(wharf):
    return int(wharf.sql("SELECT COALESCE(SUM(lines_read), 0) FROM download_logs")[0][0])


def main():
    counting, silent = Wharf(), Wharf(env={"WHARF_DOWNLOADS_COUNTING": "off"})
    rows = []
    try:
        for wharf in (counting, silent):
            wharf.start()
            token = wharf.register("bench").token
            for _, name, size in SIZES:
                wharf.published(token, name, "1.0.0", files={"data.bin": secrets.token_bytes(size)})
            wait_for(lambda: all(wharf.download(name, "1.0.0").status == 200 for _, name, _ in SIZES), what="the registry")
        for size, name, _ in SIZES:
            progress(f"counting downloads of {size} …")
            pairs, shares = [], []
            for warm in [False] + [True] * ROUNDS:  # the first round warms up
                before, known = read_lines(counting), logged(counting)
                ours = rate(f"{counting.url}/api/v1/packages/{name}/1.0.0/tarball")
                done = read_lines(counting) - before
                lines = logged(counting) - known
                wait_for(lambda: read_lines(counting) == logged(counting), seconds=120, what="the clerk to count all", every=0.2)
                theirs = rate(f"{silent.url}/api/v1/packages/{name}/1.0.0/tarball")
                if warm:
                    pairs.append((ours, theirs))
                    shares.append(done / lines)
            mine, yard = (statistics.median(column) for column in zip(*pairs))
            rows.append(f"| tarball of {size}, counted over not counted | {mine:,.0f}/s | {yard:,.0f}/s | {mine / yard:.2f} | ≥ 0.85 |")
            rows.append(f"| of these, counted when the round ended | {100 * statistics.median(shares):.0f} % | | | – |")
    finally:
        counting.close()
        silent.close()
    print(f"\n{machine()}; medians of {ROUNDS} alternated rounds of {SECONDS} s; `make bench`\n")
    print("| what | counting on | counting off | ratio | goal |\n|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
