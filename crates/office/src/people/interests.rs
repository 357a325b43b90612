//! Who has an interest in whom: as they declared, or as relations in the register show.
//!
//! An interest is in whoever an applicant is or was: a merger ends none. The register shows one where a relation that holds today joins the person
//! with the applicant, or joins both with a third: a spouse's firm, the owner of one's employer.

use super::Interest;
use crate::register::{line_of, related};
use crate::stop::Answer;
use crate::tx::Tx;

/// What an interest rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person said so.
    Declared,
    /// A relation in the register.
    Related,
    /// Two relations in the register, by way of somebody.
    By(String),
}

impl Why {
    /// In English.
    pub fn en(&self) -> String {
        match self {
            Why::Declared => "declared".to_owned(),
            Why::Related => "a relation in the register".to_owned(),
            Why::By(third) => format!("relations in the register, by way of {third}"),
        }
    }

    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Why::Declared => "本人申报".to_owned(),
            Why::Related => "登记的关系".to_owned(),
            Why::By(third) => format!("经 {third} 的登记关系"),
        }
    }
}

/// What interest somebody has in an applicant today, by what is known now.
///
/// # Errors
/// Where the database fails.
pub fn interested(tx: &mut Tx<'_>, person: &str, subject: &str) -> Answer<Option<Why>> {
    let line = line_of(tx, subject)?;
    for one in &line {
        if tx.find::<Interest>((person, one))?.is_some() {
            return Ok(Some(Why::Declared));
        }
    }
    let near = related(tx, person)?;
    if near.iter().any(|one| line.contains(one)) {
        return Ok(Some(Why::Related));
    }
    for third in near {
        for one in line_of(tx, &third)? {
            if related(tx, &one)?.iter().any(|other| line.contains(other)) {
                return Ok(Some(Why::By(third)));
            }
        }
    }
    Ok(None)
}
