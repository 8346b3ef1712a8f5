# SPDX-License-Identifier: MIT
"""Every limit zone driven past its figure: the one too many is a 429 in JSON with Retry-After, others are not touched, and
after that time it is admitted again."""

import http.client
import time
import unittest

from support.nginx_alone import NginxAlone
from support.wharf import wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais/api/v1", "/vais", "")
TOKEN = {"Authorization": "Bearer one"}

# zone's key, the call, its headers, and the figures of `standard` and `strict` (None: the zone is not there)
ZONES = {
    "limits.register_per_hour": ("POST", "/auth/register", {}, 5, 5),
    "limits.login_per_hour": ("POST", "/auth/login", {}, 10, 10),
    "limits.publish_per_hour": ("PUT", "/packages/mylib/1.0.0", TOKEN, 60, 10),
    "limits.remove_per_hour": ("DELETE", "/packages/mylib/1.0.0", TOKEN, None, 20),
    "limits.search_per_hour": ("GET", "/search?q=x", TOKEN, None, 100),
    "limits.anonymous_per_hour": ("GET", "/packages/mylib", {}, None, 60),
    "limits.worker_per_minute": ("GET", "/packages/mylib", TOKEN, 100, 100),
    "limits.token_per_hour": ("GET", "/packages/mylib", TOKEN, 5000, 5000),
}


def setUpModule():
    global nginx
    nginx = NginxAlone()
    nginx.place_tarball("mylib", "1.0.0", b"archive")
    nginx.place("index/mylib.json", b"{}")


def tearDownModule():
    nginx.close()


def statuses(count, method, target, headers):
    """`count` requests on one connection, as fast as they go."""
    connection = http.client.HTTPConnection("127.0.0.1", nginx.http_port, timeout=30)
    found = []
    for _ in range(count):
        connection.request(method, target, b"" if method in ("POST", "PUT") else None, headers)
        answer = connection.getresponse()
        answer.read()
        found.append(answer.status)
    connection.close()
    return found


class LimitsTest(unittest.TestCase):
    def test_the_presets_admit_as_many_as_they_say_and_not_one_more(self):
        for preset, column in (("standard", 3), ("strict", 4)):
            for key, zone in ZONES.items():
                method, path, headers, figure = *zone[:3], zone[column]
                if figure is None:
                    continue
                with self.subTest(preset=preset, key=key):
                    settings = {"limits.preset": preset}
                    if key == "limits.token_per_hour":
                        settings["limits.worker_per_minute"] = "0"  # the address's zone would be first
                    nginx.start(settings)
                    found = statuses(figure, method, "/api/v1" + path, headers)
                    self.assertEqual({200}, set(found), found.count(429))
                    # What is refilled while thousands are sent lets a few more in; then it must end.
                    more = statuses(20, method, "/api/v1" + path, headers)
                    self.assertEqual(429, more[-1], more)
                    if figure < 100:
                        self.assertEqual({429}, set(more))

    def test_a_refusal_has_the_dialects_shape_and_says_when_to_come_back(self):
        nginx.start({"limits.register_per_hour": "1", "limits.preset": "standard"})
        nginx.request("POST", "/api/v1/auth/register", b"{}")
        for base in BASES:
            answer = nginx.request("POST", f"{base}/auth/register", b"{}")
            self.assertEqual((429, "application/json", "63"),
                             (answer.status, answer.headers["content-type"], answer.headers["retry-after"]))
            body = answer.json()
            self.assertEqual("rate_limit_exceeded", body["code"] if base.startswith(("/synapse", "/vais")) else body["error"])
            self.assertEqual(body["request_id"], answer.headers["x-request-id"])
            self.assertEqual("default-src 'none'", answer.headers["content-security-policy"])

    def test_after_the_time_it_names_a_caller_is_admitted_again(self):
        for key, (method, path, headers, *_) in ZONES.items():
            with self.subTest(key=key):
                figure = 60 if key.endswith("minute") else 1800  # once a second, or once in two
                nginx.start({"limits.preset": "standard", "limits.worker_per_minute": "0", "limits.token_per_hour": "0", key: str(figure)})
                target = "/api/v1" + path

                def refused():
                    found = statuses(100, method, target, headers)
                    return 429 in found
                wait_for(refused, 30, "a refusal", every=0)
                refusal = nginx.request(method, target, b"" if method in ("POST", "PUT") else None, headers)
                if refusal.status == 200:
                    continue  # admitted again already
                seconds = int(refusal.headers["retry-after"])
                self.assertEqual(60 * 60 // figure if not key.endswith("minute") else 1, seconds)
                began = time.monotonic()
                wait_for(lambda: statuses(1, method, target, headers) == [200], seconds + 5, "being admitted again", every=0.1)
                self.assertLess(time.monotonic() - began, seconds + 1)

    def test_each_token_has_a_bucket_and_the_address_one_over_them(self):
        nginx.start({"limits.preset": "standard", "limits.token_per_hour": "5", "limits.worker_per_minute": "12"})
        target = "/api/v1/packages/mylib"
        for token in ("one", "two"):
            self.assertEqual([200] * 5 + [429], statuses(6, "GET", target, {"Authorization": f"Bearer {token}"}), token)
        # The address has had ten, and two are left: what was refused counts nowhere.
        self.assertIn(429, statuses(5, "GET", target, {"Authorization": "Bearer three"}))

    def test_a_path_in_disguise_is_the_same_call(self):
        for disguise in ("/api/v1/auth/%6cogin", "//api/v1/auth/login", "/api/v1//auth/login", "/vais/auth/login", "/auth/login?x=1",
                         "/api/v1/auth/login/"):
            nginx.start({"limits.preset": "standard", "limits.login_per_hour": "2"})
            statuses(2, "POST", "/api/v1/auth/login", {})
            self.assertEqual([429], statuses(1, "POST", disguise, {}), disguise)

    def test_files_are_not_limited(self):
        nginx.start({"limits.preset": "strict", "limits.worker_per_minute": "1", "limits.anonymous_per_hour": "1"})
        for path in ("/api/v1/packages/mylib/1.0.0/tarball", "/api/v1/packages/mylib/index.json"):
            self.assertEqual([200] * 300, statuses(300, "GET", path, {}))

    def test_one_zone_spent_leaves_the_others(self):
        nginx.start({"limits.preset": "standard"})
        statuses(20, "POST", "/api/v1/auth/login", {})
        for method, path, headers, *_ in (ZONES["limits.register_per_hour"], ZONES["limits.publish_per_hour"],
                                          ZONES["limits.worker_per_minute"]):
            self.assertEqual([200], statuses(1, method, "/api/v1" + path, headers))

    def test_a_factor_raises_every_figure(self):
        nginx.start({"limits.preset": "standard", "limits.factor": "10"})
        self.assertEqual([200] * 50 + [429], statuses(51, "POST", "/api/v1/auth/register", {}))

    def test_without_limits_nothing_is_refused(self):
        nginx.start({"limits.preset": "off"})
        for method, path, headers, *_ in ZONES.values():
            self.assertEqual({200}, set(statuses(150, method, "/api/v1" + path, headers)))


if __name__ == "__main__":
    unittest.main()
