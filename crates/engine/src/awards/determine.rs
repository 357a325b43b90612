//! From a Program and a record to a determination.

use std::sync::Arc;

use meed_facts::json::digest_of;
use meed_facts::record::Record;
use meed_rules::program::Program;

use crate::explain::{Evaluator, Layout};
use crate::result::Determination;

use super::decision::Decision;

/// What a package's rules make of an applicant's facts on the Program's date.
pub fn determine(program: &Program, record: &Record) -> Determination {
    of(&Evaluator::new(program, record), record)
}

/// The same with what can be known before: a layout, which must be the Program's, and the record's digest ([`digest_of`]). For many applicants, dates or questions.
pub fn determine_with(program: &Program, layout: &Layout, record: &Record, facts: Arc<str>) -> Determination {
    Decision::of(&Evaluator::with_layout(program, layout, record), record).determination(facts)
}

/// The same with an evaluator whose values the caller wants to ask for afterwards. It must be the record's, and not have been asked anything yet.
pub fn of(evaluator: &Evaluator<'_>, record: &Record) -> Determination {
    let facts = digest_of(&evaluator.program().schema, record);
    Decision::of(evaluator, record).determination(facts.into())
}
