//! What drafters and analysts see: versions of packages with what the checker finds, the editor, simulations.
//!
//! | module | idea |
//! |---|---|
//! | [`versions`] | every version there is |
//! | [`version`] | one version: documents, rules, findings, cases, acts |
//! | [`edit`] | a document beside its findings, and a new draft of it |
//! | [`package`] | a version's files, examined |
//! | `findings` | findings as people read them |
//! | [`simulations`] | what versions and reforms come to, before they are published |

pub mod edit;
mod findings;
pub mod package;
pub mod simulations;
pub mod version;
pub mod versions;

use self::package::Shelf;
use self::simulations::desk::Desk;
use crate::routes::Route;

/// What the workbench of one process holds.
#[derive(Debug, Default)]
pub struct Workbench {
    /// Versions that were examined.
    pub shelf: Shelf,
    /// Simulations that are made, wait, or are kept.
    pub desk: Desk,
}

pub(super) fn routes() -> Vec<Route> {
    let all = [
        versions::routes(),
        version::routes(),
        edit::routes(),
        simulations::routes(),
    ];
    all.into_iter().flatten().collect()
}
