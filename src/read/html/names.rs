//! The names of elements and attributes, by what they do to the tree.

use std::borrow::Cow;

/// Names that are kept once for all elements.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "rb",
    "rp",
    "rt",
    "ruby",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "u",
    "ul",
];

const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "class",
    "colspan",
    "content",
    "dir",
    "epub:type",
    "height",
    "href",
    "id",
    "lang",
    "name",
    "rel",
    "role",
    "rowspan",
    "src",
    "start",
    "style",
    "target",
    "title",
    "type",
    "value",
    "width",
    "xml:lang",
    "xmlns",
];

/// The name of an element, lower case.
pub(super) fn known(name: &[u8]) -> Cow<'static, str> {
    interned(KNOWN, name)
}

/// The name of an attribute, lower case.
pub(super) fn attribute(name: &[u8]) -> Cow<'static, str> {
    interned(ATTRIBUTES, name)
}

fn interned(table: &'static [&'static str], name: &[u8]) -> Cow<'static, str> {
    match table.binary_search_by(|known| known.as_bytes().cmp(name)) {
        Ok(index) => Cow::Borrowed(table[index]),
        Err(_) => Cow::Owned(String::from_utf8_lossy(name).to_lowercase()),
    }
}

/// Elements without content.
pub(super) const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
];

/// Elements whose inside is no markup.
pub(super) const RAW: &[&str] =
    &["iframe", "noembed", "noframe", "noscript", "plaintext", "script", "style", "xmp"];

/// What stands in the head of a page.
pub(super) const HEAD: &[&str] =
    &["base", "head", "html", "link", "meta", "noscript", "script", "style", "template", "title"];

/// Elements that end a paragraph which has no end tag.
pub(super) const CLOSE_P: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];

/// Whether an element stands on its own: for it no look is opened again. Those that end a paragraph, and the parts of
/// pages and tables.
pub(super) fn is_block(name: &str) -> bool {
    const PARTS: &[&str] = &[
        "body", "caption", "col", "colgroup", "head", "html", "legend", "tbody", "td", "tfoot", "th",
        "thead", "tr",
    ];
    CLOSE_P.contains(&name) || PARTS.contains(&name)
}

/// Looks: an end that crosses others leaves these open.
pub(super) const LOOKS: &[&str] =
    &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// What a start tag does not look beyond for what it ends.
pub(super) const SCOPE: &[&str] =
    &["applet", "button", "caption", "html", "marquee", "object", "table", "td", "template", "th"];

/// Elements in which looks begin anew.
pub(super) const CELLS: &[&str] = &["caption", "td", "th"];

/// Elements in which only parts of a table may stand.
pub(super) const ROWS: &[&str] = &["table", "tbody", "tfoot", "thead", "tr"];

/// Parts of a table, and what may stand among them.
pub(super) const TABLE_PARTS: &[&str] = &[
    "caption", "col", "colgroup", "script", "style", "table", "tbody", "td", "template", "tfoot", "th",
    "thead", "tr",
];

/// Whether an element is a heading.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        for table in [KNOWN, ATTRIBUTES] {
            assert!(table.is_sorted(), "{table:?}");
        }
        for (name, expected) in [("p", "p"), ("x-y", "x-y"), ("foreignObject", "foreignobject")] {
            assert_eq!(known(name.as_bytes()), expected);
        }
    }
}
