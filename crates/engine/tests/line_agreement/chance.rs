//! Reproducible choices.

/// Sebastiano Vigna's splitmix64.
pub struct Chance(u64);

impl Chance {
    /// Mixed once, so that seeds beside each other do not give one sequence, shifted.
    pub fn new(seed: u64) -> Self {
        Self(Self(seed).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Whether something happens that does so in one of `rare` cases.
    pub fn one_in(&mut self, rare: usize) -> bool {
        self.below(rare) == 0
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Some of so many, at least one, in any order.
    pub fn some_of(&mut self, count: usize) -> Vec<usize> {
        let mut left: Vec<usize> = (0..count).collect();
        (0..=self.below(count))
            .map(|_| left.remove(self.below(left.len())))
            .collect()
    }
}
