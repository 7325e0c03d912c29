//! The whole machine on one page: the rules in their order, the formats, and `press`.

use crate::rule::Rule;

/// Every rule, in the order in which they run.
pub const RULES: &[&[Rule]] = &[crate::read::RULES, crate::normalize::RULES, crate::fix::RULES];

/// The rule of a name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().flat_map(|rules| rules.iter()).find(|rule| rule.name == name)
}
