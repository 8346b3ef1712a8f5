# SPDX-License-Identifier: MIT
"""nginx with the configuration that is shipped, and nothing behind it but two stubs: for what nginx itself promises."""

import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from support import http_client
from support.fastcgi_stub import FastCgiStub
from support.wharf import ROOT, free_ports, is_alive, programs, wait_for


class NginxAlone:
    """`settings` are keys of the configuration: {"limits.preset": "strict"}."""

    def __init__(self, settings=None):
        self.root = Path(tempfile.mkdtemp(prefix="wharf-nginx-", dir="/tmp"))
        self.http_port, self.https_port = free_ports(2)
        for folder in ("run", "log", "nginx", "public/tarballs", "public/index"):
            (self.root / folder).mkdir(parents=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-keyout", self.root / "tls.key", "-out", self.root / "tls.crt", "-subj", "/CN=localhost"],
                       check=True, capture_output=True)
        self.read = FastCgiStub(self.root / "run/read.sock")
        self.write = FastCgiStub(self.root / "run/write.sock")
        self.process = None
        self.start(settings or {})

    def start(self, settings):
        """Renders and starts; what runs already is replaced, and so are its counters."""
        self.stop()
        keys = {
            "storage.root": self.root, "nginx.templates": ROOT / "nginx", "nginx.addresses": "127.0.0.1",
            "nginx.http_port": self.http_port, "nginx.https_port": self.https_port,
            "nginx.certificate": self.root / "tls.crt", "nginx.certificate_key": self.root / "tls.key",
            "nginx.access_log": self.root / "log/access.log", "nginx.error_log": self.root / "log/error.log",
            "nginx.download_log": self.root / "log/downloads.log", "nginx.workers": 2, "limits.preset": "off",
            # As root, nginx's own workers drop to nobody in particular unless they are told not to.
            "nginx.user": "root" if os.geteuid() == 0 else "", **settings}
        arguments = [part for key, value in keys.items() for part in ("--set", f"{key}={value}")]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        subprocess.run([programs() / "wharf-registry", "nginx-config", "--output", self.root / "conf", *arguments], check=True,
                       env=environment)
        command = ["nginx", "-e", self.root / "log/error.log", "-p", self.root, "-c", self.root / "conf/nginx.conf"]
        environment["PATH"] += ":/usr/sbin"
        subprocess.run([*command, "-t", "-q"], check=True, env=environment)
        self.process = subprocess.Popen([*command, "-g", "daemon off;"], env=environment, stdin=subprocess.DEVNULL)
        # The pid is written once nginx listens; its check of the configuration has left an empty file there.
        pid = self.root / "run/nginx.pid"
        wait_for(lambda: pid.read_text().strip() == str(self.process.pid), what="nginx to start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            wait_for(lambda: not is_alive(self.process.pid), what="nginx to end")
            self.process = None

    def close(self):
        self.stop()
        self.read.close()
        self.write.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def place_tarball(self, name, version, content):
        path = self.root / "public/tarballs" / name / f"{version}.tar.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    def place(self, path, content, mtime=1_700_000_000):
        """A JSON document, plain and compressed, as the clerk writes them."""
        for suffix, data in (("", content), (".gz", gzip.compress(content))):
            target = self.root / "public" / (path + suffix)
            target.write_bytes(data)
            os.utime(target, (mtime, mtime))

    def request(self, method, target, body=None, headers=None, tls=False, timeout=30):
        return http_client.request("127.0.0.1", self.https_port if tls else self.http_port, method, target, body, headers, tls, timeout)

    def get(self, target, **headers):
        return self.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def raw(self, data, tls=False, timeout=10):
        return http_client.raw("127.0.0.1", self.https_port if tls else self.http_port, data, tls, timeout)

    def log(self, name):
        path = self.root / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""
