# SPDX-License-Identifier: MIT
"""Clients that download archives and keep a tally of what they saw, each a process of its own:

    python3 -m support.downloaders pipelined HOST PORT SEED RATE PATH=SIZE…

`pipelined`  many small archives over HTTP/1.1, in batches on one connection, with calls among them that count for nothing
`broken`     HTTP/1.1: given up in the middle (closed or reset), by range, resumed; small and large
`streams`    HTTP/2: h2load, many streams on few connections
`curl`       HTTP/2: whole, ranged, resumed and given up, several at once

A line of its output is a tally: {path: [completed, possible]}. `completed` are downloads that arrived to their last byte;
`possible` are those that were asked for and whose end was not seen here, so that the server may have sent them or not.
It ends when its standard input does."""

import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

TIMEOUT = 20


class Tally:
    def __init__(self):
        self.counts = {}

    def add(self, path, completed=0, possible=0):
        mine = self.counts.setdefault(path, [0, 0])
        mine[0] += completed
        mine[1] += possible

    def show(self):
        print(json.dumps(self.counts), flush=True)


class Connection:
    """One connection and the bytes that came over it."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=TIMEOUT)
        self.buffer = bytearray()

    def more(self):
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.buffer += piece

    def head(self):
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self.more()
        lines = bytes(self.buffer[:end]).decode("latin-1").split("\r\n")
        del self.buffer[:end + 4]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        return int(lines[0].split()[1]), headers

    def body(self, length):
        while len(self.buffer) < length:
            length -= len(self.buffer)
            self.buffer.clear()
            self.more()
        del self.buffer[:length]

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def call(path, method="GET", **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: downloaders\r\n{lines}\r\n".encode()


def pipelined(host, port, chance, files, tally):
    """A batch: what counts for something is told apart from what does not before it is asked for."""
    batch = []
    for _ in range(chance.choice((1, 20, 100, 200))):
        path = chance.choice(list(files))
        kind = chance.random()
        if kind < 0.94:
            batch.append((path, call(path), 200, True, True))
        elif kind < 0.96:
            batch.append((path, call(path, "HEAD"), 200, False, False))
        elif kind < 0.97:
            batch.append((path, call(path, Range="bytes=0-9"), 206, False, True))
        elif kind < 0.98:
            batch.append((path, call(path, Range=f"bytes={files[path] - 5}-"), 206, True, True))
        elif kind < 0.99:
            batch.append((path, call(path, Range="bytes=0-1,5-9"), 200, True, True))  # more than one range: the whole
        else:
            batch.append((path, call(path + "x"), 404, False, True))
    done = 0
    connection = None
    try:
        connection = Connection(host, port)
        connection.socket.sendall(b"".join(request for _, request, *_ in batch))
        for path, _, expected, counts, has_body in batch:
            status, headers = connection.head()
            if has_body:
                connection.body(int(headers["content-length"]))
            if status != expected:
                raise AssertionError(f"{path}: {status} instead of {expected}")
            done += 1
            if counts:
                tally.add(path, completed=1)
            if headers.get("connection") == "close":
                break
    except OSError:
        pass
    finally:
        if connection:
            connection.socket.close()
        for path, _, _, counts, _ in batch[done:]:
            if counts:
                tally.add(path, possible=1)
    return len(batch)


def whole(connection, path, size, tally, begin=0):
    """Asks for the bytes from `begin` on and takes them all."""
    try:
        connection.socket.sendall(call(path, Range=f"bytes={begin}-") if begin else call(path))
        status, _ = connection.head()
        assert status == (206 if begin else 200), status
        connection.body(size - begin)
    except BaseException:
        tally.add(path, possible=1)
        raise
    tally.add(path, completed=1)


def broken(host, port, chance, files, tally):
    path = chance.choice(list(files))
    size = files[path]
    try:
        connection = Connection(host, port)
        kind = chance.random()
        if kind < 0.3:
            whole(connection, path, size, tally)
        elif kind < 0.45:
            begin = chance.randrange(1, size)
            whole(connection, path, size, tally, begin)
        else:
            # Given up somewhere, and in half of the cases fetched from there on over another connection.
            tally.add(path, possible=1)
            connection.socket.sendall(call(path))
            connection.head()
            taken = chance.randrange(size) if chance.random() < 0.8 else chance.randrange(min(size, 500))
            connection.body(taken)
            if chance.random() < 0.5:
                connection.reset()
            if taken and chance.random() < 0.5:
                whole(Connection(host, port), path, size, tally, taken)
        connection.socket.close()
    except OSError:
        pass
    return 1


def streams(host, port, chance, files, tally):
    path = chance.choice(list(files))
    count = chance.choice((200, 1000, 2000))
    done = subprocess.run(["h2load", "-n", str(count), "-c", str(chance.choice((1, 2, 4))), "-m", str(chance.choice((1, 10, 50))),
                           "--connection-active-timeout=20s", f"https://{host}:{port}{path}"], capture_output=True, text=True, check=False)
    succeeded = 0
    for line in done.stdout.splitlines():
        if line.startswith("requests: "):
            succeeded = next(int(part.split()[0]) for part in line[10:].split(", ") if part.endswith("succeeded"))
    tally.add(path, completed=succeeded, possible=count - succeeded)
    return count


def curl(host, port, chance, files, tally):
    calls = []
    with tempfile.NamedTemporaryFile("w", suffix=".curl") as config:
        for _ in range(chance.randrange(1, 9)):
            path = chance.choice(list(files))
            begin = chance.randrange(1, files[path]) if chance.random() < 0.4 else 0
            calls.append((path, begin))
            config.write(f'{"next" if len(calls) > 1 else ""}\nurl = "https://{host}:{port}{path}"\noutput = "/dev/null"\n'
                         'insecure\nhttp2\nwrite-out = "%{url} %{exitcode} %{http_code} %{size_download}\\n"\n')
            if begin:
                config.write(f"range = {begin}-\n")
            if chance.random() < 0.3:
                config.write(f"max-time = {chance.choice((0.005, 0.02, 0.05))}\n")
        config.flush()
        done = subprocess.run(["curl", "--silent", "--parallel", "--config", config.name], capture_output=True, text=True, check=False)
    seen = [line.split() for line in done.stdout.splitlines()]
    for path, begin in calls:
        whole_one = [f"https://{host}:{port}{path}", "0", "206" if begin else "200", str(files[path] - begin)]
        if whole_one in seen:
            seen.remove(whole_one)
            tally.add(path, completed=1)
        else:
            tally.add(path, possible=1)
    return len(calls)


def main():
    kind, host, port, seed, rate = sys.argv[1:6]
    files = {path: int(size) for path, size in (argument.rsplit("=", 1) for argument in sys.argv[6:])}
    chance, tally = random.Random(int(seed)), Tally()
    began, asked, shown = time.monotonic(), 0, 0.0
    while True:
        asked += globals()[kind](host, int(port), chance, files, tally)
        ahead = max(0.0, began + asked / float(rate) - time.monotonic())
        if select.select([sys.stdin], [], [], min(ahead, 1) or 0)[0]:
            break
        if time.monotonic() - shown > 0.5:
            tally.show()
            shown = time.monotonic()
    tally.show()


class Downloaders:
    """Starts clients and adds up what they saw."""

    def __init__(self):
        self.clients = []

    def start(self, kind, host, port, seed, rate, files):
        process = subprocess.Popen([sys.executable, "-m", "support.downloaders", kind, host, str(port), str(seed), str(rate),
                                    *(f"{path}={size}" for path, size in files.items())], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        client = {"kind": kind, "process": process, "tally": {}}
        client["thread"] = threading.Thread(target=self._read, args=(client,))
        client["thread"].start()
        self.clients.append(client)

    @staticmethod
    def _read(client):
        for line in client["process"].stdout:
            client["tally"] = json.loads(line)

    def tally(self):
        """{path: [completed, possible]} of all of them."""
        both = Tally()
        for client in self.clients:
            for path, (completed, possible) in dict(client["tally"]).items():
                both.add(path, completed, possible)
        return both.counts

    def completed(self):
        return sum(completed for completed, _ in self.tally().values())

    def assert_well(self):
        for client in self.clients:
            if client["process"].poll() is not None:
                raise AssertionError(f"the client '{client['kind']}' ended with {client['process'].returncode}")

    def stop(self, check=True):
        for client in self.clients:
            client["process"].stdin.close()
        for client in self.clients:
            client["thread"].join()
            code = client["process"].wait()
            client["process"].stdout.close()
            if check and code != 0:
                raise AssertionError(f"the client '{client['kind']}' ended with {code}")


if __name__ == "__main__":
    main()
