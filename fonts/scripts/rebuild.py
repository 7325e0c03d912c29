#!/usr/bin/env python3
"""Rebuilds the packed faces of fonts.toml from registry packages and checks every SHA-256.

usage: rebuild.py OUT      needs Python 3.11, npm, apt-get (Debian 12, after `apt-get update`), dpkg-deb, zstd,
                           and fonttools 4.68.0 for the derived face
Writes OUT/raw/NAME.ttf and OUT/FILE for every face; bases come before the faces that are differences to them.
"""
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

here = pathlib.Path(__file__).resolve().parent
out = pathlib.Path(sys.argv[1]).resolve()
raw = out / "raw"
raw.mkdir(parents=True, exist_ok=True)
faces = tomllib.loads((here.parent / "fonts.toml").read_text())["face"]


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def fetch(package, cache):
    """Unpacks a package once; gives its folder."""
    name = re.search(r"(?:npm|deb) (\S+)", package).group(1)
    folder = cache / re.sub(r"\W", "_", name)
    if not folder.exists():
        folder.mkdir()
        if package.startswith("npm"):
            archive = run("npm", "pack", "--silent", name, cwd=folder).split()[-1]
            run("tar", "xzf", archive, cwd=folder)
        else:
            run("apt-get", "download", "-q", name, cwd=folder)
            run("dpkg-deb", "-x", next(folder.glob("*.deb")).name, ".", cwd=folder)
    return folder / "package" if package.startswith("npm") else folder


with tempfile.TemporaryDirectory() as cache:
    for face in faces:
        source = fetch(face["package"], pathlib.Path(cache)) / face["path"]
        font = raw / f"{face['name']}.ttf"
        if face["package"].startswith("derived"):
            run(sys.executable, here / "make-tw-kai.py", source, here / "twkai-unicodes.txt", font)
        else:
            font.write_bytes(source.read_bytes())
        if hashlib.sha256(font.read_bytes()).hexdigest() != face["sha256"]:
            sys.exit(f"{face['name']}: SHA-256 differs from fonts.toml")
        pack = ["zstd", "-19", "--single-thread", "--check", "-q", "-f", font, "-o", out / face["file"]]
        if "base" in face:
            pack[2:2] = ["--long=27", f"--patch-from={raw / face['base']}.ttf"]
        run(*pack)
        print(f"{face['name']}: as in fonts.toml")
