# SPDX-License-Identifier: MIT
"""Real packages for the test of the real world: fetched by `npm pack`, each with everything it depends on, and wrapped as
Wharf packages: their own files at the root, beside a wharf.json that is made from their package.json."""

import gzip
import io
import json
import re
import subprocess
import tarfile
from pathlib import Path

# Well-known packages whose closure is small files, deep trees, many versions of taste in packing.
ROOTS = ["express@4", "chalk@4", "commander@9", "minimist@1", "semver@7", "debug@4", "yargs@17", "glob@8", "mkdirp@1",
         "rimraf@3", "async@3", "bluebird@3", "moment@2", "uuid@8", "dotenv@16", "ejs@3", "inquirer@8", "js-yaml@4",
         "winston@3", "marked@4"]


def wharf_name(npm_name):
    """`@scope/name` has no place in the grammar of names here: it becomes `scope.name`."""
    return npm_name.lstrip("@").replace("/", ".").lower()


def wharf_requirement(npm_range):
    """npm's range as a requirement: what both grammars share stays, the rest becomes `*`."""
    text = npm_range.strip()
    if re.fullmatch(r"[\^~]?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?", text):
        return text if text[0] in "^~" else "=" + text
    return "*"


def fetch_closure(directory, roots=None):
    """Runs `npm pack` level by level; returns {npm name: (version, tarball path, package.json)}, one version a name."""
    found, wanted = {}, list(roots or ROOTS)
    while wanted:
        answer = subprocess.run(["npm", "pack", "--json", "--pack-destination", str(directory), *wanted], check=True,
                                capture_output=True, text=True)
        wanted = []
        for entry in json.loads(answer.stdout):
            if entry["name"] in found:
                continue
            tarball = Path(directory) / entry["filename"]
            manifest = json.loads(read_member(tarball, "package.json"))
            found[entry["name"]] = (entry["version"], tarball, manifest)
            wanted += [f"{name}@{wanted_range}" for name, wanted_range in manifest.get("dependencies", {}).items()
                       if name not in found and not wanted_range.startswith(("npm:", "git", "http", "file:"))]
        wanted = sorted(set(wanted))
    return found


def read_member(tarball, name):
    with tarfile.open(tarball) as tar:
        for member in tar:
            if member.isfile() and member.name.partition("/")[2] == name:
                return tar.extractfile(member).read()
    raise KeyError(name)


def person(author):
    return author if isinstance(author, str) else (author or {}).get("name", "")


def manifest_of(package):
    repository = package.get("repository")
    repository = repository.get("url") if isinstance(repository, dict) else repository
    homepage = package.get("homepage")
    manifest = {
        "name": wharf_name(package["name"]),
        "version": package["version"],
        "description": " ".join(str(package.get("description") or "").split())[:1000],
        "license": package["license"] if isinstance(package.get("license"), str) else None,
        "author": " ".join(person(package.get("author")).split()) or None,
        "keywords": sorted({k.lower()[:32] for k in package.get("keywords", []) if isinstance(k, str) and k.strip()})[:20],
        "homepage": homepage if str(homepage).startswith(("http://", "https://")) else None,
        "repository": re.sub(r"^git\+", "", repository) if str(repository).startswith(("git+https://", "https://")) else None,
        "dependencies": {wharf_name(n): wharf_requirement(r) for n, r in package.get("dependencies", {}).items()},
    }
    return {key: value for key, value in manifest.items() if value is not None}


def wrap(tarball, package):
    """The bytes of a Wharf archive with the files of an npm tarball."""
    manifest = json.dumps(manifest_of(package), indent=2).encode()
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as out, \
            tarfile.open(tarball) as source:
        add(out, "wharf.json", manifest, 0o644)
        for member in source:
            path = member.name.partition("/")[2]
            if member.isfile() and path and path.lower() != "wharf.json":
                add(out, path, source.extractfile(member).read(), member.mode & 0o755 | 0o644)
    return raw.getvalue()


def add(tar, path, content, mode):
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(content), mode
    tar.addfile(info, io.BytesIO(content))
