# SPDX-License-Identifier: MIT
"""Reads a call file: one HTTP request as a language's client or documents send it, and the answer it must get.

    given package                      what must be there first (test_dialects.py knows the words)
    POST /synapse/api/v1/packages      the request line
    Header: value                      headers, an empty line, the body
    => 201 409                         accepted statuses; `archive` behind them: the body is the archive's bytes;
    {"token": "text+"}                 `nothing`: no body; `text`: the body is this plain text; else it is JSON of this shape
                                       (tests/support/schema.py)

`$name` and its like are filled in. The lines of a multipart body end in CRLF, as they do on the wire.
"""

import json
import string
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Call:
    path: Path
    given: str
    method: str
    target: str
    headers: list = field(default_factory=list)
    body: str = None
    statuses: tuple = ()
    answer: str = "json"
    shape: object = None

    def request(self, values):
        """(method, target, headers, body bytes) with the values filled in; values are text, but `archive` is bytes."""
        texts = {key: value for key, value in values.items() if isinstance(value, str)}

        def fill(text):
            return string.Template(text).safe_substitute(texts)

        headers = {name: fill(value) for name, value in self.headers}
        if self.body is None:
            return self.method, fill(self.target), headers, None
        body = fill(self.body)
        if headers.get("Content-Type", "").startswith("multipart/"):
            body = body.replace("\n", "\r\n") + "\r\n"
        return self.method, fill(self.target), headers, body.encode().replace(b"$archive", values.get("archive", b""))

    def expected_shape(self, values):
        texts = {key: value for key, value in values.items() if isinstance(value, str)}
        return json.loads(string.Template(self.shape).safe_substitute(texts)) if self.shape else None


def read_call(path):
    request, _, answer = path.read_text().partition("\n=> ")
    given, request_line, *rest = request.split("\n")
    method, _, target = request_line.partition(" ")
    call = Call(path, given.removeprefix("given "), method, target)
    while rest and rest[0]:
        name, _, value = rest.pop(0).partition(": ")
        call.headers.append((name, value))
    if len(rest) > 1:
        call.body = "\n".join(rest[1:])
    first, _, shape = answer.partition("\n")
    words = first.split()
    call.statuses = tuple(int(word) for word in words if word.isdigit())
    call.answer = next((word for word in words if not word.isdigit()), "json" if shape.strip() else "any")
    call.shape = shape.strip() or None
    return call
