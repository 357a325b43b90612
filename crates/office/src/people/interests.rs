//! Who has an interest in whom: as they declared, or as relations in the register show.
//!
//! Who speaks for an applicant has one too. An interest is in whoever an applicant is or was: a merger ends none. The register shows one where a relation that holds today joins the person
//! with the applicant, or joins both with a third: a spouse's firm, the owner of one's employer.

use super::{Duty, Interest};
use crate::register::{line_of, related};
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// What an interest rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person said so.
    Declared,
    /// The person speaks for the applicant.
    Agent,
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
            Why::Agent => "its agent".to_owned(),
            Why::Related => "a relation in the register".to_owned(),
            Why::By(third) => format!("relations in the register, by way of {third}"),
        }
    }

    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Why::Declared => "本人申报".to_owned(),
            Why::Agent => "代理人".to_owned(),
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
    let today = Cell::from(&tx.today);
    for one in &line {
        if tx.find::<Interest>((person, one))?.is_some() {
            return Ok(Some(Why::Declared));
        }
        let agent = "person = $1 AND role = 'agent' AND scope = $2 AND since <= $3 AND (until IS NULL OR until > $3)";
        if tx.any::<Duty>(agent, &[person.into(), Cell::from(one), today.clone()])? {
            return Ok(Some(Why::Agent));
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
