#!/usr/bin/env python3
"""Make seeds/lattice/model.tsv from candidates that `cargo bench --bench proofread -- --train OUT FILE...` writes.

Usage: train.py OUT[:WEIGHT]... > seeds/lattice/model.tsv
  OUT     a file of candidates: id, kind, whether it is right, chance under the present model, first and last place,
          whether it may be made at all, and what the trees of certainty.py may ask, of which the features come last
  WEIGHT  what each of its candidates counts, 1 if not given

For each kind of candidate a logistic regression, fitted by Newton's method with a ridge; the program needs numpy.
"""

import sys

import numpy

KINDS = ["function", "pair", "triple", "idiom", "swap", "term"]
RIDGE = 2.0


def load(argument):
    path, _, weight = argument.partition(":")
    with open(path, encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split("\t")
        first, last = names.index("gain"), names.index("own-chance") + 1
        names = names[first:last]
        rows = [line.split("\t") for line in lines]
    kinds = numpy.array([int(row[1]) for row in rows])
    right = numpy.array([float(row[2]) for row in rows])
    features = numpy.array([row[first:last] for row in rows], dtype=float)
    return names, kinds, right, features, numpy.full(len(rows), float(weight or 1))


def fit(features, right, weights):
    """Constant and weights of the features, in their own units."""
    mean, spread = features.mean(0), features.std(0)
    spread[spread < 1e-6] = 1.0
    x = numpy.hstack([numpy.ones((len(features), 1)), (features - mean) / spread])
    ridge = numpy.full(x.shape[1], RIDGE)
    ridge[0] = 1e-6
    beta = numpy.zeros(x.shape[1])
    for _ in range(30):
        chance = 1 / (1 + numpy.exp(-numpy.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weights * (right - chance)) - ridge * beta
        curvature = (x * (weights * chance * (1 - chance))[:, None]).T @ x + numpy.diag(ridge)
        step = numpy.linalg.solve(curvature, gradient)
        beta += step
        if abs(step).max() < 1e-6:
            break
    slopes = beta[1:] / spread
    return beta[0] - slopes @ mean, slopes


def main():
    parts = [load(argument) for argument in sys.argv[1:]]
    names = parts[0][0]
    kinds, right, features, weights = (numpy.concatenate([part[i] for part in parts]) for i in (1, 2, 3, 4))
    columns = []
    for kind in range(len(KINDS)):
        chosen = kinds == kind
        columns.append(fit(features[chosen], right[chosen], weights[chosen]))
        print(f"{KINDS[kind]}: {chosen.sum()} candidates, {int(right[chosen].sum())} right", file=sys.stderr)
    print("# what: how much each feature of a candidate weighs (src/fix/lattice/features.rs)")
    print("# format: feature, then its weight for " + ", ".join(KINDS))
    print("# source: seeds/scripts/train.py, on sentences and documents that docs/proofreading.md names")
    print("# version: 1")
    print("# licence: MIT OR Apache-2.0")
    print("# used by: src/fix/lattice/model.rs")
    for i, name in enumerate(["constant"] + names):
        print("\t".join([name] + [f"{c if i == 0 else w[i - 1]:.5f}" for c, w in columns]))


main()
