//! What was awarded before. `once`: a line that was awarded is not paid again; of several lines with one `per` value only one is paid. Over time: what a period was
//! awarded is taken off what is due for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::record::AwardRecord;

use super::clause::{Clause, Seat, concerns};
use super::{Pipeline, highest};
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Claim, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::judge::Running;
use crate::awards::key::Pool;

/// A measure that pays once, or once for each of its periods.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// Its lines, seated by what it is paid once for.
    pub lines: Clause,
    /// Whether it says `once`: a series is then entered once.
    pub once: bool,
    /// Whether that is for a value of its own, which several lines may share.
    pub per_value: bool,
    /// Its names.
    pub names: Vec<Arc<str>>,
    /// Names of older measures of the same purpose.
    pub counting: Vec<Arc<str>>,
    /// Lines that pay over time, under each version that may apply.
    pub running: BTreeMap<usize, Vec<Running>>,
}

impl Occurrence {
    fn is_of(&self, claims: &[Claim], seat: &Seat, award: &AwardRecord) -> Certainty {
        let peers = self.lines.seats.iter();
        let peers = peers.filter_map(|peer| Some((true, claims.get(peer.line)?.key.as_deref(), &peer.key)));
        concerns(award.key.as_deref(), &seat.key, peers)
    }

    fn over_time(&self, line: usize, holds: impl Fn(&Running) -> Certainty) -> Option<Certainty> {
        self.running.get(&line)?.iter().map(holds).reduce(Certainty::hull)
    }

    /// What makes that a line is not paid again: any award, and for a line that pays over time one of another series.
    fn earlier(&self, pipeline: &Pipeline<'_>, seat: &Seat) -> Received {
        pipeline.history.received(None, |award| {
            let other = if self.counting.contains(&award.measure) {
                Certainty::Yes
            } else if self.names.contains(&award.measure) {
                let other_series = self.over_time(seat.line, |running| running.begins_after(award.on));
                other_series.unwrap_or(Certainty::Yes)
            } else {
                return Certainty::No;
            };
            other.and(self.is_of(&pipeline.claims, seat, award))
        })
    }

    /// What the period asked about was awarded.
    fn of_period(&self, pipeline: &Pipeline<'_>, seat: &Seat) -> Option<Received> {
        self.running.get(&seat.line)?;
        Some(pipeline.history.received(None, |award| {
            if !self.names.contains(&award.measure) {
                return Certainty::No;
            }
            let same = self.over_time(seat.line, |running| running.is_asked_on(award.on));
            same.unwrap_or(Certainty::No)
                .and(self.is_of(&pipeline.claims, seat, award))
        }))
    }
}

impl Pipeline<'_> {
    /// Takes out what was awarded before.
    pub(super) fn once(&mut self, occurrence: &Occurrence) {
        for seat in &occurrence.lines.seats {
            let period = occurrence.of_period(self, seat);
            let earlier = match occurrence.once {
                true => occurrence.earlier(self, seat),
                false => Received::NOTHING,
            };
            let Some(claim) = self.claims.get_mut(seat.line) else {
                continue;
            };
            if let Some(received) = period {
                claim.needs_awards |= received.open && !claim.amount.is_zero();
                let after = claim.amount.less(received.amount);
                if after.low() == 0 && claim.amount.low() > 0 {
                    claim.made_only_if(Certainty::Maybe);
                }
                claim.change(after, |step| Step {
                    kind: StepKind::Awarded,
                    received: Some(received.amount),
                    ..step
                });
            }
            claim.needs_awards |= earlier.open && !claim.amount.is_zero();
            claim.made_only_if(earlier.awarded.negated());
            let after = match earlier.awarded {
                Certainty::No => claim.amount,
                Certainty::Maybe => claim.amount.down_to_zero(),
                Certainty::Yes => Amount::ZERO,
            };
            claim.change(after, |step| Step {
                kind: StepKind::Once,
                ..step
            });
        }
        self.bundles.begin();
        if occurrence.per_value {
            let pools: Vec<Pool> = self.pools(&occurrence.lines);
            self.grouped(&pools, |this, pool| highest::apply(this, &occurrence.lines, pool));
        }
    }
}
