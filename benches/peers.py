#!/usr/bin/env python3
"""hanpress beside pandoc: Markdown to EPUB and DOCX, the manuscript and a made-up book.

    python3 benches/peers.py [PROGRAM] [--pages N]

Whole processes, medians of five (three for the book), in turns in one run: CPU seconds of the process and its threads,
wall seconds, bytes. hanpress does not proofread here (`--fix off`), as pandoc does not. pandoc puts in no fonts and draws
no cover, so sizes are compared without: DOCX with `--embed-fonts none`, EPUB less its font files and its cover; the time
for them is in. pandoc comes from PyPI (`pip install pypandoc_binary`).
"""
import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = "他在船上看見遠處的燈火，知道岸已經不遠了；風從水面上來，帶着泥土的氣味。"


def book(pages):
    """Markdown of about so many pages of 700 characters, every paragraph another."""
    paragraphs = pages * 700 // (len(SENTENCE) * 4)
    out = ["---", "title: 長書", "author: 某甲", "language: zh-Hant-TW", "---", ""]
    for number in range(paragraphs):
        if number % 40 == 0:
            out += [f"# 第{number // 40 + 1}章", ""]
        out += [f"第{number + 1}段。" + SENTENCE * 4, ""]
    return "\n".join(out)


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return cpu, wall


def size(path):
    """Bytes of a package without its fonts and the cover that was drawn."""
    ends = (".ttf", ".odttf", "images/cover.png")
    with zipfile.ZipFile(path) as package:
        more = sum(part.compress_size for part in package.infolist() if part.filename.endswith(ends))
    return os.path.getsize(path) - more


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default=str(ROOT / "target/release/hanpress"))
    parser.add_argument("--pages", type=int, default=300)
    args = parser.parse_args()
    import pypandoc

    pandoc = pypandoc.get_pandoc_path()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        article = folder / "article.md"
        subprocess.run(
            [args.program, "convert", ROOT / "seeds/texts/shanghai-spirit.txt", "--to", "md", "-o", article, "-q"], check=True
        )
        long = folder / "long.md"
        long.write_text(book(args.pages))
        print(f"{'text':10} {'to':5} {'hanpress':>18} {'pandoc':>18} {'faster':>7} {'bytes':>18} {'size':>6}")
        for name, source, times in [("article", article, 5), (f"{args.pages} pages", long, 3)]:
            for kind in ["epub", "docx"]:
                ours, theirs = folder / f"ours.{kind}", folder / f"theirs.{kind}"
                press = [args.program, "convert", source, "-o", ours, "--to", kind, "--fix", "off", "-q"]
                press += ["--template", "book"] if source == long else []
                press += ["--embed-fonts", "none"] if kind == "docx" else []
                peer = [pandoc, source, "-o", theirs, "--toc"]
                run(press)
                pairs = [(run(press), run(peer)) for _ in range(times)]
                mine, other = ([statistics.median(pair[i][k] for pair in pairs) for k in (0, 1)] for i in (0, 1))
                sizes = size(ours), size(theirs)
                print(
                    f"{name:10} {kind:5} {mine[0]:8.3f} {mine[1]:8.3f}s {other[0]:8.3f} {other[1]:8.3f}s"
                    f" {other[0] / mine[0]:6.1f}× {sizes[0]:8} {sizes[1]:8}  {sizes[0] / sizes[1]:5.2f}"
                )


if __name__ == "__main__":
    main()
