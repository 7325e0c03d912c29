//! `hanpress check`: findings only, nothing written.

use anyhow::Result;
use hanpress::{
    pipeline::prepare,
    report::{Report, Severity},
};
use serde_json::json;

use crate::cli::{
    Outcome,
    args::{Check, FaceArgs, ReportFormat},
    complain, is_correction, job, message,
};

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    let options = job::read_options(&args.reading)?;
    let kit = job::kit(&FaceArgs { font: Vec::new(), system_fonts: false, no_cache: true }, "handout", None)?;
    let mut outcome = Outcome::Done;
    let mut documents = Vec::new();
    let (mut findings, mut others) = (0, 0);
    for input in &args.reading.inputs {
        let mut report = Report::default();
        let source = match job::source(input, &args.reading, &mut report) {
            Ok(source) => source,
            Err(error) => {
                complain(&error);
                outcome = Outcome::Trouble;
                continue;
            }
        };
        let reader = job::reader_of(input, args.reading.from);
        let mut document = prepare(&kit, &source, reader, &options, None, &mut report);
        if let Err(error) = job::load_images(&mut document, &source, input) {
            complain(&error);
            outcome = Outcome::Trouble;
        }
        findings += report.findings(is_correction);
        if args.format == ReportFormat::Json {
            let report = report.to_json(std::slice::from_ref(&source));
            documents
                .push(json!({ "file": source.name, "encoding": source.encoding.name(), "report": report }));
            continue;
        }
        for change in report.changes.iter().filter(|c| args.all || is_correction(c)) {
            anstream::print!("{}", message::change(&source, change));
        }
        for diagnostic in report.diagnostics.iter().filter(|d| args.all || d.severity >= Severity::Warning) {
            anstream::print!("{}", message::diagnostic(&source, diagnostic));
        }
        others += report.changes.len() + report.diagnostics.len();
    }
    if args.format == ReportFormat::Json {
        anstream::println!("{}", serde_json::to_string_pretty(&json!({ "documents": documents }))?);
    } else {
        let others = others - findings;
        let rest = match (others, args.all) {
            (0, _) | (_, true) => String::new(),
            (n, false) => format!("; {n} guesses and safe repairs (`--all` shows them)"),
        };
        anstream::eprintln!("{findings} finding{}{rest}", if findings == 1 { "" } else { "s" });
    }
    Ok(if findings > 0 { outcome.max(Outcome::Findings) } else { outcome })
}
