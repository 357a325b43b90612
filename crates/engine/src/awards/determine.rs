//! From a Program and a record to a determination.

use std::sync::Arc;

use meed_facts::json::digest_of;
use meed_facts::record::Record;
use meed_rules::program::Program;

use crate::explain::{Evaluator, Layout, TooMuchWork};
use crate::result::Determination;

use super::decision::Decision;

/// What a package's rules make of an applicant's facts on the Program's date.
///
/// # Errors
/// It takes more steps than one applicant is given; then there is no result.
pub fn determine(program: &Program, record: &Record) -> Result<Determination, TooMuchWork> {
    let evaluator = Evaluator::new(program, record);
    let determination = of(&evaluator, record);
    evaluator.within_limit().map(|()| determination)
}

/// The same with what can be known before: a layout, which must be the Program's, and the record's digest ([`digest_of`]). For many applicants, dates or questions.
///
/// # Errors
/// Likewise.
pub fn determine_with(
    program: &Program,
    layout: &Layout,
    record: &Record,
    facts: Arc<str>,
) -> Result<Determination, TooMuchWork> {
    let evaluator = Evaluator::with_layout(program, layout, record);
    let determination = Decision::of(&evaluator, record).determination(facts);
    evaluator.within_limit().map(|()| determination)
}

/// The same with an evaluator whose values the caller wants to ask for afterwards. It must be the record's, and not have been asked anything yet.
/// Afterwards it tells whether it was [within its limit](Evaluator::within_limit); beyond, this is no result.
pub fn of(evaluator: &Evaluator<'_>, record: &Record) -> Determination {
    let facts = digest_of(&evaluator.program().schema, record);
    Decision::of(evaluator, record).determination(facts.into())
}
