//! Questions: what to ask next.
//!
//! A question is worth asking while its answer can still change a verdict or an amount. The order: what can change a verdict before what can only change an amount; what an
//! authority can say before what the applicant declares before what somebody has to judge; among these what settles most money first; what the law presumes comes last.
//!
//! | module | idea |
//! |---|---|
//! | `planner` | which questions are open, in which order |
//! | `answer` | an answer as text, put into the record |
//! | `parse` | one value as text |
//! | `stating` | writing into a record |

mod answer;
mod parse;
mod planner;
pub(crate) mod stating;

use std::collections::BTreeSet;
use std::sync::Arc;

use meed_facts::identifier::Kind;
use meed_facts::label::{Label, Lang};
use meed_facts::money::Money;
use meed_facts::record::Record;
use meed_facts::schema::{EnumerationId, FactType, Source};
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, Program};

use crate::value::CausePlace;
use crate::words::Words;

pub use answer::{AnswerError, answer};
pub use planner::all;

/// Something to ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Where the answer belongs.
    pub place: CausePlace,
    /// Its name in results: a fact with its record and period, a title, `awards`.
    pub name: String,
    /// What is asked, in both languages.
    pub label: Label,
    /// What kind of answer it takes.
    pub answer: AnswerKind,
    /// Who can say it.
    pub source: Source,
    /// Documents that prove it.
    pub evidence: Vec<Label>,
    /// What the law presumes of it while nothing is said.
    pub presumed: Option<Scalar>,
    /// Measures for which it matters.
    pub measures: Vec<MeasureId>,
    /// How much money is open in their lines; without limit where `None`.
    pub at_stake: Option<Money>,
}

/// What kind of answer a question takes.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerKind {
    /// A value of a fact.
    Value(FactType),
    /// How many more items a list has.
    Items,
    /// Whether a title is held: since when, at which level.
    Title(Option<EnumerationId>),
    /// All earlier awards.
    Awards,
    /// One measure of a group.
    Choice(Vec<Arc<str>>),
}

/// The next thing to ask; `None` when no answer could change a verdict or an amount.
pub fn next(program: &Program, record: &Record) -> Option<Question> {
    all(program, record).into_iter().next()
}

/// Asks each question at most once, whatever is answered.
#[derive(Clone, Debug, Default)]
pub struct Interview {
    asked: BTreeSet<CausePlace>,
}

impl Interview {
    /// The next question that has not been asked yet; it counts as asked.
    pub fn next(&mut self, program: &Program, record: &Record) -> Option<Question> {
        let mut open = all(program, record).into_iter();
        let question = open.find(|question| !self.asked.contains(&question.place))?;
        self.asked.insert(question.place.clone());
        Some(question)
    }
}

impl Question {
    /// What is asked, in one language.
    pub fn text(&self, lang: Lang) -> &str {
        self.label.text(lang, &self.name)
    }

    /// How to answer, in one language: the unit, the members to choose from, the form.
    pub fn hint(&self, program: &Program, lang: Lang) -> String {
        let words = Words::of(program, lang);
        let own = |zh: &str, en: &str| words.say(zh, en).to_owned();
        match &self.answer {
            AnswerKind::Value(ty) => match ty {
                FactType::Bool => own("是 / 否", "yes / no"),
                FactType::Count => own("整数", "a whole number"),
                FactType::Number(None) => own("数字，如 0.12 或 12%", "a number, as 0.12 or 12%"),
                FactType::Number(Some(unit)) => {
                    format!(
                        "{} {}",
                        words.say("数字，单位", "a number of"),
                        program.schema.units[*unit].name
                    )
                }
                FactType::Money(currency) => format!(
                    "{}, {currency}",
                    words.say("金额，如 1200万", "an amount, as 1200万 or 12000000.00")
                ),
                FactType::Date => own("日期，如 2022-09-01", "a date, as 2022-09-01"),
                FactType::Months => own("时长，如 3年 或 36个月", "as 3 years or 36 months"),
                FactType::Days => own("天数", "a number of days"),
                FactType::Enumeration(id) => {
                    let members = program.schema.enumerations[*id].members.iter();
                    let members: Vec<&str> = members.map(|member| words.named(member)).collect();
                    members.join(" / ")
                }
                FactType::Identifier(kind) => match kind {
                    Kind::Division => own(
                        "行政区划代码，6 位数字，如 230102（哈尔滨市道里区）",
                        "the code of a division, 6 digits, as 230102 (Daoli, Harbin)",
                    ),
                    Kind::Industry => own(
                        "行业代码，门类字母加 2 至 4 位数字，如 C34",
                        "the code of an industry, a letter and 2 to 4 digits, as C34",
                    ),
                    Kind::CreditCode => own("统一社会信用代码，18 位", "the credit code, 18 characters"),
                    Kind::CitizenId => own("居民身份证号码，18 位", "the citizen number, 18 characters"),
                },
                FactType::Text | FactType::One(_) | FactType::Many(_) => own("文字", "a text"),
            },
            AnswerKind::Items => own("还有几项（无则填 0）", "how many more there are, 0 for none"),
            AnswerKind::Title(_) => own(
                "否，或 授予日期 [级别]",
                "no, or the day it was granted [and the level]",
            ),
            AnswerKind::Awards => own("无，或 政策名 金额 日期；…", "none, or MEASURE AMOUNT DATE; …"),
            AnswerKind::Choice(options) => options.join(" / "),
        }
    }
}
