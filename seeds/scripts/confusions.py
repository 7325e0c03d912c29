#!/usr/bin/env python3
"""Make seeds/lattice/confusions.zst: which Simplified characters are taken for each other, and why.

Usage: confusions.py SEEDS > SEEDS/lattice/confusions.zst
  SEEDS  the folder seeds: tables/hanzi-keys.tsv (Unihan), opencc/STCharacters.txt (OpenCC) and
         lattice/words.zst (which characters are common) are read

For each pair of characters that sound or look alike, in Simplified or in Traditional form, the unpacked
file has five bytes: both characters as u16, little-endian, sorted, and a byte:
  bits 0-1  Mandarin: 3 same syllable, 2 same but for zh/z ch/c sh/s, -n/-ng, l/n/r, f/h, 0 other
  bit  2    same Cantonese syllable
  bit  3    same part that gives the sound
  bits 4-7  likeness of shape, 0 to 15
Needs the program `zstd` and nothing else beyond Python.
"""

import pathlib
import struct
import subprocess
import sys
from collections import defaultdict

# Pairs below both limits are no confusion. Shape is in fifteenths.
LEAST_SHAPE = 9
# The same, if one of the two is in no word.
LEAST_RARE = 11


def near(syllable):
    """The syllable without what many speakers do not tell apart."""
    for initial, plain in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(initial):
            syllable = plain + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    if syllable[:1] in "lr":
        syllable = "n" + syllable[1:]
    if syllable[:1] == "f" and syllable[1:2] == "u":
        syllable = "h" + syllable[1:]
    return syllable


def common_letters(a, b):
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def shape(a, b):
    """Likeness of two rows of keys, 0 to 1: Cangjie letters in common, and corners."""
    likeness = 0.0
    if a[2] and b[2]:
        likeness = 2 * common_letters(a[2], b[2]) / (len(a[2]) + len(b[2]))
        if min(len(a[2]), len(b[2])) <= 2 and likeness < 1:
            likeness *= 0.8
    if a[3] and b[3]:
        corners = sum(p == q for p, q in zip(a[3][:4], b[3][:4])) / 4
        likeness = 0.7 * likeness + 0.3 * corners
    if set(a[4]) & set(b[4]):
        likeness = max(likeness, 0.62)
    return likeness


def unpack(path):
    return subprocess.run(["zstd", "-dc", path], stdout=subprocess.PIPE, check=True).stdout.decode()


def main():
    seeds = pathlib.Path(sys.argv[1])
    keys = {}
    for line in (seeds / "tables/hanzi-keys.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            fields = ["" if f == "-" else f for f in line.split("\t")]
            mandarin, cantonese = (frozenset(f.split(",")) - {""} for f in fields[1:3])
            keys[fields[0]] = (mandarin, cantonese, fields[3], fields[4], fields[5], frozenset(map(near, mandarin)))
    forms = {}
    for line in (seeds / "opencc/STCharacters.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            character, values = line.split("\t")
            forms[character] = [v for v in values.split(" ") if v != character and v in keys][:3]
    used = defaultdict(int)
    for line in unpack(seeds / "lattice/words.zst").splitlines():
        word, count = line.split("\t")
        for c in word:
            used[c] += int(count)
    common = {c for c in used if c in keys and used[c] >= 5}
    # The others are nobody's words, but a slip of the pen may make one.
    characters = sorted(c for c in keys if "\u3400" <= c <= "\u9fff")
    rows = {c: [keys[c]] + [keys[f] for f in forms.get(c, [])] for c in characters}
    # Letters of each form as bits; the quickest test of likeness.
    masks = {c: [(sum(1 << (ord(x) - 65) for x in set(r[2])), len(r[2]), r) for r in rows[c]] for c in characters}
    by_sound = defaultdict(set)
    for c in characters:
        for r in rows[c]:
            for s in r[5]:
                by_sound["m" + s].add(c)
            for s in r[1]:
                by_sound["c" + s].add(c)
    out = bytearray()
    for i, a in enumerate(characters):
        usual = a in common
        alike = set().union(*(by_sound[k] for r in rows[a] for k in ["m" + s for s in r[5]] + ["c" + s for s in r[1]]))
        for b in characters[i + 1 :]:
            if not usual and b not in common:
                continue
            best = 0.0
            for mask, length, r in masks[a]:
                for other, others, s in masks[b]:
                    if 2 * (mask & other).bit_count() >= 0.35 * (length + others) or set(r[4]) & set(s[4]):
                        best = max(best, shape(r, s))
            level = min(15, int(best * 15 + 0.5))
            both = usual and b in common
            if level < (LEAST_SHAPE if both else LEAST_RARE) and not (both and b in alike):
                continue
            pairs = [(r, s) for r in rows[a] for s in rows[b]]
            sound = 3 if any(r[0] & s[0] for r, s in pairs) else 2 if any(r[5] & s[5] for r, s in pairs) else 0
            why = sound | any(r[1] & s[1] for r, s in pairs) << 2 | any(set(r[4]) & set(s[4]) for r, s in pairs) << 3
            out += struct.pack("<HHB", ord(a), ord(b), why | level << 4)
    packed = subprocess.run(["zstd", "--ultra", "-22", "-c"], input=bytes(out), stdout=subprocess.PIPE, check=True)
    sys.stdout.buffer.write(packed.stdout)


main()
