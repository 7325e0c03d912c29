//! Formulas of Word in, their source as TeX writes it out: what can be read, searched and set again elsewhere.

use crate::read::xml::{Element, Space};

/// The source of a formula.
pub(super) fn source(element: &Element) -> String {
    let mut out = String::new();
    write(element, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write(element: &Element, out: &mut String) {
    let inner = |name: &str| {
        let mut words = String::new();
        for part in element.elements().filter(|e| e.name == name) {
            write(part, &mut words);
        }
        words
    };
    let property = |name: &str, usual: &str| {
        let properties = element.elements().find(|e| e.name.ends_with("Pr") && e.space == Space::M);
        let found = properties.and_then(|p| p.elements().find(|e| e.name == name)).and_then(Element::value);
        found.unwrap_or_else(|| usual.to_owned())
    };
    match element.name.as_str() {
        "t" | "delText" => element.letters().for_each(|letters| out.push_str(&letters.text)),
        "f" => out.push_str(&format!("\\frac{{{}}}{{{}}}", inner("num"), inner("den"))),
        "sSup" => out.push_str(&format!("{}^{{{}}}", inner("e"), inner("sup"))),
        "sSub" => out.push_str(&format!("{}_{{{}}}", inner("e"), inner("sub"))),
        "sSubSup" => out.push_str(&format!("{}_{{{}}}^{{{}}}", inner("e"), inner("sub"), inner("sup"))),
        "sPre" => out.push_str(&format!("{{}}_{{{}}}^{{{}}}{}", inner("sub"), inner("sup"), inner("e"))),
        "rad" => match inner("deg").trim() {
            "" => out.push_str(&format!("\\sqrt{{{}}}", inner("e"))),
            degree => out.push_str(&format!("\\sqrt[{degree}]{{{}}}", inner("e"))),
        },
        "nary" => {
            out.push_str(&property("chr", "∫"));
            for (sign, part) in [("_", inner("sub")), ("^", inner("sup"))] {
                if !part.trim().is_empty() {
                    out.push_str(&format!("{sign}{{{part}}}"));
                }
            }
            out.push_str(&format!(" {}", inner("e")));
        }
        "d" => {
            let separator = property("sepChr", "|");
            let parts: Vec<String> = element
                .elements()
                .filter(|e| e.name == "e")
                .map(|part| {
                    let mut words = String::new();
                    write(part, &mut words);
                    words
                })
                .collect();
            out.push_str(&property("begChr", "("));
            out.push_str(&parts.join(&separator));
            out.push_str(&property("endChr", ")"));
        }
        "func" => out.push_str(&format!("{} {}", inner("fName"), inner("e"))),
        "limLow" => out.push_str(&format!("{}_{{{}}}", inner("e"), inner("lim"))),
        "limUpp" => out.push_str(&format!("{}^{{{}}}", inner("e"), inner("lim"))),
        "acc" | "bar" | "groupChr" => {
            let sign = match property("chr", "̂").as_str() {
                _ if element.name == "bar" => "\\overline",
                "̅" | "¯" => "\\bar",
                "⃗" | "→" => "\\vec",
                "̃" | "~" => "\\tilde",
                "̇" => "\\dot",
                _ if element.name == "groupChr" => "\\underbrace",
                _ => "\\hat",
            };
            out.push_str(&format!("{sign}{{{}}}", inner("e")));
        }
        "m" => {
            let rows: Vec<String> = element
                .elements()
                .filter(|e| e.name == "mr")
                .map(|row| {
                    let cells = row.elements().filter(|e| e.name == "e").map(|cell| {
                        let mut words = String::new();
                        write(cell, &mut words);
                        words
                    });
                    cells.collect::<Vec<_>>().join(" & ")
                })
                .collect();
            out.push_str(&format!("\\begin{{matrix}} {} \\end{{matrix}}", rows.join(" \\\\ ")));
        }
        "eqArr" => {
            let rows = element.elements().filter(|e| e.name == "e").map(|row| {
                let mut words = String::new();
                write(row, &mut words);
                words
            });
            out.push_str(&rows.collect::<Vec<_>>().join(" \\\\ "));
        }
        "rPr" | "ctrlPr" | "fPr" | "sSupPr" | "sSubPr" | "oMathParaPr" => {}
        _ => element.elements().for_each(|e| write(e, out)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::xml::{Node, Parser};

    #[test]
    fn formulas_become_their_source() {
        for (inner, expected) in [
            ("<m:r><m:t>a</m:t></m:r>", "a"),
            (
                "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>",
                "\\frac{1}{2}",
            ),
            (
                "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
                "x^{2}",
            ),
            (
                "<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e><m:r><m:t>y</m:t></m:r></m:e></m:rad>",
                "\\sqrt{y}",
            ),
            (
                "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub><m:r><m:t>i</m:t></m:r></m:sub><m:sup/><m:e><m:r><m:t>i</m:t></m:r></m:e></m:nary>",
                "∑_{i} i",
            ),
            ("<m:d><m:e><m:r><m:t>甲</m:t></m:r></m:e></m:d>", "(甲)"),
            ("<m:unknown><m:r><m:t>乙</m:t></m:r></m:unknown>", "乙"),
        ] {
            let text = format!(
                "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>{inner}</m:oMath>"
            );
            let mut parser = Parser::new(&text, 0);
            let Some(Node::Element(math)) = parser.next() else { panic!("a formula") };
            assert_eq!(source(&math), expected);
        }
    }
}
