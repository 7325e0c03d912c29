//! SARIF 2.1.0: what code hosts and editors read. Columns and offsets count Unicode code points, which SARIF calls
//! `unicodeCodePoints`; `byteOffset` counts bytes of the file in its own encoding.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    edit::Verdict,
    present::{Finding, Proof, is_remark, rule},
    report::{Severity, confidence_word},
    rule::Rule,
    source::{Source, Span},
};

/// The log of a run; `troubles` are inputs that could not be read.
pub fn log(proofs: &[Proof], troubles: &[String], all: bool) -> Value {
    let mut rules: Vec<&Rule> = Vec::new();
    let mut results = Vec::new();
    for (artifact, proof) in proofs.iter().enumerate() {
        // Of findings alike in word and surroundings, the first, the second …
        let mut alike = BTreeMap::<String, usize>::new();
        for finding in proof.findings(all) {
            let Some(rule) = rule(finding.rule()) else { continue };
            let number = rules.iter().position(|known| known.name == rule.name).unwrap_or_else(|| {
                rules.push(rule);
                rules.len() - 1
            });
            let fingerprint = finding.fingerprint(&proof.source);
            let count = alike.entry(fingerprint.clone()).or_default();
            *count += 1;
            results.push(result(proof, artifact, finding, number, format!("{fingerprint}:{count}")));
        }
    }
    let notifications: Vec<Value> =
        troubles.iter().map(|t| json!({ "level": "error", "message": { "text": t } })).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "hanpress",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(descriptor).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": troubles.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "artifacts": proofs.iter().map(|proof| json!({
                "location": { "uri": uri(&proof.source.name) },
                "encoding": proof.source.encoding.name(),
                "mimeType": "text/plain",
            })).collect::<Vec<_>>(),
            "results": results,
        }],
    })
}

/// What a rule says of itself.
fn descriptor(rule: &Rule) -> Value {
    let doc = &rule.doc;
    let examples: String =
        doc.examples.iter().map(|(before, after)| format!("\n\n- {before} → {after}")).collect();
    let text = format!("{} {} {}", doc.finds, doc.why, doc.unsure);
    let markdown = format!(
        "**Finds.** {}\n\n**Why.** {}{examples}\n\n**When it is unsure.** {}",
        doc.finds, doc.why, doc.unsure
    );
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": doc.finds },
        "help": { "text": text, "markdown": markdown },
        "properties": { "tags": [format!("{:?}", rule.stage).to_lowercase()] },
    })
}

fn result(proof: &Proof, artifact: usize, finding: Finding, rule: usize, fingerprint: String) -> Value {
    let source = &proof.source;
    let location = json!({ "uri": uri(&source.name), "index": artifact });
    let mut region = region(source, finding.span());
    region.insert("snippet".into(), json!({ "text": source.words_under(finding.span()) }));
    let line = source.place(finding.span().start as usize).line;
    let mut out = json!({
        "ruleId": finding.rule(),
        "ruleIndex": rule,
        "level": match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": finding.message() },
        "locations": [{ "physicalLocation": {
            "artifactLocation": location,
            "region": region,
            "contextRegion": { "startLine": line, "snippet": { "text": source.line_at(finding.span().start as usize).0 } },
        } }],
        "partialFingerprints": { "hanpressFinding/v1": fingerprint },
    });
    if let Some(part) = source.part_at(finding.span().start as usize) {
        let location = &mut out["locations"][0];
        location["logicalLocations"] = json!([{ "name": part.name, "kind": "member" }]);
        if let Some(physical) = location["physicalLocation"].as_object_mut() {
            physical.remove("contextRegion");
        }
    }
    let Finding::Change(change) = finding else { return out };
    let replacement = |new: &str, what: String| {
        json!({
            "description": { "text": what },
            "artifactChanges": [{
                "artifactLocation": location,
                "replacements": [{
                    "deletedRegion": self::region(source, change.span),
                    "insertedContent": { "text": new },
                }],
            }],
        })
    };
    // A fix is offered only where the file has what the rule saw.
    if source.package().is_none() && source.slice(change.span) == change.before && !is_remark(change) {
        let mut fixes = vec![replacement(&change.after, format!("write `{}`", change.after))];
        fixes.extend(change.rivals.iter().map(|r| replacement(r, format!("write `{r}` instead"))));
        out["fixes"] = Value::Array(fixes);
    }
    out["properties"] = json!({ "confidence": confidence_word(change.confidence), "rivals": change.rivals });
    if change.verdict == Some(Verdict::Reject) {
        out["suppressions"] = json!([{
            "kind": "external", "status": "accepted", "justification": "rejected in the file of decisions",
        }]);
    }
    out
}

fn region(source: &Source, span: Span) -> Map<String, Value> {
    if source.package().is_some() {
        // Nobody sees the lines of a part: its bytes are the place.
        let bytes = source.original(span);
        let place = [("byteOffset", bytes.start), ("byteLength", bytes.len())];
        return place.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    }
    let (start, end) = (source.place(span.start as usize), source.place(span.end as usize));
    let bytes = source.original(span);
    let region = json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": source.characters(span.start as usize),
        "charLength": source.slice(span).chars().count(),
        "byteOffset": bytes.start,
        "byteLength": bytes.len(),
    });
    match region {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A path as a reference, relative unless it is absolute: `/` between its parts, everything but letters, digits and `-._~` as bytes.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
