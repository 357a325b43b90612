//! The steps that combine lines: groups, ladders, ceilings, funds; one file each.
//!
//! They know nothing of programs and facts: lines come with their amounts and keys, clauses with their members. Every step takes intervals and gives intervals
//! that hold every outcome, so that knowing more only shrinks them.

mod ceiling;
mod clause;
mod cut;
mod exclusive;
mod fund;
mod highest;
mod ladder;
mod once;
mod overtaken;
mod unresolved;

use std::borrow::Borrow;

use super::amount::Amount;
use super::bundle::{Bundles, Outcome, Shown};
use super::claim::Claim;
use super::history::History;
use super::key::Pool;

pub use clause::{Clause, Form, Limit, Seat};
pub use once::Occurrence;

/// All lines of a determination, and what the steps so far know of them.
#[derive(Clone, Debug)]
pub struct Pipeline<'a> {
    /// The lines.
    pub claims: Vec<Claim>,
    /// What is known of lines together.
    pub bundles: Bundles,
    /// What each line would be without other lines: after what was awarded before.
    pub own: Vec<Amount>,
    history: &'a History,
    /// Whether each line is nothing by itself.
    idle: Vec<bool>,
    contests: Vec<highest::Contest>,
    opened: overtaken::Opened,
    /// Whether more was opened than this run allowed for.
    again: bool,
}

impl<'a> Pipeline<'a> {
    /// Takes lines through what pays once and through clauses. Clauses come in the Program's order: groups, ladders, then ceilings, the narrower key first.
    pub fn run(
        claims: impl Fn() -> Vec<Claim>,
        history: &'a History,
        occurrences: &[Occurrence],
        clauses: &[impl Borrow<Clause>],
    ) -> Self {
        let mut opened = overtaken::Opened::default();
        loop {
            let claims = claims();
            let mut pipeline = Self {
                idle: claims.iter().map(|claim| claim.amount.is_zero()).collect(),
                claims,
                bundles: Bundles::default(),
                own: Vec::new(),
                history,
                contests: Vec::new(),
                opened,
                again: false,
            };
            for occurrence in occurrences {
                pipeline.once(occurrence);
            }
            pipeline.own = pipeline.claims.iter().map(|claim| claim.amount).collect();
            for clause in clauses {
                pipeline.apply(clause.borrow());
            }
            // Each time more lines are open, so this ends.
            if !pipeline.again {
                return pipeline;
            }
            opened = pipeline.opened;
        }
    }

    fn apply(&mut self, clause: &Clause) {
        self.bundles.begin();
        if let Form::AtMost(_) = clause.form {
            return ceiling::apply(self, clause);
        }
        self.grouped(&self.pools(clause), |this, pool| match clause.form {
            Form::HighestOf => highest::apply(this, clause, pool),
            Form::Exclusive { first } => exclusive::apply(this, clause, pool, first),
            Form::TopUp => ladder::apply(this, clause, pool),
            Form::Unresolved => unresolved::apply(this, clause, pool),
            Form::AtMost(_) => None,
        });
    }

    /// A clause's lines by what they may have in common. A line that is nothing by itself takes no part, unless it states other public money that counts.
    pub(super) fn pools(&self, clause: &Clause) -> Vec<Pool> {
        let is_idle = |line: usize| self.idle.get(line).copied().unwrap_or(false);
        clause.pools(|seat| !is_idle(seat.line) || !seat.limit.counting.is_empty())
    }

    /// Applies a step to each pool, and keeps what it found of its lines together. A step that certainly leaves all as it is finds nothing.
    fn grouped(&mut self, pools: &[Pool], mut step: impl FnMut(&mut Self, &Pool) -> Option<Outcome>) {
        let mut outcomes = Vec::new();
        for pool in pools {
            let earlier = self.contests.len();
            let outcome = step(self, pool);
            let lines = pool.lines();
            if lines.len() > 1 {
                for contest in self.contests.iter_mut().take(earlier) {
                    contest.weaken(&lines);
                }
            }
            if let Some(outcome) = outcome {
                outcomes.push((pool.clone(), outcome));
            }
        }
        self.bundles.group(&self.claims, outcomes);
    }

    /// Whether at most one of these lines is paid anything.
    fn uncontested(&self, lines: &[usize]) -> bool {
        lines.iter().filter(|line| !self.amount(**line).is_zero()).count() < 2
    }

    /// What is due for a line. Of alternatives another may be chosen, so each may still be nothing; sums count the highest of them.
    pub fn due(&self, line: usize) -> Amount {
        match self.bundles.shown(line) {
            Some(Shown::Alternative) => self.amount(line).down_to_zero(),
            Some(Shown::Unresolved) | None => self.amount(line),
        }
    }

    /// What all lines come to together.
    pub fn total(&self) -> Amount {
        let lines: Vec<usize> = (0..self.claims.len()).collect();
        self.bundles.sum(&self.claims, &lines)
    }

    /// What some lines come to together.
    pub fn total_of(&self, lines: &[usize]) -> Amount {
        self.bundles.sum(&self.claims, lines)
    }

    fn amount(&self, line: usize) -> Amount {
        self.claims.get(line).map_or(Amount::ZERO, |claim| claim.amount)
    }

    /// What a line is paid; one that only shows what it would be need not be paid.
    fn paid(&self, line: usize) -> Amount {
        let amount = self.amount(line);
        if self.bundles.shown(line).is_some() {
            amount.down_to_zero()
        } else {
            amount
        }
    }

    fn sum(&self, lines: &[usize]) -> Amount {
        self.bundles.sum(&self.claims, lines)
    }
}
