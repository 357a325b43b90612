//! Policies: versions of packages, from a draft to the day on which they decide.

mod acts;
mod names;
mod program;
mod report;

pub use acts::Act;
pub(crate) use names::{Sort, must_be_known};
pub use program::{keep, keep_json, program, programs, published, vocabulary};

use meed_facts::date::Date;

use crate::machine::PolicyState;
use crate::{record, ruled};

record! {
    /// A version of a package.
    pub struct Policy in "policy" by id {
        /// Its id.
        id: String,
        /// The package's name
        name: String,
        /// and version.
        version: String,
        /// Its files: a document.
        files: String,
        /// The report of what it would cost: a document.
        simulation: Option<String>,
        /// The day since which it decides.
        published_on: Option<Date>,
        /// Its state.
        state: PolicyState,
    }
}

record! {
    /// Something kept word for word, under the hash of its bytes.
    pub struct Document in "document" by digest {
        /// SHA-256 of the body.
        digest: String,
        /// What it is.
        kind: String,
        /// The bytes, until they are forgotten.
        body: Option<String>,
    }
}

ruled!(Policy: PolicyState);
