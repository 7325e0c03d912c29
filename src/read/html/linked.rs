//! What a saved page says of itself in JSON-LD (schema.org): headline, authors, date, publisher. It is for search engines, so
//! that it is there where nothing else in the page says who wrote it and when.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::read::html::tree::{Id, Tree};

/// Kinds of things that are a text somebody wrote; `NewsArticle` and others end in the first.
const KINDS: [&str; 6] = ["Article", "BlogPosting", "SocialMediaPosting", "Report", "Chapter", "ShortStory"];

/// Objects inside one another; deeper ones are not looked into.
const DEEPEST: usize = 8;

/// What is said of the text of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Linked {
    pub(super) headline: Option<String>,
    /// Keys of the metadata, and their values.
    pub(super) values: Vec<(&'static str, String)>,
    /// The script that says it.
    pub(super) range: Range<usize>,
}

/// What a page says of its text. `None` where it says nothing, or speaks of several texts.
pub(super) fn find(source: &str, tree: &Tree) -> Option<Linked> {
    let is_one =
        |&id: &Id| tree.name(id) == "script" && tree.attribute(id, "type") == Some("application/ld+json");
    let mut found: Vec<Linked> = Vec::new();
    for id in tree.descendants(Tree::ROOT).filter(is_one) {
        let Some(range) = tree.children(id).next().map(|child| tree.range(child)) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&source[range.clone()]) else { continue };
        gather(&value, &range, 0, &mut found);
    }
    found.dedup_by(|a, b| a.headline == b.headline && a.values == b.values);
    let one = found.pop()?;
    found.is_empty().then_some(one)
}

fn gather(value: &Value, range: &Range<usize>, depth: usize, out: &mut Vec<Linked>) {
    match value {
        Value::Array(all) if depth < DEEPEST => {
            all.iter().for_each(|one| gather(one, range, depth + 1, out));
        }
        Value::Object(object) if is_text(object) => out.push(of(object, range)),
        // A page may have its text in a list, or as what it is about.
        Value::Object(object) if depth < DEEPEST => {
            for key in ["@graph", "mainEntity"] {
                object.get(key).iter().for_each(|one| gather(one, range, depth + 1, out));
            }
        }
        _ => {}
    }
}

fn is_text(object: &Map<String, Value>) -> bool {
    let named = |value: &Value| {
        value.as_str().is_some_and(|kind| {
            let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
            kind.ends_with(KINDS[0]) || KINDS.contains(&kind)
        })
    };
    match object.get("@type") {
        Some(Value::Array(all)) => all.iter().any(named),
        Some(one) => named(one),
        None => false,
    }
}

fn of(object: &Map<String, Value>, range: &Range<usize>) -> Linked {
    let words = |key: &str| object.get(key).into_iter().flat_map(names).collect::<Vec<_>>();
    let mut values: Vec<(&str, String)> = words("author").into_iter().map(|name| ("author", name)).collect();
    for (key, name) in [("date", "datePublished"), ("publisher", "publisher")] {
        values.extend(words(name).into_iter().next().map(|value| (key, value)));
    }
    let headline = words("headline").into_iter().next();
    Linked { headline, values, range: range.clone() }
}

/// The words of a value: its own, those of its name, or of each in a list.
fn names(value: &Value) -> Vec<String> {
    let words = |value: &Value| {
        let words = value.as_str().or_else(|| value.get("name")?.as_str())?;
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        // Some pages write references here, in which no name would be printed as it is.
        (!words.is_empty() && !words.contains(['<', '&']) && !words.contains("://")).then_some(words)
    };
    match value {
        Value::Array(all) => all.iter().filter_map(words).collect(),
        one => words(one).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_say() {
        for (script, headline, values) in [
            (
                r#"{"@type":"NewsArticle","headline":"題","author":{"@type":"Person","name":"王 小明"},"datePublished":"2024-05-01T08:00:00+08:00","publisher":{"name":"某報"}}"#,
                Some("題"),
                "author=王 小明 date=2024-05-01T08:00:00+08:00 publisher=某報",
            ),
            (
                r#"{"@graph":[{"@type":"WebSite","name":"某站"},{"@type":["BlogPosting"],"headline":"題","author":["甲",{"name":"乙"}]}]}"#,
                Some("題"),
                "author=甲 author=乙",
            ),
            (r#"[{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"題"}}]"#, Some("題"), ""),
            (r#"{"@type":"schema:Report","author":"https://a.b/c"}"#, None, ""),
            // Lists of texts, other things, what is broken.
            (r#"[{"@type":"Article","headline":"一"},{"@type":"Article","headline":"二"}]"#, None, "none"),
            (r#"{"@type":"Product","name":"物"}"#, None, "none"),
            (r#"{"@type":"Article","headline":"題""#, None, "none"),
            ("", None, "none"),
        ] {
            let page = format!("<script type='application/ld+json'>{script}</script><p>文");
            let found = find(&page, &Tree::parse(&page, 0..page.len(), false));
            let told = found.as_ref().map_or("none".to_owned(), |found| {
                found.values.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(told, values, "{script}");
            assert_eq!(found.and_then(|found| found.headline).as_deref(), headline, "{script}");
        }
    }
}
