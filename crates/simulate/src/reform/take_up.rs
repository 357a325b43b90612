//! Take-up: which of those who could are assumed to apply. An assumption, never a forecast: it is stated with its shares and seeds, and apart from what is not known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_facts::ratio::Ratio;
use sha2::{Digest, Sha256};

/// An assumption: a share for all measures, others for some, and the seeds it is drawn with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeUp {
    /// The share of measures that are not named.
    pub otherwise: Ratio,
    /// The shares of measures, by name.
    pub of: BTreeMap<Arc<str>, Ratio>,
    /// The seeds; what is drawn twice with one seed is one draw.
    pub seeds: BTreeSet<u64>,
}

impl TakeUp {
    /// The share of a measure.
    pub(super) fn share(&self, measure: &str) -> &Ratio {
        self.of.get(measure).unwrap_or(&self.otherwise)
    }
}

/// Whether an applicant takes up what has this share. It follows from the seed and the applicant's key alone, so the same applicants do under every reform, and whoever
/// does at a lower share does at a higher one.
pub(super) fn takes_up(seed: u64, applicant: &str, share: &Ratio) -> bool {
    let mut hash = Sha256::new();
    hash.update(b"meed take-up\0");
    hash.update(seed.to_be_bytes());
    hash.update(applicant.as_bytes());
    let bytes = hash.finalize();
    let drawn = bytes
        .iter()
        .take(8)
        .fold(0_i128, |drawn, byte| (drawn << 8) | i128::from(*byte));
    // drawn / 2^64 < share, in whole numbers.
    Ratio::from_int(drawn) < share * &Ratio::from_int(1 << 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takers(seed: u64, share: &str) -> Vec<u32> {
        let share = Ratio::parse(share).unwrap();
        (0..2000)
            .filter(|at| takes_up(seed, &format!("e{at}"), &share))
            .collect()
    }

    #[test]
    fn nobody_takes_up_nothing_and_everybody_all() {
        assert!(takers(1, "0").is_empty());
        assert_eq!(takers(1, "1").len(), 2000);
    }

    #[test]
    fn a_share_is_met_about_and_whoever_applies_at_a_lower_share_does_at_a_higher() {
        let (third, half) = (takers(7, "1/3"), takers(7, "0.5"));
        assert!((600..734).contains(&third.len()), "{}", third.len());
        assert!(third.iter().all(|taker| half.contains(taker)));
        assert_ne!(takers(8, "1/3"), third);
    }
}
