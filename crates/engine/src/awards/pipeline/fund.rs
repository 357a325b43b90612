//! Funds: what a fund pays is known only in a round over all applicants; a single determination shows what may be paid at most.

use super::Pipeline;
use crate::awards::amount::Amount;
use crate::awards::claim::{Step, StepKind};

impl Pipeline<'_> {
    /// Says of lines that a fund pays them, and that it may pay less.
    pub fn rationed(&mut self, fund: usize, lines: &[usize]) {
        let mut bundle = self.bundles.around(&self.claims, lines);
        let others = bundle
            .most(&self.claims, lines)
            .map_or(0, |covered| bundle.total.low().saturating_sub(covered));
        for line in lines {
            if let Some(claim) = self.claims.get_mut(*line) {
                claim.change(claim.amount.down_to_zero(), |step| Step {
                    kind: StepKind::Fund,
                    fund: Some(fund),
                    ..step
                });
            }
        }
        bundle.total = Amount::between(others, bundle.total.high());
        self.bundles.put(&self.claims, bundle);
    }
}
