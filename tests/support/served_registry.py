# SPDX-License-Identifier: MIT
"""A registry of a few packages on a real socket, any answer of which a test may put its own in place of.

    with ServedRegistry({("fog", "1.0.0"): (archive, {})}) as registry:
        registry.answer("/api/v1/packages/fog/index.json", status(500), status(500), usual)
        person.run("install", "fog")
        registry.asked("/tarball")     # the requests whose path ends so, with their headers
"""

import hashlib
import json
import re
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from support.client import sha256


class Request:
    def __init__(self, method, path, headers):
        self.method, self.path, self.headers = method, path, {key.lower(): value for key, value in headers.items()}

    def __repr__(self):
        return f"{self.method} {self.path} {self.headers}"


def index_path(name):
    return f"/api/v1/packages/{name}/index.json"


def tarball_path(name, version):
    return f"/api/v1/packages/{name}/{version}/tarball"


def document_of(name, versions):
    """`versions` maps a version to (archive, dependencies)."""
    return {"name": name, "description": None, "license": None, "homepage": None, "repository": None, "documentation": None, "keywords": [],
            "categories": [], "authors": [], "revision": 1, "quarantined": None,
            "versions": [{"version": version, "checksum": sha256(data), "size": len(data),
                          "dependencies": {needed: {"req": text, "features": [], "optional": False, "target": None}
                                           for needed, text in dependencies.items()},
                          "dev_dependencies": {}, "yanked": False, "yank_reason": None, "published_at": "2026-01-31T10:00:00Z",
                          "download_url": None} for version, (data, dependencies) in versions.items()]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self):
        registry = self.server.registry
        path = unquote(self.path.partition("?")[0])
        answers = registry.record(Request(self.command, path, self.headers))
        try:
            (answers or registry.usual)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", headers=None):
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            if value is not None:
                self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def reset(self):
        """Ends the connection as a crash would, not as an end of file."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.connection.close()


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


class ServedRegistry:
    def __init__(self, published=None, host="127.0.0.1"):
        self.packages = {}
        for (name, version), (data, dependencies) in (published or {}).items():
            self.packages.setdefault(name, {})[version] = (data, dependencies)
        self.requests, self._answers, self._lock = [], {}, threading.Lock()
        self.had_enough = threading.Event()  # an endless answer was cut off
        self._host = host

    def __enter__(self):
        self._server = Server((self._host, 0), Handler)
        self._server.registry = self
        self.port = self._server.server_address[1]
        self.url = f"http://{self._host}:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path, *answers):
        """The path's answers from now on, one after the other; the last one stays. Each is a function of the handler."""
        with self._lock:
            self._answers[path] = list(answers)

    def record(self, request):
        with self._lock:
            self.requests.append(request)
            answers = self._answers.get(request.path)
            return answers.pop(0) if answers and len(answers) > 1 else answers[0] if answers else None

    def asked(self, ending):
        with self._lock:
            return [request for request in self.requests if request.path.endswith(ending)]

    def forget(self):
        with self._lock:
            self.requests.clear()

    # --- what an honest registry says ---
    def usual(self, handler):
        path = unquote(handler.path.partition("?")[0])
        if match := re.fullmatch(r"/api/v1/packages/([^/]+)/index\.json", path):
            if match[1] in self.packages:
                return self.send_document(handler, json.dumps(document_of(match[1], self.packages[match[1]])).encode())
        if match := re.fullmatch(r"/api/v1/packages/([^/]+)/([^/]+)/tarball", path):
            if version := self.packages.get(match[1], {}).get(match[2]):
                return send_archive(handler, version[0])
        handler.send(404, b'{"error":"not_found","message":"there is nothing here","details":null,"request_id":"1"}')

    @staticmethod
    def send_document(handler, body):
        etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if handler.headers.get("If-None-Match") == etag:
            return handler.send(304, headers={"ETag": etag, "Content-Length": None})
        handler.send(200, body, {"ETag": etag, "Content-Type": "application/json"})


def usual(handler):
    handler.server.registry.usual(handler)


def status(number, body=b"", **headers):
    return lambda handler: handler.send(number, body, {key.replace("_", "-"): value for key, value in headers.items()})


def body(data, **headers):
    return status(200, data, **headers)


def document(value):
    return body(json.dumps(value).encode())


def send_archive(handler, data):
    """With ranges, as nginx serves it."""
    if match := re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", "")):
        first = int(match[1])
        if first >= len(data):
            return handler.send(416, headers={"Content-Range": f"bytes */{len(data)}"})
        return handler.send(206, data[first:], {"Content-Range": f"bytes {first}-{len(data) - 1}/{len(data)}"})
    handler.send(200, data)


def broken_off(data, after):
    """The whole length is promised, and the connection gone after so many bytes; a range is served from where it begins."""
    def answer(handler):
        match = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        first = int(match[1]) if match else 0
        handler.send_response(206 if match else 200)
        if match:
            handler.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(data) - first))
        handler.end_headers()
        handler.wfile.write(data[first:first + after])
        handler.wfile.flush()
        # An orderly end, so that what was sent arrives before it.
        handler.close_connection = True
    return answer


def endless(piece=b"x" * 65536):
    """A body without a length that goes on until the reader has had enough."""
    def answer(handler):
        handler.close_connection = True
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(piece)
        except OSError:
            handler.server.registry.had_enough.set()
    return answer


def silent(released):
    """Nothing at all, until the event is set."""
    def answer(handler):
        handler.close_connection = True
        released.wait(60)
    return answer
