# SPDX-License-Identifier: MIT
"""What must hold after every crash, looked at from outside: in the database, in the blobs, in the tree that nginx serves.

    P1  a committed version has its archive, with exactly that SHA-256
    P2  what was acknowledged is there
    P3  the tree shows nothing that the database does not hold, and ends as a rebuild from nothing would leave it
    P4  the bytes of a version never change
    P7  what a crash left lying about is removed by the collection of garbage, and nothing else is

Every function raises AssertionError, naming what is wrong.
"""

import hashlib
import itertools
import json
import os
import pwd
import shutil
import stat
import subprocess
import unittest
from collections import namedtuple

from support.wharf import ROOT, wait_for

IS_ROOT = os.geteuid() == 0
CLERK, WORKER = "wharf-clerk", "wharf"
FIRST_HASH = "0" * 64

Version = namedtuple("Version", "state digest blob_digest size")
Event = namedtuple("Event", "seq hash action package version")

_numbers = itertools.count(1)
_check = unittest.TestCase()
_check.maxDiff = 4000


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- running the installation's programs ---
def run_program(wharf, program, *arguments, user=None, env=None, timeout=120):
    """Runs an installed program with the instance's configuration; as root, as the named system user."""
    command = [str(wharf.var / "bin" / program), *map(str, arguments), "--config", str(wharf.var / "conf/wharf.conf")]
    if user and IS_ROOT:
        group = str(pwd.getpwnam(user).pw_gid)
        command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups", "--", *command]
    return subprocess.run(command, env={**wharf.env, **(env or {})}, text=True, capture_output=True, timeout=timeout,
                          stdin=subprocess.DEVNULL, cwd="/")


def succeed(done):
    _check.assertEqual(0, done.returncode, f"{done.args}\n{done.stdout}{done.stderr}")
    return done


def slow_log(wharf, milliseconds):
    """The environment under which a restarted MariaDB holds back each write of its log (slow_log.c)."""
    library = wharf.var.parent / "slow_log.so"
    if not library.exists():
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, ROOT / "tests/support/slow_log.c"], check=True, timeout=60)
    return {"LD_PRELOAD": str(library), "SLOW_LOG_MS": str(milliseconds)}


# --- what the database holds ---
def committed(wharf):
    """(name, version) → its row, removed versions too."""
    rows = wharf.sql("SELECT p.name, v.version, v.state, v.digest, COALESCE(v.blob_digest, ''), v.size"
                     " FROM versions v JOIN packages p ON p.id = v.package_id")
    return {(row[0], row[1]): Version(row[2], row[3], row[4] or None, int(row[5])) for row in rows}


def journal(wharf):
    """All events; the chain of hashes is checked on the way."""
    events, previous = [], FIRST_HASH
    for seq, digest, action, package, version, body in wharf.sql(
            "SELECT seq, hash, action, package, COALESCE(version, ''), HEX(body) FROM journal ORDER BY seq"):
        _check.assertEqual(len(events) + 1, int(seq), "the journal's numbers have a gap")
        _check.assertEqual(sha256(previous.encode() + bytes.fromhex(body)), digest, f"the chain breaks at journal number {seq}")
        previous = digest
        events.append(Event(int(seq), digest, action, package, version))
    return events


def journal_end(wharf):
    rows = wharf.sql("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
    return (int(rows[0][0]), rows[0][1]) if rows else (0, FIRST_HASH)


# --- what the public tree shows ---
def shown_documents(wharf):
    """(name, version) → checksum, from every index document."""
    found = {}
    for path in sorted((wharf.var / "public/index").glob("*.json")):
        document = json.loads(path.read_bytes())
        for one in document["versions"]:
            found[document["name"], one["version"]] = one["checksum"]
    return found


def shown_tarballs(wharf):
    """(name, version) → SHA-256 of the bytes that nginx would send."""
    found = {}
    for path in sorted((wharf.var / "public/tarballs").glob("*/*.tar.gz")):
        found[path.parent.name, path.name.removesuffix(".tar.gz")] = sha256(path.read_bytes())
    return found


def shown_journal(wharf):
    """[(seq, hash)] of all whole lines of the journal files, in order."""
    lines = []
    for path in sorted((wharf.var / "public/journal").glob("*.jsonl"), key=lambda p: int(p.stem)):
        for line in path.read_bytes().split(b"\n")[:-1]:
            event = json.loads(line)
            lines.append((event["seq"], event["hash"]))
    return lines


def end_of_tree(wharf):
    """(seq, hash) of the last event that the tree stands at."""
    files = sorted((wharf.var / "public/journal").glob("*.jsonl"), key=lambda p: int(p.stem))
    lines = files[-1].read_bytes().split(b"\n")[:-1] if files else []
    if not lines:
        return 0, FIRST_HASH
    event = json.loads(lines[-1])
    return event["seq"], event["hash"]


def wait_until_caught_up(wharf, seconds=30):
    wait_for(lambda: end_of_tree(wharf) == journal_end(wharf), seconds, "the clerk to catch up")


def wait_until_whole_index_is_written(wharf, seconds=30):
    """The index of all packages follows a moment after the tree; its time says up to which journal number. It is renamed last of its four."""
    path = wharf.var / "public/index.json"
    first_second = 1_000_000_000  # PublicTree::k_mtime_base
    wait_for(lambda: not path.exists() or int(path.stat().st_mtime) == first_second + end_of_tree(wharf)[0], seconds,
             "the index of all packages")


def picture(root):
    """Everything in a tree: kind, mode, content; for documents the time that makes the ETag, for tarballs the blob's inode."""
    found = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        try:
            about = path.lstat()
            if stat.S_ISDIR(about.st_mode):
                found[name] = ("directory",)
                continue
            facts = (oct(stat.S_IMODE(about.st_mode)), sha256(path.read_bytes()))
        except FileNotFoundError:  # a file on its way into place
            continue
        if name.startswith("tarballs/"):
            facts += (about.st_ino,)
        elif name.startswith("index"):
            facts += (about.st_mtime_ns,)
        found[name] = facts
    return found


def tree_made_from_nothing(wharf):
    """The picture of a tree that another clerk makes beside the one that is served, from the journal and the blobs alone."""
    folder = wharf.var / f"other-{next(_numbers)}"
    folder.mkdir(mode=0o755)
    try:
        if IS_ROOT:
            owner = pwd.getpwnam(CLERK)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        settings = {"storage.public": folder / "tree", "storage.run": folder / "run", "storage.search": folder / "search",
                    "clerk.machine": "another"}
        words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        succeed(run_program(wharf, "wharf-clerk", "--once", *words, user=CLERK))
        return picture(folder / "tree")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        wharf.sql("DELETE FROM clerks WHERE machine = 'another'")


# --- the promises ---
def assert_archives_are_whole(wharf, rows=None):
    """P1."""
    for (name, version), row in (rows or committed(wharf)).items():
        if row.state == "removed":
            continue
        blob = wharf.var / "blobs" / row.digest[:2] / row.digest
        _check.assertEqual(row.digest, row.blob_digest)
        _check.assertTrue(blob.exists(), f"{name} {version} is committed and its archive is not there")
        data = blob.read_bytes()
        _check.assertEqual((row.digest, row.size), (sha256(data), len(data)), f"the archive of {name} {version} is another")


def assert_acknowledged(wharf, published, removed=(), rows=None):
    """P2, P4: `published` maps (name, version) to its checksum, `removed` holds those whose removal was acknowledged."""
    rows = rows or committed(wharf)
    for key, digest in published.items():
        _check.assertIn(key, rows, "an acknowledged publish is gone")
        _check.assertEqual(digest, rows[key].digest, f"{key} has other bytes than were acknowledged")
    for key in removed:
        _check.assertEqual("removed", rows[key].state, f"the acknowledged removal of {key} is gone")


def assert_shows_only_what_is_committed(wharf):
    """P3, at any moment."""
    events = {event.seq: event.hash for event in journal(wharf)}
    rows = committed(wharf)
    for seq, digest in shown_journal(wharf):
        _check.assertEqual(events.get(seq), digest, f"the tree's journal number {seq} is not the database's")
    for shown, what in ((shown_documents(wharf), "index document"), (shown_tarballs(wharf), "tarball")):
        for key, digest in shown.items():
            _check.assertIn(key, rows, f"the {what} shows {key}, which is not committed")
            _check.assertEqual(rows[key].digest, digest, f"the {what} of {key}")


def assert_shows_all(wharf):
    """P3, once caught up: the tree, the database and a tree made from nothing agree."""
    wait_until_caught_up(wharf)
    expected = tree_made_from_nothing(wharf)
    try:
        # The index of all packages follows a moment later.
        wait_for(lambda: picture(wharf.var / "public") == expected, 10)
    except AssertionError:
        _check.assertEqual(expected, picture(wharf.var / "public"), "the tree is not what a rebuild gives")
    there = {key: row.digest for key, row in committed(wharf).items() if row.state != "removed"}
    _check.assertEqual(there, shown_documents(wharf))
    _check.assertEqual(there, shown_tarballs(wharf))
    _check.assertEqual([(event.seq, event.hash) for event in journal(wharf)], shown_journal(wharf))


def assert_rebuild_changes_nothing(wharf):
    """P3 by the operator's own tool: `wharf-registry rebuild` with the clerk at rest, then the clerk goes on."""
    wait_until_caught_up(wharf)
    wait_until_whole_index_is_written(wharf)
    before = picture(wharf.var / "public")
    wharf.kill("clerk")
    succeed(run_program(wharf, "wharf-registry", "rebuild", user=CLERK))
    _check.assertEqual(before, picture(wharf.var / "public"), "the rebuild gives another tree")
    wharf.restart("clerk")


def make_old(path, seconds=7 * 24 * 3600):
    about = path.stat()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns - seconds * 10**9))


def unreferenced_blobs(wharf, rows=None):
    referenced = {row.blob_digest for row in (rows or committed(wharf)).values()}
    return sorted(set(wharf.blobs()) - referenced)


def assert_garbage_goes(wharf, rows=None):
    """P7: what nothing refers to is removed once it is old enough, and nothing else is."""
    rows = rows or committed(wharf)
    for path in (wharf.var / "staging").iterdir():
        make_old(path)
    for digest in unreferenced_blobs(wharf, rows):
        path = wharf.var / "blobs" / digest[:2] / digest
        if path.exists():
            make_old(path)
    succeed(run_program(wharf, "wharf-registry", "gc"))
    _check.assertEqual([], wharf.staging(), "uploads that were never finished stay")
    _check.assertEqual([], unreferenced_blobs(wharf, rows), "blobs that nothing refers to stay")
    assert_archives_are_whole(wharf, rows)


def assert_all_promises(wharf, published, removed=(), rebuilt=True):
    """At rest: nobody publishes meanwhile. `rebuilt`: the tree is compared with one made from nothing, too."""
    rows = committed(wharf)
    assert_acknowledged(wharf, published, removed, rows)
    assert_archives_are_whole(wharf, rows)
    assert_shows_only_what_is_committed(wharf)
    if rebuilt:
        assert_shows_all(wharf)
    assert_garbage_goes(wharf, rows)
