#!/usr/bin/env python3
"""Measures the figures of the README: medians of whole processes, release build.

usage: benches/figures.py [PROGRAM]     PROGRAM defaults to target/release/hanpress (`cargo build --release`)
Needs Python 3.9 on Linux or macOS. Prints the table of the README.
"""
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
program = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / "target/release/hanpress").resolve())
manuscript = root / "seeds/texts/shanghai-spirit.txt"
RUNS = 15


def once(work, *flags):
    """Wall milliseconds and peak MiB of one run."""
    environment = {**os.environ, "HANPRESS_CACHE": str(work / "cache")}
    start = time.perf_counter()
    child = os.posix_spawn(program, [program, "convert", str(work / "a.txt"), "--quiet", *flags], environment)
    _, status, usage = os.wait4(child, 0)
    wall = (time.perf_counter() - start) * 1000
    if status != 0:
        sys.exit(f"hanpress ended with status {status}")
    return wall, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def median(runs):
    return statistics.median(r[0] for r in runs), max(r[1] for r in runs)


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    shutil.copy(manuscript, work / "a.txt")

    def first():
        shutil.rmtree(work / "cache", ignore_errors=True)
        return once(work)

    cold = median([first() for _ in range(RUNS)])
    warm = median([once(work) for _ in range(RUNS)])
    epub = median([once(work, "--to", "epub") for _ in range(RUNS)])
    all_editions = median([once(work, "--edition", "source,hk,tw,cn") for _ in range(RUNS)])
size = os.path.getsize(program) / 1e6
print("| | target | measured |")
print("| --- | --- | --- |")
print(f"| manuscript to all three formats, warm font cache | 80 ms | {warm[0]:.0f} ms |")
print(f"| the same, the very first run on a machine | 250 ms | {cold[0]:.0f} ms |")
print(f"| EPUB alone, warm | 40 ms | {epub[0]:.0f} ms |")
print(f"| peak memory of these | 150 MiB | {max(cold[1], warm[1], epub[1]):.0f} MiB |")
print(f"| all four editions, twelve files, warm | - | {all_editions[0]:.0f} ms, {all_editions[1]:.0f} MiB |")
print(f"| size of the program | 90 MB | {size:.0f} MB |")
