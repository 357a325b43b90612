//! The gap: which conditions would have to turn for a line to become eligible, and how far which fact would have to move.
//!
//! Nothing is promised that was not tried: a move is shown only after the condition was evaluated again with it, and with one smallest unit less.
//!
//! | module | idea |
//! |---|---|
//! | `ways` | the smallest sets of conditions that would have to turn |
//! | `trial` | a condition evaluated with one fact changed |
//! | `linear` | a condition as a fraction that is linear in one fact |
//! | `moves` | the nearest value of a fact that turns a condition |

mod json;
mod linear;
mod moves;
mod trial;
mod ways;

use std::sync::Arc;

use meed_facts::record::Record;
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureRules, NodeId, Program, Type};

use crate::awards::verdict::Verdict;
use crate::explain::{Evaluator, Frame};
use crate::result::{AwardLine, Citation, Determination};
use crate::value::CausePlace;

pub(crate) use linear::place_of;
pub use ways::{Turn, Ways};

/// Conditions that would together make a line eligible if they turned.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Each of them; none can be left out.
    pub conditions: Vec<GapCondition>,
}

/// One condition that would have to turn.
#[derive(Clone, Debug, PartialEq)]
pub struct GapCondition {
    /// Labels from the measure's condition down to this one.
    pub path: Vec<Arc<str>>,
    /// Where it stands.
    pub citation: Citation,
    /// The condition, where it is evaluated, and what it would have to be.
    pub turn: Turn,
    /// Whether it is not known, rather than the opposite for certain.
    pub unknown: bool,
    /// Facts that could turn it by themselves, the others staying as they are.
    pub moves: Vec<Move>,
}

/// How far one fact has to move.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Which fact.
    pub place: CausePlace,
    /// Its name in results.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub from: Scalar,
    /// The nearest value that is enough; with `beyond`, the nearest that is not.
    pub to: Scalar,
    /// Whether the value has to lie beyond `to`, by however little (numbers without a smallest unit).
    pub beyond: bool,
}

impl Move {
    /// Whether the fact has to rise (a date: be later).
    pub fn rises(&self) -> bool {
        self.to.checked_cmp(&self.from) == Some(std::cmp::Ordering::Greater)
    }

    /// The distance, never below 0: a number, days or months.
    pub fn by(&self) -> Option<Scalar> {
        Some(match (&self.from, &self.to) {
            (Scalar::Number(from), Scalar::Number(to)) => Scalar::Number(to.checked_sub(from)?.abs()),
            (Scalar::Date(from), Scalar::Date(to)) => Scalar::Days(from.days_until(*to).0.checked_abs()?),
            (Scalar::Months(from), Scalar::Months(to)) => Scalar::Months(to.checked_sub(*from)?.checked_abs()?),
            (Scalar::Days(from), Scalar::Days(to)) => Scalar::Days(to.checked_sub(*from)?.checked_abs()?),
            _ => return None,
        })
    }
}

/// Fills in the gaps of all lines that are not eligible or not determined. The evaluator must be the one that determined.
pub fn fill(evaluator: &Evaluator<'_>, record: &Record, determination: &mut Determination) {
    let mut tries = trial::Budget::default();
    for line in &mut determination.lines {
        line.gap = of_line(evaluator, record, line, &mut tries);
    }
}

/// The gaps of a condition: the smallest sets of conditions below it whose turning would make it hold.
pub fn of_condition(evaluator: &Evaluator<'_>, record: &Record, conditions: &[(NodeId, Frame)]) -> Vec<Gap> {
    gaps(evaluator, record, conditions, &mut trial::Budget::default())
}

fn of_line(evaluator: &Evaluator<'_>, record: &Record, line: &AwardLine, tries: &mut trial::Budget) -> Vec<Gap> {
    let (Some(rules), Some((entering, staying))) = (rules_of(evaluator.program(), line), line.frames) else {
        return Vec::new();
    };
    if line.verdict == Verdict::Eligible || line.unlisted {
        return Vec::new();
    }
    let entry = rules.when.map(|node| (node, entering));
    let stay = rules.while_.map(|node| (node, staying));
    let conditions: Vec<_> = entry.into_iter().chain(stay).collect();
    gaps(evaluator, record, &conditions, tries)
}

fn gaps(
    evaluator: &Evaluator<'_>,
    record: &Record,
    conditions: &[(NodeId, Frame)],
    tries: &mut trial::Budget,
) -> Vec<Gap> {
    let mut ways = Ways::new(evaluator);
    let sets = ways.to_hold(conditions);
    let mut known: Vec<GapCondition> = Vec::new();
    let mut result = Vec::new();
    for set in sets {
        let mut found = Vec::new();
        for turn in set {
            let condition = match known.iter().find(|condition| condition.turn == turn) {
                Some(condition) => condition.clone(),
                None => {
                    let condition = condition(evaluator, record, &ways, turn, tries);
                    known.push(condition.clone());
                    condition
                }
            };
            found.push(condition);
        }
        if !found.is_empty() {
            result.push(Gap { conditions: found });
        }
    }
    result
}

fn condition(
    evaluator: &Evaluator<'_>,
    record: &Record,
    ways: &Ways<'_, '_>,
    turn: Turn,
    tries: &mut trial::Budget,
) -> GapCondition {
    let program = evaluator.program();
    let unknown = evaluator.value(turn.node, turn.frame).as_bool().is_none();
    let moves = if unknown {
        Vec::new()
    } else {
        moves::of(evaluator, record, turn, tries)
    };
    let (path, origin) = ways.place(turn);
    GapCondition {
        path,
        citation: Citation::of(program, origin),
        turn,
        unknown,
        moves,
    }
}

/// The version of a measure by which a line was judged.
pub(crate) fn rules_of<'p>(program: &'p Program, line: &AwardLine) -> Option<&'p MeasureRules> {
    let citation = line.citation.as_ref()?;
    let rules = &program.measures[line.measure].rules;
    rules.iter().find(|rules| rules.origin == citation.origin)
}
