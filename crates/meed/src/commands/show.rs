//! `meed show`: what a package holds, as text or JSON.

mod json;
mod text;

use clap::ValueEnum;
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_rules::show::RuleView;
use meed_syntax::diagnostic::Message;

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Shows what is in force when, who leads it, which articles have rules, and where the text has holes
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// One rule by its name: versions, conditions, citation
    name: Option<String>,
    /// Only what is in force on this date, e.g. 2023-12-01
    #[arg(long, value_parser = input::date)]
    on: Option<Date>,
    /// How it is shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let overview = meed_rules::show::show(&checked, self.on);
        let Some(name) = &self.name else {
            return Ok(Answer::fine(match self.format {
                Format::Text => text::overview(&package.manifest, &overview, lang),
                Format::Json => format!("{:#}\n", json::overview(&package.manifest, &overview)),
            }));
        };
        let versions: Vec<&RuleView> = overview.named(name).collect();
        if versions.is_empty() {
            let at_any_time = meed_rules::show::show(&checked, None);
            return Err(match (self.on, at_any_time.named(name).next()) {
                (Some(on), Some(_)) => Unusable::new(
                    format!(
                        "error: `{name}` is not in force on {on} (help: without `--on` all its versions are shown)"
                    ),
                    format!("错误：`{name}` 在 {on} 无效（建议：不加 `--on` 可查看其全部版本）"),
                ),
                _ => input::unknown(
                    &Message::new("rule", "规则"),
                    name,
                    at_any_time.rules.iter().map(|rule| &*rule.name),
                ),
            });
        }
        Ok(Answer::fine(match self.format {
            Format::Text => versions.iter().map(|rule| text::rule(rule, lang)).collect(),
            Format::Json => {
                let versions: Vec<_> = versions.iter().map(|rule| json::rule(rule)).collect();
                format!("{:#}\n", serde_json::Value::from(versions))
            }
        }))
    }
}
