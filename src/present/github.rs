//! Annotations of GitHub Actions: a workflow command a finding, which shows it beside its line of a pull request.

use std::fmt::Write as _;

use crate::{
    present::{Finding, Proof},
    report::Severity,
};

/// The commands, a line each; what was rejected is left out.
pub fn annotations(proofs: &[Proof], all: bool) -> String {
    let mut out = String::new();
    for proof in proofs {
        for finding in proof.findings(all).into_iter().filter(|f| !f.is_rejected()) {
            command(&mut out, proof, finding);
        }
    }
    out
}

fn command(out: &mut String, proof: &Proof, finding: Finding) {
    let source = &proof.source;
    let (start, end) =
        (source.place(finding.span().start as usize), source.place(finding.span().end as usize));
    let word = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = source.name.strip_prefix("./").unwrap_or(&source.name).replace('\\', "/");
    let _ = write!(out, "::{word} file={},line={},endLine={},", property(&file), start.line, end.line);
    // Columns count only where a finding ends in the line in which it starts.
    if start.line == end.line {
        let _ = write!(out, "col={},endColumn={},", start.column, end.column.max(start.column));
    }
    let _ = writeln!(out, "title={}::{}", property(finding.rule()), data(&finding.message()));
}

/// Text of a command as GitHub reads it back.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Value of a property, which ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
