# SPDX-License-Identifier: MIT
"""Every completed download is counted exactly once, whatever happens meanwhile (promise P6): clients of all kinds download while
the clerk and MariaDB are killed, nginx is reloaded and restarted, and its log is rotated, compressed and removed at random. The
counts are those of a recount of the logs by a program that shares no code (tests/support/recount.py), to the last one.

WHARF_DOWNLOADS sets how many downloads there are at least, WHARF_SEED the disturbances."""

import gzip
import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest
from pathlib import Path

from support import packages, promises, recount
from support.downloaders import Connection, Downloaders, call
from support.promises import CLERK, run_program
from support.wharf import ROOT, Wharf, is_alive, wait_for

LEAST = int(os.environ.get("WHARF_DOWNLOADS", "200000"))
SEED = int(os.environ.get("WHARF_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
LARGE = 30 << 20


def setUpModule():
    global wharf, token, small, large
    wharf = Wharf(env={"WHARF_WORKERS": "4", "WHARF_NGINX_WORKERS": "2"}).start()
    try:
        token = wharf.register().token
        small, large = {}, {}
        for name in ("pebble", "shell", "sand"):
            for version in ("1.0.0", "2.0.0-rc.1+b7"):
                publish(small, name, version, 400)
        publish(large, "whale", "1.0.0", LARGE)
        publish(large, "seal", "1.0.0", 300_000)
        promises.wait_until_caught_up(wharf)
    except BaseException:
        wharf.close()
        raise


def tearDownModule():
    wharf.close()


def publish(files, name, version, size):
    archive = packages.package(name, version, files={"noise.bin": random.Random(1).randbytes(size)})
    answer = wharf.publish(token, name, version, archive)
    if answer.status != 201:
        raise AssertionError(answer)
    files[f"/api/v1/packages/{name}/{version}/tarball"] = len(archive)


def log():
    return wharf.var / "log/nginx/downloads.log"


def nginx_opens(path):
    """Whether some process may still write to the file."""
    status = path.stat()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            found = descriptor.stat()
            flags = re.search(r"flags:\s+([0-7]+)", (descriptor.parent.parent / "fdinfo" / descriptor.name).read_text())
        except OSError:
            continue
        if (found.st_dev, found.st_ino) == (status.st_dev, status.st_ino) and int(flags[1], 8) & os.O_ACCMODE:
            return True
    return False


class Disturber:
    """What a log, a clerk, a database and an nginx go through in a year, in a minute."""

    def __init__(self, chance):
        self.chance = chance
        self.done = {}
        self.generation = 0
        self.inodes_used, self.inodes_reused = set(), 0

    def one(self):
        # A pause now and then, or there would be no time at which all is well.
        name = self.chance.choice(("kill_clerk", "kill_clerk", "kill_mariadb", "reload", "restart", "quit", "rotate", "rotate", "rotate",
                                   "logrotate", "rotate_without_clerk"))
        getattr(self, name)()
        self.done[name] = self.done.get(name, 0) + 1

    def kill_clerk(self):
        wharf.kill("clerk")
        wharf.restart("clerk")

    def kill_mariadb(self):
        wharf.kill("mariadb")
        wharf.restart("mariadb")

    def reload(self):
        os.kill(wharf.pid("nginx"), signal.SIGHUP)

    def restart(self):
        wharf.restart("nginx")  # by TERM: what is under way is given up

    def quit(self):
        pid = wharf.pid("nginx")
        os.kill(pid, signal.SIGQUIT)  # what is under way is ended first
        wait_for(lambda: not is_alive(pid), seconds=60, what="nginx to end")
        wharf.restart("nginx")

    def reopen(self):
        old = log().stat().st_ino if log().exists() else None
        os.kill(wharf.pid("nginx"), signal.SIGUSR1)
        wait_for(lambda: log().exists() and log().stat().st_ino != old, what="nginx to reopen its log")
        inode = log().stat().st_ino
        self.inodes_reused += inode in self.inodes_used
        self.inodes_used.add(inode)

    def rotate(self):
        self.generation += 1
        self.inodes_used.add(log().stat().st_ino)
        os.rename(log(), f"{log()}.{self.generation}")
        self.reopen()
        self.compress()

    def compress(self):
        """As delaycompress does: all but the newest generation, and here only what nobody writes to any more."""
        for path in sorted(log().parent.glob("downloads.log.[0-9]*"))[:-1]:
            newest = path.name.endswith(f".{self.generation}")
            if path.suffix == ".gz" or newest or nginx_opens(path):
                continue
            with open(path, "rb") as plain, gzip.open(f"{path}.gz", "wb", compresslevel=1) as packed:
                shutil.copyfileobj(plain, packed)
            path.unlink()

    def logrotate(self):
        """By the file that is installed, with this test's paths in it."""
        text = (ROOT / "packaging/logrotate/wharf").read_text()
        logs = f"{log().parent}/access.log {log().parent}/error.log {log()}"
        text = text.replace("/var/log/wharf/access.log /var/log/wharf/error.log /var/log/wharf/downloads.log", logs)
        text = text.replace("/var/lib/wharf/run/nginx.pid", f"{wharf.var}/run/nginx/nginx.pid").replace(" /run/nginx.pid", "")
        text = text.replace("create 0640 www-data adm", "create 0644").replace("rotate 14", "rotate 1000")
        text = text.replace("    daily\n", f"    daily\n    dateext\n    dateformat -20260101{self.generation:03}\n    nomail\n")
        text = text.replace("    compress\n    delaycompress\n", "    nocompress\n")  # nobody waits a day here
        self.generation += 1
        file = wharf.var.parent / "logrotate.conf"
        file.write_text(text)
        file.chmod(0o644)
        done = subprocess.run(["/usr/sbin/logrotate", "--force", "--state", f"{file}.state", str(file)], text=True, capture_output=True)
        if done.returncode != 0:
            raise AssertionError(f"logrotate: {done.stderr}")

    def rotate_without_clerk(self):
        wharf.kill("clerk")
        for _ in range(self.chance.randint(1, 3)):
            self.rotate()
        wharf.restart("clerk")


def counted():
    return recount.in_database(wharf)


def assert_exact(test):
    """The counts are those of the logs, in every table, and the clerk has read every line."""
    expected, lines = recount.recount(recount.logs_of(wharf))
    wait_for(lambda: counted() == expected, seconds=60, what="the clerk to have counted all", every=0.2)
    total = sum(expected.values())
    for sum_of in ("SUM(count) FROM package_downloads", "SUM(count) FROM daily_downloads", "SUM(total) FROM version_download_totals",
                   "SUM(total) FROM download_totals", "SUM(counted) FROM download_logs"):
        test.assertEqual(total, int(wharf.sql(f"SELECT {sum_of}")[0][0]), sum_of)
    test.assertEqual(lines, int(wharf.sql("SELECT SUM(lines_read) FROM download_logs")[0][0]), "lines")
    return expected


def of_path(counts, path):
    name, version = path.split("/")[4:6]
    return sum(count for (a, b, _), count in counts.items() if (a, b) == (name, version))


class DownloadsTest(unittest.TestCase):
    def test_1_counts_are_those_of_the_log_to_the_last_one(self):
        print(f"downloads: WHARF_SEED={SEED}", flush=True)
        chance = random.Random(SEED)
        began = time.monotonic()
        clients, disturber = Downloaders(), Disturber(chance)
        http, https = ("127.0.0.1", wharf.http_port), ("127.0.0.1", wharf.https_port)
        try:
            for kind, where, rate, files in (("pipelined", http, 1800, small), ("pipelined", http, 1800, small),
                                             ("broken", http, 40, {**small, **large}), ("broken", http, 4, large),
                                             ("streams", https, 900, small), ("curl", https, 8, {**small, **large})):
                clients.start(kind, *where, chance.randrange(1 << 30), rate, files)
            while clients.completed() < LEAST or sum(disturber.done.values()) < 30:
                disturber.one()
                clients.assert_well()
                until = time.monotonic() + chance.random() * 1.5
                wait_for(lambda: time.monotonic() >= until)
                self.assertLess(time.monotonic() - began, 900, f"too slow: {clients.completed()} downloads, {disturber.done}")
            clients.stop()
        finally:
            clients.stop(check=False)
        expected = assert_exact(self)
        saw, total = clients.tally(), sum(expected.values())
        for path, (completed, possible) in sorted(saw.items()):
            count = of_path(expected, path)
            self.assertGreaterEqual(count, completed, f"{path}: less was counted than was downloaded")
            self.assertLessEqual(count, completed + possible, f"{path}: more was counted than was asked for")
        completed, possible = clients.completed(), sum(possible for _, possible in saw.values())
        self.assertGreaterEqual(total, LEAST)
        stats = wait_for(lambda: (answer := wharf.get("/api/v1/stats", token=token)).status == 200 and answer.json(), what="/stats")
        self.assertEqual(total, stats["total_downloads"])
        name = next(iter(small)).split("/")[4]
        mine = sum(count for (package, _, _), count in expected.items() if package == name)
        package = wharf.get(f"/api/v1/packages/{name}", token=token).json()
        self.assertEqual([mine] * 4, [package["downloads"][key] for key in ("total", "week", "month")] + [package["total_downloads"]])
        self.assertEqual(mine, sum(version["downloads"] for version in package["versions"]))
        print(f"downloads: {total} counted, {completed} seen to their end, {possible} given up or lost on the way of which"
              f" {total - completed} counted; {len(recount.logs_of(wharf))} logs, {disturber.inodes_reused} with a used inode;"
              f" {disturber.done}; {time.monotonic() - began:.0f} s", flush=True)

    def test_2_a_killed_nginx_loses_the_line_that_each_process_was_about_to_write(self):
        kills, workers = 12, 2
        seen = {"HTTP/1.1": set(), "HTTP/2": set()}
        for _ in range(kills):
            with Watchers(seen) as watchers:
                watchers.wait_for_more(300)
                wharf.kill("nginx")
            wharf.restart("nginx")
        logged = {recount.read(line)["request_id"] for path in recount.logs_of(wharf) for line in recount.lines_of(path)}
        lost = {protocol: len(ids - logged) for protocol, ids in seen.items()}
        print(f"downloads: {kills} times kill -9 of nginx with {workers} workers: of {len(seen['HTTP/1.1'])} completed over HTTP/1.1"
              f" {lost['HTTP/1.1']} were not logged, of {len(seen['HTTP/2'])} over HTTP/2 {lost['HTTP/2']}", flush=True)
        self.assertLessEqual(lost["HTTP/1.1"], kills * workers)
        # Answers of one connection may end in one write.
        self.assertLessEqual(lost["HTTP/2"], kills * Watchers.STREAMS)
        assert_exact(self)

    def test_3_a_log_that_disappears_is_said_and_the_new_one_counted(self):
        path = next(iter(small))
        before = sum(assert_exact(self).values())

        def download(times):
            for _ in range(times):
                self.assertEqual(200, wharf.get(path).status)

        def sees(count):
            wait_for(lambda: sum(counted().values()) == before + count, what=f"{count} more downloads", every=0.05)

        log().unlink()
        wait_for(lambda: "the download log was removed while it was counted" in wharf.log("clerk"), what="the clerk to say so")
        download(3)  # into the file that has no name any more
        sees(3)
        os.kill(wharf.pid("nginx"), signal.SIGUSR1)
        wait_for(log().exists, what="nginx to reopen its log")
        download(4)
        sees(7)
        wharf.kill("clerk")
        download(2)  # these nobody will ever know of
        log().unlink()
        os.kill(wharf.pid("nginx"), signal.SIGUSR1)
        wait_for(log().exists, what="nginx to reopen its log")
        download(5)
        wharf.restart("clerk")
        sees(12)
        wait_for(lambda: "a download log is gone; what nginx wrote to it after this byte is not counted" in wharf.log("clerk"),
                 what="the clerk to say so")

    def test_4_a_download_is_counted_within_a_second(self):
        path = next(iter(small))
        took = []
        for _ in range(5):
            before = sum(counted().values())
            self.assertEqual(200, wharf.get(path).status)
            began = time.monotonic()
            wait_for(lambda: sum(counted().values()) == before + 1, what="the download to be counted")
            took.append(time.monotonic() - began)
        print(f"downloads: counted after {', '.join(f'{one:.2f}' for one in took)} s", flush=True)
        self.assertLess(sorted(took)[2], 1.5)

    def test_5_a_clerk_that_runs_once_counts(self):
        path = next(iter(small))
        before = sum(counted().values())
        wharf.kill("clerk")
        for _ in range(3):
            self.assertEqual(200, wharf.get(path).status)
        done = run_program(wharf, "wharf-clerk", "--once", user=CLERK)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(before + 3, sum(counted().values()))
        wharf.restart("clerk")


class Watchers:
    """Clients that write down the request id of every download whose last byte they saw, until their server goes."""

    STREAMS = 40

    def __init__(self, seen):
        self.seen, self.path = seen, next(iter(small))
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=one) for one in (self.pipelined, self.pipelined, self.streams)]

    def __enter__(self):
        self.began = self.count()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def count(self):
        return [len(ids) for ids in self.seen.values()]

    def wait_for_more(self, count):
        wait_for(lambda: all(now >= began + count for now, began in zip(self.count(), self.began)), what="downloads", seconds=60)

    def pipelined(self):
        while not self.stopping.is_set():
            try:
                connection = Connection("127.0.0.1", wharf.http_port)
                while not self.stopping.is_set():
                    connection.socket.sendall(call(self.path) * 50)
                    for _ in range(50):
                        status, headers = connection.head()
                        connection.body(int(headers["content-length"]))
                        if status == 200:
                            self.seen["HTTP/1.1"].add(headers["x-request-id"])
            except OSError:
                self.stopping.wait(0.01)

    def streams(self):
        url = f"https://127.0.0.1:{wharf.https_port}{self.path}"
        size = small[self.path]
        while not self.stopping.is_set():
            done = subprocess.run(["curl", "--silent", "--insecure", "--http2", "--parallel", "--parallel-max", str(self.STREAMS),
                                   "--write-out", "%{exitcode} %{size_download} %header{x-request-id}\n",
                                   *(word for _ in range(400) for word in ("--output", "/dev/null", url))],
                                  capture_output=True, text=True, check=False)
            for line in done.stdout.splitlines():
                fields = line.split()
                if fields[:2] == ["0", str(size)]:
                    self.seen["HTTP/2"].add(fields[2])


if __name__ == "__main__":
    unittest.main()
