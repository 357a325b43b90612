//! `meed confirm`: that a person has read articles against their rules.

use meed_facts::label::Lang;
use meed_rules::lock;

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Records in meed.lock that a person has read an article's words and its rules against each other
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// A heading, `heading / heading`, `document: heading`, or a document's path; without it all articles
    article: Option<String>,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        checked
            .sound()
            .map_err(|found| input::refused(root, &checked, &found))?;
        let confirmed =
            lock::confirm(&checked, self.article.as_deref()).map_err(|error| Unusable::at(root, &error.words()))?;
        let path = root.join("meed.lock");
        std::fs::write(&path, &confirmed.text).map_err(|error| Unusable::system(&path, &error))?;
        let (new, gone, none) = match lang {
            Lang::En => ("confirmed", "removed", "nothing to confirm"),
            Lang::Zh => ("已确认", "已移除", "没有需要确认的条款"),
        };
        let mut text = String::new();
        for entry in &confirmed.entries {
            text.push_str(&format!("{new} {entry}\n"));
        }
        for entry in &confirmed.removed {
            text.push_str(&format!("{gone} {entry}\n"));
        }
        if text.is_empty() {
            text.push_str(&format!("{none}\n"));
        }
        Ok(Answer::fine(text))
    }
}
