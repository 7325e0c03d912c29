//! What a designer may change: page style (TOML) and style sheets, read from `templates/`.

use serde::Deserialize;

/// A template: the page style and the style sheet of the reflowable editions.
#[derive(Clone, Debug)]
pub struct Template {
    /// Name, e.g. `handout`.
    pub name: String,
    /// The page.
    pub page: PageStyle,
    /// Style sheet of the EPUB.
    pub epub_css: String,
}

/// The page style of a template; lengths in pt unless the name says em.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageStyle {
    /// Page width, pt.
    pub width: f32,
    /// Page height, pt.
    pub height: f32,
    /// Body size, pt (one em).
    pub size: f32,
    /// Distance between line axes, em.
    pub pitch: f32,
    /// Line length, em: a whole number.
    pub measure: u16,
    /// Lines on a page.
    pub lines: u16,
    /// From the top edge of the page to the top of the type area, pt.
    pub top: f32,
    /// First-line indent, em.
    pub indent: f32,
    /// Whether the running head stands on pages after the first.
    pub running_head: bool,
}

impl Template {
    /// The template of a name; `None` if there is none.
    pub fn bundled(name: &str) -> Option<Self> {
        let page = match name {
            "handout" => include_str!("../templates/handout.toml"),
            _ => return None,
        };
        Some(Self {
            name: name.to_owned(),
            page: toml::from_str(page).expect("bundled templates are tested"),
            epub_css: include_str!("../templates/epub.css").to_owned(),
        })
    }

    /// The names of the bundled templates.
    pub const NAMES: &[&str] = &["handout"];
}
