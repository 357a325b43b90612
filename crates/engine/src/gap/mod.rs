//! The gap: which conditions would have to turn for a line to become eligible, and how far which fact would have to move.
//!
//! Nothing is promised that was not tried: a way is shown only if the whole condition holds once its conditions are turned, and a move only after the condition was
//! evaluated again with it, and with one smallest unit less, and the whole with it too. What has no value fails, until a move gives it one.
//!
//! | module | idea |
//! |---|---|
//! | `ways` | the smallest sets of conditions that would have to turn |
//! | `trial` | a condition evaluated with one fact changed |
//! | `proof` | the whole evaluated with conditions turned |
//! | `linear` | a condition as a fraction that is linear in one fact |
//! | `moves` | the nearest value of a fact that turns a condition |

mod json;
mod linear;
mod moves;
mod proof;
mod trial;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureRules, NodeId, OriginId, Program, Type};

use crate::awards::verdict::Verdict;
use crate::explain::{Evaluator, Frame};
use crate::result::{AwardLine, Citation, Determination};
use crate::value::CausePlace;

pub(crate) use linear::place_of;
use proof::Proof;
pub use ways::{Turn, Ways};

/// The most combinations of moves that are tried for one way.
const MOST_TOGETHER: usize = 32;

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
    /// On which side of `to` the value has to lie, by however little (numbers without a smallest unit).
    pub beyond: Option<Side>,
}

/// A side of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is greater.
    Above,
    /// What is less.
    Below,
}

impl Move {
    /// Whether the fact has to rise (a date: be later).
    pub fn rises(&self) -> bool {
        match self.beyond {
            // The value may stand on the threshold already.
            Some(side) => side == Side::Above,
            None => self.to.checked_cmp(&self.from) == Some(std::cmp::Ordering::Greater),
        }
    }

    /// Whether the fact is a day that has come: what happened on it does not move any more.
    pub fn is_settled(&self, today: Date) -> bool {
        matches!(self.from, Scalar::Date(day) if day <= today)
    }

    /// A value that is enough.
    fn enough(&self) -> Option<Scalar> {
        match (self.beyond, &self.from, &self.to) {
            (Some(side), Scalar::Number(from), Scalar::Number(to)) => side.of(from, to).map(Scalar::Number),
            _ => Some(self.to.clone()),
        }
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

/// The gaps of conditions that stand at `origin`: the smallest sets of conditions below them whose turning would make them hold.
pub fn of_condition(
    evaluator: &Evaluator<'_>,
    record: &Record,
    conditions: &[(NodeId, Frame)],
    origin: OriginId,
) -> Vec<Gap> {
    gaps(evaluator, record, (conditions, origin), &mut trial::Budget::default())
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
    gaps(evaluator, record, (&conditions, rules.origin), tries)
}

fn gaps(
    evaluator: &Evaluator<'_>,
    record: &Record,
    (conditions, origin): (&[(NodeId, Frame)], OriginId),
    tries: &mut trial::Budget,
) -> Vec<Gap> {
    let mut ways = Ways::new(evaluator);
    let sets = ways.to_hold(conditions, origin);
    let mut known: BTreeMap<Turn, Found> = BTreeMap::new();
    let mut result = Vec::new();
    for set in sets {
        let proof = Proof {
            evaluator,
            record,
            whole: conditions,
            turns: &set,
        };
        if !proof.holds(&[]) {
            continue;
        }
        for turn in &set {
            if !known.contains_key(turn) {
                known.insert(*turn, condition(evaluator, record, &ways, *turn, tries));
            }
        }
        let found: Vec<&Found> = set.iter().filter_map(|turn| known.get(turn)).collect();
        result.extend(proved(&proof, &found).map(|conditions| Gap { conditions }));
    }
    result
}

/// A condition with the moves that turn it.
struct Found {
    condition: GapCondition,
    /// Whether no value of the facts can turn it.
    impossible: bool,
}

/// The conditions of a way, each with the moves that make the whole hold together with a move of each other; `None` where facts could turn each condition, yet not
/// all of them at once.
fn proved(proof: &Proof<'_, '_, '_>, found: &[&Found]) -> Option<Vec<GapCondition>> {
    if found.iter().any(|found| found.impossible) {
        return None;
    }
    let mut together: Vec<Vec<(Turn, &Move)>> = vec![Vec::new()];
    for Found { condition, .. } in found {
        if !condition.moves.is_empty() {
            let with = |before: &Vec<(Turn, _)>| {
                let before = before.clone();
                let each = condition.moves.iter().map(move |one| (condition.turn, one));
                each.map(move |one| before.iter().copied().chain([one]).collect())
                    .collect::<Vec<_>>()
            };
            together = together.iter().flat_map(with).take(MOST_TOGETHER).collect();
        }
    }
    together.retain(|moves| proof.holds(moves));
    let shown = |found: &&Found| {
        let mut condition = found.condition.clone();
        let turn = condition.turn;
        let helps = |one: &Move| {
            together
                .iter()
                .flatten()
                .any(|(of, other)| *of == turn && *other == one)
        };
        condition.moves.retain(helps);
        condition
    };
    (!together.is_empty()).then(|| found.iter().map(shown).collect())
}

fn condition(
    evaluator: &Evaluator<'_>,
    record: &Record,
    ways: &Ways<'_, '_>,
    turn: Turn,
    tries: &mut trial::Budget,
) -> Found {
    let program = evaluator.program();
    let value = evaluator.value(turn.node, turn.frame);
    let unknown = value.as_bool().is_none() && !value.is_undefined();
    let (moves, impossible) = if unknown {
        (Vec::new(), false)
    } else {
        moves::of(evaluator, record, turn, tries)
    };
    let (path, origin) = ways.place(turn);
    let condition = GapCondition {
        path,
        citation: Citation::of(program, origin),
        turn,
        unknown,
        moves,
    };
    Found { condition, impossible }
}

/// The version of a measure by which a line was judged.
pub(crate) fn rules_of<'p>(program: &'p Program, line: &AwardLine) -> Option<&'p MeasureRules> {
    let citation = line.citation.as_ref()?;
    let rules = &program.measures[line.measure].rules;
    rules.iter().find(|rules| rules.origin == citation.origin)
}
