//! `explain`, `fonts`, `editions`, `templates`: what there is.

use anstyle::Style;
use anyhow::{Result, anyhow};
use hanpress::{
    edition::Edition,
    pipeline::{RULES, rule},
    rule::{Rule, Stage},
    template::Template,
};

use clap::CommandFactory as _;

use crate::cli::{
    Outcome,
    args::{Args, FaceArgs},
    job,
};

const BOLD: Style = Style::new().bold();

pub(crate) fn explain(name: Option<&str>) -> Result<Outcome> {
    let all = || RULES.iter().flat_map(|rules| rules.iter());
    let Some(name) = name else {
        for rule in all() {
            anstream::println!("{BOLD}{:24}{BOLD:#} {:10} {}", rule.name, stage(rule.stage), rule.summary);
        }
        return Ok(Outcome::Done);
    };
    let rule: &Rule = rule(name)
        .ok_or_else(|| anyhow!("unknown rule `{name}`{}", job::suggest(name, all().map(|r| r.name))))?;
    anstream::println!("{BOLD}{}{BOLD:#} ({}): {}\n", rule.name, stage(rule.stage), rule.summary);
    anstream::println!("{BOLD}Finds{BOLD:#}   {}", rule.doc.finds);
    anstream::println!("{BOLD}Why{BOLD:#}     {}", rule.doc.why);
    for (before, after) in rule.doc.examples {
        anstream::println!("{BOLD}Example{BOLD:#} {before} → {after}");
    }
    anstream::println!("{BOLD}Unsure{BOLD:#}  {}", rule.doc.unsure);
    Ok(Outcome::Done)
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Read => "read",
        Stage::Normalize => "normalize",
        Stage::Fix => "fix",
        Stage::Localize => "localize",
        Stage::Layout => "layout",
        Stage::Font => "font",
        Stage::Write => "write",
    }
}

pub(crate) fn fonts(fonts: &FaceArgs) -> Result<Outcome> {
    let kit = job::kit(fonts, "handout", None)?;
    for (_, face) in kit.fonts.faces() {
        let usage = format!("{:?}", face.usage).to_lowercase();
        anstream::println!(
            "{BOLD}{:26}{BOLD:#} {:20} {:8} {:8} {:12} {}",
            face.name,
            face.title,
            format!("{:?}", face.family).to_lowercase(),
            usage,
            face.licence,
            face.package,
        );
    }
    Ok(Outcome::Done)
}

pub(crate) fn editions() -> Result<Outcome> {
    anstream::println!(
        "{BOLD}source{BOLD:#}      as written; script and region are found from the text or its `language`"
    );
    for (name, what) in [
        ("hk", "Hong Kong: Traditional, 「」, marks centred"),
        ("tw", "Taiwan: Traditional, 「」, marks centred"),
        ("cn", "mainland: Simplified, “”, marks in the corner"),
        ("zh-Hant-CN", "mainland composition with Traditional characters"),
    ] {
        let tag = Edition::parse(name).map_or("", |e| e.tag());
        anstream::println!("{BOLD}{name:11}{BOLD:#} {tag:11} {what}");
    }
    Ok(Outcome::Done)
}

pub(crate) fn templates() -> Result<Outcome> {
    for name in Template::names() {
        let template = Template::bundled(name).ok_or_else(|| anyhow!("template `{name}` is missing"))?;
        let page = &template.page;
        anstream::println!("{BOLD}{name:14}{BOLD:#} {}", page.summary);
    }
    Ok(Outcome::Done)
}

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Outcome> {
    clap_complete::generate(shell, &mut Args::command(), "hanpress", &mut std::io::stdout());
    Ok(Outcome::Done)
}
