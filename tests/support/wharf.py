# SPDX-License-Identifier: MIT
"""A whole private Wharf for system tests: its own folder, ports chosen at run time, started and stopped by the very scripts
that `make run` uses.

    def setUpModule():
        global wharf
        wharf = Wharf().start()

    def tearDownModule():
        wharf.close()
"""

import hashlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import namedtuple
from pathlib import Path

from support import http_client, packages

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / "packaging/local/wharf-local"
PARTS = ("mariadb", "clerk", "workers-read", "workers-write", "nginx")

Account = namedtuple("Account", "username password token email")


def programs():
    return Path(os.environ.get("WHARF_PROGRAMS") or ROOT / os.environ.get("BUILD", "build/release") / "bin")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait_for(condition, seconds=20, what="the condition", every=0.01):
    """Waits until `condition()` is true and returns its value; a test's only way to wait."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


class Wharf:
    """`env` holds WHARF_… variables: any key of the configuration, WHARF_LIMITS (off unless given), WHARF_WORKERS."""

    _numbers = itertools.count(1)

    def __init__(self, env=None, var=None):
        if var is None:
            self._folder = Path(tempfile.mkdtemp(prefix="wharf-", dir="/var/tmp"))
            self._folder.chmod(0o711)
            var = self._folder / "v"
        else:
            self._folder = None
        self.var = Path(var)
        self.http_port, self.https_port = free_ports(2)
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        self.env.update(WHARF_PROGRAMS=str(programs()), WHARF_VAR=str(self.var), WHARF_HTTP_PORT=str(self.http_port),
                        WHARF_HTTPS_PORT=str(self.https_port), WHARF_LIMITS="off", WHARF_WORKERS="4")
        self.env.update(env or {})

    # --- running ---
    def local(self, *arguments, env=None, check=True, timeout=120):
        """Runs wharf-local; its output is in the error when it fails."""
        done = subprocess.run([str(LOCAL), *arguments], env={**self.env, **(env or {})}, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        if check and done.returncode != 0:
            raise AssertionError(f"wharf-local {' '.join(arguments)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        return done

    def start(self):
        try:
            self.local("start")
        except BaseException:
            self.close()
            raise
        return self

    def stop(self):
        self.local("stop")

    def restart(self, part, **env):
        """One part anew, with these variables for it alone."""
        self.local("restart", part, env=env)

    def close(self):
        self.local("stop", check=False)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    # --- processes ---
    def pid(self, part):
        """The process id of a part, None where it does not run."""
        try:
            pid, began, _ = (self.var / "run" / f"{part}.process").read_text().split()
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            return None
        return int(pid) if fields[0] not in "ZX" and fields[19] == began else None

    def children(self, part):
        """The processes that a part has started: nginx's workers, multiwatch's workers."""
        return children_of(self.pid(part))

    def workers(self):
        return self.children("workers-read") + self.children("workers-write")

    def kill(self, part, how=signal.SIGKILL):
        """Kills a part with all of its processes, and waits until they are gone."""
        pid = self.pid(part)
        if pid is None:
            return
        family = [pid, *children_of(pid)]
        os.killpg(pid, how)
        wait_for(lambda: not any(is_alive(one) for one in family), what=f"{part} to die")

    def resident_kib(self, pid, peak=False):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:" if peak else "VmRSS:"):
                return int(line.split()[1])
        raise AssertionError(f"process {pid} has no memory to speak of")

    # --- files ---
    def log(self, name):
        """`clerk`, `mariadb`, `workers-read`, …, or `nginx/access`, `nginx/error`, `nginx/downloads`."""
        return (self.var / "log" / f"{name}.log").read_text(errors="replace")

    def blobs(self):
        return sorted(p.name for p in (self.var / "blobs").rglob("*") if p.is_file())

    def staging(self):
        return sorted(p.name for p in (self.var / "staging").rglob("*") if p.is_file())

    def public_tree(self):
        """Path below public/ → SHA-256 of every file there."""
        root = self.var / "public"
        return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(root.rglob("*")) if p.is_file()}

    # --- database ---
    def sql(self, statement, timeout=60):
        """Runs SQL as the database's root; rows as lists of text."""
        done = subprocess.run(["mariadb", "--no-defaults", "--batch", "--skip-column-names", f"--socket={self.var}/run/db/mariadb.sock",
                               f"--user={pwd.getpwuid(os.geteuid()).pw_name}", "wharf", "-e", statement],
                              text=True, capture_output=True, timeout=timeout)
        if done.returncode != 0:
            raise AssertionError(f"SQL failed: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    # --- HTTP ---
    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    def request(self, method, target, body=None, headers=None, token=None, tls=False, timeout=60):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        port = self.https_port if tls else self.http_port
        return http_client.request("127.0.0.1", port, method, target, body, headers, tls, timeout)

    def get(self, target, **more):
        return self.request("GET", target, **more)

    def post(self, target, body=None, **more):
        return self.request("POST", target, body, **more)

    def raw(self, data, tls=False, timeout=10):
        return http_client.raw("127.0.0.1", self.https_port if tls else self.http_port, data, tls, timeout)

    # --- what nearly every test does first ---
    def register(self, username=None, password=None, base="/api/v1"):
        username = username or f"user-{os.getpid()}-{next(self._numbers)}"
        password = password or "correct horse battery staple"
        email = f"{username}@example.org"
        answer = self.post(f"{base}/auth/register", {"username": username, "password": password, "email": email})
        if answer.status // 100 != 2:
            raise AssertionError(f"registering {username} failed: {answer}")
        return Account(username, password, answer.json()["token"], email)

    def login(self, username, password):
        answer = self.post("/api/v1/auth/login", {"username": username, "password": password})
        if answer.status != 200:
            raise AssertionError(f"the login of {username} failed: {answer}")
        return answer.json()["token"]

    def api_token(self, session, name="a token", **fields):
        answer = self.post("/api/v1/users/me/tokens", {"name": name, **fields}, token=session)
        if answer.status != 201:
            raise AssertionError(f"making an API token failed: {answer}")
        return answer.json()["token"]

    def publish(self, token, name, version, archive=None, **manifest):
        """PUTs an archive and returns the answer, whatever it is."""
        archive = archive if archive is not None else packages.package(name, version, **manifest)
        return self.request("PUT", f"/api/v1/packages/{name}/{version}", archive, {"Content-Type": "application/gzip"}, token=token)

    def published(self, token, name, version, **manifest):
        """As publish, but it must be a 201; returns the archive's bytes."""
        archive = manifest.pop("archive", None) or packages.package(name, version, **manifest)
        answer = self.publish(token, name, version, archive)
        if answer.status != 201:
            raise AssertionError(f"publishing {name} {version} failed: {answer}")
        return archive

    def download(self, name, version):
        return self.get(f"/api/v1/packages/{name}/{version}/tarball")


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children_of(pid):
    if pid is None:
        return []
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(pid) and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return sorted(found)
