//! What the vocabulary allows to be stated, whatever kind of file states it.
//!
//! A reader finds the words in its file and keeps their place; what they mean, and what is wrong with them, is asked here, so that all
//! readers give the same answers.

mod items;
mod stated;
mod values;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::label::Lang;
use crate::message::Message;
use crate::schema::{EntityId, Named, Schema};

pub use items::{award, award_amount, award_state, currency, suspension, title, title_called, title_level, titles};
pub use stated::{
    End, born, grows, has_sets, in_period, is_ordered, missing, one_of, own_ends, range, unfinished, within_bounds,
};
pub(crate) use values::{DAYS_FORM, MONTHS_FORM, days_of, months_of};
pub use values::{amount, boolean, count, date, days, identifier, member, months, number, scalar, text};

/// What is wrong with something that was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, in one sentence.
    pub message: Message,
    /// The likely fix; empty where there is none to propose.
    pub help: Message,
}

impl Complaint {
    /// A complaint with its likely fix.
    pub fn new(message: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    /// A complaint for which no fix can be proposed.
    pub fn alone(message: impl Into<Message>) -> Self {
        Self::new(message, Message::default())
    }

    /// A name that is not among `known`; `what` is as in `there is no WHAT NAME` and 没有名为 NAME 的 WHAT.
    pub fn unknown(what: impl Into<Message>, name: &str, known: &[String]) -> Self {
        let (what, name) = (what.into(), shown(name));
        let help = nearest(&name, known).map_or_else(|| one_of_known(known), did_you_mean);
        Self::new(
            (
                format!("there is no {} `{name}`", what.en),
                format!("没有名为 `{name}` 的{}", what.zh),
            ),
            help,
        )
    }

    /// What is wrong and the likely fix, in one language.
    pub fn text(&self, lang: Lang) -> String {
        let (message, help) = (self.message.text(lang), self.help.text(lang));
        match (lang, help.is_empty()) {
            (_, true) => message.to_owned(),
            (Lang::En, false) => format!("{message} (help: {help})"),
            (Lang::Zh, false) => format!("{message}（建议：{help}）"),
        }
    }
}

fn one_of_known(known: &[String]) -> Message {
    match known {
        [] => Message::default(),
        few if few.len() <= 12 => {
            let names = few.join(", ");
            Message::new(format!("one of: {names}"), format!("可选：{names}"))
        }
        _ => Message::new(
            "see the vocabulary, or `meed schema`",
            "见词汇表，或用 `meed schema` 查看",
        ),
    }
}

/// That a near name was probably meant.
pub fn did_you_mean(near: &str) -> Message {
    Message::new(format!("did you mean `{near}`?"), format!("是否指 `{near}`？"))
}

/// Names longer than this are cut in messages and have no nearest name.
const LIMIT_NAME: usize = 48;

/// The text in Unicode's normal form C, which names and texts are kept in.
pub fn nfc(text: &str) -> String {
    if is_nfc(text) {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// A name as it may stand in a message.
pub fn shown(name: &str) -> String {
    if name.chars().nth(LIMIT_NAME).is_none() {
        return name.to_owned();
    }
    name.chars().take(LIMIT_NAME).chain(['…']).collect()
}

/// The known name that was probably meant, where one is near enough.
pub fn nearest<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    if name.chars().nth(LIMIT_NAME).is_some() {
        return None;
    }
    let wanted = name.to_lowercase();
    let distance = |candidate: &String| strsim::damerau_levenshtein(&candidate.to_lowercase(), &wanted);
    let (distance, best) = known.iter().map(|candidate| (distance(candidate), candidate)).min()?;
    let allowed = (wanted.chars().count() / 3).max(1);
    (distance <= allowed).then_some(best)
}

/// The kind of applicant that is called so now or was before, in any letter case.
pub fn applicant(schema: &Schema, name: &str) -> Result<EntityId, Complaint> {
    let wanted = nfc(name).to_lowercase();
    let applicants = || schema.entities.iter().filter(|(_, entity)| entity.applicant);
    let is = |given: &str| given.to_lowercase() == wanted;
    let found = applicants()
        .find(|(_, entity)| is(&entity.named.name) || entity.named.formerly.iter().any(|former| is(former)));
    if let Some((id, _)) = found {
        return Ok(id);
    }
    let names: Vec<String> = applicants()
        .map(|(_, entity)| entity.named.name.to_lowercase())
        .collect();
    let help = nearest(name, &names).map_or_else(|| one_of_known(&names), did_you_mean);
    let name = shown(name);
    Err(Complaint::new(
        (
            format!("`{name}` is no kind of applicant"),
            format!("没有 `{name}` 这类申请人"),
        ),
        help,
    ))
}

/// The one that is called so now, else the one that was before.
pub fn called<'n>(known: &'n [Named], name: &str, what: impl Into<Message>) -> Result<&'n Named, Complaint> {
    let name = nfc(name);
    let now = known.iter().find(|named| *named.name == *name);
    now.or_else(|| known.iter().find(|named| named.is_called(&name)))
        .ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|named| named.name.to_string()).collect();
            Complaint::unknown(what, &name, &names)
        })
}
