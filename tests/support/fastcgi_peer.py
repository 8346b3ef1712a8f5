# SPDX-License-Identifier: MIT
"""Asks a worker as nginx would, but says what it likes: a FastCGI client that can announce one length and send another."""

import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def record(kind, content):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def pair(name, value):
    name, value = name.encode(), value.encode()
    size = lambda data: bytes([len(data)]) if len(data) < 128 else struct.pack(">I", len(data) | 0x80000000)
    return size(name) + size(value) + name + value


def ask(path, params, body=b"", timeout=10, end_early=False):
    """What the worker writes, as (head, body). `end_early`: the connection's half closes before the body has ended."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(timeout)
        peer.connect(str(path))
        data = record(BEGIN, struct.pack(">HB5x", 1, 0))
        data += record(PARAMS, b"".join(pair(name, value) for name, value in params.items())) + record(PARAMS, b"")
        for at in range(0, len(body), 60000):
            data += record(STDIN, body[at:at + 60000])
        if not end_early:
            data += record(STDIN, b"")
        peer.sendall(data)
        if end_early:
            peer.shutdown(socket.SHUT_WR)
        received = b""
        while piece := peer.recv(65536):
            received += piece
    answer = b""
    while received:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", received[:8])
        if kind == STDOUT:
            answer += received[8:8 + length]
        received = received[8 + length + padding:]
    head, _, content = answer.partition(b"\r\n\r\n")
    return head.decode("latin-1"), content
