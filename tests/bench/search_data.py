# SPDX-License-Identifier: MIT
"""A registry of a million packages for the search benchmark: Debian's names, descriptions, sections, tags, maintainers
and dependencies from the local apt lists, each in up to 16 variants, with downloads that fall off as they do in life.

Everything is made from a seed: the same lists give the same registry."""

import hashlib
import json
import random
import re
import subprocess
from collections import Counter, namedtuple

Package = namedtuple("Package", "name description section tags maintainer depends wanted priority source")
Made = namedtuple("Made", "name description category keywords author downloads readme dependencies day")

# What a variant adds to name and description; the first is the package itself.
VARIANTS = (("", ""), ("-core", " (core)"), ("-utils", ": small tools"), ("-client", " client"), ("-server", " server"), ("-plus", ", extended"),
            ("-lite", ", a light version"), ("-bindings", " bindings"), ("-async", ", asynchronous"), ("-next", ", the next generation"), ("-types", ": types"),
            ("-plugin", " plugin"), ("-sdk", ": a kit for developers"), ("-examples", ": examples"), ("-extra", ": extras"), ("-compat", ", for older versions"))


# Of Debian's tags, the facets that say what a package is about, the most telling first: what a publisher gives as keywords.
FACETS = ("use", "network", "field", "game", "science", "sound", "mail", "web", "security", "admin", "works-with-format", "works-with", "protocol", "devel", "hardware")
# Debian's own titles of its sections, where they say more than the section's name: the categories.
TITLES = {"admin": "administration utilities", "comm": "communication programs", "debug": "debug packages", "devel": "development", "doc": "documentation",
          "hamradio": "ham radio", "httpd": "web servers", "libdevel": "library development", "libs": "libraries", "math": "mathematics", "net": "network",
          "otherosfs": "emulators and file systems", "text": "text processing", "utils": "utilities", "vcs": "version control systems",
          "web": "web software", "x11": "x window system"}
# Values that say nothing by themselves.
EMPTY_TAGS = {"todo", "special", "not-applicable", "app", "library", "plugin", "lang", "file", "misc", "other", "application"}


def keywords_of(tags, more):
    """At most ten words, those of the most telling facets first: `works-with::image:raster` is image and raster."""
    ordered = sorted((tag for tag in tags if tag.partition("::")[0] in FACETS), key=lambda tag: FACETS.index(tag.partition("::")[0]))
    words = [word for tag in ordered for word in tag.partition("::")[2].lower().split(":")]
    return list(dict.fromkeys(word for word in more + words if len(word) > 1 and word not in EMPTY_TAGS))[:10]


def debian():
    """Debian's packages, by name, those with valid Wharf names. Keywords are the project's name where the package has another, what
    several projects provide under one name (mail-transport-agent), and tags."""
    text = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    paragraphs = {}
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Z][A-Za-z-]*): ?(.*(?:\n .*)*)", paragraph, re.M))
        if "Package" in fields:
            # The same package may come from several archives, and not each gives its tags.
            paragraphs[fields["Package"]] = paragraphs.get(fields["Package"], {}) | fields
    def names_in(field):
        return [name for one in field.split(",") if (name := re.split(r"[ :(|]", one.strip())[0])]
    provided = {}
    for fields in paragraphs.values():
        for name in names_in(fields.get("Provides", "")):
            provided.setdefault(name, set()).add(fields.get("Source", fields["Package"]).split()[0])
    packages = {}
    for fields in paragraphs.values():
        name = re.sub(r"[^a-z0-9.-]", "-", fields["Package"].replace("+", "p"))
        name = re.sub(r"[-.]*([-.])", r"\1", name).strip("-.")[:52].strip("-.")
        project = fields.get("Source", fields["Package"]).split()[0]
        more = [] if project in name else [project]
        more += [one for one in names_in(fields.get("Provides", "")) if re.fullmatch(r"[a-z-]+", one) and len(provided[one]) > 1][:3]
        packages.setdefault(name, Package(name, fields.get("Description", "").split("\n")[0], fields.get("Section", "misc").split("/")[-1],
                                          keywords_of(re.findall(r"[^\s,]+::[^\s,]+", fields.get("Tag", "")), more), re.sub(r" <.*", "", fields.get("Maintainer", "")),
                                          names_in(fields.get("Depends", "") + "," + fields.get("Pre-Depends", "")),
                                          names_in(fields.get("Recommends", "") + "," + fields.get("Suggests", "")), fields.get("Priority", "optional"), project))
    return packages


def popularity(packages):
    """A stand-in for how well known each is: how many depend on it, themselves or through others, how many recommend or suggest
    it, and how many are named after it. Parts of others (-doc, -data …) are less known than these."""
    direct = Counter(name for package in packages.values() for name in set(package.depends))
    second = Counter()
    for package in packages.values():
        for name in set(package.depends):
            second[name] += min(direct[package.name], 50)
    wanted = Counter(name for package in packages.values() for name in set(package.wanted))
    named_after = Counter(name.rpartition("-")[0] for name in packages)
    known = {}
    for name, package in packages.items():
        known[name] = min(direct[name], 400) + second[name] / 20 + 5 * wanted[name] + 3 * min(named_after[name], 40)
        known[name] += {"required": 300, "important": 200, "standard": 100}.get(package.priority, 0)
        if re.search(r"-(doc|dbg|data|common|examples|tests|l10n-.*|locale-.*|dbgsym)$", name):
            known[name] /= 10
    return known


def registry(count, seed=1):
    """`count` packages. Downloads fall with the rank as 1/rank, and a package's variants have a small part of its own."""
    source = debian()
    known = popularity(source)
    dice = random.Random(seed)
    ranked = sorted(source, key=lambda name: (-known[name] * dice.lognormvariate(0, 0.3), name))
    rank = {name: place + 1 for place, name in enumerate(ranked)}
    siblings = {}
    for name in ranked:
        siblings.setdefault(source[name].source, []).append(name)
    made, taken = 0, set()
    for suffix, ending in VARIANTS:
        for name in source:
            if made == count:
                return
            package = source[name]
            if name + suffix in taken or (suffix and name + suffix in source):
                continue
            taken.add(name + suffix)
            downloads = int(2e8 / rank[name] ** 1.05)
            readme = None
            if suffix:
                downloads = int(downloads * dice.random() ** 6 / 20)
            else:
                related = [one for one in siblings[package.source] if one != name][:8]
                readme = f"# {name}\n\n{package.description}.\n\nTopics: {', '.join(package.tags)}.\n\nOf the same project:\n\n"
                readme += "\n".join(f"- {one}: {source[one].description}" for one in related)
            made += 1
            yield Made(name + suffix, package.description + ending, TITLES.get(package.section, package.section), package.tags, package.maintainer, downloads, readme,
                       package.depends[:20], int(dice.random() ** 2 * 1500))


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def load(wharf, count):
    """Fills the database of a Wharf whose clerk does not run: packages, one version each, READMEs, journal, downloads.
    Returns the names."""
    folder = wharf.var / "bulk"
    folder.mkdir()
    names, digest = [], "0" * 64
    files = {table: open(folder / table, "w") for table in ("packages", "versions", "readmes", "journal", "download_totals")}
    for number, package in enumerate(registry(count), 1):
        names.append(package.name)
        at = f"20{26 - package.day // 365:02}-{1 + package.day % 12:02}-{1 + package.day % 28:02}T10:00:00"
        metadata = {"authors": [package.author], "categories": [package.category], "created_at": at + "Z", "description": package.description, "documentation": None,
                    "homepage": None, "keywords": package.keywords, "license": "MIT", "repository": None}
        entry = {"checksum": digest, "dependencies": {one: {"features": [], "optional": False, "req": "^1.0.0", "target": None} for one in package.dependencies},
                 "dev_dependencies": {}, "published_at": at + "Z", "size": 1000, "version": "1.0.0", "yank_reason": None, "yanked": False}
        body = json.dumps({"action": "publish", "actor": "bulk", "at": at + "Z", "entry": entry, "metadata": metadata, "owners": [{"role": "owner", "username": "bulk"}],
                           "package": package.name, "version": "1.0.0"}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        summary = json.dumps({"name": package.name, "latest_version": "1.0.0", "description": package.description, "author": package.author, "license": "MIT",
                              "keywords": package.keywords, "categories": [package.category], "created_at": at + "Z", "updated_at": at + "Z"}, ensure_ascii=False)
        digest = hashlib.sha256((digest + body).encode()).hexdigest()
        when = at.replace("T", " ")
        rows = {"packages": (number, package.name, f"k{number}", number, "1.0.0", "", summary, when, when),
                "journal": (number, when, "publish", package.name, "1.0.0", "bulk", body, digest)}
        if package.downloads:
            rows["download_totals"] = (number, package.downloads)
        if package.readme:
            rows["versions"] = (number, number, "1.0.0", "1.0.0", digest, "\\N", 1000, "native", "{}", "active", "\\N", 1, when)
            rows["readmes"] = (number, "README.md", package.readme)
        for table, row in rows.items():
            files[table].write("\t".join(value if value == "\\N" else escaped(str(value)) for value in row) + "\n")
    for file in files.values():
        file.close()
    wharf.sql("INSERT INTO users (id, username, password_hash, created_at, updated_at) VALUES (1, 'bulk', '', NOW(3), NOW(3))")
    for table in files:
        wharf.sql(f"SET unique_checks = 0, foreign_key_checks = 0; LOAD DATA LOCAL INFILE '{folder / table}' INTO TABLE {table} CHARACTER SET utf8mb4", timeout=1200)
        (folder / table).unlink()
    return names
