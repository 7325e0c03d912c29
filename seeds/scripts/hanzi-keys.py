#!/usr/bin/env python3
"""Make seeds/tables/hanzi-keys.tsv from the Unihan files of a folder.

Usage: hanzi-keys.py FOLDER > seeds/tables/hanzi-keys.tsv
The folder holds Unihan_*.txt or Unihan_*.txt.bz2 (Debian package unicode-data).
"""

import re
import sys
import unicodedata
from collections import Counter, defaultdict

import unihan

FILES = ["Readings", "DictionaryLikeData", "IRGSources", "OtherMappings", "Variants", "DictionaryIndices"]


def syllable(reading):
    """A Mandarin reading without its tone; ü is written v."""
    plain = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(c for c in plain if "a" <= c <= "z")


def main():
    data, digest, version = unihan.read(sys.argv[1], FILES)

    common = {c for c, d in data.items() if "kGB0" in d or "kTGH" in d or "kHKGlyph" in d}
    for c, d in data.items():
        # The first level of Big5: the 5,401 characters in daily use.
        if 0xA440 <= int(d.get("kBigFive", "0"), 16) <= 0xC67E:
            common.add(c)
    common = {c for c in common if "kMandarin" in data[c] and unicodedata.normalize("NFC", c) == c}

    def sounds(c):
        d = data[c]
        return {syllable(r) for r in d.get("kMandarin", "").split()} | set(re.sub(r"\d", "", d.get("kCantonese", "")).split())

    series, codes = defaultdict(list), defaultdict(list)
    for c, d in data.items():
        for number in re.findall(r"\d+[A-D]?", d.get("kPhonetic", "").replace("x", "")):
            series[number].append(c)
        if c in common and "kCangjie" in d:
            codes[d["kCangjie"]].append(c)

    def simplified(c):
        return f"U+{ord(c):04X}" not in data[c].get("kTraditionalVariant", f"U+{ord(c):04X}")

    def strokes(c):
        return int(data[c].get("kTotalStrokes", "99").split()[0])

    def within(c, code):
        part = data[c].get("kCangjie", "")
        return len(part) > 1 and not Counter(part) - Counter(code)

    def parts(c):
        """The parts of a character that give its sound: itself among them if others take it as theirs."""
        code = data[c].get("kCangjie", "")
        numbers = re.findall(r"\d+[A-D]?", data[c].get("kPhonetic", "").replace("x", ""))
        found = set()
        for number in numbers:
            # Of a phonetic series, the simplest member that is written inside this one: its Cangjie
            # letters are among this one's (in any order, for 戠 is YAI alone and YIA in 職).
            inside = [m for m in series[number] if not simplified(m) and within(m, code)]
            if inside:
                found.add(min(inside, key=lambda m: (strokes(m), m)))
        if not found:
            # Most simplified characters stand in no series: a shorter character of the same sound.
            for cut in range(1, len(code) - 1):
                found |= {m for m in codes[code[cut:]] if sounds(m) & sounds(c)}
        return "".join(sorted(found))

    print("# what: sound, shape and variants of common Han characters, to tell what is easily confused")
    print("# format: character, Mandarin syllables, Cantonese syllables, Cangjie, four-corner code, parts that give "
          "the sound, variants, script (t, s or -); - for none")
    print("# source: Unihan database, Debian package unicode-data, by seeds/scripts/hanzi-keys.py")
    print(f"# version: Unicode {version}; sha256 of {', '.join(FILES)} joined: {digest}")
    print("# licence: Unicode-3.0 (https://www.unicode.org/license.txt)")
    print("# used by: src/fix/hanzi.rs")
    for c in sorted(common):
        d = data[c]
        readings = d["kMandarin"].split()
        readings += [r.split("(")[0] for r in d.get("kHanyuPinlu", "").split()]
        readings += [r for entry in d.get("kTGHZ2013", "").split() for r in entry.split(":")[1].split(",")]
        mandarin = list(dict.fromkeys(syllable(r) for r in readings))
        cantonese = list(dict.fromkeys(r.rstrip("123456") for r in d.get("kCantonese", "").split()))
        fields = ("kSimplifiedVariant", "kTraditionalVariant", "kSemanticVariant", "kSpecializedSemanticVariant", "kZVariant")
        variants = {chr(int(u, 16)) for f in fields for u in re.findall(r"U\+([0-9A-F]+)", d.get(f, ""))} - {c}
        variants = "".join(sorted(v for v in variants if v in common))
        simple = d.get("kSimplifiedVariant", "")
        full = d.get("kTraditionalVariant", "")
        own = f"U+{ord(c):04X}"
        script = "t" if simple and own not in simple else "s" if full and own not in full else "-"
        row = [c, ",".join(mandarin), ",".join(cantonese), d.get("kCangjie", ""), d.get("kFourCornerCode", "").split(" ")[0],
               parts(c), variants, script]
        print("\t".join(field or "-" for field in row))


main()
