# SPDX-License-Identifier: MIT
"""Archives that a registry would have refused, from a registry that is a directory and names their right checksums: nothing is
written outside of the packages' folder, nothing is installed, and the sentence says what it was."""

import gzip
import io
import tarfile
import unittest
from pathlib import Path

from support import packages
from support.client import MANIFESTS, PROFILES, Client, archive, files_of, make_directory_registry

OUTSIDE = "outside.txt"


def entry(name, kind=tarfile.REGTYPE, data=b"x", **fields):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.mode = kind, len(data) if kind == tarfile.REGTYPE else 0, 0o644
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def with_entries(profile, *entries, before=False):
    """An honest package, and then these."""
    honest = files_of(archive(profile, "fog", "1.0.0"))
    top = "fog-1.0.0/" if profile == "synapse" else ""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        everything = [entry(path, data=data) for path, data in honest.items()]
        hostile = []
        for info, data in entries:
            if top and not info.name.startswith(("/", "..")):
                info.name = top + info.name
            hostile.append((info, data))
        for info, data in hostile + everything if before else everything + hostile:
            tar.addfile(info, io.BytesIO(data) if info.type == tarfile.REGTYPE else None)
    return gzip.compress(buffer.getvalue(), mtime=0)


def bomb(profile):
    """Two gigabytes of zeros in two megabytes: behind the manifest, so that it is met while it is unpacked."""
    top = "fog-1.0.0/" if profile == "synapse" else ""
    head = io.BytesIO()
    with tarfile.open(fileobj=head, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path, data in files_of(archive(profile, "fog", "1.0.0")).items():
            tar.addfile(*[(info, io.BytesIO(data)) for info, data in [entry(path, data=data)]][0])
    size = 2 << 30
    info = tarfile.TarInfo(top + "zeros.bin")
    info.size = size
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as out:
        # Without the end marker of the honest part.
        out.write(head.getvalue().rstrip(b"\0"))
        out.write(bytes(-len(head.getvalue().rstrip(b"\0")) % 512))
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        zeros = bytes(1 << 20)
        for _ in range(size >> 20):
            out.write(zeros)
        out.write(bytes(1024))
    return packed.getvalue()


HOSTILE = {
    "a path upwards": lambda profile: with_entries(profile, entry(f"../{OUTSIDE}")),
    "a path far upwards": lambda profile: with_entries(profile, entry("../" * 12 + f"tmp/{OUTSIDE}")),
    "a path upwards within": lambda profile: with_entries(profile, entry(f"src/../../../{OUTSIDE}")),
    "an absolute path": lambda profile: with_entries(profile, entry(f"/tmp/{OUTSIDE}")),
    "a symbolic link": lambda profile: with_entries(profile, entry("link", tarfile.SYMTYPE, linkname="/etc/passwd")),
    "a symbolic link and a file below it": lambda profile: with_entries(
        profile, entry("link", tarfile.SYMTYPE, linkname="/tmp"), entry(f"link/{OUTSIDE}"), before=True),
    "a hard link outwards": lambda profile: with_entries(profile, entry("link", tarfile.LNKTYPE, linkname="/etc/passwd")),
    "a hard link inwards": lambda profile: with_entries(profile, entry("link", tarfile.LNKTYPE, linkname="README.md")),
    "a device": lambda profile: with_entries(profile, entry("null", tarfile.CHRTYPE, devmajor=1, devminor=3)),
    "a block device": lambda profile: with_entries(profile, entry("disk", tarfile.BLKTYPE, devmajor=8, devminor=0)),
    "a pipe": lambda profile: with_entries(profile, entry("pipe", tarfile.FIFOTYPE)),
    "a file twice": lambda profile: with_entries(profile, entry("README.md", data=b"another")),
    "a file in two cases": lambda profile: with_entries(profile, entry("readme.MD", data=b"another")),
    "a file below a file": lambda profile: with_entries(profile, entry("README.md/x")),
    "a backslash": lambda profile: with_entries(profile, entry("..\\..\\x")),
    "a name of Windows": lambda profile: with_entries(profile, entry("src/CON")),
    "a line break in a name": lambda profile: with_entries(profile, entry("a\nb")),
    "something behind the end": lambda profile: with_entries(profile) + gzip.compress(b"more"),
    "a broken end": lambda profile: with_entries(profile)[:-6],
    "no archive at all": lambda profile: b"hello",
    "no manifest": lambda profile: packages.tar_gz({"README.md": "# fog", "src/a.txt": "a"}),
    "two manifests": lambda profile: with_entries(profile, entry("wharf.json", data=b"{}")),
    "an unsound manifest": lambda profile: packages.tar_gz({MANIFESTS[profile]: "{]"}),
    "another package": lambda profile: archive(profile, "frog", "1.0.0"),
    "another version": lambda profile: archive(profile, "fog", "1.0.1"),
    "a bomb": bomb,
}


class HostileArchives(unittest.TestCase):
    def everything_below(self, person):
        """Of the whole home but the cache and the registry, with links and kinds."""
        kept = (".cache", "registry")
        return sorted((str(path.relative_to(person.home)), path.is_symlink(), path.is_file()) for path in person.home.rglob("*")
                      if path.relative_to(person.home).parts[0] not in kept)

    def try_to_install(self, profile, data):
        person = self.enterContext(Client("file:///nowhere"))
        person.env["WHARF_REGISTRY"] = make_directory_registry(person.home / "registry", {("fog", "1.0.0"): (data, {})})
        project = person.project(profile, "boat", {"fog": "^1.0.0"})
        done = project.run("install", check=None)
        return person, project, done

    def check(self, profile, what):
        person, project, done = self.try_to_install(profile, HOSTILE[what](profile))
        self.assertIn(done.returncode, (1, 4), done.stdout + done.stderr)
        self.assertIn("fog", done.stderr)
        self.assertNotIn("something went wrong on our side", done.stderr)
        self.assertEqual({}, project.installed())
        self.assertEqual({}, project.locked())
        strangers = [path for path, _, _ in self.everything_below(person)
                     if Path(path).name in (OUTSIDE, "link", "null", "disk", "pipe", "zeros.bin", "x")]
        self.assertEqual([], strangers)
        self.assertFalse(Path("/tmp", OUTSIDE).exists())
        self.assertFalse(any(link for _, link, _ in self.everything_below(person)))

    def test_the_honest_one_is_installed(self):
        for profile in PROFILES:
            with self.subTest(profile):
                _, project, done = self.try_to_install(profile, with_entries(profile))
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertEqual({"fog": "1.0.0"}, project.installed())

    def test_modes_and_owners_of_an_archive_mean_nothing(self):
        data = with_entries("wharf", entry("run.sh", mode=0o6777, uid=1234, gid=1234, uname="other"), entry("open", mode=0o666))
        _, project, done = self.try_to_install("wharf", data)
        self.assertEqual(0, done.returncode, done.stderr)
        modes = {path.name: path.stat().st_mode & 0o7777 for path in project.places()["fog"]["1.0.0"].rglob("*")}
        self.assertEqual(0o111, modes["run.sh"] & 0o111)
        self.assertEqual(0, modes["open"] & 0o111)
        for name, mode in modes.items():
            self.assertEqual(0, mode & 0o7022, f"{name}: {mode:o}")


def add_tests():
    for what in HOSTILE:
        for profile in PROFILES if what != "a bomb" else ("wharf", "synapse"):
            def test(self, profile=profile, what=what):
                self.check(profile, what)
            setattr(HostileArchives, f"test_{what.replace(' ', '_')}_is_refused_in_{profile}", test)


add_tests()

if __name__ == "__main__":
    unittest.main()
