//! Facts, records, titles and places by their labels.

use meed_facts::date::Period;
use meed_facts::identifier::{Kind, division, industry};
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_facts::schema::{FactId, PeriodUnit, Schema, TitleId};
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{Confidence, LevelTest};

use super::Words;
use crate::result::Citation;
use crate::value::{CausePlace, Item, RecordPath};

impl Words<'_, '_> {
    /// A fact of a record, in a period: `R&D expense (2022)`, `Hire h1: salary paid (2023)`.
    pub fn fact(&self, record: &RecordPath, fact: FactId, period: Option<Period>) -> String {
        let name = self.named(&self.program.schema.facts[fact].named);
        let period = period.map(|period| self.period(period)).unwrap_or_default();
        format!("{}{name}{period}", self.record(record))
    }

    pub(super) fn period(&self, period: Period) -> String {
        match (self.lang, period.unit()) {
            (Lang::En, _) => format!(" ({period})"),
            (Lang::Zh, PeriodUnit::Year) => format!("（{period}年）"),
            (Lang::Zh, PeriodUnit::Month) => format!("（{period}）"),
        }
    }

    /// The way to a record, ending in a colon; nothing for the applicant.
    pub fn record(&self, path: &RecordPath) -> String {
        let schema = &self.program.schema;
        let mut record = self
            .evaluator
            .and_then(|evaluator| evaluator.record_of(evaluator.root()));
        let mut text = String::new();
        for step in path.steps() {
            let holder = self.named(&schema.facts[step.holder].named);
            let (part, next) = match step.item {
                Item::Inner => (
                    holder.to_owned(),
                    record.and_then(|record| record.inner.get(step.holder)).map(Box::as_ref),
                ),
                Item::Rest => (format!("{holder} {}", self.say("（未列出）", "(not listed)")), None),
                Item::At(index) => {
                    let child = child(record, step.holder, index);
                    let key = child.and_then(|child| key(schema, child));
                    let number = index.saturating_add(1);
                    (format!("{holder} {}", key.unwrap_or_else(|| number.to_string())), child)
                }
            };
            text.push_str(&part);
            text.push_str(self.say("：", ": "));
            record = next;
        }
        text
    }

    /// A title at a level.
    pub fn title(&self, title: TitleId, level: LevelTest) -> String {
        let title = &self.program.schema.titles[title];
        let name = self.named(&title.named);
        let level_name = |level: u16| {
            let member = title
                .levels
                .and_then(|levels| self.program.schema.member(levels, level));
            member.map_or_else(|| level.to_string(), |member| self.named(member).to_owned())
        };
        match level {
            LevelTest::Any => name.to_owned(),
            LevelTest::Exactly(level) => self.bracketed(name, &level_name(level)),
            LevelTest::AtLeast(level) => {
                let least = level_name(level);
                let text = match self.lang {
                    Lang::Zh => format!("{least}以上"),
                    Lang::En => format!("{least} or higher"),
                };
                self.bracketed(name, &text)
            }
        }
    }

    pub(super) fn bracketed(&self, name: &str, inside: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{name}（{inside}）"),
            Lang::En => format!("{name} ({inside})"),
        }
    }

    /// An identifier, with the name that a classification gives it: `哈尔滨市（230100）`.
    pub fn identifier(&self, kind: Kind, code: &str) -> String {
        let label = match kind {
            Kind::Division => division::find(code, self.program.date).map(|known| &known.label),
            Kind::Industry => industry::find(code)
                .filter(|known| known.code == code)
                .map(|known| &known.label),
            Kind::CreditCode | Kind::CitizenId => None,
        };
        label.map_or_else(
            || code.to_owned(),
            |label| self.bracketed(self.label(label, code), code),
        )
    }

    /// What would have to become known.
    pub fn place(&self, place: &CausePlace) -> String {
        let program = self.program;
        match place {
            CausePlace::Fact { record, fact, period } => self.fact(record, *fact, *period),
            CausePlace::List { record, list } => {
                let what = self.fact(record, *list, None);
                self.bracketed(&what, self.say("完整名单", "the whole list"))
            }
            CausePlace::Title { record, title } => {
                let title = self.title(*title, LevelTest::Any);
                let what = self.bracketed(&title, self.say("称号记录", "records of the title"));
                format!("{}{what}", self.record(record))
            }
            CausePlace::Awards(measure) => {
                let name = self.named(&program.measures[*measure].named);
                self.bracketed(name, self.say("以往的奖补", "earlier awards"))
            }
            CausePlace::Chosen(group) => self.bracketed(group, self.say("择一", "which one is chosen")),
            CausePlace::Gets(measure) => {
                let name = self.named(&program.measures[*measure].named);
                self.bracketed(name, self.say("是否同时享受", "whether it is awarded"))
            }
            CausePlace::Node(node) | CausePlace::Divisor(node) | CausePlace::TooLarge(node) => {
                self.citation(&Citation::of(program, program.nodes[*node].origin))
            }
        }
    }

    /// A citation: document number and heading path.
    pub fn citation(&self, citation: &Citation) -> String {
        let mut parts: Vec<&str> = vec![citation.number.as_deref().unwrap_or(&citation.document)];
        parts.extend(citation.headings.iter().map(|heading| &**heading));
        let mut text = parts.join(self.say(" › ", " › "));
        if let Some(basis) = &citation.basis {
            text.push_str(self.say("；依据 ", "; basis: "));
            text.push_str(basis);
        }
        for amendment in &citation.amended_by {
            text.push_str(self.say("；修订 ", "; amended by "));
            text.push_str(&self.citation(amendment));
        }
        text
    }

    /// How sure we are of a text.
    pub fn confidence(&self, source: Confidence) -> &'static str {
        match (self.lang, source) {
            (Lang::Zh, Confidence::Official) => "正式文本",
            (Lang::Zh, Confidence::Secondary) => "转引文本，未与原文核对",
            (Lang::Zh, Confidence::Draft) => "草案，未核对",
            (Lang::En, Confidence::Official) => "official text",
            (Lang::En, Confidence::Secondary) => "second-hand text",
            (Lang::En, Confidence::Draft) => "draft, not checked",
        }
    }
}

fn child(record: Option<&Record>, holder: FactId, index: u32) -> Option<&Record> {
    let index = usize::try_from(index).ok()?;
    record?.children.get(holder)?.items.get(index)
}

fn key(schema: &Schema, child: &Record) -> Option<String> {
    match child.facts.get(schema.entities[child.entity].key?)? {
        Stated::Value(Scalar::Text(text)) => Some(text.to_string()),
        Stated::Value(Scalar::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}
