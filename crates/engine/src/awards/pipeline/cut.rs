//! How a ceiling cuts the lines under it: in proportion, some before others, or as the text does not say.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use meed_facts::money::{Currency, Money};
use meed_facts::ratio::Ratio;
use meed_rules::program::Cut;

use super::Pipeline;
use super::ceiling::{Ceiling, Class};
use super::clause::{Clause, Form};
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::AtMost;

/// What a ceiling leaves to the lines that share, or may share, a line's key.
pub struct Room<'a> {
    /// Lines that may share the key.
    pub pool: &'a [usize],
    /// What is left to them at least.
    pub least: i128,
    /// Lines that share the key for certain.
    pub class: &'a [usize],
    /// What is left to them at most.
    pub most: Option<i128>,
}

/// What a line may keep of an amount.
pub fn share(pipeline: &Pipeline<'_>, clause: &Clause, room: &Room<'_>, line: usize, amount: Amount) -> Amount {
    match &clause.form {
        Form::AtMost(Cut::InProportion) => in_proportion(pipeline, room, line, amount),
        _ => by_level(pipeline, clause, room, line, amount),
    }
}

fn in_proportion(pipeline: &Pipeline<'_>, room: &Room<'_>, line: usize, amount: Amount) -> Amount {
    let low = match may_keep(room, amount) {
        true => pipeline.bundles.most_beside(&pipeline.claims, room.pool, line),
        false => None,
    };
    let low = low.map_or(0, |others| proportion(room.least, amount.low(), others, Ratio::floor));
    let others = pipeline.bundles.least_beside(&pipeline.claims, room.class, line);
    let high = match (room.most, amount.high()) {
        (Some(most), Some(high)) => Some(proportion(most, high, others, Ratio::ceil)),
        (most, high) => amount::least(most, high),
    };
    Amount::between(low.min(amount.low()), amount::least(high, amount.high()))
}

/// Whether a line may keep something for certain: else nobody need ask what is left beside others.
fn may_keep(room: &Room<'_>, amount: Amount) -> bool {
    room.least > 0 && amount.low() > 0
}

/// `room * own / (own + others)`, rounded; at most `own`.
fn proportion(room: i128, own: i128, others: i128, round: impl Fn(&Ratio) -> Ratio) -> i128 {
    let sum = own.saturating_add(others);
    if sum <= room {
        return own;
    }
    let share = Ratio::new(own, sum).and_then(|share| share.checked_mul(&Ratio::from_int(room)));
    share.and_then(|share| round(&share).to_i128()).unwrap_or(0).min(own)
}

/// Lines of a lower level keep theirs first; lines of one level share what is left in a way that the text does not tell.
fn by_level(pipeline: &Pipeline<'_>, clause: &Clause, room: &Room<'_>, line: usize, amount: Amount) -> Amount {
    let own = level(pipeline, clause, line);
    let among = |lines: &[usize], wanted: fn(Ordering) -> bool| -> Vec<usize> {
        let is_wanted = |other: &usize| wanted(level(pipeline, clause, *other).cmp(&own));
        lines.iter().copied().filter(is_wanted).collect()
    };
    let not_after = match may_keep(room, amount) {
        true => {
            let lines = among(room.pool, Ordering::is_le);
            pipeline.bundles.most_beside(&pipeline.claims, &lines, line)
        }
        false => None,
    };
    let low = not_after.map_or(0, |others| room.least.saturating_sub(others).max(0));
    let before = among(room.class, Ordering::is_lt);
    let before = pipeline.bundles.least_beside(&pipeline.claims, &before, line);
    let high = room.most.map(|most| most.saturating_sub(before).max(0));
    Amount::between(low.min(amount.low()), amount::least(high, amount.high()))
}

/// What a ceiling leaves at most to lines that share a key, and to those of them that others go before.
pub fn by_levels(pipeline: &Pipeline<'_>, clause: &Clause, class: &Class) -> Vec<AtMost> {
    let of_line = |line: &usize| level(pipeline, clause, *line);
    let levels: BTreeSet<usize> = class.lines.iter().map(of_line).chain([0]).collect();
    let from = |level: usize| {
        let (lines, before): (Vec<usize>, Vec<usize>) = class.lines.iter().partition(|line| of_line(line) >= level);
        let before = pipeline.bundles.least(&pipeline.claims, &before);
        AtMost {
            lines,
            level,
            most: class.most.map(|most| most.saturating_sub(before).max(0)),
        }
    };
    levels.into_iter().map(from).collect()
}

/// Who is cut last has the lowest level.
fn level(pipeline: &Pipeline<'_>, clause: &Clause, line: usize) -> usize {
    let Form::AtMost(Cut::Order(order)) = &clause.form else {
        return 0;
    };
    let measure = pipeline.claims.get(line).map(|claim| claim.measure);
    order
        .iter()
        .position(|listed| Some(*listed) == measure)
        .map_or(0, |position| order.len().saturating_sub(position))
}

/// Whether a ceiling over all these lines leaves the higher of two higher, should only one of them be paid.
pub fn keeps_order(pipeline: &Pipeline<'_>, clause: &Clause, ceilings: &[Ceiling], lines: &[usize]) -> bool {
    let mut levels = lines.iter().map(|line| level(pipeline, clause, *line));
    let first = levels.next();
    let alike = levels.all(|level| Some(level) == first);
    let over_all = |ceiling: &Ceiling| match ceiling.classes.as_slice() {
        [class] if !class.loose => lines.iter().all(|line| class.lines.contains(line)),
        _ => false,
    };
    alike && ceilings.iter().any(over_all)
}

/// Whether the clause leaves open how this line shares with another one.
pub fn leaves_shares_open(pipeline: &Pipeline<'_>, clause: &Clause, class: &[usize], line: usize) -> bool {
    if clause.form == Form::AtMost(Cut::InProportion) {
        return false;
    }
    let own = level(pipeline, clause, line);
    class
        .iter()
        .any(|other| *other != line && level(pipeline, clause, *other) == own && !pipeline.amount(*other).is_zero())
}

/// The lines' shares where all is known and paid and the clause cuts in proportion: whole parts by largest remainder.
pub fn settled(
    pipeline: &Pipeline<'_>,
    clause: &Clause,
    lines: &[usize],
    room: Amount,
) -> Option<Vec<(usize, Amount)>> {
    if clause.form != Form::AtMost(Cut::InProportion) {
        return None;
    }
    let amounts: Vec<i128> = lines
        .iter()
        .map(|line| pipeline.paid(*line).value())
        .collect::<Option<_>>()?;
    let weights: Vec<Ratio> = amounts.iter().map(|amount| Ratio::from_int(*amount)).collect();
    // The currency plays no part: whole smallest units are split.
    let split = Money::from_minor(room.value()?, Currency::CNY).split(&weights)?;
    let settled = split.settle(|a, b| {
        let amount = |part: usize| amounts.get(part);
        let key = |part: usize| {
            lines
                .get(part)
                .and_then(|line| pipeline.claims.get(*line)?.key.as_ref())
        };
        amount(b).cmp(&amount(a)).then_with(|| key(a).cmp(&key(b)))
    });
    let shares = settled.shares.iter().map(|share| Amount::exact(share.minor()));
    Some(lines.iter().copied().zip(shares).collect())
}

/// How many smallest units may stay unpaid between lines that nothing in the data tells apart.
pub fn may_stay_unpaid(pipeline: &Pipeline<'_>, clause: &Clause, lines: &[usize]) -> i128 {
    if clause.form != Form::AtMost(Cut::InProportion) {
        return 0;
    }
    let mut keys: Vec<_> = lines
        .iter()
        .filter_map(|line| pipeline.claims.get(*line))
        .map(|claim| claim.key.as_ref())
        .collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    if keys.len() == count {
        0
    } else {
        i128::try_from(count).unwrap_or(i128::MAX).saturating_sub(1)
    }
}
