//! `highest of`: of lines with one key only the highest is paid, less what the group received for the key before.

use super::Pipeline;
use super::clause::{Bearer, Clause};
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::BundleKind;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Claim, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// A group of lines of which the highest is paid, kept for later ceilings: what each would be if it were the one.
#[derive(Clone, Debug)]
pub struct Contest {
    /// Lines that share the key for certain, or may.
    pub pool: Pool,
    /// All of them.
    pub lines: Vec<usize>,
    /// What each would be alone, by the order of `lines`.
    pub alone: Vec<Amount>,
    /// Position of its bundle.
    pub bundle: usize,
    /// The clause that made it.
    pub step: usize,
}

impl Contest {
    /// Allows for lines that a later group made smaller.
    pub fn weaken(&mut self, changed: &[usize]) {
        for (line, alone) in self.lines.iter().zip(&mut self.alone) {
            if changed.contains(line) {
                *alone = alone.down_to_zero();
            }
        }
    }
}

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) {
    let lines = pool.lines();
    let entries: Vec<Entry> = lines
        .iter()
        .map(|line| Entry::of(pipeline, clause, pool, *line))
        .collect();
    let total = total(&entries, pool);
    let winner = entries
        .iter()
        .find(|entry| entry.wins.certain())
        .and_then(|entry| pipeline.claims.get(entry.line))
        .map(|claim| (claim.measure, claim.key.clone()));
    for entry in &entries {
        let instead = winner.clone().filter(|_| entry.wins == Certainty::No);
        if let Some(claim) = pipeline.claims.get_mut(entry.line) {
            entry.settle(claim, clause, instead);
        }
    }
    let kind = if pool.is_certain() {
        BundleKind::OneOf
    } else {
        BundleKind::Together
    };
    let bundle = pipeline.bundles.add_paid(lines.clone(), total, kind);
    pipeline.contests.push(Contest {
        pool: pool.clone(),
        alone: entries.iter().map(|entry| entry.alone).collect(),
        lines,
        bundle,
        step: pipeline.bundles.step(),
    });
}

/// How one line stands in the group.
struct Entry {
    line: usize,
    before: Amount,
    /// Its amount less what was received.
    alone: Amount,
    received: Received,
    wins: Certainty,
}

impl Entry {
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool, line: usize) -> Self {
        let class = pool.class_of(line);
        let before = pipeline.amount(line);
        let beaten = |other: &&usize| **other != line && beats(pipeline, clause, **other, line);
        let beats_all = pool
            .lines()
            .iter()
            .all(|other| *other == line || beats(pipeline, clause, line, *other));
        let wins = if class.iter().any(|other| beaten(&other)) {
            Certainty::No
        } else if beats_all {
            Certainty::Yes
        } else {
            Certainty::Maybe
        };
        let received = clause.received(&pipeline.claims, pipeline.history, class, |_| true);
        Self {
            line,
            before,
            alone: before.less(received.amount),
            received,
            wins,
        }
    }

    fn settle(&self, claim: &mut Claim, clause: &Clause, instead: Bearer) {
        let after = match self.wins {
            Certainty::Yes => self.alone,
            Certainty::Maybe => self.alone.down_to_zero(),
            Certainty::No => Amount::ZERO,
        };
        claim.needs_awards |= self.received.open && !self.before.is_zero() && self.wins.possible();
        claim.made_only_if(self.wins);
        if after.low() == 0 && self.before.low() > 0 && self.wins.certain() {
            claim.made_only_if(Certainty::Maybe);
        }
        let taken = self.wins.possible() && !self.received.amount.is_zero();
        claim.change(after, |step| Step {
            kind: if clause.id.is_some() {
                StepKind::HighestOf
            } else {
                StepKind::Once
            },
            clause: clause.id,
            instead,
            received: taken.then_some(self.received.amount),
            ..step
        });
    }
}

/// Whether a line is higher for certain; of equal amounts the one that comes first in the clause is.
fn beats(pipeline: &Pipeline<'_>, clause: &Clause, line: usize, other: usize) -> bool {
    let Some(most) = pipeline.amount(other).high() else {
        return false;
    };
    let least = pipeline.amount(line).low();
    least > most || (least == most && clause.order(&pipeline.claims, line, other).is_lt())
}

/// The group's amount: between the highest and, where keys may differ, the sum of the highest of each.
fn total(entries: &[Entry], pool: &Pool) -> Amount {
    let of = |class: &[usize]| {
        let amounts = entries
            .iter()
            .filter(|entry| class.contains(&entry.line))
            .map(|entry| entry.alone);
        amount::highest(amounts)
    };
    let low = entries.iter().map(|entry| entry.alone.low()).max();
    let high = amount::sum(pool.classes.iter().map(|class| of(class))).high();
    Amount::between(low.unwrap_or(0), high)
}
