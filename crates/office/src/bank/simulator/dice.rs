//! Chance that is the same for a seed on every machine: SplitMix64 (Steele, Lea and Flood, 2014), in whole numbers.

pub(super) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Happens `permille` times in a thousand.
    pub fn chance(&mut self, permille: u16) -> bool {
        self.next()
            .checked_rem(1000)
            .is_some_and(|drawn| drawn < u64::from(permille))
    }

    /// A whole number from `least` on and below `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most.saturating_sub(least)).unwrap_or(0);
        let drawn = self.next().checked_rem(width).unwrap_or(0);
        least.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }
}
