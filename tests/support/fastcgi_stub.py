# SPDX-License-Identifier: MIT
"""A FastCGI responder that stands where the workers would, so that a test sees what nginx asks of them and decides what they
say. Serves a unix socket from threads; `calls` holds every request in the order in which it arrived whole."""

import os
import socket
import struct
import threading
from collections import namedtuple

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6

Call = namedtuple("Call", "params body")


def json_answer(body=b'{"ok":true}', status="200 OK", **headers):
    lines = [f"Status: {status}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class FastCgiStub:
    def __init__(self, path):
        self.path = str(path)
        self.calls = []
        self.connections = 0
        self.answer = lambda call: json_answer()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self.path)
        os.chmod(self.path, 0o666)
        self._listening.listen(512)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listening.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def _serve(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection, connection.makefile("rb") as stream:
            params, body = b"", b""
            while header := stream.read(8):
                if len(header) < 8:
                    return
                _, kind, request, length, padding = struct.unpack("!BBHHBx", header)
                content = stream.read(length)
                stream.read(padding)
                if kind == PARAMS:
                    params += content
                elif kind == STDIN:
                    body += content
                    if not content:
                        break
            else:
                return
            call = Call(parse_params(params), body)
            self.calls.append(call)
            answer = self.answer(call)
            try:
                for start in range(0, len(answer), 60000):
                    piece = answer[start:start + 60000]
                    connection.sendall(struct.pack("!BBHHBx", 1, STDOUT, request, len(piece), 0) + piece)
                connection.sendall(struct.pack("!BBHHBx", 1, STDOUT, request, 0, 0))
                connection.sendall(struct.pack("!BBHHBx", 1, END, request, 8, 0) + struct.pack("!IBxxx", 0, 0))
            except OSError:
                pass


def parse_params(data):
    """Names and values."""
    found, at = {}, 0

    def length():
        nonlocal at
        if data[at] < 128:
            at += 1
            return data[at - 1]
        at += 4
        return struct.unpack("!I", data[at - 4:at])[0] & 0x7FFFFFFF

    while at < len(data):
        name_length, value_length = length(), length()
        name = data[at:at + name_length].decode("latin-1")
        value = data[at + name_length:at + name_length + value_length].decode("latin-1")
        at += name_length + value_length
        found[name] = value
    return found
