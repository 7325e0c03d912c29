"""Reads files of the Unihan database, for the scripts beside it."""

import bz2
import hashlib
import pathlib
from collections import defaultdict


def read(folder, names):
    """Fields by character, the SHA-256 of the files joined, and the version of Unicode.

    The folder holds Unihan_*.txt or Unihan_*.txt.bz2 (Debian package unicode-data); `names` are those between.
    """
    data, digest, version = defaultdict(dict), hashlib.sha256(), "unknown"
    for name in names:
        path = next(pathlib.Path(folder).glob(f"Unihan_{name}.txt*"))
        raw = path.read_bytes()
        raw = bz2.decompress(raw) if path.suffix == ".bz2" else raw
        digest.update(raw)
        for line in raw.decode().splitlines():
            if line.lower().startswith("# unicode version"):
                version = line.split()[-1]
            if line.startswith("U+"):
                code, field, value = line.split("\t")
                data[chr(int(code[2:], 16))][field] = value
    return data, digest.hexdigest(), version
