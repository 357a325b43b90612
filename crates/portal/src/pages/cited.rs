//! A case as other pages name it: what it is about and whose it is, never its id alone.

use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::register::name_of;
use meed_office::tx::Tx;

use crate::determined::Names;
use crate::fault::Fault;
use crate::visit::Visit;

/// A case and the name of its applicant.
pub struct Cited {
    case: Case,
    who: String,
}

impl Cited {
    /// The case with an id.
    ///
    /// # Errors
    /// Absent, where there is none.
    pub fn of(tx: &mut Tx<'_>, case: &str) -> Result<Self, Fault> {
        let case: Case = tx.get(case)?;
        let who = name_of(tx, &case.subject)?;
        Ok(Self { case, who })
    }

    /// What it is about.
    pub fn what(&self, visit: &Visit, names: &Names) -> String {
        names.of_case(visit.words, &self.case)
    }

    /// What it is about, as a link to its page.
    pub fn link(&self, visit: &Visit, names: &Names) -> Markup {
        html! { a href={ "/office/cases/" (self.case.id) } { (self.what(visit, names)) } }
    }

    /// Whose it is.
    pub fn who(&self) -> &str {
        &self.who
    }
}
