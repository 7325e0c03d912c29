//! The looks of a house: the parts of our DOCX and a document of the house in, the same text in the house's styles, on its
//! page, with its running heads, out.
//!
//! A style of ours is the house's of the same name (names are the same in every language of Word, ids are not); one that
//! the house does not have is added as it is. Theme, page, heads and feet, numbering of headings and fonts are the house's.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    package::{Kind, Package, target},
    write::docx::rewrite::{Act, Found, elements, rewrite, value},
};

/// The parts of a DOCX in their order: path and bytes.
pub(super) type Parts = Vec<(String, Vec<u8>)>;

/// Where what the house's document brings along lies.
const FOLDER: &str = "word/reference/";

/// English metric units of a twip.
const EMU: u64 = 635;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A relation of a part.
#[derive(Clone, Debug)]
struct Relation {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

/// A document of the house.
struct House<'a> {
    package: &'a Package,
    /// The part with its text.
    main: String,
    /// That part's relations.
    relations: Vec<Relation>,
    /// Content types by part, and by extension.
    types: BTreeMap<String, String>,
    extensions: BTreeMap<String, String>,
    /// The parts that are brought along, by their name in the house's document; new name, bytes, content type.
    brought: BTreeMap<String, (String, Vec<u8>, String)>,
}

/// Whether a package can be taken as a document of the house.
///
/// # Errors
/// Why not.
pub fn check(package: &Package) -> Result<(), String> {
    if package.kind() != Ok(Kind::Docx) {
        return Err("it is no document of Word".into());
    }
    let house = House::open(package)?;
    let styles = house.part("styles")?.ok_or("it has no styles")?;
    root(&styles.1).map(|_| ())
}

/// The root of a part, if it is written in the usual vocabulary under its usual prefix.
fn root(xml: &str) -> Result<Found, String> {
    let root = elements(xml)?.into_iter().next().ok_or("it is empty")?;
    match root.attribute("xmlns:w") {
        Some(WORD) => Ok(root),
        _ => Err("it is saved as Strict Open XML; save it as a usual Word document".into()),
    }
}

/// Dresses our parts; `language` is that of the edition.
///
/// # Errors
/// When the house's document is damaged.
pub(super) fn dress(package: &Package, parts: &mut Parts, language: &str) -> Result<(), String> {
    let mut house = House::open(package)?;
    let (_, styles) = house.part("styles")?.ok_or("it has no styles")?;
    root(&styles)?;
    let (styles, names) = merged(&styles, &text(parts, "word/styles.xml"), language)?;
    set(parts, "word/styles.xml", styles);

    let theirs = house.part("numbering")?;
    let offset = match &theirs {
        Some((path, numbering)) if root(numbering).is_ok() => {
            let (numbering, offset) = numbers(numbering, &text(parts, "word/numbering.xml"))?;
            set(parts, "word/numbering.xml", numbering);
            house.relations_of(path, "word/numbering.xml", parts)?;
            offset
        }
        _ => 0,
    };
    let mut own_fonts = true;
    if let Some((path, fonts)) = house.part("fontTable")? {
        let fonts = faces(&fonts, &text(parts, "word/fontTable.xml"))?;
        set(parts, "word/fontTable.xml", fonts);
        parts.retain(|(path, _)| !path.starts_with("word/fonts/") && path != "word/_rels/fontTable.xml.rels");
        own_fonts = house.relations_of(&path, "word/fontTable.xml", parts)?;
    }
    if let Some((path, theme)) = house.part("theme")? {
        set(parts, "word/theme/theme1.xml", theme);
        house.relations_of(&path, "word/theme/theme1.xml", parts)?;
    }
    let ours = text(parts, "word/document.xml");
    let section = house.section(parts)?;
    let width = match &section {
        Some(section) => measure(section)?.zip(measure(&ours)?),
        None => None,
    };
    for path in [
        "word/document.xml",
        "word/footnotes.xml",
        "word/endnotes.xml",
        "word/header1.xml",
        "word/footer1.xml",
        "word/footer2.xml",
    ] {
        // Where the house has heads and feet, ours are gone.
        let xml = text(parts, path);
        if xml.is_empty() {
            continue;
        }
        let xml = dressed(&xml, &names, offset, width, section.as_deref())?;
        set(parts, path, xml);
    }
    let even = house.part("settings")?.is_some_and(|(_, xml)| xml.contains("<w:evenAndOddHeaders"));
    let settings = rewrite(&text(parts, "word/settings.xml"), |found| match found.name.as_str() {
        "w:embedTrueTypeFonts" | "w:saveSubsetFonts" if !own_fonts => Act::Drop,
        "w:characterSpacingControl" if even => {
            let control = found.attribute("w:val").unwrap_or("doNotCompress");
            Act::Replace(format!("<w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"{control}\"/>"))
        }
        _ => Act::Keep,
    })?;
    set(parts, "word/settings.xml", settings);
    house.pack(parts)
}

fn text(parts: &Parts, path: &str) -> String {
    let found = parts.iter().find(|(known, _)| known == path);
    found.map_or_else(String::new, |(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
}

fn set(parts: &mut Parts, path: &str, xml: String) {
    match parts.iter_mut().find(|(known, _)| known == path) {
        Some((_, bytes)) => *bytes = xml.into_bytes(),
        None => parts.push((path.to_owned(), xml.into_bytes())),
    }
}

/// A style of a part: its element, id, kind, name, and whether it is its kind's default.
struct Style {
    xml: String,
    id: String,
    kind: String,
    name: String,
    default: bool,
}

fn styles(xml: &str) -> Result<Vec<Style>, String> {
    let all = elements(xml)?;
    let styles = all.iter().enumerate().filter(|(_, found)| found.depth == 1 && found.name == "w:style");
    Ok(styles
        .map(|(at, found)| {
            let inside = all[at + 1..].iter().take_while(|inner| inner.range.start < found.range.end);
            let name = inside.filter(|inner| inner.depth == 2 && inner.name == "w:name");
            let attribute = |name: &str| found.attribute(name).unwrap_or_default().to_owned();
            Style {
                xml: xml[found.range.clone()].to_owned(),
                id: attribute("w:styleId"),
                kind: attribute("w:type"),
                name: name.filter_map(|n| n.attribute("w:val")).next().unwrap_or_default().to_lowercase(),
                default: matches!(found.attribute("w:default"), Some("1" | "true" | "on")),
            }
        })
        .collect())
}

/// The house's styles with those of ours that it lacks, and what each of ours is called there.
fn merged(theirs: &str, ours: &str, language: &str) -> Result<(String, BTreeMap<String, String>), String> {
    let (house, own) = (styles(theirs)?, styles(ours)?);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut added = Vec::new();
    for style in &own {
        let same = |known: &&Style| known.kind == style.kind && known.name == style.name;
        let default = |known: &&Style| style.default && known.default && known.kind == style.kind;
        if let Some(known) = house.iter().find(same).or_else(|| house.iter().find(default)) {
            names.insert(style.id.clone(), known.id.clone());
            continue;
        }
        // An id of ours that is another style of the house's.
        let mut id = style.id.clone();
        while house.iter().any(|known| known.id == id) {
            id.push_str("Hanpress");
        }
        names.insert(style.id.clone(), id);
        added.push(style);
    }
    let mut more = String::new();
    for style in added {
        more.push_str(&rewrite(&style.xml, |found| {
            let renamed = |key: &str| {
                let changed = |(name, value): &(String, String)| {
                    let new = (name == key).then(|| names.get(value)).flatten();
                    (name.clone(), new.unwrap_or(value).clone())
                };
                Act::Set(found.attributes.iter().map(changed).collect())
            };
            match found.name.as_str() {
                "w:style" => renamed("w:styleId"),
                "w:basedOn" | "w:next" | "w:link" => renamed("w:val"),
                _ => Act::Keep,
            }
        })?);
    }
    let end = theirs.rfind("</").ok_or("its styles are empty")?;
    let whole = [&theirs[..end], &more, &theirs[end..]].concat();
    // Whatever Chinese the house writes, this text is that of its edition.
    let whole = rewrite(&whole, |found| {
        let chinese = found.attribute("w:eastAsia").is_some_and(|tag| tag.to_lowercase().starts_with("zh"));
        if found.name != "w:lang" || !chinese {
            return Act::Keep;
        }
        let changed = |(name, value): &(String, String)| {
            (name.clone(), if name == "w:eastAsia" { language.to_owned() } else { value.clone() })
        };
        Act::Set(found.attributes.iter().map(changed).collect())
    })?;
    Ok((whole, names))
}

/// The house's numbering with our lists behind it, and how much higher their numbers are.
fn numbers(theirs: &str, ours: &str) -> Result<(String, u32), String> {
    let ids = |xml: &str, element: &str, attribute: &str| -> Result<u32, String> {
        let all = elements(xml)?.into_iter().filter(|found| found.depth == 1 && found.name == element);
        Ok(all.filter_map(|found| found.attribute(attribute)?.parse::<u32>().ok()).max().unwrap_or(0))
    };
    let ways = ids(theirs, "w:abstractNum", "w:abstractNumId")? + 1;
    let offset = ids(theirs, "w:num", "w:numId")?;
    let ours = rewrite(ours, |found| {
        let raised = |key: &str, by: u32| {
            let changed = |(name, value): &(String, String)| {
                let number = (name == key).then(|| value.parse::<u32>().ok()).flatten();
                (name.clone(), number.map_or_else(|| value.clone(), |n| (n + by).to_string()))
            };
            Act::Set(found.attributes.iter().map(changed).collect())
        };
        match found.name.as_str() {
            "w:abstractNum" => raised("w:abstractNumId", ways),
            "w:abstractNumId" => raised("w:val", ways),
            "w:num" => raised("w:numId", offset),
            _ => Act::Keep,
        }
    })?;
    let of = |name: &str| -> Result<String, String> {
        let all = elements(&ours)?.into_iter().filter(|found| found.depth == 1 && found.name == name);
        Ok(all.map(|found| ours[found.range].to_owned()).collect())
    };
    let (ways, lists) = (of("w:abstractNum")?, of("w:num")?);
    let all = elements(theirs)?;
    let end = theirs.rfind("</").ok_or("its numbering is empty")?;
    // The schema wants all ways to count first, then all lists.
    let first = |names: &[&str]| {
        let found = all.iter().find(|found| found.depth == 1 && names.contains(&found.name.as_str()));
        found.map_or(end, |found| found.range.start)
    };
    let (lists_at, end) = (first(&["w:num", "w:numIdMacAtCleanup"]), first(&["w:numIdMacAtCleanup"]));
    let whole = [&theirs[..lists_at], &ways, &theirs[lists_at..end], &lists, &theirs[end..]].concat();
    Ok((whole, offset))
}

/// The house's fonts, and by name those of our styles that were added: with the usual fonts that stand in for them.
fn faces(theirs: &str, ours: &str) -> Result<String, String> {
    let named = |found: &Found| found.depth == 1 && found.name == "w:font";
    let known: BTreeSet<String> = (elements(theirs)?.into_iter().filter(named))
        .filter_map(|found| found.attribute("w:name").map(str::to_owned))
        .collect();
    let mut more = String::new();
    for found in elements(ours)?.into_iter().filter(named) {
        if found.attribute("w:name").is_some_and(|name| !known.contains(name)) {
            let embedded = |inner: &Found| inner.name.starts_with("w:embed");
            let keep = |inner: &Found| if embedded(inner) { Act::Drop } else { Act::Keep };
            more.push_str(&rewrite(&ours[found.range], keep)?);
        }
    }
    let Some(end) = theirs.rfind("</") else { return Ok(theirs.to_owned()) };
    Ok([&theirs[..end], &more, &theirs[end..]].concat())
}

/// A part of ours in the house's styles: no face is named but by a style, and lists count by their new numbers.
fn dressed(
    xml: &str,
    names: &BTreeMap<String, String>,
    offset: u32,
    width: Option<(u32, u32)>,
    section: Option<&str>,
) -> Result<String, String> {
    let scaled = |found: &Found, key: &str| {
        let Some((theirs, ours)) = width else { return Act::Keep };
        let changed = |(name, value): &(String, String)| {
            let length = (name == key).then(|| value.parse::<u64>().ok()).flatten();
            let length =
                length.map(|length| (length * u64::from(theirs) / u64::from(ours.max(1))).to_string());
            (name.clone(), length.unwrap_or_else(|| value.clone()))
        };
        Act::Set(found.attributes.iter().map(changed).collect())
    };
    rewrite(xml, |found| match found.name.as_str() {
        // Tables are as wide as the measure, and no picture is wider.
        "w:gridCol" | "w:tcW" => scaled(found, "w:w"),
        "wp:extent" | "a:ext" => fitted(found, width.map(|(theirs, _)| u64::from(theirs) * EMU)),
        // Lines with readings have the pitch of our page.
        "w:spacing" | "w:snapToGrid" => Act::Drop,
        "w:pStyle" | "w:rStyle" | "w:tblStyle" => {
            let style = found.attribute("w:val").unwrap_or_default();
            let style = names.get(style).map_or(style, String::as_str);
            Act::Set(vec![("w:val".into(), style.to_owned())])
        }
        "w:rFonts" => match found.attribute("w:hint") {
            Some(hint) => Act::Set(vec![("w:hint".into(), hint.to_owned())]),
            None => Act::Drop,
        },
        "w:numId" => {
            let number = found.attribute("w:val").and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
            Act::Set(vec![("w:val".into(), (number + offset).to_string())])
        }
        "w:sectPr" => section.map_or(Act::Keep, |section| Act::Replace(section.to_owned())),
        _ => Act::Keep,
    })
}

/// A picture that is wider than the measure, made smaller.
fn fitted(found: &Found, measure: Option<u64>) -> Act {
    let length = |key: &str| found.attribute(key).and_then(|length| length.parse::<u64>().ok());
    match (measure, length("cx"), length("cy")) {
        (Some(measure), Some(wide), Some(high)) if wide > measure => Act::Set(vec![
            ("cx".into(), measure.to_string()),
            ("cy".into(), (high * measure / wide).to_string()),
        ]),
        _ => Act::Keep,
    }
}

/// How long the lines of a section are, twips; of the last in a part.
fn measure(xml: &str) -> Result<Option<u32>, String> {
    let all = elements(xml)?;
    let last = |name: &str| all.iter().rfind(|found| found.name == name);
    let (Some(page), Some(margins)) = (last("w:pgSz"), last("w:pgMar")) else { return Ok(None) };
    let length = |found: &Found, key: &str| found.attribute(key).and_then(|n| n.parse::<f64>().ok());
    let vertical = last("w:textDirection").is_some();
    let (whole, edges) =
        if vertical { ("w:h", ["w:top", "w:bottom"]) } else { ("w:w", ["w:left", "w:right"]) };
    let blank: f64 = edges.iter().filter_map(|edge| length(margins, edge)).map(f64::abs).sum();
    Ok(length(page, whole).map(|whole| whole - blank).filter(|n| *n > 0.0).map(|n| n as u32))
}

impl<'a> House<'a> {
    fn open(package: &'a Package) -> Result<Self, String> {
        let mut house = Self {
            package,
            main: String::new(),
            relations: Vec::new(),
            types: BTreeMap::new(),
            extensions: BTreeMap::new(),
            brought: BTreeMap::new(),
        };
        let of_package = house.related("")?;
        let main = of_package.iter().find(|relation| relation.kind.ends_with("/officeDocument"));
        house.main = main.map(|relation| relation.target.clone()).ok_or("it names no main part")?;
        house.relations = house.related(&house.main)?;
        let types = house.xml("[Content_Types].xml")?;
        for found in elements(&types)? {
            let kind = found.attribute("ContentType").unwrap_or_default().to_owned();
            if let Some(part) = found.attribute("PartName") {
                house.types.insert(part.trim_start_matches('/').to_owned(), kind);
            } else if let Some(extension) = found.attribute("Extension") {
                house.extensions.insert(extension.to_lowercase(), kind);
            }
        }
        Ok(house)
    }

    fn xml(&self, part: &str) -> Result<String, String> {
        let bytes = self.package.bytes(part).map_err(|error| format!("its part `{part}` {error}"))?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        String::from_utf8(bytes.to_vec()).map_err(|_| format!("its part `{part}` is not UTF-8"))
    }

    /// The relations of a part; of the package itself for the part without a name.
    fn related(&self, part: &str) -> Result<Vec<Relation>, String> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() {
            format!("_rels/{name}.rels")
        } else {
            format!("{folder}/_rels/{name}.rels")
        };
        if !self.package.has(&path) {
            return Ok(Vec::new());
        }
        let xml = self.xml(&path)?;
        let all = elements(&xml)?.into_iter().filter(|found| found.name == "Relationship");
        Ok(all
            .filter_map(|found| {
                let attribute = |name: &str| found.attribute(name).unwrap_or_default().to_owned();
                let external = attribute("TargetMode") == "External";
                let goal = attribute("Target");
                // What leads out of the package is not followed.
                let goal = if external { goal } else { target(part, &goal)? };
                Some(Relation { id: attribute("Id"), kind: attribute("Type"), target: goal, external })
            })
            .collect())
    }

    /// A part that the main part names by a kind of relation: its path and text.
    fn part(&self, kind: &str) -> Result<Option<(String, String)>, String> {
        let found = self.relations.iter().find(|r| !r.external && r.kind.rsplit('/').next() == Some(kind));
        let Some(path) = found.map(|relation| relation.target.clone()).filter(|path| self.package.has(path))
        else {
            return Ok(None);
        };
        let xml = self.xml(&path)?;
        Ok(Some((path, xml)))
    }

    /// Brings a part along with all that it names; gives back its new name.
    fn bring(&mut self, part: &str, parts: &mut Parts) -> Result<String, String> {
        if let Some((name, ..)) = self.brought.get(part) {
            return Ok(name.clone());
        }
        let bytes = self.package.bytes(part).map_err(|error| format!("its part `{part}` {error}"))?;
        let extension = part.rsplit_once('.').map_or("bin", |(_, extension)| extension).to_lowercase();
        let kind = self.types.get(part).or_else(|| self.extensions.get(&extension));
        let kind = kind.cloned().unwrap_or_else(|| "application/octet-stream".into());
        let name = format!("{FOLDER}part{}.{extension}", self.brought.len() + 1);
        self.brought.insert(part.to_owned(), (name.clone(), bytes, kind));
        self.relations_of(part, &name, parts)?;
        Ok(name)
    }

    /// Brings along what a part names, under the relations of a part of ours; gives back whether there is anything.
    fn relations_of(&mut self, part: &str, ours: &str, parts: &mut Parts) -> Result<bool, String> {
        let related = self.related(part)?;
        let mut xml = String::new();
        for relation in &related {
            let (goal, mode) = if relation.external {
                (relation.target.clone(), " TargetMode=\"External\"")
            } else if self.package.has(&relation.target) {
                (format!("/{}", self.bring(&relation.target, parts)?), "")
            } else {
                continue;
            };
            let (id, kind) = (&relation.id, &relation.kind);
            xml.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{goal}\"{mode}/>"));
        }
        if xml.is_empty() {
            return Ok(false);
        }
        let (folder, name) = ours.rsplit_once('/').unwrap_or(("", ours));
        let whole = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{xml}</Relationships>"
        );
        set(parts, &format!("{folder}/_rels/{name}.rels"), whole);
        Ok(true)
    }

    /// The page of the house: that of its last section. Where it has neither heads nor feet, ours stay.
    fn section(&mut self, parts: &mut Parts) -> Result<Option<String>, String> {
        let main = self.xml(&self.main)?;
        root(&main)?;
        let all = elements(&main)?;
        let Some(at) = all.iter().rposition(|found| found.name == "w:sectPr") else { return Ok(None) };
        let inside = all[at + 1..].iter().take_while(|inner| inner.range.start < all[at].range.end);
        let inside: Vec<&Found> = inside.filter(|inner| inner.depth == all[at].depth + 1).collect();
        let ours = text(parts, "word/document.xml");
        let own = elements(&ours)?;
        let section = own.iter().rposition(|found| found.name == "w:sectPr").map_or(&[][..], |at| &own[at..]);
        let headed =
            inside.iter().any(|f| matches!(f.name.as_str(), "w:headerReference" | "w:footerReference"));
        let mut xml = String::from("<w:sectPr>");
        if !headed {
            let ends = section.iter().filter(|f| f.name.ends_with("erReference"));
            ends.for_each(|found| xml.push_str(&ours[found.range.clone()]));
        }
        let mut relations = text(parts, "word/_rels/document.xml.rels");
        let mut turned = false;
        for found in inside {
            match found.name.as_str() {
                "w:headerReference" | "w:footerReference" => {
                    let relation =
                        self.relations.iter().find(|r| Some(r.id.as_str()) == found.attribute("r:id"));
                    let Some(relation) = relation.cloned().filter(|r| self.package.has(&r.target)) else {
                        continue;
                    };
                    let path = self.bring(&relation.target, parts)?;
                    let id = format!("house{}", self.brought.len());
                    let kind = format!("{RELATION}{}", &found.name[2..8]);
                    let line = format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"/{path}\"/>");
                    relations = relations.replacen("</Relationships>", &(line + "</Relationships>"), 1);
                    let when = value(&found.attributes, "w:type").unwrap_or("default");
                    xml.push_str(&format!("<{} w:type=\"{when}\" r:id=\"{id}\"/>", found.name));
                }
                "w:pgSz" | "w:pgMar" | "w:paperSrc" | "w:pgBorders" | "w:lnNumType" | "w:pgNumType"
                | "w:cols" | "w:vAlign" | "w:noEndnote" | "w:titlePg" | "w:bidi" | "w:rtlGutter"
                | "w:docGrid" | "w:textDirection" => {
                    turned |= found.name == "w:textDirection";
                    // A vertical edition is vertical on any page.
                    if found.name == "w:docGrid" && !turned {
                        let own = section.iter().find(|f| f.name == "w:textDirection");
                        xml.push_str(own.map_or("", |found| &ours[found.range.clone()]));
                        turned = true;
                    }
                    xml.push_str(&main[found.range.clone()]);
                }
                _ => {}
            }
        }
        if !turned {
            let own = section.iter().find(|f| f.name == "w:textDirection");
            xml.push_str(own.map_or("", |found| &ours[found.range.clone()]));
        }
        xml.push_str("</w:sectPr>");
        set(parts, "word/_rels/document.xml.rels", relations);
        if headed {
            parts.retain(|(path, _)| !path.starts_with("word/header") && !path.starts_with("word/footer"));
            let gone = |found: &Found| {
                let goal = found.attribute("Target").or(found.attribute("PartName")).unwrap_or_default();
                ["header1.xml", "footer1.xml", "footer2.xml"]
                    .iter()
                    .any(|name| goal.trim_start_matches("/word/") == *name)
            };
            for path in ["word/_rels/document.xml.rels", "[Content_Types].xml"] {
                let kept =
                    rewrite(&text(parts, path), |found| if gone(found) { Act::Drop } else { Act::Keep })?;
                set(parts, path, kept);
            }
        }
        Ok(Some(xml))
    }

    /// Puts what was brought along behind our parts, with its types.
    fn pack(self, parts: &mut Parts) -> Result<(), String> {
        let mut types = String::new();
        let mut brought: Vec<_> = self.brought.into_values().collect();
        brought.sort();
        for (name, bytes, kind) in brought {
            types.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>"));
            parts.push((name, bytes));
        }
        let whole = text(parts, "[Content_Types].xml").replacen("</Types>", &(types + "</Types>"), 1);
        set(parts, "[Content_Types].xml", whole);
        Ok(())
    }
}
