//! What holds for few rows: whether a value may be undefined, or may not apply.

use super::vector::{bit, set_bit};

/// The rows for which something holds. No words are kept while it holds for none.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    words: Vec<u64>,
    rows: usize,
}

impl Plane {
    /// It holds for none of so many rows.
    pub fn none(rows: usize) -> Self {
        Self {
            words: Vec::new(),
            rows,
        }
    }

    pub fn get(&self, row: usize) -> bool {
        bit(&self.words, row)
    }

    pub fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    pub fn set(&mut self, row: usize, holds: bool) {
        self.make_room(holds);
        set_bit(&mut self.words, row, holds);
    }

    /// Says of some rows of a word for which of them it holds.
    pub fn set_word(&mut self, index: usize, rows: u64, holds: u64) {
        self.make_room(rows & holds != 0);
        if let Some(word) = self.words.get_mut(index) {
            *word = (*word & !rows) | (rows & holds);
        }
    }

    /// Whether no words are kept.
    pub fn is_none(&self) -> bool {
        self.words.is_empty()
    }

    /// It holds for none of some rows.
    pub fn clear(&mut self, rows: &[u64]) {
        self.words.iter_mut().zip(rows).for_each(|(word, rows)| *word &= !rows);
    }

    /// Adds rows of a word.
    pub fn add_word(&mut self, index: usize, rows: u64) {
        self.set_word(index, rows, rows);
    }

    fn make_room(&mut self, wanted: bool) {
        if wanted && self.words.is_empty() {
            self.words = vec![0; self.rows.div_ceil(64)];
        }
    }
}
