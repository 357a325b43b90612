//! What the vocabulary allows to be stated, whatever kind of file states it.
//!
//! A reader finds the words in its file and keeps their place; what they mean, and what is wrong with them, is asked here, so that all
//! readers give the same answers.

mod items;
mod stated;
mod values;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::schema::{EntityId, Named, Schema};

pub use items::{award, award_amount, award_state, currency, suspension, title, title_called, title_level};
pub use stated::{End, has_sets, in_period, is_ordered, missing, one_of, range, unfinished, within_bounds};
pub(crate) use values::{DAYS_FORM, MONTHS_FORM, days_of, months_of};
pub use values::{amount, boolean, count, date, days, identifier, member, months, number, scalar, text};

/// What is wrong with something that was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, in one sentence.
    pub message: String,
    /// The likely fix; empty where there is none to propose.
    pub help: String,
}

impl Complaint {
    /// A complaint with its likely fix.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    /// A name that is not among `known`.
    pub fn unknown(what: &str, name: &str, known: &[String]) -> Self {
        let help = nearest(name, known).unwrap_or_else(|| match known {
            [] => String::new(),
            few if few.len() <= 12 => format!("one of: {}", few.join(", ")),
            _ => "see the vocabulary, or `meed schema`".to_owned(),
        });
        Self::new(format!("there is no {what} `{}`", shown(name)), help)
    }
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

/// `did you mean …`, where a known name is near enough.
pub fn nearest(name: &str, known: &[String]) -> Option<String> {
    if name.chars().nth(LIMIT_NAME).is_some() {
        return None;
    }
    let wanted = name.to_lowercase();
    let distance = |candidate: &String| strsim::damerau_levenshtein(&candidate.to_lowercase(), &wanted);
    let (distance, best) = known.iter().map(|candidate| (distance(candidate), candidate)).min()?;
    let allowed = (wanted.chars().count() / 3).max(1);
    (distance <= allowed).then(|| format!("did you mean `{best}`?"))
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
    let help = nearest(name, &names).unwrap_or_else(|| format!("one of: {}", names.join(", ")));
    Err(Complaint::new(
        format!("`{}` is no kind of applicant", shown(name)),
        help,
    ))
}

/// The one that is called so now, else the one that was before.
pub fn called<'n>(known: &'n [Named], name: &str, what: &str) -> Result<&'n Named, Complaint> {
    let name = nfc(name);
    let now = known.iter().find(|named| *named.name == *name);
    now.or_else(|| known.iter().find(|named| named.is_called(&name)))
        .ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|named| named.name.to_string()).collect();
            Complaint::unknown(what, &name, &names)
        })
}
