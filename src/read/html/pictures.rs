//! Pictures of HTML: where they are, what they show. A picture within the page itself is taken out of it.

use crate::{
    read::html::{Flow, Reader, notes, tree::Id},
    text::MarkKind,
};

impl Reader<'_> {
    pub(super) fn picture(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let tiny = |name| {
            tree.attribute(id, name).is_some_and(|v| matches!(v.trim_end_matches("px"), "0" | "1" | "2"))
        };
        if tiny("width") || tiny("height") {
            return;
        }
        let alt = tree.attribute(id, "alt").unwrap_or_default().to_owned();
        match self.path(id) {
            Some(path) => flow.run.object(tree.range(id), MarkKind::Image { path, alt }),
            None => {
                self.say(id, "a picture without a file is not kept; what it shows in words is".to_owned());
                flow.run.push(&alt, tree.range(id), false);
            }
        }
    }

    /// Where a picture is: as the page names it, escapes read.
    fn path(&mut self, id: Id) -> Option<String> {
        let tree = self.tree();
        let attribute = |name: &str| tree.attribute(id, name).filter(|v| !v.is_empty());
        // Pages that load pictures late have the real one elsewhere.
        let late = ["data-src", "data-original", "data-lazy-src", "data-actualsrc"]
            .iter()
            .find_map(|n| attribute(n));
        let first =
            |set: &str| set.split(',').next().and_then(|p| p.split_whitespace().next()).map(str::to_owned);
        let own = attribute("src").or_else(|| attribute("xlink:href")).or_else(|| attribute("href"));
        match own {
            Some(src) if src.starts_with("data:") => late.map(super::unescaped),
            Some(src) => Some(self.local(src)),
            None => late.map(|src| self.local(src)).or_else(|| attribute("srcset").and_then(first)),
        }
    }

    /// A path in a package is from its root.
    fn local(&self, src: &str) -> String {
        let file = &self.files[self.file].path;
        if src.contains("://") || src.starts_with("//") {
            return src.to_owned();
        }
        if file.is_empty() {
            return super::unescaped(src.split(['?', '#']).next().unwrap_or_default());
        }
        super::resolve(file, src).unwrap_or_else(|| src.to_owned())
    }

    /// A drawing in the page: the pictures in it are read, its lines are not.
    pub(super) fn drawing(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let pictures: Vec<Id> = tree.descendants(id).filter(|&n| tree.name(n) == "image").collect();
        if pictures.is_empty() {
            let words = notes::words(&self.source.text, tree, id);
            if tree.attribute(id, "aria-hidden") != Some("true") {
                let said =
                    if words.is_empty() { String::new() } else { format!(", with the words `{words}`") };
                self.say(id, format!("a drawing (SVG) in the page is not kept{said}"));
            }
        }
        pictures.into_iter().for_each(|picture| self.picture(picture, flow));
    }
}
