//! A truth for each of many rows, sixty-four to a word.

/// One bit a row.
// INVARIANT: bits beyond `len` are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// No row's bit set.
    pub fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    /// All rows' bits set.
    pub fn all(len: usize) -> Self {
        Self::of_words(vec![u64::MAX; len.div_ceil(64)], len)
    }

    /// Those words; bits beyond `len` are cleared, words that are missing are 0.
    pub fn of_words(mut words: Vec<u64>, len: usize) -> Self {
        words.resize(len.div_ceil(64), 0);
        let beyond = len.wrapping_neg() % 64;
        if let (Some(last), true) = (words.last_mut(), beyond > 0) {
            *last &= u64::MAX.wrapping_shr(u32::try_from(beyond).unwrap_or(0));
        }
        Self { words, len }
    }

    /// Each row's truth in order.
    pub fn of(truths: impl IntoIterator<Item = bool>) -> Self {
        let mut bits = Self::default();
        truths.into_iter().for_each(|truth| bits.push(truth));
        bits
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words, row 0 in the lowest bit of the first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words alone.
    pub fn into_words(self) -> Vec<u64> {
        self.words
    }

    /// The words, to be changed; bits beyond [`Bits::len`] must stay 0.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// A row's bit; not set beyond the last row.
    pub fn get(&self, row: usize) -> bool {
        let word = self.words.get(row / 64).copied().unwrap_or(0);
        word.wrapping_shr(shift(row)) & 1 == 1
    }

    /// Sets or clears a row's bit; nothing beyond the last row.
    pub fn set(&mut self, row: usize, truth: bool) {
        if row >= self.len {
            return;
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1_u64.wrapping_shl(shift(row));
            *word = if truth { *word | bit } else { *word & !bit };
        }
    }

    /// Adds a row.
    pub fn push(&mut self, truth: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        let row = self.len;
        self.len = self.len.saturating_add(1);
        if truth {
            self.set(row, true);
        }
    }

    /// Adds rows whose bits are not set, until there are `len`.
    pub fn grow(&mut self, len: usize) {
        if len > self.len {
            self.words.resize(len.div_ceil(64), 0);
            self.len = len;
        }
    }

    /// Whether any row's bit is set.
    pub fn any(&self) -> bool {
        self.words.iter().any(|word| *word != 0)
    }

    /// How many rows' bits are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The other rows' bits.
    pub fn negated(&self) -> Self {
        Self::of_words(self.words.iter().map(|word| !word).collect(), self.len)
    }

    /// The rows whose bits are set, in order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        rows_of(self.words.iter().copied())
    }
}

/// The rows whose bits are set in those words, in order.
pub fn rows_of(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    let mut words = words.enumerate();
    let (mut first, mut word) = (0_usize, 0_u64);
    std::iter::from_fn(move || {
        while word == 0 {
            let (index, next) = words.next()?;
            (first, word) = (index.wrapping_mul(64), next);
        }
        let row = first.wrapping_add(word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        Some(row)
    })
}

fn shift(row: usize) -> u32 {
    // Below 64.
    u32::try_from(row % 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_last_are_never_set() {
        for len in [0, 1, 63, 64, 65, 200] {
            let mut bits = Bits::all(len);
            assert_eq!(bits.count(), len);
            bits.set(len, true);
            assert_eq!(bits.count(), len);
            assert!(!bits.get(len));
        }
    }

    #[test]
    fn rows_that_are_added_at_once_are_not_set() {
        for (few, many) in [(0, 0), (0, 65), (63, 64), (64, 64), (3, 200), (200, 3)] {
            let mut bits = Bits::all(few);
            bits.grow(many);
            assert_eq!((bits.len(), bits.count()), (few.max(many), few));
            assert_eq!(bits, Bits::of((0..few.max(many)).map(|row| row < few)));
        }
    }

    #[test]
    fn rows_are_those_that_were_set() {
        let mut bits = Bits::none(300);
        let set = [0, 1, 63, 64, 127, 128, 299];
        set.iter().for_each(|row| bits.set(*row, true));
        assert_eq!(bits.rows().collect::<Vec<_>>(), set);
        assert_eq!(Bits::of((0..300).map(|row| set.contains(&row))), bits);
        bits.set(64, false);
        assert!(!bits.get(64));
    }
}
