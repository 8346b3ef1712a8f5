# SPDX-License-Identifier: MIT
"""docs/operate/start.md, done as it says: its commands run one after the other, with a private MariaDB and other folders and ports
than it names, until a package that was published is downloaded over HTTPS."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import http_client, packages
from support.wharf import ROOT, free_ports, is_alive, programs, wait_for

GUIDE = ROOT / "docs/operate/start.md"


@unittest.skipUnless(os.geteuid() == 0, "the guide is for root: it makes users and gives files away")
class StartTest(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="wharf-start-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.root.chmod(0o755)
        self.running = []
        self.addCleanup(self.stop_all)
        for folder in ("etc", "lib", "log", "db"):
            (self.root / folder).mkdir()
        self.http_port, self.https_port = free_ports(2)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("WHARF_", "MAKE", "MFLAGS"))}
        subprocess.run(["make", "-C", ROOT, "install-files", f"PROGRAMS_FROM={programs()}", f"DESTDIR={self.root}", "PREFIX=/usr/local"],
                       env=environment, check=True, capture_output=True, timeout=120)
        # What the guide's host has in other places; keys of the environment win over the file.
        self.environment = {
            **environment, "PATH": f"{self.root}/usr/local/sbin:{environment['PATH']}:/usr/sbin:/sbin", "no_proxy": "*",
            "WHARF_STORAGE_ROOT": str(self.root / "lib"), "WHARF_DATABASE_SOCKET": str(self.root / "db/socket"),
            "WHARF_NGINX_HTTP_PORT": str(self.http_port), "WHARF_NGINX_HTTPS_PORT": str(self.https_port),
            **{f"WHARF_NGINX_{name}_LOG": str(self.root / f"log/{name}") for name in ("ACCESS", "ERROR", "DOWNLOAD")}}

    def stop_all(self):
        for process in reversed(self.running):
            process.terminate()
            process.wait(60)
        left = [pid for pid in (int(path.name) for path in Path("/proc").glob("[0-9]*")) if self.is_ours(pid)]
        wait_for(lambda: not any(is_alive(pid) for pid in left), what="the workers to end")

    def is_ours(self, pid):
        try:
            return str(self.root).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    def section(self, number):
        return re.search(rf"^## {number}\. .*?(?=^## |\Z)", GUIDE.read_text(), re.M | re.S)[0]

    def blocks(self, number, language="sh"):
        return re.findall(rf"^```{language}\n(.*?)^```$", self.section(number), re.M | re.S)

    def here(self, text):
        for there, place in (("/etc/wharf", "etc"), ("/var/lib/wharf", "lib"), ("/usr/local", "usr/local")):
            text = text.replace(there, str(self.root / place))
        return text

    def shell(self, text):
        functions = (f'wharf-registry() {{ command wharf-registry "$@" --config {self.root}/etc/wharf.conf; }}\n'
                     f'mariadb() {{ command mariadb --no-defaults --socket={self.root}/db/socket "$@"; }}\n')
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", functions + self.here(text)], env=self.environment, text=True,
                              capture_output=True, timeout=120, cwd="/", stdin=subprocess.DEVNULL)
        self.assertEqual(0, done.returncode, f"{text}\n{done.stdout}{done.stderr}")

    def launch(self, command, name):
        with open(self.root / f"log/{name}", "wb") as log:
            self.running.append(subprocess.Popen(["bash", "-c", "exec " + self.here(command)], env=self.environment, stdin=subprocess.DEVNULL,
                                                 stdout=log, stderr=log, cwd="/"))

    def make_users(self):
        for line in self.blocks(2)[0].splitlines():
            if subprocess.run(["id", line.split()[-1]], capture_output=True).returncode != 0:
                self.shell(line)

    def configure(self):
        config = self.root / "etc/wharf.conf"
        text, section = config.read_text(), None
        for line in self.here(self.blocks(3, "ini")[0]).splitlines():
            if line.startswith("["):
                section = line
            elif line:
                key = line.split(" = ")[0]
                head, body = text.split(section + "\n", 1)
                body, count = re.subn(rf"(?m)^{key} = .*$", lambda _: line, body, count=1)
                self.assertEqual(1, count, line)
                text = head + section + "\n" + body
        config.write_text(text)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout",
                        self.root / "etc/tls.key", "-out", self.root / "etc/tls.crt", "-subj", "/CN=localhost"], check=True, capture_output=True)

    def start_database(self):
        data = self.root / "db/data"
        subprocess.run(["mariadb-install-db", "--no-defaults", "--force", "--user=root", f"--datadir={data}", "--skip-test-db",
                        "--auth-root-authentication-method=socket"], check=True, capture_output=True, timeout=120)
        self.launch(f"mariadbd --no-defaults --user=root --datadir={data} --socket={self.root}/db/socket --skip-networking --tmpdir={data}", "mariadb")
        wait_for(lambda: subprocess.run(["mariadb", "--no-defaults", f"--socket={self.root}/db/socket", "-e", "SELECT 1"],
                                        capture_output=True).returncode == 0, what="MariaDB")

    def request(self, method, target, body=None, token=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return http_client.request("127.0.0.1", self.https_port, method, target, body, headers, True)

    def test_the_guide_leads_to_a_running_registry(self):
        self.make_users()
        init, rest = self.blocks(3)
        self.shell(init)
        self.configure()
        self.shell(rest)
        self.start_database()
        for number in (4, 5):
            for block in self.blocks(number):
                self.shell(block)
        commands = re.sub(r"\\\n\s*", "", self.blocks(6)[0]).splitlines()
        self.assertEqual(4, len(commands))
        for number, command in enumerate(commands):
            if command.endswith(("wharf-clerk", "wharf-fcgi")):
                command += " --config /etc/wharf/wharf.conf"
            self.launch(command, f"part-{number}")

        def healthy():
            try:
                return self.request("GET", "/api/v1/health").status == 200
            except OSError:
                return False
        try:
            wait_for(healthy, what="the registry to be healthy")
        except AssertionError as error:
            logs = "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}" for path in sorted((self.root / "log").iterdir()))
            raise AssertionError(f"{error}\n{logs}") from None
        plain = http_client.request("127.0.0.1", self.http_port, "GET", "/api/v1/health", None, {}, False)
        self.assertEqual(308, plain.status)

        account = self.request("POST", "/api/v1/auth/register", {"username": "ada", "password": "a long enough sentence"}).json()
        archive = packages.package("first", "1.0.0")
        sent = self.request("PUT", "/api/v1/packages/first/1.0.0", archive, account["token"], Content_Type="application/gzip")
        self.assertEqual((201, "yes"), (sent.status, sent.headers["wharf-visible"]), sent)
        found = self.request("GET", "/api/v1/packages/first/1.0.0/download")
        self.assertEqual(hashlib.sha256(archive).hexdigest(), hashlib.sha256(found.body).hexdigest())
        # What nginx serves is the clerk's, and no worker's.
        blob = self.root / "lib/blobs" / hashlib.sha256(archive).hexdigest()[:2] / hashlib.sha256(archive).hexdigest()
        self.assertEqual(("wharf-clerk", 0o444), (blob.owner(), blob.stat().st_mode & 0o777))


if __name__ == "__main__":
    unittest.main()
