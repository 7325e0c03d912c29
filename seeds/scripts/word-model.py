#!/usr/bin/env python3
"""Make seeds/lattice/words.zst and seeds/lattice/bigrams.zst from two packages.

Usage: word-model.py DICT LM FOLDER
  DICT    dict.txt of jieba 0.42.1 (PyPI package `jieba`, source archive; MIT)
  LM      zh_CN.lm of the Debian package `libime-data-language-model` 1.0.16-1 (LGPL-2.1-or-later), a KenLM trie
  FOLDER  where the two files and SOURCES.tsv go; the hashes of DICT and LM are written into the last

Both files are text and numbers that zstd has packed:
  words.zst    a line a word, sorted: the word, a tab, how often jieba counts it
  bigrams.zst  the number of words; the words, the most frequent first, each with a line end; for each word
               its probability and its backoff weight as u16 (minus log10, in 1/4096); for each word the
               number of bigrams that start with it, as a varint; for each bigram the distance of its
               second word from the one before, as a varint; for each bigram its probability as u8 (minus
               log10, in tenths). Numbers are little-endian.
Needs the program `zstd` and nothing else beyond Python.
"""

import hashlib
import pathlib
import struct
import subprocess
import sys


def is_han(word):
    return all("\u3400" <= c <= "\u9fff" or c == "〇" for c in word)


class Trie:
    """The unigrams and bigrams of a KenLM file: a quantized trie with array pointers, of order 3."""

    def __init__(self, data):
        self.data = data
        assert data.startswith(b"mmap lm http://kheafield.com/code format version 5\n"), "not a KenLM file"
        # The signature is followed by numbers that tell the byte order, then by the parameters.
        order, kind, has_words = data[88], struct.unpack_from("<i", data, 96)[0], data[100]
        assert (order, kind, has_words) == (3, 5, 1), "another kind of model"
        self.counts = struct.unpack_from("<3Q", data, 108)
        words, bigrams, trigrams = self.counts
        at = (108 + 24 + 7) // 8 * 8
        at += 8 + 8 * words  # Hashes of the words.
        version, self.prob_bits, self.backoff_bits = data[at : at + 3]
        assert version == 2, version
        at += 8
        self.probs = struct.unpack_from(f"<{1 << self.prob_bits}f", data, at)
        at += 4 << self.prob_bits
        at += 4 << self.backoff_bits
        at += 4 << self.prob_bits  # Of the trigrams.
        self.unigrams = at
        at += 16 * (words + 2)
        # Pointers: low bits stand in the entries, high bits in a table before them.
        version, self.pointer_bits = data[at], data[at + 1]
        inline, table = self.pointer_layout(bigrams + 1, trigrams)
        at += 8 * (1 + table) + 7
        self.word_bits = words.bit_length()
        self.entry_bits = self.word_bits + self.prob_bits + self.backoff_bits + inline
        self.bigrams = at

    def pointer_layout(self, entries, largest):
        """Bits of a pointer that stand in its entry, and the length of the table of the others."""
        required = largest.bit_length()
        chopped = 0
        best = None
        for chop in range(0, min(required, self.pointer_bits) + 1):
            cost = (largest >> (required - chop)) * 64 - entries * chop
            if best is None or cost < best[0]:
                best, chopped = (cost, chop), chop
        return required - chopped, (largest >> (required - chopped)) + 1 if chopped else 0

    def bits(self, position, length):
        start = self.bigrams + (position >> 3)
        return int.from_bytes(self.data[start : start + 8], "little") >> (position & 7) & ((1 << length) - 1)

    def words(self):
        start = self.data.rindex(b"<unk>\0")
        return [w.decode() for w in self.data[start:].split(b"\0")[: self.counts[0]]]

    def unigram(self, word):
        """Probability and backoff (log10), and where the bigrams that end with the word start."""
        return struct.unpack_from("<ffQ", self.data, self.unigrams + 16 * word)

    def bigrams_with_last(self, word):
        """The first word and the probability of each bigram that ends with the word."""
        first, last = self.unigram(word)[2], self.unigram(word + 1)[2]
        for i in range(first, last):
            position = i * self.entry_bits
            before = self.bits(position, self.word_bits)
            code = self.bits(position + self.word_bits + self.backoff_bits, self.prob_bits)
            yield before, self.probs[code]


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def bigrams(data):
    """The bytes of bigrams.zst before they are packed."""
    trie = Trie(data)
    words = trie.words()
    kept = [i for i, word in enumerate(words) if i and is_han(word)]
    kept.sort(key=lambda i: (-trie.unigram(i)[0], words[i]))
    number = {old: new for new, old in enumerate(kept)}
    rows = [[] for _ in kept]
    for old in kept:
        for before, probability in trie.bigrams_with_last(old):
            if before in number:
                rows[number[before]].append((number[old], probability))
    out = bytearray(struct.pack("<I", len(kept)))
    for old in kept:
        out += words[old].encode() + b"\n"
    for field in (0, 1):
        for old in kept:
            out += struct.pack("<H", min(65535, max(0, round(-4096 * trie.unigram(old)[field]))))
    for row in rows:
        out += varint(len(row))
    probabilities = bytearray()
    for row in rows:
        last = 0
        for second, probability in sorted(row):
            out += varint(second - last)
            last = second
            probabilities.append(min(63, max(0, round(-10 * probability))))
    return bytes(out + probabilities)


def words(text):
    """The bytes of words.zst before they are packed."""
    counts = {}
    for line in text.splitlines():
        word, count, *_ = line.split(" ")
        if is_han(word) and len(word) <= 8:
            counts[word] = max(int(count), counts.get(word, 0))
    return "".join(f"{word}\t{count}\n" for word, count in sorted(counts.items())).encode()


def pack(path, data):
    path.write_bytes(subprocess.run(["zstd", "-19", "--ultra", "-22", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout)
    return path


def main():
    dictionary, model, folder = map(pathlib.Path, sys.argv[1:])
    made = [
        (pack(folder / "words.zst", words(dictionary.read_text("utf-8"))), dictionary, "PyPI jieba 0.42.1, jieba/dict.txt", "MIT"),
        (pack(folder / "bigrams.zst", bigrams(model.read_bytes())), model, "Debian libime-data-language-model 1.0.16-1, zh_CN.lm", "LGPL-2.1-or-later"),
    ]
    lines = ["# what: where the files of this folder come from", "# format: file, source, license, sha256 of the source, sha256 of the file",
             "# by: seeds/scripts/word-model.py"]
    for path, source, name, license in made:
        lines.append("\t".join([path.name, name, license] + [hashlib.sha256(p.read_bytes()).hexdigest() for p in (source, path)]))
    (folder / "SOURCES.tsv").write_text("\n".join(lines) + "\n")


main()
