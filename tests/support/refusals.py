# SPDX-License-Identifier: MIT
"""What every refusal owes: the documented shape, nothing left behind, and workers that go on."""

import json

from support.wharf import wait_for

# How the body of an error reads in each base: does `error` hold the code or the sentence?
CODE_FIRST = {"/api/v1": True, "/synapse/api/v1": False, "/raven/api/v1": True, "/vais": False, "/vais/api/v1": False}
BASES = tuple(CODE_FIRST)

# What must never reach a client: SQL, paths, names of sources.
SECRETS = ("SELECT ", "INSERT ", "/var/", "/tmp/", ".cpp", "mariadb", "errno", "std::")


# What the clerk keeps by itself, and catches up with whenever it comes to it: no request's trace.
CLERKS_OWN = ("clerks", "version_downloads", "package_downloads", "daily_downloads", "version_download_totals", "download_totals",
              "download_logs", "raw_downloads", "download_salts", "trending_packages", "trending_periods")


def check_refusal(test, answer, status, code=None, base="/api/v1"):
    """The answer is an error of this status and code, of exactly the shape that the base's dialect has."""
    test.assertEqual(status, answer.status, answer)
    test.assertTrue(answer.headers.get("content-type", "").startswith("application/json"), answer)
    test.assertEqual("nosniff", answer.headers.get("x-content-type-options"), answer)
    if not answer.body and answer.status:
        return None  # HEAD
    body = answer.json()
    first = CODE_FIRST[base]
    keys = {"error", "message", "details", "request_id"} if first else {"error", "code", "details", "request_id"}
    if base.startswith("/vais"):
        keys.add("status")
        test.assertEqual(status, body.get("status"), body)
    test.assertEqual(keys, set(body), body)
    found, sentence = (body["error"], body["message"]) if first else (body["code"], body["error"])
    test.assertRegex(found, r"^[a-z]+(_[a-z]+)*$", body)
    test.assertIn(" ", sentence, body)
    test.assertTrue(body["details"] is None or (isinstance(body["details"], dict) and body["details"]), body)
    test.assertEqual(answer.headers.get("x-request-id"), body["request_id"], answer)
    for secret in SECRETS:
        test.assertNotIn(secret, json.dumps(body))
    if code is not None:
        test.assertEqual(code, found, body)
    if status == 401:
        test.assertEqual("Bearer", answer.headers.get("www-authenticate"), answer)
    if status in (429, 503):
        test.assertGreater(int(answer.headers.get("retry-after", "0")), 0, answer)
    return body


def traces(wharf, without=()):
    """How many rows each table has, which archives and staged files there are, and what the public tree shows."""
    tables = [row[0] for row in wharf.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'wharf' ORDER BY 1")]
    counted = wharf.sql(" UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM `{table}`" for table in tables if table not in (*without, *CLERKS_OWN)))
    found = {table: int(count) for table, count in counted}
    found["(blobs)"] = [name for name in wharf.blobs() if len(name) == 64]
    found["(staging)"] = wharf.staging()
    found["(tarballs)"] = sorted(str(path.relative_to(wharf.var)) for path in (wharf.var / "public").rglob("*.tar.gz"))
    return found


class Untouched:
    """with Untouched(self, wharf): … what happens inside leaves no row, no blob and no staged file, and kills no worker."""

    def __init__(self, test, wharf, without=()):
        self.test, self.wharf, self.without = test, wharf, without

    def __enter__(self):
        self.before = traces(self.wharf, self.without)
        self.workers = self.wharf.workers()
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            return
        # A worker may still be taking its staged file away when its answer, or the lack of one, is here.
        wait_for(lambda: not self.wharf.staging() or self.before["(staging)"], 10, "staging to be empty")
        self.test.assertEqual(self.before, traces(self.wharf, self.without))
        self.test.assertEqual(self.workers, self.wharf.workers(), "a worker has died")
        self.test.assertEqual(200, self.wharf.get("/api/v1/health").status)
