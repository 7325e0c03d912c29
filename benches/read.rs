//! Reads files: `cargo bench --bench read -- FILE...`: seconds, and the most memory held so far (Linux), for opening, reading,
//! and marking what is foreign.

use std::time::Instant;

use hanpress::{
    links,
    read::{self, ReadOptions},
    report::Report,
    source::SourceId,
};

/// The most memory that the process had, MB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kib.map_or_else(|| "?".to_owned(), |kib| format!("{:.0} MB", kib * 1024.0 / 1e6))
}

fn main() {
    for path in std::env::args().skip(1).filter(|arg| arg != "--bench") {
        let mut report = Report::default();
        let from = Instant::now();
        let tell = |what: &str| println!("{path}: {what}: {:.2} s, {}", from.elapsed().as_secs_f64(), peak());
        let mut bytes = std::fs::read(&path).expect("a file");
        tell("file");
        let source = read::open(SourceId(0), &path, &mut bytes, None, &mut report).expect("a manuscript");
        drop(bytes);
        tell("opened");
        let mut document = (read::reader(&source).read)(&source, &ReadOptions::default(), &mut report);
        tell("read");
        read::mark_foreign(&mut document, &mut report);
        links::settle(&mut document, &mut report);
        tell("marked");
        println!("{path}: {} blocks, {} findings", document.blocks.len(), report.diagnostics.len());
    }
}
