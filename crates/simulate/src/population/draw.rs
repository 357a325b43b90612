//! Chance: a stream of random numbers for each row, and what is drawn from it.
//!
//! Everything is drawn with whole numbers, so a population is the same bytes on every machine.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// Shares and chances are whole hundredths of a percent.
pub(super) const WHOLE: i64 = 10_000;

/// What a stream is for: what is known of a row is drawn apart from what it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// The row's facts.
    Facts = 0,
    /// Which of them are not known.
    Hiding = 1,
}

/// The random numbers of one row.
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    /// Those of all rows of a population, standing at no row yet.
    pub(super) fn new(seed: u64, kind: &str) -> Self {
        // Bytes 8 and on tell kinds apart; a kind's name that is longer is cut, which its other draws make good for.
        let mut key = [0_u8; 32];
        let bytes = seed.to_le_bytes().into_iter().chain(kind.bytes());
        key.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Goes to the beginning of a row's numbers.
    pub(super) fn at(&mut self, row: u64, purpose: Purpose) {
        self.0.set_stream(row.wrapping_mul(2).wrapping_add(purpose as u64));
    }

    /// Any number.
    pub(super) fn number(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `limit`, each as likely as the others to within one in four thousand millions.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let wide = u64::from(self.number()).wrapping_mul(limit.into());
        u32::try_from(wide.wrapping_shr(32)).unwrap_or(0)
    }

    /// A number near `place`, at most a sixteenth of the whole away.
    pub(super) fn near(&mut self, place: u32) -> u32 {
        let away = self.below(1 << 29);
        place.saturating_add(away).saturating_sub(1 << 28)
    }

    /// Whether something happens that has this chance, in hundredths of a percent.
    pub(super) fn happens(&mut self, chance: i64) -> bool {
        i64::from(self.below(10_000)) < chance
    }
}

/// A distribution, by its values at the probabilities [`Quantiles::AT`] and straight lines between them.
#[derive(Clone, Debug)]
pub(super) struct Quantiles([i64; 6]);

impl Quantiles {
    /// The probabilities, in percent.
    pub(super) const AT: [i64; 6] = [0, 10, 50, 90, 99, 100];

    /// Those values, which must not fall.
    pub(super) fn new(values: [i64; 6]) -> Option<Self> {
        values.is_sorted().then_some(Self(values))
    }

    /// A value.
    pub(super) fn draw(&self, draws: &mut Draws) -> i64 {
        self.at(draws.number())
    }

    /// The value below which the share `number` / 2³² lies.
    pub(super) fn at(&self, number: u32) -> i64 {
        let place = i128::from(number).wrapping_mul(100);
        let knots = || Self::AT.into_iter().zip(self.0);
        let segments = knots().zip(knots().skip(1));
        let scaled = |percent: i64| i128::from(percent).wrapping_shl(32);
        for ((from, low), (to, high)) in segments {
            if place < scaled(to) {
                let above = place.wrapping_sub(scaled(from));
                let rise = i128::from(high).wrapping_sub(low.into());
                let width = scaled(to).wrapping_sub(scaled(from)).max(1);
                let step = rise.wrapping_mul(above).checked_div(width).unwrap_or(0);
                return i64::try_from(step).map_or(high, |step| low.saturating_add(step));
            }
        }
        self.0.into_iter().last().unwrap_or(0)
    }
}

/// One of several values, each with a weight.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// Each value, and the sum of the weights up to its own.
    up_to: Vec<(i64, u32)>,
    total: u32,
}

impl Weights {
    /// Those values and weights; `None` where the weights are all 0 or too large.
    pub(super) fn new(values: impl IntoIterator<Item = (i64, u32)>) -> Option<Self> {
        let mut total = 0_u32;
        let mut up_to = Vec::new();
        for (value, weight) in values {
            total = total.checked_add(weight)?;
            up_to.push((value, total));
        }
        (total > 0).then_some(Self { up_to, total })
    }

    /// A value.
    pub(super) fn draw(&self, draws: &mut Draws) -> i64 {
        let number = draws.below(self.total);
        let found = self.up_to.iter().find(|(_, up_to)| number < *up_to);
        found.map_or(0, |(value, _)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_where_they_were_put() {
        let quantiles = Quantiles::new([0, 10, 50, 90, 990, 1000]).unwrap();
        let at = |percent: u64| quantiles.at(u32::try_from((percent << 32).div_ceil(100)).unwrap());
        assert_eq!((at(0), at(30), at(50), at(90), at(99)), (0, 30, 50, 90, 990));
        assert_eq!(quantiles.at(u32::MAX), 999);
        assert!(Quantiles::new([0, 10, 5, 90, 990, 1000]).is_none());
    }

    #[test]
    fn weights_are_shares() {
        let mut draws = Draws::new(1, "test");
        draws.at(0, Purpose::Facts);
        let weights = Weights::new([(7, 1), (8, 3), (9, 0)]).unwrap();
        let drawn: Vec<i64> = (0..4000).map(|_| weights.draw(&mut draws)).collect();
        let share = |value| drawn.iter().filter(|one| **one == value).count();
        assert!((900..1100).contains(&share(7)), "{}", share(7));
        assert_eq!((share(7) + share(8), share(9)), (4000, 0));
    }

    #[test]
    fn a_row_has_the_same_numbers_whichever_rows_came_before() {
        let mut draws = Draws::new(5, "test");
        draws.at(9, Purpose::Facts);
        let first = [draws.number(), draws.number()];
        draws.at(10, Purpose::Hiding);
        draws.number();
        draws.at(9, Purpose::Facts);
        assert_eq!([draws.number(), draws.number()], first);
        draws.at(9, Purpose::Hiding);
        assert_ne!(draws.number(), first[0]);
    }
}
