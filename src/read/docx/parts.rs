//! Which part of a package stands in which relation to another.

use std::collections::BTreeMap;

use crate::{
    package::target,
    read::xml::{Node, Parser, Space},
    source::Source,
};

/// Where a relation leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a part of the package.
    Part(String),
    /// Out of the package; it is never fetched.
    External(String),
}

/// The relations of one part, by their id.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    /// Kind without its namespace, and target.
    list: BTreeMap<String, (String, Target)>,
}

impl Relations {
    /// Where an id leads.
    pub(super) fn target(&self, id: &str) -> Option<&Target> {
        self.list.get(id).map(|(_, target)| target)
    }

    /// The part of an id.
    pub(super) fn part(&self, id: &str) -> Option<&str> {
        match self.target(id)? {
            Target::Part(part) => Some(part),
            Target::External(_) => None,
        }
    }

    /// The first part in a relation of a kind, such as `styles`.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.list.values().find_map(|(known, target)| match target {
            Target::Part(part) if known == kind => Some(part.as_str()),
            _ => None,
        })
    }

    /// All parts in a relation of a kind, each once, in the order of their names.
    pub(super) fn all_of_kind(&self, kind: &str) -> Vec<String> {
        let of_kind = self.list.values().filter_map(|(known, target)| match target {
            Target::Part(part) if known == kind => Some(part.clone()),
            _ => None,
        });
        let mut parts: Vec<String> = of_kind.collect();
        parts.sort();
        parts.dedup();
        parts
    }
}

/// The name of the part of the main text.
pub(super) fn main(source: &Source) -> String {
    let relations = named(source, "_rels/.rels", "");
    let main = relations.of_kind("officeDocument").filter(|part| source.part(part).is_some());
    main.unwrap_or("word/document.xml").to_owned()
}

/// The name of a part in the folder of another.
pub(super) fn beside(part: &str, name: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, _)) => [folder, "/", name].concat(),
        None => name.to_owned(),
    }
}

/// The relations of a part.
pub(super) fn relations(source: &Source, part: &str) -> Relations {
    let (folder, name) = part.rsplit_once('/').map_or(("", part), |(f, n)| (f, n));
    let slash = if folder.is_empty() { "" } else { "/" };
    named(source, &[folder, slash, "_rels/", name, ".rels"].concat(), part)
}

fn named(source: &Source, name: &str, part: &str) -> Relations {
    let mut out = Relations::default();
    let Some((text, start)) = source.part(name) else { return out };
    let mut parser = Parser::new(text, start);
    if !parser.enter(Space::Other, "Relationships") {
        return out;
    }
    while let Some(node) = parser.next() {
        let Node::Element(relation) = node else { continue };
        let said = |name: &str| relation.attribute(name);
        let (Some(id), Some(kind), Some(to)) = (said("Id"), said("Type"), said("Target")) else { continue };
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        let external = said("TargetMode").as_deref() == Some("External");
        let inside = if external { None } else { target(part, &to) };
        out.list.insert(id, (kind, inside.map_or(Target::External(to), Target::Part)));
    }
    out
}
