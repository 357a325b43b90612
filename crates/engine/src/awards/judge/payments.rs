//! What a line is paid over time. It decides nothing about the period asked about, so it is found when somebody asks for it.

use super::series::{self, Instalment};
use super::version::{Judged, Version};
use super::versions::any_number_of;
use super::{Besides, Draft, DraftKind};
use crate::awards::amount::Amount;
use crate::explain::Evaluator;

/// What a line is paid over time.
#[derive(Clone, Debug)]
pub struct Payments {
    /// What all periods of a series come to; the line's amount where there is no series.
    pub over_time: Amount,
    /// The periods of each version; empty where none pays over time.
    pub by_version: Vec<Vec<Instalment>>,
}

impl Payments {
    /// What a line is paid.
    pub fn of<'p>(evaluator: &Evaluator<'p>, draft: &Draft<'p>) -> Self {
        if draft.versions.iter().all(|version| version.timing.is_none()) {
            return Self {
                over_time: draft.amount,
                by_version: Vec::new(),
            };
        }
        let versions = draft.versions.iter();
        let by_version: Vec<_> = versions.map(|version| version.instalments(evaluator)).collect();
        Self {
            over_time: over_time(evaluator, draft, &by_version),
            by_version,
        }
    }
}

fn over_time<'p>(evaluator: &Evaluator<'p>, draft: &Draft<'p>, by_version: &[Vec<Instalment>]) -> Amount {
    let of_version = |(version, instalments): (&Version<'p>, &Vec<Instalment>)| match version.timing {
        Some(_) => series::over_time(instalments),
        None => Judged::of(evaluator, version.rules, version.frame).amount,
    };
    let versions = draft.versions.iter().zip(by_version).map(of_version);
    let all = versions.reduce(Amount::hull).unwrap_or(Amount::UNKNOWN);
    let all = match draft.besides {
        Besides::Nothing => all,
        Besides::OutOfForce => all.hull(Amount::ZERO),
        Besides::Unwritten => Amount::UNKNOWN,
    };
    match draft.kind {
        DraftKind::Rest(_) if draft.verdict.certainty().possible() => any_number_of(all),
        _ => all,
    }
}
