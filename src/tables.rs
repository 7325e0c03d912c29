//! Word lists and character tables: the files of `seeds/tables`, read in place.

/// The tables of the proofreader and the localizer.
#[derive(Clone, Debug)]
pub struct Tables {}

impl Tables {
    /// The tables that hanpress carries.
    pub fn bundled() -> Self {
        Self {}
    }
}

/// Whether a longer, innocent string of a row's guards (parted by commas) covers the word at byte `at` of a string.
pub fn guarded(string: &str, at: usize, word: &str, guards: &str) -> bool {
    guards.split(',').any(|guard| {
        guard.match_indices(word).any(|(inside, _)| {
            at.checked_sub(inside).and_then(|start| string.get(start..)).is_some_and(|s| s.starts_with(guard))
        })
    })
}
