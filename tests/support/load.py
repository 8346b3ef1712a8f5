# SPDX-License-Identifier: MIT
"""A stream of changes from several clients at once, which go on whatever happens: an answer that is lost or refused for a
while is asked for again with the same bytes, as a patient client does. What was acknowledged is written down.

    load = Load(wharf, token, clients=3, yanks=True, removals=True, refusals={503})
    with load:
        load.wait_for_more(5)      # five more changes were acknowledged
    load.published, load.removed   # what must be there
"""

import http.client
import random
import threading
import time

from support import packages
from support.promises import sha256

VERSIONS_PER_PACKAGE = 25


class Load:
    """`refusals`: the statuses that a client takes for "try again". `lost`: answers may be lost on the way."""

    def __init__(self, wharf, token, name="load", clients=3, yanks=False, removals=False, refusals=(), lost=False, seed=1):
        self.wharf, self.token, self.name = wharf, token, name
        self.yanks, self.removals, self.refusals, self.lost = yanks, removals, set(refusals), lost
        self.published, self.removed, self.unsettled = {}, set(), {}
        self.acknowledged = self.visible = self.refused = self.found_done = 0
        self.current = {}
        self._faults, self._stopping = [], threading.Event()
        self._change = threading.Condition()
        self._threads = [threading.Thread(target=self._run, args=(number, random.Random(seed * 100 + number)))
                         for number in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        if kind is None:
            self._raise_fault()

    def _raise_fault(self):
        if self._faults:
            raise AssertionError(self._faults[0])

    def wait_for_more(self, count, seconds=30, visible=False):
        """Waits until `count` more changes were acknowledged (and seen in the public tree)."""
        def done():
            return self.visible if visible else self.acknowledged
        with self._change:
            goal = done() + count
            if not self._change.wait_for(lambda: self._faults or done() >= goal, seconds):
                raise AssertionError(f"in {seconds} s no {count} changes were acknowledged; refused: {self.refused}")
        self._raise_fault()

    # --- one client ---
    def _run(self, number, chance):
        try:
            for package in range(1000):
                name = f"{self.name}-{'abcdefgh'[number]}x{package:03}"
                self.current[number] = name
                for version in range(VERSIONS_PER_PACKAGE):
                    if not self._one_version(name, f"1.0.{version}", chance):
                        return
        except Exception as fault:  # it must not be lost with its thread
            self._fault(repr(fault))

    def _fault(self, what):
        with self._change:
            self._faults.append(what)
            self._change.notify_all()

    def _one_version(self, name, version, chance):
        archive = packages.package(name, version, files={"src/noise.bin": chance.randbytes(chance.choice((10, 2_000, 40_000)))})
        digest = sha256(archive)
        self.unsettled[name, version] = digest
        if not self._insist(lambda: self.wharf.publish(self.token, name, version, archive), {201},
                            lambda answer: answer.status == 409 and answer.json()["details"]["checksum"] == digest,
                            lambda: self.published.__setitem__((name, version), digest)):
            return False
        del self.unsettled[name, version]
        path = f"/api/v1/packages/{name}/{version}"
        if self.yanks and chance.random() < 0.2:
            for word in ("yank", "unyank") if chance.random() < 0.5 else ("yank",):
                if not self._insist(lambda: self.wharf.post(f"{path}/{word}", {} if word == "unyank" else {"reason": "a test"},
                                                            token=self.token), {200}):
                    return False
        if self.removals and chance.random() < 0.15:
            self.unsettled[name, version] = digest
            if not self._insist(lambda: self.wharf.request("DELETE", path, token=self.token), {204},
                                lambda answer: answer.status == 404, lambda: self.removed.add((name, version))):
                return False
            del self.unsettled[name, version]
        return True

    def _insist(self, call, good, was_done=lambda answer: False, note=lambda: None):
        """Calls until it is done; False where the load was stopped before."""
        tried = False
        while not self._stopping.is_set():
            try:
                answer = call()
            except (OSError, http.client.HTTPException) as error:
                if not self.lost:
                    raise AssertionError(f"a connection was lost: {error!r}") from error
                answer = None
            if answer is not None and (answer.status in good or (tried and was_done(answer))):
                with self._change:
                    note()
                    self.acknowledged += 1
                    self.found_done += answer.status not in good
                    self.visible += answer.headers.get("wharf-visible") == "yes"
                    self._change.notify_all()
                return True
            if answer is not None and answer.status not in self.refusals:
                raise AssertionError(f"not an answer for these times: {answer}")
            tried = True
            with self._change:
                self.refused += 1
            time.sleep(0.02)  # a patient client's pause
        return False
