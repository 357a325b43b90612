//! The next chance: from when on the rules would not refuse what they refuse today, if nothing else changes.
//!
//! The rules are asked again about the same facts on days to come: time goes on for them, the figures of a new year are not known yet, and the texts
//! of that day count.

use std::collections::BTreeMap;

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Determination, MissingLine};
use meed_facts::date::{Date, Months};
use meed_office::policies::{programs, published};
use meed_office::tx::Tx;
use meed_rules::program::Program;

use super::entitlements::is_unwritten;
use crate::fault::Fault;

/// `award` or `title`; the measure or the title; the child.
pub type Line = (&'static str, String, String);

/// A day on which a line may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// The first of the days asked about.
    pub on: Date,
    /// Whether it is given then by what is known now; else what is not known yet decides.
    pub certain: bool,
}

/// For each of the lines that has one, its next chance among the first days of the twelve months to come and of the two years after next.
///
/// # Errors
/// Where the database fails.
pub fn chances(tx: &mut Tx<'_>, facts: &str, lines: &[Line]) -> Result<BTreeMap<Line, Chance>, Fault> {
    let mut found = BTreeMap::new();
    if lines.is_empty() {
        return Ok(found);
    }
    let days = days(tx.today);
    for policy in published(tx)? {
        for (program, on) in programs(tx, &policy, &days)?.iter().zip(&days) {
            let wanted: Vec<&Line> = lines.iter().filter(|line| !found.contains_key(*line)).collect();
            if !wanted.is_empty() {
                let given = given(program, facts, &wanted);
                found.extend(
                    given
                        .into_iter()
                        .map(|(line, certain)| (line, Chance { on: *on, certain })),
                );
            }
        }
    }
    Ok(found)
}

/// The first days of the twelve months to come, and of the two years after the next.
fn days(today: Date) -> Vec<Date> {
    let first = |year: i16, month: i8| Date::new(year, month, 1);
    let month = first(today.year(), today.month());
    let months = (1..=12).filter_map(|count| month?.plus_months(Months(count)));
    let years = (2..=3).filter_map(|count| first(today.year().saturating_add(count), 1));
    months.chain(years).collect()
}

/// The lines that the rules of a day do not refuse, each with whether they give it for certain. What no text of the day says is no chance.
fn given(program: &Program, facts: &str, wanted: &[&Line]) -> Vec<(Line, bool)> {
    // A package that does not know this kind of applicant gives nothing.
    let Ok(record) = meed_facts::json::read_on(&program.schema, facts, program.date) else {
        return Vec::new();
    };
    let evaluator = Evaluator::new(program, &record);
    let determination = determine::of(&evaluator, &record);
    if evaluator.within_limit().is_err() {
        return Vec::new();
    }
    let certain = |line: &&Line| Some(((**line).clone(), verdict_of(&determination, line)?));
    wanted.iter().filter_map(certain).collect()
}

/// Whether a line is given for certain; `None` where it is not given, or cannot be asked for then.
fn verdict_of(determination: &Determination, (kind, name, object): &Line) -> Option<bool> {
    let (verdict, missing): (Verdict, &[MissingLine]) = if *kind == "title" {
        let line = determination.titles.iter().find(|line| *line.name == **name)?;
        (line.met?, &line.missing)
    } else {
        let is_it = |line: &&AwardLine| *line.name == **name && line.key.as_deref().unwrap_or_default() == *object;
        let line = determination.lines.iter().find(is_it)?;
        if line.application.is_some_and(|one| !one.none_needed && !one.open) {
            return None;
        }
        (line.verdict, &line.missing)
    };
    match verdict {
        Verdict::Eligible => Some(true),
        Verdict::Undetermined if !is_unwritten(missing) => Some(false),
        _ => None,
    }
}
