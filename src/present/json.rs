//! All of a report for machines; `docs/report.schema.json` describes it.

use serde_json::{Value, json};

use crate::present::Proof;

/// The findings of a run, a document each.
pub fn report(proofs: &[Proof]) -> Value {
    let documents = proofs.iter().map(|proof| {
        json!({
            "file": proof.source.name,
            "encoding": proof.source.encoding.name(),
            "language": proof.language,
            "report": proof.report.to_json(std::slice::from_ref(&proof.source)),
        })
    });
    json!({ "version": 1, "documents": documents.collect::<Vec<_>>() })
}
