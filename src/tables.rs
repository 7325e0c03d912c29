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
