//! The nearest value of a fact that turns a condition.
//!
//! Where the condition is linear in the fact, the value is computed; else it is searched for, outwards in doubling steps and then by halves. Either way it is tried, and
//! so is one smallest unit less. Search looks at few values far away: a condition that holds only in a narrow band may be missed.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use meed_facts::date::{Date, Days};
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_facts::schema::FactType;
use meed_facts::value::Scalar;
use meed_rules::program::{NodeId, Op};

use super::linear::{place_of, root};
use super::trial::{Budget, Lever, Trial};
use super::{Move, Side, Turn};
use crate::awards::reading::fact_name;
use crate::explain::{Evaluator, Frame};
use crate::value::CausePlace;

/// The most facts of one condition that are tried.
const MOST_LEVERS: usize = 6;
/// How often a step is doubled.
const MOST_DOUBLINGS: u32 = 62;

/// How far each fact that a condition reads would have to move for the condition to turn, the others staying as they are; and whether it never can, since it asks of
/// its only fact what the fact's bounds exclude.
pub fn of(evaluator: &Evaluator<'_>, record: &Record, turn: Turn, budget: &mut Budget) -> (Vec<Move>, bool) {
    let mut levers = Vec::new();
    collect(evaluator, turn.node, turn.frame, &mut levers, &mut BTreeSet::new());
    let mut moves = Vec::new();
    for (node, lever) in &levers {
        let Some(mut trial) = Trial::new(evaluator, record, turn, lever) else {
            continue;
        };
        let nearest = nearest(evaluator, turn, lever, &mut trial, budget);
        moves.extend(nearest.map(|(to, beyond)| Move {
            place: CausePlace::Fact {
                record: lever.record.clone(),
                fact: lever.fact,
                period: lever.period,
            },
            name: fact_name(evaluator, &lever.record, lever.fact, lever.period),
            ty: evaluator.program().nodes[*node].ty.clone(),
            from: lever.now.clone(),
            to,
            beyond,
        }));
    }
    let impossible = match levers.as_slice() {
        [(node, lever)] => {
            moves.is_empty()
                && !budget.is_spent()
                && compares_only(evaluator, turn.node, *node)
                && root(evaluator, turn.node, turn.frame, lever).is_some()
        }
        _ => false,
    };
    (moves, impossible)
}

/// Whether a node compares a fact with what the text alone gives.
fn compares_only(evaluator: &Evaluator<'_>, node: NodeId, fact: NodeId) -> bool {
    let program = evaluator.program();
    let is_given = |node: NodeId| matches!(program.nodes[node].op, Op::Const(_));
    match &program.nodes[node].op {
        Op::Compare(_, a, b) => (*a == fact && is_given(*b)) || (*b == fact && is_given(*a)),
        _ => false,
    }
}

impl Side {
    /// A number a little beyond a threshold on this side, as seen from another number.
    pub(super) fn of(self, from: &Ratio, threshold: &Ratio) -> Option<Ratio> {
        let distance = threshold.checked_sub(from)?.abs();
        let little = if distance.is_zero() { Ratio::ONE } else { distance };
        let little = little.checked_div(&Ratio::from_int(1_000_000))?;
        match self {
            Self::Above => threshold.checked_add(&little),
            Self::Below => threshold.checked_sub(&little),
        }
    }
}

/// Known facts with an order that a condition reads.
fn collect(
    evaluator: &Evaluator<'_>,
    node: NodeId,
    frame: Frame,
    levers: &mut Vec<(NodeId, Lever)>,
    seen: &mut BTreeSet<(NodeId, Frame)>,
) {
    if levers.len() >= MOST_LEVERS || !seen.insert((node, frame)) {
        return;
    }
    let program = evaluator.program();
    if evaluator.visible(program.nodes[node].scope, frame).is_none() {
        return;
    }
    if let (Some((record, fact, period)), Some(now)) = (
        place_of(evaluator, node, frame),
        evaluator.value(node, frame).as_known(),
    ) {
        let ordered = matches!(
            now,
            Scalar::Number(_) | Scalar::Date(_) | Scalar::Months(_) | Scalar::Days(_)
        );
        let lever = Lever {
            record: record.clone(),
            fact,
            period,
            now: now.clone(),
        };
        if ordered && !levers.iter().any(|(_, known)| *known == lever) {
            levers.push((node, lever));
        }
        return;
    }
    if let Op::Aggregate {
        over, filter, value, ..
    } = &program.nodes[node].op
    {
        let outer = program.scopes[*over].parent;
        let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
        for instance in &evaluator.instances(*over, parent).items {
            for inner in filter.iter().chain(value) {
                collect(evaluator, *inner, instance.frame, levers, seen);
            }
        }
        return;
    }
    program.reads(node, &mut |operand| collect(evaluator, operand, frame, levers, seen));
}

/// The nearest value with which the condition turns, and whether it has to be passed.
fn nearest(
    evaluator: &Evaluator<'_>,
    turn: Turn,
    lever: &Lever,
    trial: &mut Trial<'_, '_, '_>,
    budget: &mut Budget,
) -> Option<(Scalar, Option<Side>)> {
    let unit = unit(&evaluator.program().schema.facts[lever.fact].ty);
    if let (Scalar::Number(now), Some(root)) = (&lever.now, root(evaluator, turn.node, turn.frame, lever)) {
        let found = match &unit {
            Some(unit) => beside(now, &root, unit, trial, budget).map(|value| (value, None)),
            None => exactly(now, &root, trial, budget),
        };
        if found.is_some() {
            return found;
        }
    }
    let step = Step::of(&lever.now, unit)?;
    let down = search(&step, -1, trial, budget);
    let up = search(&step, 1, trial, budget);
    let offset = match (down, up) {
        (Some(down), Some(up)) => {
            if down <= up {
                down.saturating_neg()
            } else {
                up
            }
        }
        (Some(down), None) => down.saturating_neg(),
        (None, up) => up?,
    };
    step.at(offset).map(|value| (value, None))
}

/// The smallest unit of a type, where it has one.
fn unit(ty: &FactType) -> Option<Ratio> {
    match ty {
        FactType::Money(currency) => Ratio::new(1, currency.units()),
        FactType::Count | FactType::Date | FactType::Months | FactType::Days => Some(Ratio::ONE),
        _ => None,
    }
}

/// The whole unit nearest to `now`, beside the root, with which the condition turns while it does not one unit before.
fn beside(
    now: &Ratio,
    root: &Ratio,
    unit: &Ratio,
    trial: &mut Trial<'_, '_, '_>,
    budget: &mut Budget,
) -> Option<Scalar> {
    let below = root.checked_div(unit)?.floor();
    let mut candidates = Vec::new();
    for offset in [-1, 0, 1, 2] {
        candidates.push(below.checked_add(&Ratio::from_int(offset))?.checked_mul(unit)?);
    }
    let distance = |value: &Ratio| value.checked_sub(now).map(|distance| distance.abs());
    candidates.sort_by_cached_key(distance);
    for value in candidates {
        if !trial.turns(&Scalar::Number(value.clone()), budget) {
            continue;
        }
        let towards = if value > *now {
            value.checked_sub(unit)?
        } else {
            value.checked_add(unit)?
        };
        return (!trial.turns(&Scalar::Number(towards), budget)).then_some(Scalar::Number(value));
    }
    None
}

/// The root itself, or the side of it on which the value has to lie.
fn exactly(
    now: &Ratio,
    root: &Ratio,
    trial: &mut Trial<'_, '_, '_>,
    budget: &mut Budget,
) -> Option<(Scalar, Option<Side>)> {
    let at = Scalar::Number(root.clone());
    if trial.turns(&at, budget) {
        return (root != now).then_some((at, None));
    }
    let sides: &[Side] = match root.cmp(now) {
        Ordering::Greater => &[Side::Above],
        Ordering::Less => &[Side::Below],
        Ordering::Equal => &[Side::Above, Side::Below],
    };
    let mut turns = |side: &&Side| {
        let beyond = side.of(now, root);
        beyond.is_some_and(|beyond| trial.turns(&Scalar::Number(beyond), budget))
    };
    let side = sides.iter().find(|side| turns(side))?;
    Some((at, Some(*side)))
}

/// Values at whole steps from one.
struct Step {
    from: Scalar,
    unit: Ratio,
}

impl Step {
    fn of(from: &Scalar, unit: Option<Ratio>) -> Option<Self> {
        Some(Self {
            from: from.clone(),
            unit: unit?,
        })
    }

    fn at(&self, offset: i128) -> Option<Scalar> {
        let small = || i32::try_from(offset).ok();
        Some(match &self.from {
            Scalar::Number(from) => {
                Scalar::Number(from.checked_add(&self.unit.checked_mul(&Ratio::from_int(offset))?)?)
            }
            Scalar::Date(from) => Scalar::Date(Date::plus_days(*from, Days(small()?))?),
            Scalar::Months(from) => Scalar::Months(from.checked_add(small()?)?),
            Scalar::Days(from) => Scalar::Days(from.checked_add(small()?)?),
            _ => return None,
        })
    }
}

/// The least number of steps in a direction after which the condition turns, one step less being too few.
fn search(step: &Step, direction: i128, trial: &mut Trial<'_, '_, '_>, budget: &mut Budget) -> Option<i128> {
    let mut turns = |count: i128| {
        let value = step.at(count.checked_mul(direction)?)?;
        Some(trial.turns(&value, budget))
    };
    let mut too_few = 0_i128;
    let mut enough = 1_i128;
    for _ in 0..MOST_DOUBLINGS {
        if turns(enough)? {
            while enough.saturating_sub(too_few) > 1 {
                let middle = too_few.midpoint(enough);
                if turns(middle)? {
                    enough = middle;
                } else {
                    too_few = middle;
                }
            }
            return Some(enough);
        }
        too_few = enough;
        enough = enough.checked_mul(2)?;
    }
    None
}
