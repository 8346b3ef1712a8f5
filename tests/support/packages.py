# SPDX-License-Identifier: MIT
"""Builds package archives as the languages' clients do: a gzipped tar with a manifest at its root."""

import gzip
import io
import json
import tarfile


def tar_gz(files, mtime=1_700_000_000):
    """`files` maps path to bytes or text; the same files give the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(path)
            info.size = len(data)
            info.mtime = mtime
            info.mode = 0o644
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), compresslevel=6, mtime=0)


def toml_manifest(name, version, dependencies=None, **fields):
    lines = ["[package]", f"name = {json.dumps(name)}", f"version = {json.dumps(version)}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    if dependencies:
        lines += ["", "[dependencies]"] + [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in dependencies.items()]
    return "\n".join(lines) + "\n"


def package(name, version, manifest="wharf.toml", dependencies=None, files=None, **fields):
    """An archive with a manifest in the named file's dialect, a README and a source file."""
    fields = {"description": f"the package {name}", "license": "MIT", **fields}
    if manifest.endswith(".json"):
        text = json.dumps({"name": name, "version": version, **fields, "dependencies": dependencies or {}})
    else:
        fields.setdefault("authors", ["A. Tester <tester@example.org>"])
        text = toml_manifest(name, version, dependencies, **fields)
    return tar_gz({manifest: text, "README.md": f"# {name}\n\nVersion {version}.\n", "src/main.txt": f"{name} {version}\n",
                   **(files or {})})


def multipart(parts, boundary="----wharf-test-boundary"):
    """`parts` are (name, file name or None, type or None, bytes). Returns the body and its Content-Type."""
    body = b""
    for name, file_name, content_type, data in parts:
        body += f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"".encode()
        body += f"; filename=\"{file_name}\"".encode() if file_name else b""
        body += f"\r\nContent-Type: {content_type}".encode() if content_type else b""
        body += b"\r\n\r\n" + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
