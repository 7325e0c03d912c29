//! How certain a slip is: small decision trees that weigh what the lattice and the document say of it together, where
//! the line of `model.tsv` only says how likely it is.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    lattice::{Features, NAMES},
    slips::Slip,
};

/// Made by `seeds/scripts/certainty.py`: a tree a line.
const TABLE: &str = include_str!("../../seeds/lattice/certainty.tsv");

/// What the trees ask besides the features of the candidate.
pub const EVIDENCE: [&str; 6] = ["kind", "likeness", "chance", "support", "word-support", "strangeness"];

/// The numbers of a slip, in the order of `EVIDENCE` and then of the features.
pub struct Evidence([f32; EVIDENCE.len() + NAMES.len()]);

impl Evidence {
    /// Those of a slip with what the document says of it.
    pub fn of(slip: &Slip) -> Self {
        let chance = slip.chance.clamp(0.0001, 0.9999);
        let own = [
            slip.candidate.kind as u8 as f32,
            slip.likeness() as u8 as f32,
            (chance / (1.0 - chance)).ln(),
            slip.recurrence.support as f32,
            slip.recurrence.word as f32,
            slip.strangeness,
        ];
        let Features(features) = slip.candidate.features;
        let mut all = [0.0; EVIDENCE.len() + NAMES.len()];
        all[..own.len()].copy_from_slice(&own);
        all[own.len()..].copy_from_slice(&features);
        Self(all)
    }

    /// The numbers with their names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f32)> {
        EVIDENCE.into_iter().chain(NAMES).zip(self.0)
    }

    /// How certain the slip is, from 0 to 1.
    pub fn certainty(&self) -> f32 {
        let sum: f32 = TREES.iter().map(|tree| tree.ask(&self.0)).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// A question of a tree, or its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Node {
    /// The next node if a number is no more than a line, else the node of that number.
    Question { number: usize, most: f32, otherwise: usize },
    /// What the tree adds.
    Answer(f32),
}

/// A tree, each node before those below it.
#[derive(Debug, PartialEq)]
struct Tree(Vec<Node>);

impl Tree {
    /// Reads a tree from a line: a field a node, `NAME<=LINE` and its two branches, or what it adds.
    fn read(line: &str, numbers: &BTreeMap<&str, usize>) -> Option<Self> {
        let mut nodes: Vec<Node> = Vec::new();
        // The questions whose second branch has not begun, and the branches that have not.
        let (mut open, mut due) = (Vec::new(), 1usize);
        for field in line.split('\t') {
            due = due.checked_sub(1)?;
            if let Some((name, most)) = field.split_once("<=") {
                let (number, most) = (*numbers.get(name)?, most.parse().ok()?);
                open.push(nodes.len());
                due += 2;
                nodes.push(Node::Question { number, most, otherwise: 0 });
                continue;
            }
            nodes.push(Node::Answer(field.parse().ok()?));
            let next = nodes.len();
            if let Some(at) = open.pop()
                && let Node::Question { otherwise, .. } = &mut nodes[at]
            {
                *otherwise = next;
            }
        }
        (due == 0).then_some(Self(nodes))
    }

    fn ask(&self, numbers: &[f32]) -> f32 {
        let mut at = 0;
        loop {
            match self.0[at] {
                Node::Question { number, most, otherwise } => {
                    at = if numbers[number] <= most { at + 1 } else { otherwise };
                }
                Node::Answer(answer) => return answer,
            }
        }
    }
}

fn numbers() -> BTreeMap<&'static str, usize> {
    EVIDENCE.into_iter().chain(NAMES).zip(0..).collect()
}

static TREES: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let numbers = numbers();
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| Tree::read(line, &numbers).expect("a line is a tree")).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_asked_branch_by_branch() {
        let numbers = BTreeMap::from([("a", 0), ("b", 1)]);
        let tree = Tree::read("a<=1\tb<=2\t0.1\t0.2\ta<=5\t-0.3\t0.4", &numbers).expect("a tree");
        for (a, b, answer) in
            [(1.0, 2.0, 0.1), (0.0, 2.5, 0.2), (1.5, 0.0, -0.3), (5.0, 9.0, -0.3), (6.0, 0.0, 0.4)]
        {
            assert_eq!(tree.ask(&[a, b]), answer, "{a} {b}");
        }
        assert_eq!(Tree::read("0.5", &numbers).expect("a tree").ask(&[0.0, 0.0]), 0.5);
        for line in ["c<=1\t0.1\t0.2", "a<=1\t0.1", "0.1\t0.2", "a<=x\t0.1\t0.2", "a<=1", "", "a"] {
            assert_eq!(Tree::read(line, &numbers), None, "{line:?}");
        }
    }

    #[test]
    fn the_table_has_trees_with_two_branches_a_question() {
        assert!(TREES.len() > 100, "{}", TREES.len());
        for Tree(nodes) in &*TREES {
            let answers = nodes.iter().filter(|node| matches!(node, Node::Answer(_))).count();
            assert_eq!(nodes.len(), 2 * answers - 1);
        }
    }
}
