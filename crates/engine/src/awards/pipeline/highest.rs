//! `highest of`: of lines with one key only the highest is paid, less what the group received for the key before.

use meed_rules::program::CombineId;

use super::Pipeline;
use super::clause::{Bearer, Clause};
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::{Outcome, Paid};
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Claim, Mark, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// A group of lines of which the highest is paid, kept for later ceilings: what each would be if it were the one.
#[derive(Clone, Debug)]
pub struct Contest {
    /// Lines that share the key for certain, or may.
    pub lines: Vec<usize>,
    /// What each would be alone, by the order of `lines`.
    pub alone: Vec<Amount>,
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
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) -> Option<Outcome> {
    let lines = pool.lines();
    let entries: Vec<Entry> = lines
        .iter()
        .map(|line| Entry::of(pipeline, clause, pool, *line))
        .collect();
    if pipeline.uncontested(&lines) && entries.iter().all(|entry| entry.received.amount.is_zero()) {
        return None;
    }
    let total = total(pipeline, &entries, pool);
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
    pipeline.contests.push(Contest {
        alone: entries.iter().map(|entry| entry.alone).collect(),
        lines,
        step: pipeline.bundles.step(),
    });
    Some(Outcome {
        total,
        paid: Paid::OneLine,
    })
}

/// How one line stands in the group.
struct Entry {
    line: usize,
    before: Amount,
    /// Its amount less what was received.
    alone: Amount,
    received: Received,
    wins: Certainty,
    /// Whether a ceiling leaves open whether it is the one, and which certainly does.
    opened: bool,
    opened_by: Option<CombineId>,
}

impl Entry {
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool, line: usize) -> Self {
        let class = pool.class_of(line);
        let before = pipeline.amount(line);
        let beaten = |other: &&usize| **other != line && beats(pipeline, clause, **other, line);
        let mut all = pool.classes.iter().flatten();
        let beats_all = all.all(|other| *other == line || beats(pipeline, clause, line, *other));
        let step = pipeline.bundles.step();
        let opened = pipeline.opened.has(step, line);
        let wins = if opened {
            Certainty::Maybe
        } else if class.iter().any(|other| beaten(&other)) {
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
            opened,
            opened_by: pipeline.opened.by(step, line),
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
        if let Some(ceiling) = self.opened_by {
            claim.mark(Mark::Unresolved(ceiling));
        }
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
    let least = pipeline.paid(line).low();
    least > most || (least == most && clause.order(&pipeline.claims, line, other).is_lt())
}

/// The group's amount: between the highest and, where keys may differ, the sum of the highest of each. Where a ceiling leaves open which line is the one, any of
/// them may be, the lowest too.
fn total(pipeline: &Pipeline<'_>, entries: &[Entry], pool: &Pool) -> Amount {
    let of = |class: &[usize]| {
        let inside = entries.iter().filter(|entry| class.contains(&entry.line));
        amount::highest(inside.map(|entry| entry.alone))
    };
    let paid = |entry: &Entry| match pipeline.bundles.shown(entry.line) {
        Some(_) => 0,
        None => entry.alone.low(),
    };
    let low = if entries.iter().any(|entry| entry.opened) {
        entries.iter().filter(|entry| entry.wins.possible()).map(paid).min()
    } else {
        entries.iter().map(paid).max()
    };
    let high = amount::sum(pool.classes.iter().map(|class| of(class))).high();
    Amount::between(low.unwrap_or(0), high)
}
