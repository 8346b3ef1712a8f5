# SPDX-License-Identifier: MIT
"""The client `wharf` as a person at a machine of their own runs it: a home folder, projects in it, no terminal.

    person = Client(wharf.url)
    project = person.project("raven", "boat", {"fog": "^1.0"})
    project.run("install")
    assert project.installed() == {"fog": "1.2.0"}
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
import tomllib
from pathlib import Path

from support import packages
from support.wharf import programs

MANIFESTS = {"wharf": "wharf.toml", "synapse": "synapse.json", "raven": "raven.toml", "vais": "vais.toml"}
LOCKS = {"wharf": "wharf.lock", "synapse": "synapse-lock.json", "raven": "raven.lock", "vais": "vais.lock"}
PROFILES = tuple(MANIFESTS)


def archive(profile, name, version, dependencies=None, files=None, **fields):
    """A package as that language's client packs it: in Synapse's everything lies in one folder."""
    packed = packages.package(name, version, MANIFESTS[profile], dependencies, files, **fields)
    if profile != "synapse":
        return packed
    return packages.tar_gz({f"{name}-{version}/{path}": content for path, content in files_of(packed).items()})


def files_of(packed):
    """path → content of every file in an archive."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed))) as tar:
        return {member.name.removeprefix("./"): tar.extractfile(member).read() for member in tar if member.isfile()}


def files_below(folder):
    """path → content of every file below a folder, but for what the client keeps beside packages under hidden names."""
    folder = Path(folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()}


class Client:
    def __init__(self, registry, home=None):
        self._own = home is None
        self.home = Path(home or tempfile.mkdtemp(prefix="wharf-client-", dir="/var/tmp"))
        self.registry = registry
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("WHARF_", "XDG_")) and not key.lower().endswith("_proxy")}
        self.env.update(HOME=str(self.home), NO_COLOR="1", WHARF_REGISTRY=registry)

    def close(self):
        if self._own:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, *arguments, cwd=None, env=None, **more):
        return subprocess.Popen([programs() / "wharf", *map(str, arguments)], cwd=cwd or self.home, env={**self.env, **(env or {})},
                                stdin=subprocess.DEVNULL, text=True, **more)

    def run(self, *arguments, check=0, cwd=None, env=None, stdin="", program="wharf"):
        """`check`: the exit code that is expected; None: any."""
        done = subprocess.run([programs() / program, *map(str, arguments)], cwd=cwd or self.home, env={**self.env, **(env or {})},
                              input=stdin, text=True, capture_output=True, timeout=120)
        if check is not None and done.returncode != check:
            raise AssertionError(f"wharf {' '.join(map(str, arguments))} ended with {done.returncode}, not {check}:\n"
                                 f"{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments, check=0, cwd=None, env=None):
        """The one object that --json prints."""
        done = self.run(*arguments, "--json", check=check, cwd=cwd, env=env)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"wharf {' '.join(map(str, arguments))} --json printed no object:\n{done.stdout}{done.stderr}") from None

    def project(self, profile, name, dependencies=None, dev_dependencies=None, folder=None):
        return Project(self, profile, name, dependencies or {}, dev_dependencies or {}, folder)


class Project:
    def __init__(self, person, profile, name, dependencies, dev_dependencies, folder=None):
        self.person, self.profile, self.name = person, profile, name
        self.folder = Path(folder or person.home / name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_manifest(dependencies, dev_dependencies)

    @property
    def manifest(self):
        return self.folder / MANIFESTS[self.profile]

    @property
    def lock(self):
        return self.folder / LOCKS[self.profile]

    def write_manifest(self, dependencies, dev_dependencies=None, version="0.1.0"):
        if self.profile == "synapse":
            self.manifest.write_text(json.dumps({"name": self.name, "version": version, "description": "a project", "author": "A. Tester",
                                                 "dependencies": dependencies, "devDependencies": dev_dependencies or {}}, indent=2) + "\n")
            return
        text = packages.toml_manifest(self.name, version, dependencies, authors=["A. Tester"])
        if dev_dependencies:
            text += "\n[dev-dependencies]\n" + "".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in dev_dependencies.items())
        self.manifest.write_text(text)

    def asked(self, section="dependencies"):
        """What the manifest asks for, read by someone else's reader."""
        if self.profile == "synapse":
            return json.loads(self.manifest.read_text()).get({"dev-dependencies": "devDependencies"}.get(section, section), {})
        return tomllib.loads(self.manifest.read_text()).get(section, {})

    def start(self, *arguments, **more):
        return self.person.start(*arguments, cwd=self.folder, **more)

    def run(self, *arguments, **more):
        return self.person.run(*arguments, cwd=self.folder, **more)

    def json(self, *arguments, **more):
        return self.person.json(*arguments, cwd=self.folder, **more)

    def locked(self):
        """name → version, of the lock in the language's own shape."""
        return locked_versions(self.profile, self.lock.read_text()) if self.lock.exists() else {}

    def places(self):
        """name → version → the folder that holds the package's files."""
        found = {}
        if self.profile in ("wharf", "raven"):
            base = self.folder / f"{self.profile}_packages"
            for path in sorted(base.glob("*")) if base.is_dir() else []:
                if path.is_dir() and not path.name.startswith("."):
                    found.setdefault(path.name, {})[version_in(path)] = path
            return found
        pattern = ".synapse/packages/*/*/*-*" if self.profile == "synapse" else ".vais/registry/cache/*/*/extracted"
        for path in sorted(self.person.home.glob(pattern)):
            if path.is_dir() and not any(part.startswith(".") for part in path.relative_to(self.person.home).parts[1:]):
                found.setdefault(path.parent.parent.name, {})[path.parent.name] = path
        return found

    def installed(self):
        """name → version of what the project's lock stands for and is in its place; of a folder of its own: of all there is."""
        places = self.places()
        if self.profile in ("wharf", "raven"):
            return {name: next(iter(versions)) for name, versions in places.items()}
        return {name: version for name, version in self.locked().items() if version in places.get(name, {})}


def version_in(folder):
    for file in folder.glob("*.toml"):
        return tomllib.loads(file.read_text())["package"]["version"]
    for file in folder.glob("*.json"):
        return json.loads(file.read_text())["version"]
    return None


def locked_versions(profile, text):
    if profile == "synapse":
        return {name: entry["version"] for name, entry in json.loads(text)["dependencies"].items()}
    read = tomllib.loads(text)
    listed = read.get("packages", read.get("package", []))
    if isinstance(listed, dict):
        return {name: entry["version"] for name, entry in listed.items()}
    return {entry["name"]: entry["version"] for entry in listed}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def make_directory_registry(folder, published):
    """A registry that is a folder, as the clerk keeps it: `published` maps (name, version) to an archive's bytes and its dependencies."""
    folder = Path(folder)
    documents = {}
    for (name, version), (data, dependencies) in published.items():
        place = folder / "tarballs" / name / f"{version}.tar.gz"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        document = documents.setdefault(name, {
            "name": name, "description": None, "license": None, "homepage": None, "repository": None, "documentation": None, "keywords": [],
            "categories": [], "authors": [], "revision": 1, "quarantined": None, "versions": []})
        document["versions"].append({
            "version": version, "checksum": sha256(data), "size": len(data),
            "dependencies": {needed: {"req": text, "features": [], "optional": False, "target": None} for needed, text in dependencies.items()},
            "dev_dependencies": {}, "yanked": False, "yank_reason": None, "published_at": "2026-01-31T10:00:00Z", "download_url": None})
    for name, document in documents.items():
        place = folder / "index" / f"{name}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(document))
    return f"file://{folder}"


def wait_until_visible(wharf, name, version, seconds=20):
    """Until who sends no token sees it: what nginx keeps for a second, and the clerk's own work."""
    deadline = time.monotonic() + seconds
    while True:
        answer = wharf.get(f"/api/v1/packages/{name}/index.json")
        if answer.status == 200 and any(entry["version"] == version for entry in answer.json()["versions"]):
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{name} {version} did not appear: {answer}")
        time.sleep(0.01)
