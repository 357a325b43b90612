//! `meed fmt`: the one layout of rules and their tables.

use clap::ValueEnum;
use meed_facts::label::Lang;
use meed_syntax::diagnostic::{Diagnostic, text};
use meed_syntax::format::{convert, format};
use meed_syntax::phrases::Language;

use super::PackagePath;
use crate::answer::{Answer, Outcome, Result, Unusable, colour};
use crate::input;

/// Lays out rules and their tables in one way; prose is never touched
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// Only say which documents would change
    #[arg(long)]
    check: bool,
    /// Also write the keywords in this language
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    to: Option<Keywords>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Keywords {
    /// Chinese
    Zh,
    /// English
    En,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let mut changed = Vec::new();
        let mut found: Vec<Diagnostic> = Vec::new();
        for document in &package.documents {
            let Some(source) = package.sources.get(document.file) else {
                continue;
            };
            let converted = match self.to {
                Some(Keywords::Zh) => convert(document.file, source.text(), Language::Chinese),
                Some(Keywords::En) => convert(document.file, source.text(), Language::English),
                None => Ok(source.text().to_owned()),
            };
            match converted.and_then(|text| format(document.file, &text)) {
                Ok(text) if text != source.text() => changed.push((root.join(source.path()), text)),
                Ok(_) => {}
                Err(errors) => found.extend(errors),
            }
        }
        if !found.is_empty() {
            let files = input::sources(root, &package);
            let told = |lang| text(&found, &files, lang, colour(&std::io::stderr()));
            let en = "error: documents with errors are not laid out; nothing was written";
            let zh = "错误：有错误的文件不能排版，没有写入任何文件";
            return Err(Unusable::new(
                format!("{}\n{en}", told(Lang::En)),
                format!("{}\n{zh}", told(Lang::Zh)),
            ));
        }
        let mut text = String::new();
        for (path, laid_out) in &changed {
            if !self.check {
                std::fs::write(path, laid_out).map_err(|error| Unusable::system(path, &error))?;
            }
            let done = match (self.check, lang) {
                (true, Lang::En) => "would lay out",
                (true, Lang::Zh) => "需要排版",
                (false, Lang::En) => "laid out",
                (false, Lang::Zh) => "已排版",
            };
            text.push_str(&format!("{done} {}\n", path.display()));
        }
        Ok(Answer {
            outcome: if self.check && !changed.is_empty() {
                Outcome::Findings
            } else {
                Outcome::Fine
            },
            ..Answer::fine(text)
        })
    }
}
