# SPDX-License-Identifier: MIT
"""Counts downloads in nginx's logs once more, by the words of docs/formats/download-log.md and with nothing of Wharf's own.

    python3 -m support.recount downloads.log downloads.log.1 downloads.log.2.gz

Given logs must be different ones: a copy of one would be counted again."""

import collections
import datetime
import gzip
import json
import re
import sys

RANGE = re.compile(r"bytes ([0-9]+)-([0-9]+)/([0-9]+)\Z")
TEXTS = ("method", "completion", "name", "version", "content_range", "address", "agent", "request_id")


def lines_of(path):
    opened = gzip.open(path, "rb") if str(path).endswith(".gz") else open(path, "rb")
    with opened as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]


def read(line):
    """The line as a dictionary, or None where it is not of the form."""
    try:
        fields = json.loads(line.decode("utf-8", "replace"))
    except ValueError:
        return None
    if not isinstance(fields, dict) or not all(isinstance(fields.get(name), str) for name in TEXTS):
        return None
    if not isinstance(fields.get("status"), int) or not isinstance(fields.get("time"), (int, float)):
        return None
    return fields


def counts(fields):
    if fields["method"] != "GET" or fields["completion"] != "OK":
        return False
    if fields["status"] in (200, 302):
        return True
    found = RANGE.match(fields["content_range"])
    return fields["status"] == 206 and found is not None and int(found[2]) == int(found[3]) - 1


def recount(paths):
    """(name, version, day) → how many; and how many lines were read."""
    found, lines = collections.Counter(), 0
    for path in paths:
        for line in lines_of(path):
            lines += 1
            fields = read(line)
            if fields and counts(fields):
                day = datetime.datetime.fromtimestamp(int(fields["time"]), datetime.timezone.utc).date().isoformat()
                found[fields["name"], fields["version"], day] += 1
    return found, lines


def in_database(wharf):
    """The same of what the clerk has counted."""
    rows = wharf.sql("SELECT p.name, v.version, d.day, d.count FROM version_downloads d JOIN versions v ON v.id = d.version_id"
                     " JOIN packages p ON p.id = v.package_id")
    return collections.Counter({(name, version, day): int(count) for name, version, day, count in rows})


def logs_of(wharf):
    return sorted((wharf.var / "log/nginx").glob("downloads.log*"))


if __name__ == "__main__":
    everything, read_lines = recount(sys.argv[1:])
    for (name, version, day), count in sorted(everything.items()):
        print(day, name, version, count)
    print(f"{sum(everything.values())} downloads in {read_lines} lines")
