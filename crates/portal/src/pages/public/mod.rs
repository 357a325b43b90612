//! What anybody sees, signed in or not.
//!
//! | module | idea |
//! |---|---|
//! | `asked` | what an address asks for: a day, a search |
//! | [`shelf`] | published packages, read for people: documents, clauses, rules |
//! | `prose` | a clause's words as HTML |
//! | `rule` | rules in words |
//! | `policies`, `document`, `changes`, `measure` | the catalogue, one document, what changed in it, one measure |
//! | `check` | the check-up: a few questions, and what one could get |
//! | `kept` | what was read from all of an office, kept while it stays as it was |
//! | `holders` | who holds a title, and what may be said of them |
//! | `notices`, `titles`, `certificate` | public lists, the register of titles, one certificate |
//! | `briefing` | the figures of a press briefing |
//! | `statistics`, `figures`, `data` | figures with their definitions, as charts and as open data |

mod asked;
mod briefing;
mod certificate;
mod changes;
mod check;
mod data;
mod document;
mod figures;
pub mod holders;
mod kept;
mod measure;
mod notices;
mod policies;
mod prose;
mod rule;
pub mod shelf;
mod statistics;
pub mod titles;

use crate::routes::Route;

/// Every public page's addresses.
pub(super) fn routes() -> Vec<Route> {
    let all = [
        policies::routes(),
        document::routes(),
        measure::routes(),
        check::routes(),
        notices::routes(),
        titles::routes(),
        certificate::routes(),
        briefing::routes(),
        figures::routes(),
        data::routes(),
    ];
    all.into_iter().flatten().collect()
}
