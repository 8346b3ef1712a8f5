# SPDX-License-Identifier: MIT
"""A proxy in front of a registry that does what networks and broken registries do: a function is shown every request,
before it goes on and with the answer, and says what becomes of it.

    def meddle(request, answer):     # answer is None before the request goes on
        if answer and request.method == "PUT":
            return CUT               # the client never gets the answer
    with MeddlingProxy(wharf.http_port, meddle) as proxy:
        Client(proxy.url)
"""

import http.client
import http.server
import socket
import threading
from dataclasses import dataclass, field

CUT = object()  # the connection is closed without another byte


@dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""


class MeddlingProxy:
    """`seen` holds (method, path, status) of what reached the registry."""

    def __init__(self, port, meddle=lambda request, answer: None):
        self.seen = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
                outcome = meddle(request, None)
                if outcome is None:
                    answer = proxy.forward(port, request)
                    outcome = meddle(request, answer) or answer
                if outcome is CUT:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response_only(outcome.status)
                for name, value in outcome.headers.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "content-encoding"):
                        self.send_header(name, value)
                body = b"" if request.method == "HEAD" or outcome.status in (204, 304) else outcome.body
                if outcome.status not in (204, 304):
                    self.send_header("Content-Length", str(len(outcome.body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = serve

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except (ConnectionError, OSError):
                    pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def forward(self, port, request):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            headers = {name: value for name, value in request.headers.items()
                       if name.lower() not in ("connection", "expect", "accept-encoding", "content-length")}
            connection.request(request.method, request.path, request.body or None, headers)
            got = connection.getresponse()
            answer = Answer(got.status, dict(got.getheaders()), got.read())
        finally:
            connection.close()
        self.seen.append((request.method, request.path, answer.status))
        return answer

    def count(self, method, path=""):
        return sum(1 for seen_method, seen_path, _ in self.seen if seen_method == method and path in seen_path)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
