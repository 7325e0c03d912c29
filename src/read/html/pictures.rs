//! Pictures of HTML: where they are, what they show. A picture within the page itself is taken out of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    document::Image,
    package::target,
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
        match self.within(id).or_else(|| self.path(id)) {
            Some(path) => flow.run.object(tree.range(id), MarkKind::Image { path, alt }),
            None => {
                self.say(id, "a picture without a file is not kept; what it shows in words is".to_owned());
                flow.run.push(&alt, tree.range(id), false);
            }
        }
    }

    /// Takes a picture out of the page itself (`data:`), with the name that our own pages give it.
    fn within(&mut self, id: Id) -> Option<String> {
        let tree = self.tree();
        let src = tree.attribute(id, "src").or(tree.attribute(id, "xlink:href"))?;
        let data = src.strip_prefix("data:image/")?;
        let (_, packed) = data.split_once(";base64,")?;
        let packed: String = packed.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(packed).ok()?;
        let extension = if bytes.starts_with(&[0xFF, 0xD8]) { "jpg" } else { "png" };
        let image = Image::read(String::new(), bytes).ok().filter(|i| i.width > 2 || i.height > 2)?;
        let named = tree.attribute(id, "data-src").filter(|name| !name.is_empty());
        let same =
            self.document.images.iter().find(|i| i.bytes == image.bytes && named.is_none_or(|n| n == i.path));
        if let Some(same) = same {
            return Some(same.path.clone());
        }
        let number = self.document.images.len() + 1;
        let path = named.map_or_else(|| format!("picture-{number}.{extension}"), str::to_owned);
        if !self.document.images.iter().any(|i| i.path == path) {
            self.document.images.push(Image { path: path.clone(), ..image });
        }
        Some(path)
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
            Some(src) if src.starts_with("data:") => late.map(|src| self.local(src)),
            Some(src) => Some(self.local(src)),
            None => late.map(|src| self.local(src)).or_else(|| attribute("srcset").and_then(first)),
        }
    }

    /// A path in a package is from its root. What leads away stays as it is, for the message.
    fn local(&self, src: &str) -> String {
        target(&self.files[self.file].path, src).unwrap_or_else(|| src.to_owned())
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
