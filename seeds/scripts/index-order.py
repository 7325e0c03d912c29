#!/usr/bin/env python3
"""Make seeds/tables/index-order.tsv from the Unihan files of a folder.

Usage: index-order.py FOLDER > seeds/tables/index-order.tsv
The folder holds Unihan_*.txt or Unihan_*.txt.bz2 (Debian package unicode-data).
"""

import sys
import unicodedata
from collections import defaultdict

import unihan

FILES = ["IRGSources", "Readings"]

# How characters are read where they begin a family name, against their usual reading.
SURNAMES = {
    "仇": "qiú", "任": "rén", "冼": "xiǎn", "区": "ōu", "區": "ōu", "单": "shàn", "單": "shàn", "卜": "bǔ",
    "盖": "gě", "蓋": "gě", "种": "chóng", "朴": "piáo", "查": "zhā", "曾": "zēng", "繆": "miào", "缪": "miào",
    "翟": "zhái", "華": "huà", "华": "huà", "解": "xiè", "員": "yùn",
    "员": "yùn", "尉": "yù", "樂": "yuè", "乐": "yuè",
}


def marks(syllable):
    """Letters without tone, and the tone, to sort by."""
    tone, letters = 5, []
    for c in unicodedata.normalize("NFD", syllable):
        place = "\u0304\u0301\u030c\u0300".find(c)
        if place >= 0:
            tone = place + 1
        elif c == "\u0308":
            letters[-1] = "v"
        elif "a" <= c <= "z":
            letters.append(c)
    return "".join(letters), tone


def main():
    data, digest, version = unihan.read(sys.argv[1], FILES)

    # The basic plane, and what Hong Kong's standard has beyond it; compatibility forms are none of their own.
    wanted = [
        c for c, d in data.items()
        if (ord(c) < 0x10000 or "kIRG_HSource" in d) and unicodedata.normalize("NFC", c) == c
    ]
    strokes, sounds = defaultdict(list), defaultdict(list)
    for c in wanted:
        d = data[c]
        if "kTotalStrokes" in d and "kRSUnicode" in d:
            radical, rest = d["kRSUnicode"].split()[0].split(".")
            # Of two numbers the second is that of Traditional forms.
            count = int(d["kTotalStrokes"].split()[-1])
            strokes[count].append((int(radical.rstrip("'")), int(rest), c))
        if "kMandarin" in d:
            sounds[d["kMandarin"].split()[0]].append((int(d.get("kTotalStrokes", "99").split()[0]), c))

    print("# what: the order of Han characters in an index: by strokes, radical and further strokes; by sound and strokes")
    print("# format: order (stroke, pinyin, or surname: a reading that a family name has), group (number, syllable), characters in their order")
    print("# source: Unihan database, Debian package unicode-data, by seeds/scripts/index-order.py, which has the surnames")
    print(f"# version: Unicode {version}; sha256 of {', '.join(FILES)} joined: {digest}")
    print("# licence: Unicode-3.0 (https://www.unicode.org/license.txt)")
    print("# used by: src/index/order.rs")
    for syllable in sorted(sounds, key=lambda s: (*marks(s), s)):
        print("pinyin", syllable, "".join(c for _, c in sorted(sounds[syllable])), sep="\t")
    for count in sorted(strokes):
        print("stroke", count, "".join(c for *_, c in sorted(strokes[count])), sep="\t")
    names = defaultdict(list)
    for c, syllable in SURNAMES.items():
        if data[c].get("kMandarin", "").split()[:1] != [syllable]:
            assert syllable in sounds, syllable
            names[syllable].append(c)
    for syllable in sorted(names, key=lambda s: (*marks(s), s)):
        print("surname", syllable, "".join(sorted(names[syllable])), sep="\t")


main()
