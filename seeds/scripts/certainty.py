#!/usr/bin/env python3
"""Make seeds/lattice/certainty.tsv from candidates that `cargo bench --bench proofread -- --train OUT FILE...` writes.

Usage: certainty.py OUT[:WEIGHT]... > seeds/lattice/certainty.tsv
  OUT     a file of candidates: id, kind, whether it is right, chance, first and last place, whether it may be made at
          all, and what the trees may ask
  WEIGHT  what each of its candidates counts, 1 if not given

Small decision trees, each of which mends what those before it leave (gradient boosting); needs numpy and
scikit-learn 1.9.
"""

import sys

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

TREES = 400


def load(argument):
    path, _, weight = argument.partition(":")
    with open(path, encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split("\t")[7:]
        rows = [line.split("\t") for line in lines]
    rows = [row for row in rows if row[6] == "1"]
    right = numpy.array([int(row[2]) for row in rows])
    numbers = numpy.array([row[7:] for row in rows], dtype=float)
    return names, numbers, right, numpy.full(len(rows), float(weight or 1))


def write(nodes, names, start, at=0):
    """The fields of a tree from a node on; `start` goes into its answers."""
    node = nodes[at]
    if node["is_leaf"]:
        return [f"{node['value'] + start:.4f}"]
    question = f"{names[node['feature_idx']]}<={node['num_threshold']:.5g}"
    return [question] + write(nodes, names, start, node["left"]) + write(nodes, names, start, node["right"])


def main():
    parts = [load(argument) for argument in sys.argv[1:]]
    names = parts[0][0]
    numbers, right, weights = (numpy.concatenate([part[i] for part in parts]) for i in (1, 2, 3))
    print(f"{len(right)} candidates, {right.sum()} right", file=sys.stderr)
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=30,
        l2_regularization=5,
        early_stopping=False,
    ).fit(numbers, right, sample_weight=weights)
    start = float(model._baseline_prediction[0, 0])
    print("# what: decision trees that tell how certain a slip is (src/fix/certainty.rs); their answers are added")
    print("# format: a tree a line, a field a node: a number, a line, and behind it the branch for no more than that and")
    print("#   the other one; or what the tree adds")
    print("# source: seeds/scripts/certainty.py, on sentences and documents that docs/proofreading.md names")
    print("# version: 1")
    print("# licence: MIT OR Apache-2.0")
    print("# used by: src/fix/certainty.rs")
    for number, (tree,) in enumerate(model._predictors):
        print("\t".join(write(tree.nodes, names, start if number == 0 else 0.0)))


main()
