//! How much each feature weighs: a line to one number, a chance.

use std::sync::LazyLock;

use super::{
    candidate::{Candidate, KINDS},
    features::NAMES,
};

/// Made by `seeds/scripts/train.py`.
const TABLE: &str = include_str!("../../../seeds/lattice/model.tsv");

/// For each kind, the constant and the weights.
static WEIGHTS: LazyLock<Vec<(f32, [f32; NAMES.len()])>> = LazyLock::new(|| {
    let rows: Vec<Vec<&str>> =
        TABLE.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    // A feature without a line is new and weighs nothing until the model is trained again.
    let of = |name: &str, kind: usize| {
        let row = rows.iter().find(|row| row[0] == name);
        row.map_or(0.0, |row| row[kind + 1].parse().expect("a weight is a number"))
    };
    (0..KINDS.len()).map(|kind| (of("constant", kind), std::array::from_fn(|i| of(NAMES[i], kind)))).collect()
});

/// The chance that a candidate is what was meant, from 0 to 1.
pub fn chance(candidate: &Candidate) -> f32 {
    let (constant, weights) = &WEIGHTS[candidate.kind as usize];
    let sum: f32 = weights.iter().zip(&candidate.features.0).map(|(w, x)| w * x).sum();
    1.0 / (1.0 + (-(constant + sum)).exp())
}
