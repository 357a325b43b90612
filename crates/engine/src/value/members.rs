//! Sets of members of an enumeration.

use std::sync::Arc;

const WORD: u32 = u64::BITS;

/// Positions of members, as bits.
// INVARIANT: the last word is not 0, so equal sets have one representation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Members(Arc<[u64]>);

impl Members {
    /// Those positions.
    pub fn of(positions: impl IntoIterator<Item = u16>) -> Self {
        let mut words = Vec::new();
        for position in positions {
            let (word, bit) = place(position);
            if words.len() <= word {
                words.resize(word.saturating_add(1), 0);
            }
            if let Some(bits) = words.get_mut(word) {
                *bits |= bit;
            }
        }
        Self::from_words(words)
    }

    /// The first `count` positions.
    pub fn all(count: usize) -> Self {
        Self::of((0..count).map_while(|position| u16::try_from(position).ok()))
    }

    fn from_words(mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words.into())
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let word = |set: &Self, index: usize| set.0.get(index).copied().unwrap_or(0);
        let length = self.0.len().max(other.0.len());
        Self::from_words(
            (0..length)
                .map(|index| combine(word(self, index), word(other, index)))
                .collect(),
        )
    }

    /// Members of either.
    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Members of both.
    pub fn intersection(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// Members of this that are not in the other.
    pub fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Whether all members of `other` are members of this.
    pub fn includes(&self, other: &Self) -> bool {
        other.without(self).is_empty()
    }

    /// Whether a position is a member.
    pub fn contains(&self, position: u16) -> bool {
        let (word, bit) = place(position);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Positions, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u16> {
        let last = u16::try_from(self.0.len())
            .unwrap_or(u16::MAX)
            .saturating_mul(u64::BITS as u16);
        (0..last).filter(|position| self.contains(*position))
    }

    /// The only member, where there is just one.
    pub fn single(&self) -> Option<u16> {
        let mut members = self.iter();
        members.next().filter(|_| members.next().is_none())
    }
}

fn place(position: u16) -> (usize, u64) {
    let word = u32::from(position).checked_div(WORD).unwrap_or(0);
    let bit = u32::from(position).checked_rem(WORD).unwrap_or(0);
    (word as usize, 1_u64.rotate_left(bit))
}
