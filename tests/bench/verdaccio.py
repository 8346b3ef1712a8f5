# SPDX-License-Identifier: MIT
"""A private Verdaccio, fetched by npm, that serves packages of our making to npm: what installing is measured against."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from support.wharf import free_ports

VERSION = "6"
CONFIG = """storage: {folder}/storage
auth:
  htpasswd:
    file: {folder}/htpasswd
uplinks: {{}}
packages:
  '**':
    access: $all
    publish: $all
max_body_size: 100mb
log: {{type: file, path: {folder}/log, level: error}}
"""


class Missing(Exception):
    """It cannot be had here, and why."""


class Verdaccio:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.process = None
        for program in ("node", "npm"):
            if not shutil.which(program):
                raise Missing(f"{program} is not installed")
        # It wants node-fetch by a tag, which not every mirror of npm's registry knows; that is what the tag means.
        (self.folder / "package.json").write_text(json.dumps({"dependencies": {"verdaccio": VERSION}, "overrides": {"node-fetch": "2"}}))
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=self.folder, text=True, capture_output=True, timeout=300,
                              stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or ["no reason given"]
            raise Missing(f"npm could not fetch verdaccio@{VERSION}: {said[0]}")
        self.version = json.loads((self.folder / "node_modules/verdaccio/package.json").read_text())["version"]
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        (self.folder / "config.yaml").write_text(CONFIG.format(folder=self.folder))
        self.process = subprocess.Popen(["node", self.folder / "node_modules/.bin/verdaccio", "--config", self.folder / "config.yaml",
                                         "--listen", f"127.0.0.1:{port}"], start_new_session=True, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/-/ping", timeout=5).read()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.close()
                    raise Missing("Verdaccio did not start") from None
                time.sleep(0.1)

    def publish(self, manifest, archive):
        """As npm's client does it: one PUT with the tarball in it."""
        name, version = manifest["name"], manifest["version"]
        file = f"{name}-{version}.tgz"
        entry = {**manifest, "_id": f"{name}@{version}", "dist": {
            "tarball": f"{self.url}/{name}/-/{file}", "shasum": hashlib.sha1(archive).hexdigest(),
            "integrity": "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()}}
        body = {"_id": name, "name": name, "dist-tags": {"latest": version}, "versions": {version: entry},
                "_attachments": {file: {"content_type": "application/octet-stream", "data": base64.b64encode(archive).decode(), "length": len(archive)}}}
        request = urllib.request.Request(f"{self.url}/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PUT")
        try:
            urllib.request.urlopen(request, timeout=60).read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"Verdaccio refused {name}: {error.code} {error.read()[:300]}") from None

    def close(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)
            self.process = None
