//! `meed check`: everything that is wrong with a package, at whatever time.

use clap::ValueEnum;
use meed_facts::label::Lang;
use meed_syntax::diagnostic::{self, Diagnostic, Severity, Sources, in_order};

use super::PackagePath;
use crate::answer::{Answer, Outcome, Result, colour};
use crate::input;

/// Finds everything that is wrong with a package, each with its place, reason and likely fix
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show notes too, such as holes in the text at hand (JSON and SARIF always have them)
    #[arg(long)]
    notes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let mut found = checked.findings().to_vec();
        if let Err(of_cases) = meed_rules::cases::cases(&checked) {
            found.extend(of_cases);
        }
        let files = input::sources(root, &package);
        let text = match self.format {
            Format::Text => self.text(&found, &files, lang),
            Format::Json => diagnostic::json(&found, &files),
            Format::Sarif => diagnostic::sarif(&found, &files, lang),
        };
        let clean = found.iter().all(|one| one.severity == Severity::Note);
        Ok(Answer {
            outcome: if clean { Outcome::Fine } else { Outcome::Findings },
            ..Answer::fine(text)
        })
    }

    /// Notes would bury what somebody has to do, so they are counted unless they are asked for.
    fn text(&self, found: &[Diagnostic], files: &Sources, lang: Lang) -> String {
        let shown: Vec<Diagnostic> = in_order(found, files)
            .into_iter()
            .filter(|one| self.notes || one.severity != Severity::Note)
            .cloned()
            .collect();
        let mut text = diagnostic::text(&shown, files, lang, colour(&std::io::stdout()));
        let hidden = in_order(found, files).len().saturating_sub(shown.len());
        if hidden > 0 {
            text.push_str(&match lang {
                Lang::En if hidden == 1 => "no more findings; 1 note, `--notes` shows it\n".to_owned(),
                Lang::En => format!("no more findings; {hidden} notes, `--notes` shows them\n"),
                Lang::Zh => format!("没有其他问题；另有 {hidden} 个说明，用 `--notes` 查看\n"),
            });
        } else if shown.is_empty() {
            text.push_str(match lang {
                Lang::En => "no findings\n",
                Lang::Zh => "没有问题\n",
            });
        }
        text
    }
}
