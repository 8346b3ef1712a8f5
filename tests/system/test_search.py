# SPDX-License-Identifier: MIT
"""Searching on a whole Wharf: what is found when, in which order and shape, and what becomes of the index when it is taken
away or its clerk is killed."""

import random
import shutil
import subprocess
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from support.wharf import Wharf, programs, wait_for


def setUpModule():
    global wharf, token
    wharf = Wharf().start()
    token = wharf.register("searcher").token


def tearDownModule():
    wharf.close()


def ask(query, base="/api/v1", **parameters):
    more = "".join(f"&{key}={quote(str(value))}" for key, value in parameters.items())
    return wharf.get(f"{base}/search?q={quote(query)}{more}")


def found(query, **parameters):
    answer = ask(query, **parameters)
    if answer.status != 200:
        raise AssertionError(f"{query}: {answer}")
    return [one["name"] for one in answer.json()["results"]]


class FindingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name, more in (("ember-json", {"description": "Parses and writes JSON documents", "keywords": ["json", "parser"], "categories": ["Data Formats"]}),
                           ("ember", {"description": "A framework for pages"}),
                           ("emberlint", {"description": "Checks templates", "license": "Apache-2.0"}),
                           ("pages-for-ember", {"description": "Pages made with the ember framework; ember everywhere", "keywords": ["ember"]}),
                           ("libglow2", {"description": "Light effects", "authors": ["Ada Lovelace <ada@example.org>"]}),
                           ("python3-kiln", {"description": "Fires pots"})):
            wharf.published(token, name, "1.0.0", **more)

    def test_the_name_comes_first_then_its_beginnings_then_the_rest(self):
        names = found("ember")
        self.assertEqual("ember", names[0])
        self.assertEqual({"ember-json", "emberlint"}, set(names[1:3]))
        self.assertEqual("pages-for-ember", names[3])
        scores = [one["score"] for one in ask("ember").json()["results"]]
        self.assertEqual(sorted(scores, reverse=True), scores)
        self.assertTrue(all(0 < score <= 1 for score in scores), scores)

    def test_a_name_is_found_however_it_is_written(self):
        for query, name in (("ember json", "ember-json"), ("emberjson", "ember-json"), ("Ember-JSON", "ember-json"), ("glow", "libglow2"), ("libglow", "libglow2"),
                            ("kiln", "python3-kiln"), ("python kiln", "python3-kiln"), ("python3-kiln", "python3-kiln")):
            self.assertEqual(name, found(query)[0], query)

    def test_the_language_of_queries(self):
        for query, names in (("parsing document", ["ember-json"]), ('"json documents"', ["ember-json"]), ('"documents json"', []), ("name:ember* -json -pages", ["emberlint"]),
                             ("glow OR kiln", ["libglow2", "python3-kiln"]), ("author:lovelace", ["libglow2"]), ('author:"ada lovelace"', ["libglow2"]),
                             ("author:searcher kiln", ["python3-kiln"]), ("license:apache", ["emberlint"]), ('category:"data formats"', ["ember-json"]),
                             ("category:data-formats", ["ember-json"]), ("keyword:parser", ["ember-json"]), ("effec*", ["libglow2"]), ("name:emberl*", ["emberlint"]),
                             ("(glow", ["libglow2"]), ("???", []), ("zzzz*", []), ("author:zzzz*", []), ("kiln zzzz*", []),
                             ("kiln AND zzzz", []), ("kiln -(zzzz*)", ["python3-kiln"]), ("glow AND kiln", [])):
            self.assertEqual(names, sorted(found(query)), query)

    def test_filters_stand_beside_the_text_or_alone(self):
        self.assertEqual(["ember-json"], found("ember", category="Data Formats"))
        self.assertEqual(["ember-json"], found("", keyword="json"))
        self.assertEqual(["libglow2"], found("", author="ada"))
        for filters in ({"license": "!!"}, {"author": "!!"}, {"keyword": "!!"}, {"category": "!!"}, {"author": "nobody"}):
            self.assertEqual([], found("ember", **filters), filters)
            self.assertEqual([], found("", **filters), filters)
        self.assertEqual(400, ask("").status)
        self.assertEqual("q", ask("  ").json()["details"]["parameter"])

    def test_sorts_pages_and_their_limits(self):
        self.assertEqual(["ember", "ember-json", "emberlint", "pages-for-ember"], found("ember", sort="name"))
        self.assertEqual("pages-for-ember", found("ember", sort="newest")[0])
        whole = found("ember")
        self.assertEqual(whole[1:3], found("ember", limit=2, offset=1))
        self.assertEqual([], found("ember", offset=10_000))
        answer = ask("ember", limit=2).json()
        self.assertEqual((4, False, 2, 0), tuple(answer[key] for key in ("total", "total_is_estimate", "limit", "offset")))
        for parameter, value in (("offset", 10_001), ("offset", "x"), ("limit", 0), ("sort", "best")):
            refused = ask("ember", **{parameter: value})
            self.assertEqual((400, parameter), (refused.status, refused.json()["details"]["parameter"]))

    def test_another_spelling_is_suggested_where_little_is_found(self):
        self.assertEqual("framework", ask("framewrok").json()["suggestion"])
        for query in ("ember", "keyword:framewrok", "kiln"):
            self.assertIsNone(ask(query).json()["suggestion"], query)

    def test_names_are_completed(self):
        names = wharf.get("/api/v1/suggest?q=ember").json()["suggestions"]
        self.assertEqual({"ember", "ember-json", "emberlint"}, set(names))
        self.assertEqual([], wharf.get("/api/v1/suggest?q=").json()["suggestions"])
        self.assertEqual(1, len(wharf.get("/api/v1/suggest?q=ember&limit=1").json()["suggestions"]))

    def test_categories_and_keywords_have_counts_and_packages(self):
        self.assertIn({"name": "data-formats", "count": 1}, wharf.get("/api/v1/categories").json()["categories"])
        self.assertIn({"name": "parser", "count": 1}, wharf.get("/api/v1/keywords").json()["keywords"])
        for path in ("/categories/data-formats", "/packages/categories/data-formats", "/keywords/json"):
            self.assertEqual(["ember-json"], [one["name"] for one in wharf.get("/api/v1" + path).json()["packages"]], path)
        self.assertEqual(0, wharf.get("/api/v1/categories/none-such").json()["total"])

    def test_each_dialect_in_its_shape(self):
        synapse = ask("kiln", "/synapse/api/v1", limit=10, sort="recently-updated").json()
        self.assertEqual(synapse["results"], synapse["packages"])
        for key, kind in (("name", str), ("latest_version", str), ("description", str), ("total_downloads", int), ("author", str)):
            self.assertIsInstance(synapse["packages"][0][key], kind)
        raven = ask("kiln", "/raven/api/v1").json()
        for key, kind in (("name", str), ("version", str), ("description", str), ("keywords", list), ("downloads", int), ("score", (int, float))):
            self.assertIsInstance(raven["results"][0][key], kind)
        for base in ("/vais", "/vais/api/v1"):
            vais = ask("", base).json()
            self.assertGreaterEqual(vais["total"], 6)
            self.assertEqual(vais["total"], len(vais["packages"]))
            self.assertIn({"name": "data-formats", "count": 1}, vais["categories"])
            self.assertNotIn("results", vais)
            self.assertIsInstance(wharf.get(base + "/categories").json(), list)
        self.assertEqual(400, ask("", "/raven/api/v1").status)

    def test_yanked_ones_come_last_and_removed_ones_are_gone(self):
        for name in ("osier", "osier-kit"):
            wharf.published(token, name, "1.0.0", description="baskets")
        self.assertEqual(["osier", "osier-kit"], found("osier"))
        self.assertEqual(200, wharf.post("/api/v1/packages/osier/1.0.0/yank", token=token).status)
        self.assertEqual(["osier-kit", "osier"], found("osier"))
        self.assertEqual(["osier-kit", "osier"], found("baskets", sort="name"))
        self.assertEqual(2, ask("osier").json()["total"])
        self.assertEqual(200, wharf.post("/api/v1/packages/osier/1.0.0/unyank", token=token).status)
        self.assertEqual(["osier", "osier-kit"], found("osier"))
        self.assertEqual(204, wharf.request("DELETE", "/api/v1/packages/osier/1.0.0", token=token).status)
        self.assertEqual(["osier-kit"], found("osier"))

    def test_downloads_decide_among_equals(self):
        for name in ("rowan-a", "rowan-b"):
            wharf.published(token, name, "1.0.0", description="berries")
        wharf.sql("INSERT INTO download_totals SELECT id, 5000 FROM packages WHERE name = 'rowan-b'")
        wharf.sql("INSERT INTO package_downloads SELECT id, UTC_DATE(), 5000 FROM packages WHERE name = 'rowan-b'")
        self.assertEqual(5000, [one["downloads"] for one in ask("name:rowan").json()["results"] if one["name"] == "rowan-b"][0])
        wait_for(lambda: found("berries", sort="downloads") == ["rowan-b", "rowan-a"], 60, "the counts in the index")
        self.assertEqual(["rowan-b", "rowan-a"], found("berries"))
        self.assertEqual(["rowan-b", "rowan-a"], wharf.get("/api/v1/suggest?q=rowan").json()["suggestions"])

    def test_strange_queries_are_no_errors_and_cost_no_memory(self):
        pieces = ["json", '"', "(", ")", "-", "+", "*", "a*", "AND", "OR", "NOT", " ", ":", "author:", 'name:"', "\0", "ö", "日本", "'", "\\", "%", "x" * 300, "\u202e", "😀", "name:*"]
        dice = random.Random(3)
        before = None
        for index in range(600):
            query = "".join(dice.choice(pieces) + dice.choice(("", " ")) for _ in range(dice.randrange(12)))
            for target in (f"/vais/search?q={quote(query)}&sort={dice.choice(('relevance', 'name', 'downloads', 'newest'))}", f"/api/v1/suggest?q={quote(query)}",
                           f"/api/v1/search?q=x&category={quote(query)}"):
                answer = wharf.get(target)
                self.assertIn(answer.status, (200, 400, 414), (target, answer))
            if index == 100:
                before = {pid: wharf.resident_kib(pid) for pid in wharf.children("workers-read")}
        self.assertIn(wharf.get("/vais/search?q=%ff%fe").status, (200, 400))
        for pid, size in before.items():
            self.assertLess(wharf.resident_kib(pid) - size, 8 << 10, "KiB more")


class FreshnessTest(unittest.TestCase):
    def test_a_package_is_found_when_its_publish_returns(self):
        for number in range(15):
            wharf.published(token, f"prompt-{number}", "1.0.0")
            self.assertEqual(f"prompt-{number}", found(f"prompt {number}")[0])

    def test_within_a_second_where_many_publish(self):
        late = []

        def publish(number):
            wharf.published(token, f"crowd{number}", "1.0.0")
            began = time.monotonic()
            wait_for(lambda: found(f"crowd{number}")[:1] == [f"crowd{number}"], what=f"crowd{number} in the index")
            late.append(time.monotonic() - began)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(publish, range(80)))
        self.assertLess(sorted(late)[int(len(late) * 0.95)], 1.0)


class LosingTest(unittest.TestCase):
    """Each on the same packages; what is found before is found after."""

    def setUp(self):
        self.name = f"keeper-{self._testMethodName[-12:].replace('_', '')}"
        wharf.published(token, self.name, "1.0.0", description="stays findable")

    def back(self):
        wait_for(lambda: (answer := ask(self.name)).status == 200 and [one["name"] for one in answer.json()["results"]][:1] == [self.name], what="the index")

    def test_the_directory_is_deleted_and_the_clerk_restarted(self):
        before = found("findable", sort="name", limit=100)
        shutil.rmtree(wharf.var / "search")
        self.assertIn(ask(self.name).status, (200, 503))
        self.assertEqual(200, wharf.get("/api/v1/packages").status)
        wharf.restart("clerk")
        self.back()
        self.assertEqual(before, found("findable", sort="name", limit=100))

    def test_its_files_are_deleted_under_a_running_clerk(self):
        for path in (wharf.var / "search").iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        answer = wharf.publish(token, self.name, "1.0.1")
        self.assertEqual(201, answer.status)
        self.back()

    def test_a_damaged_index_is_made_again(self):
        wharf.kill("clerk")
        (wharf.var / "search" / "current" / "iamglass").write_bytes(b"nonsense")
        wharf.restart("workers-read")
        answer = ask(self.name)
        self.assertEqual((503, "unavailable"), (answer.status, answer.json()["error"]))
        wharf.restart("clerk")
        self.back()

    def test_an_index_of_a_fallen_machine_is_not_trusted(self):
        wharf.kill("clerk")
        (wharf.var / "search" / ".open").write_text("another boot\n")
        wharf.restart("clerk")
        wait_for(lambda: "the machine went down while the search index was open" in wharf.log("clerk"), what="the clerk's word")
        self.back()

    def test_the_operator_makes_it_anew_with_equal_answers(self):
        queries = ("findable", "prompt", "ember", "crowd", "name:keeper")
        wait_for(lambda: ask("findable").status == 200, what="the index")
        before = [[(one["name"], one["score"]) for one in ask(query, limit=100).json()["results"]] for query in queries]
        wharf.kill("clerk")
        done = subprocess.run([programs() / "wharf-registry", "rebuild", "--search", "--config", wharf.var / "conf/wharf.conf"], capture_output=True, text=True, timeout=60)
        self.assertEqual((0, ""), (done.returncode, "" if "made the search index anew" in done.stdout else done.stdout + done.stderr))
        after = [[(one["name"], one["score"]) for one in ask(query, limit=100).json()["results"]] for query in queries]
        self.assertEqual(before, after)
        wharf.restart("clerk")
        self.back()

    def test_kills_of_the_clerk_leave_a_right_index(self):
        dice = random.Random(11)
        published, stop = [], threading.Event()

        def publish():
            number = 0
            while not stop.is_set():
                number += 1
                if wharf.publish(token, f"survivor{number}", "1.0.0").status == 201:
                    published.append(f"survivor{number}")

        writer = threading.Thread(target=publish)
        writer.start()
        try:
            for _ in range(6):
                time.sleep(dice.uniform(0.05, 0.4))
                wharf.kill("clerk")
                self.assertEqual(200, ask(self.name).status)
                wharf.restart("clerk")
        finally:
            stop.set()
            writer.join()
        self.assertGreater(len(published), 10)
        wait_for(lambda: found(published[-1])[:1] == [published[-1]], what="the last one")
        self.assertEqual([], [name for name in published if found(name)[:1] != [name]])
        standing = ask("", "/vais", limit=1).json()["total"]
        self.assertEqual(standing, wharf.get("/api/v1/packages?limit=1", token=token).json()["total"])


if __name__ == "__main__":
    unittest.main()
