//! `meed test`: the cases that stand in the documents.

use meed_engine::cases::coverage::Coverage;
use meed_engine::cases::{CaseOutcome, Run};
use meed_engine::explain::Layout;
use meed_facts::label::Lang;
use meed_rules::cases::cases;
use meed_syntax::diagnostic::{Diagnostic, Severity, text};

use super::PackagePath;
use crate::answer::{Answer, Outcome, Result, colour};
use crate::input;

/// Runs the cases that stand in the documents
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// List the conditions that no case has made both true and false, or that none has shown to decide
    #[arg(long)]
    coverage: bool,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let dates = cases(&checked).map_err(|found| input::refused(root, &checked, &found))?;
        let mut coverage = Coverage::default();
        let mut outcomes: Vec<CaseOutcome> = Vec::new();
        for on in dates.values() {
            coverage.expect(&on.program);
            let layout = Layout::new(&on.program);
            for case in &on.cases {
                let run = Run::new(&on.program, &layout, case);
                coverage.observe(&run);
                outcomes.push(run.outcome());
            }
        }
        let mut found: Vec<Diagnostic> = outcomes.iter().flat_map(CaseOutcome::findings).collect();
        let mut summary = tally(&outcomes, lang);
        if self.coverage {
            for date in checked.turning_points() {
                if let Ok(program) = checked.program(*date) {
                    coverage.expect(&program);
                }
            }
            found.extend(coverage.findings());
            summary.push_str(&covered(&coverage, lang));
        }
        let files = input::sources(root, &package);
        let shown = text(&found, &files, lang, colour(&std::io::stdout()));
        let failed = found.iter().any(|one| one.severity == Severity::Error);
        Ok(Answer {
            outcome: if failed { Outcome::Findings } else { Outcome::Fine },
            ..Answer::fine(format!("{shown}{summary}"))
        })
    }
}

fn tally(outcomes: &[CaseOutcome], lang: Lang) -> String {
    let passed = outcomes.iter().filter(|outcome| outcome.passed()).count();
    let failed = outcomes.len().saturating_sub(passed);
    match lang {
        Lang::En => format!("{passed} cases passed, {failed} failed\n"),
        Lang::Zh => format!("{passed} 个案例通过，{failed} 个未通过\n"),
    }
}

fn covered(coverage: &Coverage, lang: Lang) -> String {
    let (all, both, alone) = coverage.tally();
    match lang {
        Lang::En => format!("{both} of {all} conditions made both true and false, {alone} shown to decide alone\n"),
        Lang::Zh => format!("{all} 个条件中，{both} 个既成立过也不成立过，{alone} 个单独决定过结果\n"),
    }
}
