# SPDX-License-Identifier: MIT
"""The documents are held to the programs: every command in a ```sh block of the README and the publisher's guide runs, every
option, command and key that the programs print stands in the manuals and the other way round, every link leads somewhere."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import packages
from support.wharf import ROOT, Wharf, programs, wait_for

TOOLS = (*sorted(path.parent.name for path in (ROOT / "admin-tools").glob("*/main.cpp")), "wharf")
PROGRAMS = ("wharf-fcgi", *TOOLS)


def document(path):
    return (ROOT / path).read_text()


def documents():
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def output(program, *arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
    return subprocess.run([programs() / program, *arguments], env=environment, text=True, check=True, capture_output=True, timeout=60).stdout


def shell_blocks(path):
    return re.findall(r"^```sh\n(.*?)^```$", document(path), re.M | re.S)


def described_keys():
    """key → (default, form, description), as `wharf-registry config --describe` prints them."""
    keys, section, comments = {}, None, []
    for line in output("wharf-registry", "config", "--describe").splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif line.startswith("# "):
            comments.append(line[2:])
        elif " =" in line:
            key, _, default = line.partition(" =")
            keys[f"{section}.{key}"] = (default.strip(), comments[1][1:-1], comments[0])
            comments = []
    return keys


def options_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def table(tool):
    return json.loads(output(tool, "--list-commands"))["commands"]


def commands_of(tool):
    return [command["words"] for command in table(tool)]


def manual(program):
    """The tools write their manuals themselves."""
    return output(program, "--man") if program in TOOLS else document(f"docs/man/{program}.8")


class RunningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wharf = Wharf().start()
        cls.addClassCleanup(cls.wharf.close)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="wharf-docs-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_blocks(self, path):
        script = "\n".join(shell_blocks(path))
        told, count = re.subn(r"^BASE=\S+/api/v1$", f"BASE={self.wharf.url}/api/v1", script, flags=re.M)
        self.assertEqual(1, count, "the document must say once what BASE is")
        told = told.replace("WHARF_REGISTRY=http://127.0.0.1:8080", f"WHARF_REGISTRY={self.wharf.url}")
        password = "a long enough sentence\n"  # for whoever asks
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", told], cwd=self.folder, input=password, text=True, capture_output=True, timeout=120,
                              env={**os.environ, "no_proxy": "*", "HOME": str(self.folder), "PATH": f"{programs()}:{os.environ['PATH']}"})
        self.assertEqual(0, done.returncode, f"{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_the_first_package_of_the_readme_is_published_and_comes_back(self):
        said = self.run_blocks("README.md")
        self.assertIn("201 Created", said)
        self.assertIn("Wharf-Visible: yes", said)
        self.assertIn("└── tide v0.1.0", said)
        self.assertEqual((self.folder / "hello.tar.gz").read_bytes(), (self.folder / "hello-1.0.0.tar.gz").read_bytes())

    def test_the_publishers_guide_works_as_it_stands(self):
        self.run_blocks("docs/publish.md")
        # Who sends no token may see the last second's answer.
        wait_for(lambda: self.wharf.get("/api/v1/packages/tide-tables/versions").json()["versions"] == ["2.0.0-rc.1", "1.1.0", "1.0.0"],
                 what="the removed version to be gone")
        token = self.wharf.sql("SELECT scopes, packages FROM api_tokens WHERE name = 'ci of tide-tables'")
        self.assertEqual([["publish", "tide-*"]], token)
        self.assertEqual(["0.1.0"], self.wharf.get("/api/v1/packages/moon-phases/versions").json()["versions"])

    def test_the_consumers_guide_works_as_it_stands(self):
        token = self.wharf.register().token
        for name, version, needs in (("tide-core", "1.4.0", {}), ("tide-core", "2.0.0", {}), ("tide-core", "2.1.0", {}),
                                     ("tide-tables-of-all-seas", "1.0.0", {"tide-core": "^2.0"}), ("tide-tables-of-all-seas", "1.1.0", {"tide-core": "^2.0"})):
            self.wharf.published(token, name, version, dependencies=needs)
        script = "\n".join(shell_blocks("docs/consume.md"))
        # The publisher's guide has taken the name.
        told, count = re.subn(r"https://packages\.example\.org$", self.wharf.url, script.replace("tide-tables", "tide-tables-of-all-seas"), flags=re.M)
        self.assertEqual(1, count, "the guide must say once which registry is asked")
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", told], cwd=self.folder, text=True, capture_output=True, timeout=120,
                              env={"PATH": f"{programs()}:{os.environ['PATH']}", "HOME": str(self.folder), "no_proxy": "*"})
        self.assertEqual(0, done.returncode, f"{done.stdout}\n{done.stderr}")
        self.assertIn("passed", done.stdout)
        lock = (self.folder / "harbour/wharf.lock").read_text()
        for text in ("tide-tables-of-all-seas", "1.1.0", "tide-core", "2.1.0"):
            self.assertIn(text, lock)
        self.assertTrue((self.folder / "harbour/wharf_packages/moon/wharf.toml").is_file())

    def test_answers_have_the_members_that_the_interfaces_page_lists(self):
        listed = {}
        for line in document("docs/api.md").splitlines():
            calls, answer = re.findall(r"`([A-Z]+ /[^`]*)`", line.split(" | ")[0]), line.rsplit(" | ", 1)[-1]
            if line.startswith("|") and (match := re.search(r"(\d+) (?:or 503 )?`\{([^}]*)\}`", answer)):
                listed.update({call: (int(match[1]), set(match[2].split(", "))) for call in calls})
        person = {"username": "lister", "password": "correct horse battery staple"}
        name = "listed"

        def ask(call, path=None, body=None, token=None, also=()):
            method, pattern = call.split(" ", 1)
            headers = {"Content-Type": "application/gzip"} if isinstance(body, bytes) else None
            answer = self.wharf.request(method, "/api/v1" + (path or pattern), body, headers, token=token)
            status, members = listed.pop(call)
            self.assertEqual((status, members | set(also)), (answer.status, set(answer.json())), call)
            return answer.json()

        ask("POST /auth/register", body=person)
        session = ask("POST /auth/login", body=person)["token"]
        ask("POST /auth/verify", body={"token": session})
        session = ask("POST /auth/refresh", token=session)["token"]
        ask("PUT /packages/{name}/{version}", f"/packages/{name}/1.0.0", packages.package(name, "1.0.0"), session)
        form, content_type = packages.multipart([("tarball", "a.tar.gz", None, packages.package(name, "1.1.0"))])
        sent = self.wharf.post("/api/v1/packages", form, headers={"Content-Type": content_type}, token=session)
        self.assertEqual(201, sent.status)
        for call in ("GET /users/me", "GET /auth/me", "GET /users/me/tokens", "GET /auth/tokens", "GET /packages", "GET /stats", "GET /health"):
            ask(call, token=session)
        for call in ("POST /users/me/tokens", "POST /auth/tokens"):
            ask(call, body={"name": "x"}, token=session)
        ask("GET /users/{username}", "/users/lister")
        ask("GET /packages/{name}", f"/packages/{name}", token=session)
        ask("GET /packages/{name}/{version}", f"/packages/{name}/1.0.0", token=session)
        ask("GET /packages/{name}/versions", f"/packages/{name}/versions", token=session)
        ask("GET /packages/{name}/owners", f"/packages/{name}/owners", token=session)
        for call in ("PUT /packages/{name}/owners", "POST /packages/{name}/owners"):
            ask(call, f"/packages/{name}/owners", {"username": "lister"}, session)
        ask("GET /packages/{name}/dependents", f"/packages/{name}/dependents", token=session)
        ask("GET /packages/{name}/stats", f"/packages/{name}/stats", token=session)
        for call in ("trending", "recent", "popular"):
            ask(f"GET /packages/{call}", token=session)
        for call in ("recent", "popular"):
            ask(f"GET /{call}", token=session)
        for call in ("GET /search", "GET /suggest"):
            ask(call, f"{call.split()[1]}?q={name}")
        for call in ("GET /categories", "GET /keywords"):
            ask(call)
        for call, path in (("GET /categories/{slug}", "/categories/x"), ("GET /packages/categories/{slug}", "/packages/categories/x"),
                           ("GET /keywords/{slug}", "/keywords/x")):
            ask(call, path)
        wait_for(lambda: self.wharf.get("/api/v1/index.json").status == 200, what="the whole index")
        ask("GET /index.json")
        self.assertEqual({}, listed, "calls that this test does not make")

    def test_the_dialects_differ_as_their_page_says(self):
        table = document("docs/dialects.md").split("## What differs")[1].split("\n\n")[1].splitlines()
        names = [cell.strip().lower() for cell in table[0].split("|")[2:-1]]
        rows = {cells[1].strip(): [cell.strip() for cell in cells[2:-1]] for line in table[2:] if (cells := line.split("|"))}
        self.assertEqual(["native", "synapse", "raven", "vais"], names)

        def written(row, column):
            """What the page says; `as native` and `as Synapse` lead to that column."""
            cell = rows[row][column]
            match = re.match(r"as (\w+)", cell)
            return written(row, names.index(match[1].lower())) if match else cell

        bases = {"native": "/api/v1", "synapse": "/synapse/api/v1", "raven": "/raven/api/v1", "vais": "/vais"}
        for column, (dialect, base) in enumerate(bases.items()):
            with self.subTest(dialect=dialect):
                name = f"of-{dialect}"
                person = {"username": f"reader-of-{dialect}", "password": "correct horse battery staple"}
                status = int(written("register, publish", column))
                self.assertEqual(status, self.wharf.post(f"{base}/auth/register", person).status)
                login = self.wharf.post(f"{base}/auth/login", person).json()
                user, session = login["user"], login["token"]
                self.assertEqual(written("unknown e-mail at login", column), {None: "null", "": '`""`'}[user["email"]])
                ids = written("ids of accounts and tokens", column)
                self.assertIsInstance(user["id"] if dialect == "vais" else user.get("id", 0), str if "UUID" in ids else int)
                archive = packages.tar_gz({"wharf.toml": packages.toml_manifest(name, "1.0.0")})
                form, content_type = packages.multipart([("archive", "a.tar.gz", None, archive)])
                sent = self.wharf.post(f"{base}/packages/publish", form, headers={"Content-Type": content_type}, token=session)
                self.assertEqual(status, sent.status, sent)
                made = self.wharf.post(f"{base}/auth/tokens", {"name": "x"}, token=session)
                token_row = written("API token made", column)
                self.assertTrue(token_row.startswith(str(made.status)), made)
                self.assertEqual("for ever" in token_row, made.json()["expires_at"] is None)
                tokens = self.wharf.get(f"{base}/auth/tokens", token=session).json()
                self.assertEqual("bare array" in written("list of tokens", column), isinstance(tokens, list))
                package = self.wharf.get(f"{base}/packages/{name}", token=session).json()
                self.assertEqual("texts" in written("`versions` of a package", column), isinstance(package["versions"][0], str))
                self.assertEqual("whole number" in written("`downloads` of a package", column), isinstance(package.get("downloads", {}), int))
                unknown = {"null": None, '`""`': ""}[written("unknown description, author, license", column)]
                self.assertEqual([unknown] * 3, [package[key] for key in ("description", "author", "license")])
                self.wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=session)
                package = self.wharf.get(f"{base}/packages/{name}", token=session).json()
                none = {"null": None, '`"0.0.0"`': "0.0.0"}[written("`latest_version` where there is none", column)]
                self.assertEqual(none, package["latest_version"])
                self.wharf.post(f"/api/v1/packages/{name}/1.0.0/unyank", token=session)
                owners = self.wharf.get(f"{base}/packages/{name}/owners")
                form = written("GET of owners", column)
                self.assertEqual(405 if "405" in form else 200, owners.status)
                self.assertEqual("bare array" in form, owners.status == 200 and isinstance(owners.json(), list))
                bob = self.wharf.register().username
                for row in ("owner added", "owner added who is one already"):
                    added = self.wharf.post(f"{base}/packages/{name}/owners", {"username": bob}, token=session)
                    self.assertTrue(written(row, column).startswith(str(added.status)), added)
                    self.assertEqual("empty" in written(row, column), not added.body)
                for row, who in (("owner removed", bob), ("removal of the last owner", f"reader-of-{dialect}")):
                    left = self.wharf.request("DELETE", f"{base}/packages/{name}/owners/{who}", token=session)
                    self.assertTrue(written(row, column).startswith(str(left.status)), left)
                shown = written("lists (popular, recent, trending)", column).split(";")
                lists = [set(re.findall(r"`(\w+)`", part)) for part in shown]
                for path in ("popular", "recent", "packages/trending"):
                    expected = set.union(*lists) if path.endswith("trending") else lists[0]
                    answer = self.wharf.get(f"{base}/{path}", token=session).json()
                    self.assertEqual(expected, {"results", "packages"} & set(answer), path)
                gone = self.wharf.request("DELETE", f"{base}/packages/{name}/1.0.0", token=session)
                self.assertIn(f", {gone.status}", written("DELETE of a version", column))
                error = self.wharf.get(f"{base}/packages/nothing-of-that-name").json()
                shape = written("error body", column)
                self.assertEqual("`error` is the code" in shape, error["error"] == "not_found")
                self.assertEqual("`error` is the sentence" in shape, error.get("code") == "not_found")
                self.assertEqual("`status`" in rows["error body"][column], "status" in error)
                whole = wait_for(lambda: (found := self.wharf.get(f"{base}/index.json", token=session)).status == 200 and found,
                                 what="the whole index").json()
                self.assertEqual("bare array" in written("`/index.json`", column), isinstance(whole, list))

    def test_the_portable_form_is_what_its_specification_says(self):
        rows = re.findall(r"^\| `([^`]+)`( \(\S+\))? \| `([^`]+)` \|$", document("docs/formats/requirements.md"), re.M)
        self.assertGreater(len(rows), 5)
        account = self.wharf.register()
        native = [(text, portable) for text, note, portable in rows if "synapse" not in note]
        synapse = [(text, portable) for text, note, portable in rows if "TOML" not in note and text != "1.2.3" or "synapse" in note]
        for name, file, pairs in (("requirements-of-toml", "wharf.json", native), ("requirements-of-json", "synapse.json", synapse)):
            manifest = {"name": name, "version": "1.0.0", "description": "x", "dependencies": {f"d{i}": text for i, (text, _) in enumerate(pairs)}}
            folder = self.folder / name
            folder.mkdir()
            (folder / file).write_text(json.dumps(manifest))
            subprocess.run(["tar", "-czf", self.folder / f"{name}.tar.gz", "-C", folder, file], check=True)
            self.wharf.published(account.token, name, "1.0.0", archive=(self.folder / f"{name}.tar.gz").read_bytes())
            found = self.wharf.get(f"/api/v1/packages/{name}/index.json").json()["versions"][0]["dependencies"]
            for i, (text, portable) in enumerate(pairs):
                self.assertEqual(portable, found[f"d{i}"]["req"], f"{file}: {text}")

    def test_the_index_document_has_the_members_that_its_specification_lists(self):
        account = self.wharf.register()
        self.wharf.published(account.token, "specified", "1.0.0", dependencies={"other": "1"})
        found = self.wharf.get("/api/v1/packages/specified/index.json").json()
        tables = document("docs/formats/index-document.md").split("| member")

        def members(table):
            cells = re.findall(r"^\| (`[^|]+`) \|", table, re.M)
            return {name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)}

        self.assertEqual(set(found), members(tables[1]))
        self.assertEqual(set(found["versions"][0]), members(tables[2]))
        self.assertEqual(set(found["versions"][0]["dependencies"]["other"]), members(tables[3]))

    def test_the_journals_files_are_as_specified(self):
        import hashlib
        account = self.wharf.register()
        self.wharf.published(account.token, "chained", "1.0.0")
        self.wharf.post("/api/v1/packages/chained/1.0.0/yank", {"reason": "a test"}, token=account.token)
        path = self.wharf.var / "public/journal/1.jsonl"
        wait_for(lambda: '"action":"yank"' in path.read_text(), what="the yank in the journal's file")
        previous, seen = "0" * 64, set()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            event = json.loads(line)
            self.assertEqual(["seq", "at", "action", "package", "version", "actor", "hash", "body"], list(event))
            self.assertEqual(number, event["seq"])
            body = line.split('"body":', 1)[1][:-1]
            self.assertEqual(json.dumps(event["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False), body)
            self.assertEqual(hashlib.sha256((previous + body).encode()).hexdigest(), event["hash"])
            previous = event["hash"]
            expected = {"action", "actor", "at", "package", "version", "metadata", "owners"}
            expected |= {"publish": {"entry"}, "yank": {"reason"}}.get(event["action"], set())
            self.assertEqual(expected, set(event["body"]))
            seen.add(event["action"])
        self.assertLessEqual({"publish", "yank"}, seen)


class WrittenTest(unittest.TestCase):
    def test_the_configurations_page_has_every_key_with_its_default_and_form(self):
        section, found = None, {}
        for line in document("docs/operate/configuration.md").splitlines():
            if match := re.match(r"## \[(\w+)\]", line):
                section = match[1]
            elif section and (match := re.match(r"\| `(\w+)` \| (`([^`]*)`|empty) \| `(\w+)` \| (.*?) \| (.*) \|$", line)):
                key = f"{section}.{match[1]}"
                self.assertEqual("WHARF_" + key.replace(".", "_").upper(), match[4])
                found[key] = (match[3] or "", match[5], match[6])
        keys = described_keys()
        self.assertEqual(list(keys), list(found))
        for key, (default, form, description) in keys.items():
            with self.subTest(key=key):
                self.assertEqual((default, form), found[key][:2])
                self.assertTrue(found[key][2].lower().startswith(description.lower()), found[key][2])

    def test_the_configurations_manual_has_every_key_with_its_default(self):
        section, key, found = None, None, {}
        for line in document("docs/man/wharf.conf.5").splitlines():
            if match := re.match(r"\.Ss \[(\w+)\]", line):
                section = match[1]
            elif line == ".Sh FILES":
                break
            elif section and (match := re.match(r"\.It Cm (\w+)$", line)):
                key = f"{section}.{match[1]}"
                found[key] = ""
            elif key and (match := re.match(r"\.Ql (.*) \.$", line)):
                found[key] = match[1]
        self.assertEqual({key: default for key, (default, *_) in described_keys().items()}, found)

    def test_the_manuals_name_every_option_and_no_other(self):
        for program in PROGRAMS:
            text = output(program, "--help")
            if program in TOOLS:
                text += "".join(output(program, *command.split(), "--help") for command in commands_of(program))
            text = re.sub(r"As [A-Z]\w+ writes it:\n(  .*\n)*", "", text)  # other languages' spellings
            source = manual(program).split(".Sh EXAMPLES")[0]
            written = {f"--{name}" for name in re.findall(r"Fl Fl ([a-z-]+)", source)}
            examples = re.findall(r"^  # .*\n.*$", text, re.M)
            self.assertLessEqual(written, options_in(text), program)
            self.assertLessEqual(options_in(re.sub(r"Examples:\n(  .*\n?)*", "", text)), written, (program, examples))

    def test_each_manual_has_each_command_in_the_tables_order(self):
        for tool in TOOLS:
            if commands_of(tool) == [""]:
                continue
            listed = manual(tool).split(".Sh COMMANDS")[1].split("Every command takes")[0]
            self.assertEqual(commands_of(tool), re.findall(r"^\.It Cm ([a-z -]+?)(?: (?:Ar|Op) .*)?$", listed, re.M))

    def test_every_command_has_an_example_that_names_it_and_options_that_it_has(self):
        for tool in TOOLS:
            for command in table(tool):
                with self.subTest(command=f"{tool} {command['words']}"):
                    self.assertTrue(command["examples"])
                    known = {option["name"] for option in command["options"]}
                    for example in command["examples"]:
                        self.assertIn(f"{tool} {command['words']}".strip(), example["command"])
                        self.assertLessEqual(options_in(example["command"].split(" | ")[-1]), known)

    def test_the_readme_names_the_programs_and_the_first_words_of_their_commands(self):
        for tool in TOOLS:
            row = next(line for line in document("README.md").splitlines() if line.startswith(f"| `{tool}`"))
            if commands_of(tool) != [""]:
                words = {command.split()[0] for command in commands_of(tool)}
                self.assertEqual(words, set(re.findall(r"[a-z-]+", row.split(":", 1)[1])))

    def test_commands_in_the_documents_exist(self):
        for tool in TOOLS:
            commands = commands_of(tool)
            for path in documents():
                for typed in re.findall(rf"`{tool} ([a-z][a-z -]*)|^    {tool} ([a-z][a-z -]*)", path.read_text(), re.M):
                    typed = "".join(typed).split(" -")[0].strip() + " "
                    self.assertTrue(any(typed.startswith(command + " ") or command.startswith(typed) for command in commands),
                                    f"{path}: {tool} {typed}")

    def test_make_targets_in_the_documents_exist(self):
        makefiles = "\n".join(path.read_text() for path in (ROOT / "Makefile", *sorted((ROOT / "packaging/make").glob("*.mk"))))
        for path in documents():
            for target in re.findall(r"`make ([a-z-]+)|^    make ([a-z-]+)", path.read_text(), re.M):
                self.assertRegex(makefiles, rf"(?m)^(\S+ )*{''.join(target)}( \S+)*:", path)

    def test_the_interfaces_page_has_every_route_and_no_other(self):
        methods = {"get": "GET", "post": "POST", "put": "PUT", "del": "DELETE"}
        routes = {f"{methods[method]} {pattern}" for method, pattern in
                  re.findall(r'\{\{Method::(\w+), "([^"]+)"', document("fcgi-app/handlers/routes.cpp"))}
        self.assertGreater(len(routes), 20)
        self.assertEqual(routes, set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`?]*)`", document("docs/api.md"))))

    def test_the_presets_of_the_limits_page_are_the_programs(self):
        rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| \w+ \| (\S+) \| (\S+) \|$", document("docs/operate/limits.md"), re.M)
        keys = [key for key in described_keys() if key.startswith("limits.") and key not in ("limits.preset", "limits.factor")]
        self.assertEqual(sorted(keys), sorted(f"limits.{name}" for name, *_ in rows))
        with tempfile.TemporaryDirectory(prefix="wharf-docs-", dir="/tmp") as folder:
            for column, preset in ((1, "standard"), (2, "strict")):
                output("wharf-registry", "nginx-config", "--output", folder, "--set", f"limits.preset={preset}", "--set",
                       f"nginx.templates={ROOT}/nginx")
                zones = set(re.findall(r"limit_req_zone \$wharf_key_(\w+)", Path(folder, "limits.conf").read_text()))
                bursts = dict(re.findall(r"zone=wharf_(\w+)(?: burst=(\d+))?", Path(folder, "limits-worker.conf").read_text()))
                for row in rows:
                    if row[0].startswith("user_"):
                        continue
                    zone = row[0].rpartition("_per_")[0]
                    if row[column] == "–":
                        self.assertNotIn(zone, zones, preset)
                    else:
                        self.assertEqual(int(row[column]), int(bursts[zone] or 0) + 1, f"{preset}: {zone}")

    def test_the_table_of_rates_is_what_nginx_is_given(self):
        rows = re.findall(r"^\| (\d+) an? (hour|minute) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", document("docs/operate/limits.md"), re.M)
        self.assertGreater(len(rows), 5)
        for figure, window, *written in rows:
            key, zone = ("worker_per_minute", "worker") if window == "minute" else ("login_per_hour", "login")
            with tempfile.TemporaryDirectory(prefix="wharf-docs-", dir="/tmp") as folder:
                output("wharf-registry", "nginx-config", "--output", folder, "--set", f"limits.{key}={figure}", "--set",
                       f"nginx.templates={ROOT}/nginx")
                refill = int(re.search(rf"zone=wharf_{zone}:\S+ rate=(\d+)r/m", Path(folder, "limits.conf").read_text())[1])
                found = re.search(rf"zone=wharf_{zone} burst=(\d+) nodelay", Path(folder, "limits-worker.conf").read_text())
            at_once = int(found[1]) + 1
            later = refill * 1000 // 60 * 3600 // 1000  # nginx counts in whole thousandths a second
            self.assertEqual([refill, at_once, at_once + later, later], [int(one) for one in written], f"{figure} an {window}")

    def test_every_error_code_is_in_the_publishers_guide_with_its_status(self):
        header = document("libwharf/base/error.hpp").split("WHARF_ERROR_CODES(X)")[1].split("enum class")[0]
        status_of, waiting = {}, []
        for line in document("fcgi-app/http/status.cpp").split("int status_of")[1].split("reason_phrase")[0].splitlines():
            if match := re.match(r"\s*case Code::(\w+):", line):
                waiting.append(match[1])
            elif match := re.match(r"\s*return (\d+);", line):
                status_of.update({code: match[1] for code in waiting})
                waiting = []
        self.assertEqual(set(re.findall(r"X\((\w+)\)", header)), set(status_of))
        written, statuses = {}, ""
        for line in document("docs/publish.md").split("## Errors")[1].splitlines():
            if match := re.match(r"\| ([\d, ]*) ?\| (`.*?`) \|", line):
                statuses = match[1].strip() or statuses
                written.update({code: statuses.split(", ") for code in re.findall(r"`(\w+)`", match[2])})
        self.assertEqual(set(status_of), set(written))
        for code, status in status_of.items():
            self.assertIn(status, written[code], code)

    def test_links_lead_somewhere(self):
        for path in documents():
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
                self.assertTrue((path.parent / target).exists(), f"{path.relative_to(ROOT)} links to '{target}'")

    def test_the_manuals_are_formatted_without_a_complaint(self):
        pages = {path.name: path.read_text() for path in sorted((ROOT / "docs/man").glob("*.[1-8]"))}
        self.assertEqual({"wharf.7", "wharf-fcgi.8", "wharf.conf.5"}, set(pages))
        pages.update({f"{tool}.{1 if tool == 'wharf' else 8}": manual(tool) for tool in TOOLS})
        for name, page in pages.items():
            done = subprocess.run(["groff", "-mandoc", "-Tutf8", "-Kutf8", "-ww"], input=page, text=True, capture_output=True, timeout=60)
            self.assertEqual((0, ""), (done.returncode, done.stderr), name)
            for other, section in re.findall(r"^\.Xr (wharf\S*) (\d)", page, re.M):
                self.assertIn(f"{other}.{section}", set(pages), name)


if __name__ == "__main__":
    unittest.main()
