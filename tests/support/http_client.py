# SPDX-License-Identifier: MIT
"""HTTP for tests: one request, one answer, every byte as it was sent; TLS without checking who answers."""

import http.client
import json
import socket
import ssl


class Answer:
    def __init__(self, status, headers, body, reason=""):
        self.status = status
        self.reason = reason
        self.header_list = headers
        self.headers = {}
        for name, value in headers:
            # A header that comes twice must not hide behind its first.
            key = name.lower()
            self.headers[key] = f"{self.headers[key]}, {value}" if key in self.headers else value
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        return f"<{self.status} {self.headers.get('content-type')} {self.body[:300]!r}>"


def unverified_context():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def request(host, port, method, target, body=None, headers=None, tls=False, timeout=60):
    """Sends the target as it is written. A dict as body goes as JSON; bytes with their length; an iterable as chunks."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    if isinstance(body, str):
        body = body.encode()
    if tls:
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=unverified_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
        if body is not None and isinstance(body, bytes):
            headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name, value)
        chunked = body is not None and not isinstance(body, bytes)
        if chunked:
            connection.putheader("Transfer-Encoding", "chunked")
        try:
            connection.endheaders(body, encode_chunked=chunked)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was sent: the answer is there to be read
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read(), response.reason)
    finally:
        connection.close()


def raw(host, port, data, tls=False, timeout=10):
    """Sends bytes as they are and returns everything that comes back until the end."""
    with socket.create_connection((host, port), timeout=timeout) as plain:
        channel = unverified_context().wrap_socket(plain, server_hostname="localhost") if tls else plain
        channel.sendall(data)
        received = b""
        try:
            while piece := channel.recv(65536):
                received += piece
        except (ConnectionResetError, ssl.SSLEOFError):
            pass
        return received
