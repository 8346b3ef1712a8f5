# SPDX-License-Identifier: MIT
"""Other registries as their documents describe them: a database and a folder of archives, made on the spot."""

import hashlib
import sqlite3
import uuid
from pathlib import Path

from support import packages

# "ravens nest at dawn" and "quiet river stones", with the parameters that Raven and Vais use.
ARGON2 = {"ravens nest at dawn": "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$brbD5aEB9wMycoS5DOvJ3W9+kZ8C3E1xm5rt6IUW5tM",
          "quiet river stones": "$argon2id$v=19$m=19456,t=2,p=1$YW5vdGhlciBzYWx0IDE2Yg$NoT3xg0KgtqHILNG+zTCWK7EH/GnypgjT5kPDYuBP0w"}


def pbkdf2(password, salt="00112233445566778899aabbccddeeff", rounds=100000):
    derived = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), rounds)
    return f"pbkdf2_sha256${rounds}${salt}${derived.hex()}"


def key(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class Synapse:
    SCHEMA = """
    CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(50) UNIQUE NOT NULL, email VARCHAR(255) UNIQUE,
      password_hash VARCHAR(255) NOT NULL, created_at DATETIME, updated_at DATETIME, is_active BOOLEAN);
    CREATE TABLE packages (id INTEGER PRIMARY KEY, name VARCHAR(216) UNIQUE NOT NULL, description TEXT, author VARCHAR(255),
      license VARCHAR(50), homepage VARCHAR(512), repository VARCHAR(512), owner_id INTEGER REFERENCES users (id),
      created_at DATETIME, updated_at DATETIME);
    CREATE TABLE package_versions (id INTEGER PRIMARY KEY, package_id INTEGER REFERENCES packages (id), version VARCHAR(50),
      checksum VARCHAR(64), tarball_path VARCHAR(512), tarball_size INTEGER, dependencies_json TEXT, keywords_json TEXT,
      download_count INTEGER, published_at DATETIME, UNIQUE (package_id, version));
    CREATE TABLE downloads (id INTEGER PRIMARY KEY, package_version_id INTEGER REFERENCES package_versions (id),
      ip_address VARCHAR(45), downloaded_at DATETIME, user_agent VARCHAR(512));
    CREATE TABLE api_tokens (id INTEGER PRIMARY KEY, user_id INTEGER, token VARCHAR(500), name VARCHAR(255), last_used DATETIME,
      created_at DATETIME, expires_at DATETIME, is_active BOOLEAN);
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "instance").mkdir(parents=True)
        (self.folder / "packages").mkdir()
        self.db = sqlite3.connect(self.folder / "instance/synapse_registry.db")
        self.db.executescript(self.SCHEMA)

    def user(self, username, password, email=None, created_at="2024-03-01 09:30:00.000000"):
        return self.db.execute("INSERT INTO users (username, email, password_hash, created_at, updated_at, is_active)"
                               " VALUES (?, ?, ?, ?, ?, 1)", (username, email, pbkdf2(password), created_at, created_at)).lastrowid

    def package(self, name, owner, created_at="2024-04-01 08:00:00.000000", **fields):
        return self.db.execute("INSERT INTO packages (name, description, author, license, homepage, repository, owner_id, created_at,"
                               " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                               (name, fields.get("description"), fields.get("author"), fields.get("license"), fields.get("homepage", ""),
                                fields.get("repository", ""), owner, created_at, created_at)).lastrowid

    def version(self, package, name, version, published_at, archive=None, downloads=(), count=None, checksum=None):
        archive = archive if archive is not None else self.archive(name, version)
        put(self.folder / f"packages/{name}/{name}-{version}.tar.gz", archive)
        row = self.db.execute("INSERT INTO package_versions (package_id, version, checksum, tarball_path, tarball_size, keywords_json,"
                              " download_count, published_at) VALUES (?, ?, ?, ?, ?, '[]', ?, ?)",
                              (package, version, checksum or hashlib.sha256(archive).hexdigest(), f"./packages/{name}/{name}-{version}.tar.gz",
                               len(archive), len(downloads) if count is None else count, published_at)).lastrowid
        for moment in downloads:
            self.download(row, moment)
        return archive

    def download(self, version, moment):
        self.db.execute("INSERT INTO downloads (package_version_id, ip_address, downloaded_at) VALUES (?, '192.0.2.7', ?)", (version, moment))

    @staticmethod
    def archive(name, version, **fields):
        import json
        manifest = json.dumps({"name": name, "version": version, "description": f"about {name}", **fields})
        return packages.tar_gz({f"{name}-{version}/synapse.json": manifest, f"{name}-{version}/lib/main.syn": f"{name} {version}\n"})

    def save(self):
        self.db.commit()
        return self.folder


class Vais:
    SCHEMA = """
    CREATE TABLE users (id TEXT PRIMARY KEY, username TEXT UNIQUE NOT NULL, password_hash TEXT NOT NULL, email TEXT,
      is_admin INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
    CREATE TABLE api_tokens (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL, expires_at TEXT, last_used_at TEXT, created_at TEXT NOT NULL);
    CREATE TABLE packages (id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, description TEXT, homepage TEXT, repository TEXT,
      documentation TEXT, license TEXT, keywords TEXT, categories TEXT, owner_id TEXT NOT NULL, created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL, downloads INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE package_owners (package_id TEXT NOT NULL, user_id TEXT NOT NULL, added_by TEXT, created_at TEXT NOT NULL,
      PRIMARY KEY (package_id, user_id));
    CREATE TABLE package_versions (id TEXT PRIMARY KEY, package_id TEXT NOT NULL, version TEXT NOT NULL, checksum TEXT NOT NULL,
      size INTEGER NOT NULL, yanked INTEGER NOT NULL DEFAULT 0, readme TEXT, published_by TEXT NOT NULL, created_at TEXT NOT NULL,
      downloads INTEGER NOT NULL DEFAULT 0, UNIQUE (package_id, version));
    CREATE TABLE dependencies (id TEXT PRIMARY KEY, version_id TEXT NOT NULL, name TEXT NOT NULL, version_req TEXT NOT NULL,
      features TEXT, optional INTEGER, target TEXT, kind TEXT);
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "data/packages").mkdir(parents=True)
        self.db = sqlite3.connect(self.folder / "data/registry.db")
        self.db.executescript(self.SCHEMA)

    def user(self, username, password, email=None, is_admin=0, created_at="2025-02-03T04:05:06.789+00:00"):
        self.db.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (key(username), username, ARGON2.get(password, password), email, is_admin, created_at, created_at))
        return key(username)

    def token(self, user, name, token, scopes='["publish","yank"]', expires_at=None):
        self.db.execute("INSERT INTO api_tokens VALUES (?, ?, ?, ?, ?, ?, NULL, '2025-02-04T00:00:00+00:00')",
                        (key(user + name), user, name, hashlib.sha256(token.encode()).hexdigest(), scopes, expires_at))

    def package(self, name, owner, owners=(), keywords="[]", categories="[]", downloads=0):
        self.db.execute("INSERT INTO packages VALUES (?, ?, 'from the database', NULL, NULL, NULL, 'MIT', ?, ?, ?,"
                        " '2025-02-05T00:00:00+00:00', '2025-02-05T00:00:00+00:00', ?)",
                        (key("package " + name), name, keywords, categories, owner, downloads))
        for user in (owner, *owners):
            self.db.execute("INSERT INTO package_owners VALUES (?, ?, ?, '2025-02-06T00:00:00+00:00')", (key("package " + name), user, owner))
        return key("package " + name)

    def version(self, package, name, version, by, published_at="2025-03-01T10:00:00.5+00:00", yanked=0, downloads=0, archive=None):
        archive = archive if archive is not None else packages.package(name, version, "vais.toml")
        put(self.folder / f"data/packages/{name}/{version}.tar.gz", archive)
        self.db.execute("INSERT INTO package_versions VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
                        (key(name + version), package, version, hashlib.sha256(archive).hexdigest(), len(archive), yanked, by, published_at,
                         downloads))
        return archive

    def save(self):
        self.db.commit()
        return self.folder


RAVEN_HEAD = """--
-- PostgreSQL database dump
--

-- Dumped from database version 15.4
\\restrict 4fK2
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
INSERT INTO users VALUES ('not', 'a', 'real', 'row', 'here');
  RETURN NEW;
END;
$$;

"""
RAVEN_TABLES = {"users": ("user_id", "username", "email", "password_hash", "created_at"),
                "api_tokens": ("token_id", "user_id", "token_hash", "name", "created_at", "expires_at", "last_used"),
                "packages": ("package_id", "name", "owner_id", "description", "license", "repository", "homepage", "keywords", "created_at",
                             "updated_at"),
                "package_owners": ("package_id", "user_id", "role", "added_at"),
                "versions": ("version_id", "package_id", "version", "authors", "description", "license", "repository", "dependencies",
                             "dev_dependencies", "tarball_url", "checksum", "size_bytes", "published_at", "yanked", "yanked_at"),
                "downloads": ("download_id", "package_id", "version_id", "downloaded_at", "ip_hash")}


class Raven:
    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "storage/packages").mkdir(parents=True)
        self.rows = {table: [] for table in RAVEN_TABLES}

    def add(self, table, **values):
        self.rows[table].append(tuple(values.get(column) for column in RAVEN_TABLES[table]))

    def user(self, username, password, email, created_at="2025-10-17 12:00:00.123456+02"):
        self.add("users", user_id=key(username), username=username, email=email, password_hash=ARGON2[password], created_at=created_at)
        return key(username)

    def package(self, name, owner, owners=(), description=None, keywords="{}"):
        self.add("packages", package_id=key("package " + name), name=name, owner_id=owner, description=description, license="MIT",
                 keywords=keywords, created_at="2025-10-18 00:00:00+00", updated_at="2025-10-18 00:00:00+00")
        for user, role in owners:
            self.add("package_owners", package_id=key("package " + name), user_id=user, role=role, added_at="2025-10-19 00:00:00+00")
        return key("package " + name)

    def version(self, package, name, version, published_at="2025-10-20 23:30:00-05", yanked=False, downloads=(), archive=None, store=True):
        archive = archive if archive is not None else packages.package(name, version, "raven.toml")
        if store:
            put(self.folder / f"storage/packages/{name}/{version}.tar.gz", archive)
        self.add("versions", version_id=key(name + version), package_id=package, version=version, authors='{"A. Tester"}', license="MIT",
                 dependencies="{}", dev_dependencies="{}", tarball_url="x", checksum=hashlib.sha256(archive).hexdigest(),
                 size_bytes=str(len(archive)), published_at=published_at, yanked="t" if yanked else "f",
                 yanked_at="2025-10-25 00:00:00+00" if yanked else None)
        for number, moment in enumerate(downloads):
            self.add("downloads", download_id=key(f"{name}{version}{number}"), package_id=package, version_id=key(name + version),
                     downloaded_at=moment, ip_hash="placeholder")
        return archive

    def dump(self, form="copy", end=True):
        text = RAVEN_HEAD
        for table, columns in RAVEN_TABLES.items():
            text += f"CREATE TABLE public.{table} (\n" + ",\n".join(f"    {column} text" for column in columns) + "\n);\n\n"
        for table, columns in RAVEN_TABLES.items():
            if form == "copy":
                text += f"COPY public.{table} ({', '.join(columns)}) FROM stdin;\n"
                for row in self.rows[table]:
                    cells = ("\\N" if value is None else value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for value in row)
                    text += "\t".join(cells) + "\n"
                text += "\\.\n\n"
            else:
                for row in self.rows[table]:
                    cells = ("NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in row)
                    text += f"INSERT INTO public.{table} VALUES ({', '.join(cells)});\n"
        if end:
            text += "--\n-- PostgreSQL database dump complete\n--\n"
        return text

    def save(self, form="copy"):
        (self.folder / "raven.sql").write_text(self.dump(form))
        return self.folder
