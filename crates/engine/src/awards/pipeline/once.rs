//! `once`: a line that was awarded before is not paid again; of several lines with one `per` value only one is paid.

use std::sync::Arc;

use super::clause::{Clause, concerns};
use super::{Pipeline, highest};
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Step, StepKind};
use crate::awards::key::Pool;

/// A measure that pays once.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// Its lines, seated by what it is paid once for.
    pub lines: Clause,
    /// Whether that is a value of its own, which several lines may share.
    pub per_value: bool,
    /// Names of the measures whose earlier awards count: its own and older ones of the same purpose.
    pub names: Vec<Arc<str>>,
}

impl Pipeline<'_> {
    /// Takes out what was awarded before.
    pub(super) fn once(&mut self, occurrence: &Occurrence) {
        for seat in &occurrence.lines.seats {
            let peers = || {
                occurrence
                    .lines
                    .seats
                    .iter()
                    .filter_map(|peer| Some((true, self.claims.get(peer.line)?.key.as_deref(), &peer.key)))
            };
            let earlier = self.history.received(None, |award| {
                if occurrence.names.contains(&award.measure) {
                    concerns(award.key.as_deref(), &seat.key, peers())
                } else {
                    Certainty::No
                }
            });
            let Some(claim) = self.claims.get_mut(seat.line) else {
                continue;
            };
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
            let pools: Vec<Pool> = occurrence.lines.pools();
            self.grouped(&pools, |this, pool| highest::apply(this, &occurrence.lines, pool));
        }
    }
}
