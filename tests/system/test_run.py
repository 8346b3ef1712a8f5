# SPDX-License-Identifier: MIT
"""`make run`, `start`, `stop` and `status`, as a person meets them: what starts, as whom, what is printed, and how every
mishap ends in one sentence with nothing left running."""

import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support.wharf import LOCAL, PARTS, ROOT, Wharf, children_of, free_ports, is_alive, programs, wait_for

IS_ROOT = os.geteuid() == 0


def setUpModule():
    global wharf
    wharf = Wharf()
    wharf.start()


def tearDownModule():
    wharf.close()


def processes_of(var):
    """Every process whose command line names the folder, but for those that are only being asked."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(var).encode() in (entry / "cmdline").read_bytes() and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        except OSError:
            pass
    return [pid for pid in found if is_alive(pid)]


def effective_user(pid):
    uid = next(line.split()[2] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Uid:"))
    return pwd.getpwuid(int(uid)).pw_name


class Scratch(unittest.TestCase):
    """Tests that need a folder of their own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="wharf-run-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def instance(self, var=None, **env):
        one = Wharf(env, var or self.folder / "v")
        self.addCleanup(one.close)
        return one

    def assert_refused(self, one, *words, command="start"):
        """One sentence on stderr that holds the words, exit 1, and nothing runs."""
        done = one.local(command, check=False)
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)
        self.assertTrue(done.stderr.startswith("wharf-local: error: "), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        wait_for(lambda: not processes_of(one.var), what="everything to have ended")
        return done


class RunningTest(unittest.TestCase):
    def test_status_names_every_part_and_its_process(self):
        done = wharf.local("status")
        for part in PARTS:
            self.assertRegex(done.stdout, rf"(?m)^{part} +running \(process {wharf.pid(part)}\)$")

    def test_both_ports_answer(self):
        for tls in (False, True):
            self.assertEqual(200, wharf.get("/api/v1/health", tls=tls).status)

    def test_a_second_start_says_that_it_runs(self):
        done = wharf.local("start")
        self.assertIn(f"running already in '{wharf.var}'", done.stdout)
        refused = wharf.local("run", check=False)
        self.assertEqual(1, refused.returncode)
        self.assertIn("'make stop' stops it", refused.stderr)
        self.assertEqual("", wharf.local("status").stderr)

    def test_the_workers_stand_in_two_pools(self):
        self.assertEqual((2, 2), (len(wharf.children("workers-read")), len(wharf.children("workers-write"))))

    def test_a_worker_that_is_killed_is_replaced(self):
        victim = wharf.children("workers-read")[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(wharf.children("workers-read")) == 2 and victim not in wharf.children("workers-read"), what="a new worker")
        self.assertEqual(200, wharf.get("/api/v1/health").status)

    def test_one_part_is_restarted_with_an_environment_of_its_own(self):
        before = {part: wharf.pid(part) for part in PARTS}
        wharf.restart("nginx", WHARF_LIMITS="standard")
        after = {part: wharf.pid(part) for part in PARTS}
        self.assertNotEqual(before.pop("nginx"), after.pop("nginx"))
        self.assertEqual(before, after)
        self.assertIn("wharf_login", (wharf.var / "conf/nginx/limits.conf").read_text())
        wharf.restart("nginx")
        self.assertNotIn("wharf_login:", (wharf.var / "conf/nginx/limits.conf").read_text())

    def test_the_database_listens_on_its_socket_alone(self):
        self.assertEqual("", self.listeners(wharf.pid("mariadb")))

    def listeners(self, pid):
        inodes = set()
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                inodes.update(re.findall(r"socket:\[(\d+)\]", os.readlink(descriptor)))
            except OSError:
                pass
        tables = "".join(Path(f"/proc/{pid}/net/{name}").read_text() for name in ("tcp", "tcp6") if Path(f"/proc/{pid}/net/{name}").exists())
        return "".join(line for line in tables.splitlines(True) if line.split()[3] == "0A" and line.split()[9] in inodes)

    def test_the_certificate_is_for_this_machine_and_its_key_is_nobody_elses(self):
        text = subprocess.check_output(["openssl", "x509", "-in", wharf.var / "conf/tls.crt", "-noout", "-ext", "subjectAltName"], text=True)
        self.assertIn("DNS:localhost", text)
        self.assertIn("IP Address:127.0.0.1", text)
        self.assertEqual(0o600, stat.S_IMODE((wharf.var / "conf/tls.key").stat().st_mode))

    def test_secrets_can_be_read_by_their_owners_alone(self):
        for name in ("session.key", "database-worker", "database-clerk", "database-admin"):
            self.assertEqual(0o600, stat.S_IMODE((wharf.var / "secrets" / name).stat().st_mode), name)

    def test_the_database_settings_are_durable(self):
        self.assertEqual([["1"]], wharf.sql("SELECT @@innodb_flush_log_at_trx_commit"))


class DatabaseRightsTest(unittest.TestCase):
    def as_user(self, user, secret, statement):
        password = (wharf.var / "secrets" / secret).read_text().strip()
        return subprocess.run(["mariadb", "--no-defaults", f"--socket={wharf.var}/run/db/mariadb.sock", f"--user={user}", "wharf",
                               "-e", statement], env={**os.environ, "MYSQL_PWD": password}, text=True, capture_output=True, timeout=60)

    def assert_denied(self, user, secret, statements):
        self.assertEqual(0, self.as_user(user, secret, "SELECT COUNT(*) FROM journal").returncode)
        for statement in statements:
            done = self.as_user(user, secret, statement)
            self.assertEqual(1, done.returncode, statement)
            self.assertRegex(done.stderr, "ERROR (1142|1044|1227|1410|1143) ", statement)

    def test_a_worker_adds_to_the_journal_and_changes_nothing_in_it(self):
        self.assert_denied("wharf_worker", "database-worker",
                           ["UPDATE journal SET package = 'x'", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM audit",
                            "UPDATE clerks SET seq = 0", "DROP TABLE users", "CREATE TABLE x (id INT)", "SELECT * FROM mysql.user",
                            "DELETE FROM packages", "CREATE USER 'x'@'localhost'"])

    def test_a_worker_gives_no_role_and_changes_no_state_of_an_account_and_no_quarantine(self):
        for statement in ("UPDATE users SET password_hash = password_hash, updated_at = updated_at WHERE id = 0",
                          "UPDATE packages SET revision = revision, latest_version = latest_version, document = document,"
                          " summary = summary, updated_at = updated_at WHERE id = 0",
                          "SELECT id FROM users WHERE id = 0 FOR UPDATE", "SELECT id FROM packages WHERE id = 0 FOR UPDATE"):
            self.assertEqual(0, self.as_user("wharf_worker", "database-worker", statement).returncode, statement)
        self.assert_denied("wharf_worker", "database-worker",
                           ["INSERT INTO users (username, password_hash, role, created_at, updated_at) VALUES ('x', 'x', 'admin', NOW(), NOW())",
                            "UPDATE users SET role = 'admin'", "UPDATE users SET disabled_at = NULL", "UPDATE users SET deleted_at = NULL",
                            "UPDATE users SET username = 'x'", "UPDATE users SET email = NULL", "DELETE FROM users",
                            "UPDATE packages SET quarantined_at = NULL", "UPDATE packages SET quarantine_reason = NULL",
                            "UPDATE packages SET name = 'x'", "UPDATE packages SET confusion_key = 'x'"])

    def test_the_clerk_reads_the_journal_and_keeps_its_position(self):
        self.assert_denied("wharf_clerk", "database-clerk",
                           ["INSERT INTO journal SELECT * FROM journal", "UPDATE journal SET package = 'x'", "SELECT * FROM users",
                            "SELECT * FROM sessions", "SELECT * FROM api_tokens", "DROP TABLE clerks", "UPDATE packages SET revision = 0"])

    def test_no_one_else_gets_in(self):
        done = self.as_user("root", "database-worker", "SELECT 1")
        if not IS_ROOT:
            self.assertEqual(1, done.returncode)
        users = {row[0] for row in wharf.sql("SELECT User FROM mysql.user WHERE Host = 'localhost'")}
        self.assertLessEqual({"wharf_admin", "wharf_worker", "wharf_clerk"}, users)
        self.assertNotIn("", users)


@unittest.skipUnless(IS_ROOT, "needs root: only root starts the parts as other users")
class UsersTest(unittest.TestCase):
    def test_each_part_runs_as_an_unprivileged_user(self):
        users = {part: effective_user(wharf.pid(part)) for part in PARTS}
        self.assertIn(users["mariadb"], ("wharf-db", "mysql"))
        self.assertEqual({"clerk": "wharf-clerk", "workers-read": "wharf", "workers-write": "wharf", "nginx": "www-data"},
                         {part: user for part, user in users.items() if part != "mariadb"})
        for part in PARTS:
            for child in children_of(wharf.pid(part)):
                self.assertNotEqual("root", effective_user(child), part)

    def as_user(self, user, *command):
        return subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *map(str, command)],
                              capture_output=True, text=True, cwd="/")

    def test_a_worker_cannot_change_what_nginx_serves(self):
        for target in ("public/x", "public/index.json", "bin/x", "conf/x", "log/x", "nginx/x", "database/x"):
            self.assertNotEqual(0, self.as_user("wharf", "touch", wharf.var / target).returncode, target)
        blob = wharf.var / "blobs" / ("0" * 64)
        blob.write_bytes(b"adopted")
        shutil.chown(blob, "wharf-clerk", "wharf-clerk")
        blob.chmod(0o444)
        try:
            self.assertNotEqual(0, self.as_user("wharf", "rm", "-f", blob).returncode)
            self.assertNotEqual(0, self.as_user("wharf", "mv", "-f", wharf.var / "secrets/session.key", blob).returncode)
            self.assertEqual(b"adopted", blob.read_bytes())
        finally:
            blob.unlink()

    def test_no_user_reads_anothers_secrets(self):
        for user, names in (("wharf", ("database-clerk", "database-admin")), ("wharf-clerk", ("database-worker", "database-admin", "session.key")),
                            ("www-data", ("database-worker", "database-clerk", "database-admin", "session.key"))):
            for name in names:
                self.assertNotEqual(0, self.as_user(user, "cat", wharf.var / "secrets" / name).returncode, (user, name))

    def test_a_var_that_the_users_cannot_reach_is_one_sentence(self):
        hidden = Path(tempfile.mkdtemp(prefix="wharf-hidden-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, hidden, ignore_errors=True)
        one = Wharf(var=hidden / "v")
        self.addCleanup(one.close)
        done = one.local("start", check=False)
        self.assertEqual(1, done.returncode)
        self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)
        self.assertIn("cannot be reached by the user 'wharf'", done.stderr)
        self.assertIn("WHARF_VAR", done.stderr)


class LifeTest(Scratch):
    def test_stops_and_starts_again_with_its_data(self):
        one = self.instance()
        one.start()
        one.sql("INSERT INTO audit (at, action) VALUES (NOW(3), 'kept')")
        one.stop()
        self.assertEqual([], processes_of(one.var))
        status = one.local("status", check=False)
        self.assertEqual(3, status.returncode)
        self.assertEqual(5, status.stdout.count("stopped"))
        began = time.monotonic()
        one.start()
        print(f"a second start took {time.monotonic() - began:.2f} s")
        self.assertEqual([["1"]], one.sql("SELECT COUNT(*) FROM audit WHERE action = 'kept'"))

    def foreground(self, one):
        # Whoever runs the tests in the background hands on a SIGINT that is ignored, which no shell can take back.
        process = subprocess.Popen([str(LOCAL), "run"], env=one.env, cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.addCleanup(process.stdout.close)
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGTERM))
        return process

    def read_until(self, process, text):
        output = ""
        while text not in output:
            line = process.stdout.readline()
            if not line:
                self.fail(f"it ended before it printed '{text}':\n{output}")
            output += line
        return output

    def test_ctrl_c_stops_everything_and_says_so(self):
        one = self.instance()
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.foreground(one)
            output = self.read_until(process, "Ctrl-C stops it")
            self.assertIn(one.url, output)
            self.assertIn(f"https://127.0.0.1:{one.https_port}", output)
            self.assertIn(f"{one.var}/log/", output)
            # As a terminal does it: to everyone in the foreground.
            os.killpg(process.pid, how)
            self.assertEqual(0, process.wait(60), how)
            self.assertEqual([], processes_of(one.var))

    def test_ctrl_c_while_it_starts_leaves_nothing(self):
        one = self.instance()
        process = self.foreground(one)
        wait_for(lambda: one.pid("mariadb"), 60, "the database to be there")
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(1, process.wait(60))
        self.assertEqual([], processes_of(one.var))
        one.start()

    def test_a_run_ends_when_it_is_stopped_from_elsewhere(self):
        one = self.instance()
        process = self.foreground(one)
        self.read_until(process, "Ctrl-C stops it")
        one.stop()
        self.assertEqual(0, process.wait(60))

    def test_a_run_tells_which_part_has_ended(self):
        one = self.instance()
        process = self.foreground(one)
        self.read_until(process, "Ctrl-C stops it")
        one.kill("clerk")
        self.assertIn("clerk has ended", self.read_until(process, "has ended"))
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(0, process.wait(60))
        self.assertEqual([], processes_of(one.var))

    def test_two_instances_run_side_by_side(self):
        other = self.instance()
        other.start()
        self.assertEqual((200, 200), (wharf.get("/api/v1/health").status, other.get("/api/v1/health").status))
        other.stop()
        self.assertEqual(200, wharf.get("/api/v1/health").status)

    def test_what_a_killed_leader_leaves_behind_is_stopped_too(self):
        one = self.instance()
        one.start()
        leader, workers = one.pid("workers-read"), one.children("workers-read")
        os.kill(leader, signal.SIGKILL)
        wait_for(lambda: not is_alive(leader), what="the leader to die")
        self.assertTrue(all(is_alive(pid) for pid in workers))
        self.assertEqual(3, one.local("status", check=False).returncode)
        refused = one.local("start", check=False)
        self.assertEqual(1, refused.returncode)
        self.assertIn("'make stop' first", refused.stderr)
        one.stop()
        self.assertEqual([], processes_of(one.var))

    def test_the_printed_lines_register_publish_and_download(self):
        one = self.instance(WHARF_LIMITS="standard")
        output = one.local("start").stdout
        lines = [line for line in output.splitlines() if "curl" in line]
        self.assertEqual(3, len(lines), output)
        done = subprocess.run(["sh", "-euc", "\n".join(lines)], cwd=self.folder, text=True, capture_output=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual((one.var / "example/hello-wharf-1.0.0.tar.gz").read_bytes(), (self.folder / "hello-wharf-1.0.0.tar.gz").read_bytes())
        one.stop()
        again = [line for line in one.local("start").stdout.splitlines() if "curl" in line]
        self.assertEqual([lines[2]], again)

    def test_the_printed_lines_for_the_client_publish_and_install(self):
        one = self.instance(WHARF_LIMITS="standard")
        output = one.local("start").stdout
        lines = output[output.index("Or with the client"):].splitlines()[1:]
        self.assertTrue(all(line.startswith("  ") for line in lines) and len(lines) == 4, output)
        home = self.folder / "home-of-ada"
        home.mkdir()
        lines[1] = "echo 'a long enough sentence' |" + lines[1]
        done = subprocess.run(["sh", "-euc", "\n".join(lines)], cwd=home, env={"PATH": os.environ["PATH"], "HOME": str(home)}, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("└── tide-tables v0.1.0", done.stdout)
        self.assertTrue((home / "my-app/wharf_packages/tide-tables/README.md").exists())

    def test_the_printed_line_for_the_tools_makes_them_work(self):
        one = self.instance()
        output = one.local("start").stdout
        export = next(line for line in output.splitlines() if "export WHARF_CONFIG=" in line)
        for tool in ("wharf-user", "wharf-registry"):
            self.assertIn(tool, output)
            done = subprocess.run(["sh", "-euc", f"{export}\n{one.var}/bin/{tool} {'list' if tool == 'wharf-user' else 'status'} --json"], cwd=self.folder,
                                  env={"PATH": os.environ["PATH"]}, text=True, capture_output=True, timeout=60)
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertTrue(done.stdout.startswith("{"), done.stdout)
        # What the operator made stays the workers' to use.
        done = subprocess.run([one.var / "bin/wharf-user", "add", "first-of-all", "--config", one.var / "conf/wharf.conf"], input="a long enough sentence",
                              text=True, capture_output=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        one.login("first-of-all", "a long enough sentence")

    def test_ten_times_the_standard_limits_hold_unless_told_otherwise(self):
        one = self.instance()
        del one.env["WHARF_LIMITS"]
        one.start()
        for _ in range(50):
            self.assertNotEqual(429, one.post("/api/v1/auth/register", {}).status)
        self.assertEqual(429, one.post("/api/v1/auth/register", {}).status)


class MishapsTest(Scratch):
    def test_a_port_in_use(self):
        for name in ("WHARF_HTTP_PORT", "WHARF_HTTPS_PORT"):
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                port = taken.getsockname()[1]
                self.assert_refused(self.instance(**{name: str(port)}), f"port {port} is in use", name)

    def test_settings_that_are_not_of_their_form(self):
        port = str(free_ports(1)[0])
        for env, *words in (({"WHARF_HTTP_PORT": "eighty"}, "WHARF_HTTP_PORT is 'eighty'", "1 to 65535"),
                            ({"WHARF_HTTPS_PORT": "65536"}, "WHARF_HTTPS_PORT is '65536'"),
                            ({"WHARF_HTTP_PORT": port, "WHARF_HTTPS_PORT": port}, "must differ"),
                            ({"WHARF_WORKERS": "0"}, "WHARF_WORKERS is '0'"),
                            ({"WHARF_LIMITS": "some"}, "WHARF_LIMITS is 'some'", "off, standard or strict"),
                            ({"WHARF_SITE_MOODE": "x"}, "unknown key 'WHARF_SITE_MOODE'", "did you mean 'WHARF_SITE_MODE'"),
                            ({"WHARF_SITE_DIALECT": "latin"}, "site.dialect is 'latin'")):
            self.assert_refused(self.instance(**env), *words)

    def test_a_var_whose_sockets_would_be_too_long(self):
        self.assert_refused(self.instance(self.folder / ("x" * 100)), "too long", "107")

    def test_a_var_that_is_no_place_for_it(self):
        (self.folder / "file").write_text("")
        self.assert_refused(self.instance(self.folder / "file"), "is not a folder")
        self.assert_refused(self.instance(self.folder / "with space"), "WHARF_VAR is")
        (self.folder / "mine").mkdir()
        (self.folder / "mine/precious").write_text("")
        self.assert_refused(self.instance(self.folder / "mine"), "is not empty and was not made by Wharf")
        self.assertEqual(["precious"], os.listdir(self.folder / "mine"))

    def test_a_damaged_var(self):
        one = self.instance()
        one.start()
        one.stop()
        for thing in ("database", "secrets/session.key", "public"):
            (one.var / thing).rename(self.folder / "aside")
            self.assert_refused(one, "is damaged", f"'{thing}' is missing", "backup")
            (self.folder / "aside").rename(one.var / thing)
        (one.var / ".wharf").write_text("99\n")
        self.assert_refused(one, "says '99'")
        (one.var / ".wharf").write_text("1\n")
        for log in (one.var / "database").glob("ib_logfile*"):
            log.write_bytes(b"rubbish")
        self.assert_refused(one, "mariadb did not start", "mariadb.log")

    def test_a_missing_tool(self):
        tools = self.folder / "tools"
        tools.mkdir()
        for name in os.listdir("/usr/bin"):
            if name != "multiwatch":
                (tools / name).symlink_to(f"/usr/bin/{name}")
        self.assert_refused(self.instance(PATH=str(tools)), "'multiwatch' is missing", "make deps")

    def test_programs_that_were_not_built(self):
        self.assert_refused(self.instance(WHARF_PROGRAMS=str(self.folder)), "is missing", "'make' builds it")

    def test_a_part_that_does_not_start_takes_the_others_with_it(self):
        broken = self.folder / "programs"
        shutil.copytree(programs(), broken)
        (broken / "wharf-clerk").write_text("#!/bin/sh\necho the clerk is ill >&2\nexit 1\n")
        done = self.assert_refused(self.instance(WHARF_PROGRAMS=str(broken)), "clerk did not start", "the clerk is ill")
        self.assertNotIn("Wharf is running", done.stdout)

    def test_stop_and_status_where_nothing_is(self):
        one = self.instance()
        self.assertEqual("Wharf is not running\n", one.local("stop").stdout)
        self.assertEqual(3, one.local("status", check=False).returncode)
        self.assertFalse(one.var.exists())

    def test_wrong_usage(self):
        self.assertEqual(2, wharf.local("begin", check=False).returncode)
        done = wharf.local("restart", "engine", check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("'engine' is not a part", done.stderr)


@unittest.skipUnless(IS_ROOT, "needs root: it becomes an ordinary user")
class OrdinaryUserTest(Scratch):
    def test_everything_runs_as_whoever_starts_it(self):
        user = "wharf"
        check = subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", "test", "-x", str(LOCAL), "-a", "-x",
                                str(programs() / "wharf-registry")])
        if check.returncode != 0:
            self.skipTest(f"the user '{user}' cannot reach the checkout")
        home = self.folder / "home"
        home.mkdir()
        shutil.chown(home, user, user)
        one = self.instance(home / "v")

        def local(command):
            return subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", str(LOCAL), command],
                                  env={**one.env, "HOME": str(home)}, cwd=home, text=True, capture_output=True, timeout=120)
        done = local("start")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual({user}, {effective_user(one.pid(part)) for part in PARTS})
        self.assertEqual(200, one.get("/api/v1/health").status)
        account = one.register()
        one.published(account.token, "ordinary", "1.0.0")
        self.assertEqual(200, one.download("ordinary", "1.0.0").status)
        self.assertEqual(0, local("stop").returncode)
        self.assertEqual([], processes_of(one.var))


if __name__ == "__main__":
    unittest.main()
