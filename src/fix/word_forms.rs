//! The forms of a list of wrong words: lines in Traditional characters in, lines for every script and region out.
//!
//! Runs in the build script, so that a pair stands in the list once and the program has nothing to convert at start.

use std::collections::HashMap;

/// A dictionary of OpenCC that maps a key to its first value; the longest key wins.
pub struct Mapping {
    pairs: HashMap<String, String>,
    /// Length of the longest key in characters.
    longest: usize,
}

impl Mapping {
    /// Reads dictionaries in the form `key<TAB>value value…`; an earlier one wins.
    pub fn of(texts: &[String]) -> Self {
        let mut pairs = HashMap::new();
        for line in texts.iter().flat_map(|text| text.lines()) {
            if let Some((key, values)) = line.split_once('\t').filter(|_| !line.starts_with('#')) {
                let value = values.split(' ').next().unwrap_or(key);
                pairs.entry(key.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        let longest = pairs.keys().map(|key| key.chars().count()).max().unwrap_or(0);
        Self { pairs, longest }
    }

    fn apply(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest);
            let key = ends.filter(|end| self.pairs.contains_key(&rest[..*end])).last();
            let end = key.unwrap_or(c.len_utf8());
            out.push_str(self.pairs.get(&rest[..end]).map_or(&rest[..end], String::as_str));
            rest = &rest[end..];
        }
        out
    }
}

/// How the forms of a word are found.
pub struct Forms {
    /// Traditional to Simplified.
    pub simplified: Mapping,
    /// The characters of a region back to those that all regions start from.
    pub common: Mapping,
    /// From there to the characters of each region.
    pub regions: Vec<Mapping>,
}

impl Forms {
    /// The list with a line for every form: wrong, right, script of the documents in which it holds (`t`, `s`, or `-`
    /// for any), level, guards, reason; sorted, each wrong word at most once a script (`-` sorts first).
    pub fn expand(&self, table: &str) -> String {
        let mut lines: Vec<[String; 6]> = Vec::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [wrong, right, regions, level, guards, reason] = fields[..] else {
                panic!("six columns in the list of wrong words: {line}")
            };
            let own = |script: &str, form: &dyn Fn(&str) -> String| -> [String; 6] {
                let (wrong, right) = (form(wrong), form(right));
                [wrong, right, script.into(), level.into(), guards_of(guards, form), form(reason)]
            };
            if regions == "cn" {
                lines.push(own("s", &str::to_owned));
                continue;
            }
            let everywhere = if regions == "all" { "-" } else { "t" };
            let mut forms = vec![own(everywhere, &str::to_owned)];
            forms.push(own(everywhere, &|text| self.common.apply(text)));
            for region in &self.regions {
                forms.push(own(everywhere, &|text| region.apply(&self.common.apply(text))));
            }
            if regions == "all" {
                forms.push(own("-", &|text| self.simplified.apply(text)));
            }
            lines.extend(reconciled(forms));
        }
        lines.retain(|line| line[0] != line[1]);
        lines.sort();
        lines.dedup_by(|b, a| a[0] == b[0] && (a[2] == b[2] || a[2] == "-"));
        lines.iter().map(|line| line.join("\t") + "\n").collect()
    }
}

/// Each guard as it is written and in the form of the word.
fn guards_of(guards: &str, form: &dyn Fn(&str) -> String) -> String {
    let mut all: Vec<String> = Vec::new();
    for guard in guards.split(',') {
        for guard in [form(guard), guard.to_owned()] {
            if !all.contains(&guard) {
                all.push(guard);
            }
        }
    }
    all.join(",")
}

/// The forms of one pair, each wrong word once. Where Simplified alone needs another right form (the last one), the
/// script of the document decides.
fn reconciled(forms: Vec<[String; 6]>) -> Vec<[String; 6]> {
    let last = forms.len() - 1;
    let mut out: Vec<[String; 6]> = Vec::new();
    for (i, mut form) in forms.into_iter().enumerate() {
        match out.iter_mut().find(|known| known[0] == form[0]) {
            Some(known) if i == last && form[2] == "-" && known[1] != form[1] => {
                known[2] = "t".into();
                form[2] = "s".into();
                out.push(form);
            }
            Some(_) => {}
            None => out.push(form),
        }
    }
    out
}
