# SPDX-License-Identifier: MIT
"""What Wharf is measured against: an nginx that does nothing but serve files, and the least of FastCGI programs behind it."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from support.wharf import ROOT, free_ports, wait_for

CONFIG = """
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  client_body_temp_path {folder}/t1; fastcgi_temp_path {folder}/t2; proxy_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    location /hello {{
      include /etc/nginx/fastcgi_params;
      fastcgi_pass unix:{folder}/hello.sock;
    }}
  }}
}}
"""


class Yardstick:
    def __init__(self, workers):
        self.folder = Path(tempfile.mkdtemp(prefix="wharf-bench-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "files").mkdir()
        self.port = free_ports(1)[0]
        self.workers = workers
        self.processes = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def put(self, name, source):
        shutil.copy(source, self.folder / "files" / name)
        (self.folder / "files" / name).chmod(0o644)

    def start(self):
        (self.folder / "nginx.conf").write_text(CONFIG.format(folder=self.folder, port=self.port))
        build = Path(os.environ.get("BUILD", ROOT / "build/release"))
        hello = self.folder / "hello"
        shutil.copy(build / "bench/fastcgi_hello", hello)
        self.launch("spawn-fcgi", "-n", "-s", str(self.folder / "hello.sock"), "-M", "0666", "-b", "4096", "--",
                    shutil.which("multiwatch"), "-f", str(self.workers), "--", str(hello))
        self.launch("nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;")
        wait_for(lambda: (self.folder / "nginx.pid").exists() and (self.folder / "hello.sock").exists(), what="the yardstick")
        return self

    def launch(self, *command):
        self.processes.append(subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL,
                                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def close(self):
        for process in self.processes:
            try:
                # Nothing here is worth an orderly end, and multiwatch would wait for programs that wait for requests.
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
