//! What applicants see: enterprises and talents, and whoever speaks for them.
//!
//! | module | idea |
//! |---|---|
//! | [`applicant`] | for whom a page is |
//! | [`offers`] | what can be done now, and why the rest cannot |
//! | [`entitlements`], [`group`] | what the rules give today: ready, almost, open, not |
//! | [`cases`], [`track`] | cases, and one case on its way |
//! | [`form`] | a case's form, generated from its rule |
//! | [`documents`] | papers that prove what was stated |
//! | [`duties`] | obligations, and money that is asked back |
//! | [`account`] | where money goes |
//! | [`whatif`] | facts changed for a look |
//! | [`services`] | what policies give without money |
//! | [`titles`], [`consent`] | titles; what a person lets be read |

pub mod account;
pub mod applicant;
pub mod cases;
mod chance;
pub mod consent;
pub mod documents;
pub mod duties;
pub mod entitlements;
pub mod form;
pub mod group;
pub mod offers;
pub mod services;
pub mod titles;
pub mod track;
pub mod whatif;

use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        account::routes(),
        cases::routes(),
        consent::routes(),
        documents::routes(),
        duties::routes(),
        entitlements::routes(),
        form::routes(),
        services::routes(),
        titles::routes(),
        track::routes(),
        whatif::routes(),
    ];
    all.into_iter().flatten().collect()
}
