//! Places that stay where they are while others are added: blocks, each twice as long as the one before. What an evaluation keeps lies side by side in a few of
//! them, and a place is found by its number alone.

use std::cell::{Cell, OnceCell};

/// Longer than anything that is kept: the last block has this many times the first one's places.
const BLOCKS: usize = 26;

/// Empty places, each filled once. `FIRST` is how many the first block has, a power of two.
pub(super) struct Blocks<T, const FIRST: usize> {
    blocks: [OnceCell<Box<[OnceCell<T>]>>; BLOCKS],
    taken: Cell<usize>,
}

impl<T, const FIRST: usize> Blocks<T, FIRST> {
    pub fn new() -> Self {
        Self {
            blocks: [const { OnceCell::new() }; BLOCKS],
            taken: Cell::new(0),
        }
    }

    /// The first of so many places side by side that nobody has taken yet.
    pub fn take(&self, count: usize) -> usize {
        let mut start = self.taken.get();
        // A block's end separates places.
        while let Some((block, offset)) = position::<FIRST>(start) {
            let length = length::<FIRST>(block);
            if offset.saturating_add(count) <= length {
                if let Some(block) = self.blocks.get(block) {
                    block.get_or_init(|| (0..length).map(|_| OnceCell::new()).collect());
                }
                break;
            }
            start = start.saturating_add(length.saturating_sub(offset));
        }
        self.taken.set(start.saturating_add(count));
        start
    }

    /// A place that was taken.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&OnceCell<T>> {
        let (block, offset) = position::<FIRST>(place)?;
        self.blocks.get(block)?.get()?.get(offset)
    }
}

/// The block that a place is in, and where in it.
#[inline]
fn position<const FIRST: usize>(place: usize) -> Option<(usize, usize)> {
    // Counted so, the blocks begin at powers of two.
    let place = place.checked_add(FIRST)?;
    let power = place.checked_ilog2()?;
    let block = power.checked_sub(FIRST.checked_ilog2()?)?;
    Some((block as usize, place & !1_usize.checked_shl(power)?))
}

fn length<const FIRST: usize>(block: usize) -> usize {
    u32::try_from(block)
        .ok()
        .and_then(|block| FIRST.checked_shl(block))
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_taken_together_lie_side_by_side_and_nobody_shares_one() {
        let blocks: Blocks<usize, 4> = Blocks::new();
        let mut next = 0;
        let mut starts = Vec::new();
        for count in [1, 0, 3, 2, 3, 1, 70, 5] {
            let start = blocks.take(count);
            assert!(start >= next, "{count} places at {start}");
            next = start + count;
            for place in start..next {
                blocks.get(place).unwrap().set(place).unwrap();
            }
            starts.push((start, count));
        }
        for (start, count) in starts {
            for place in start..start + count {
                assert_eq!(blocks.get(place).unwrap().get(), Some(&place));
            }
        }
    }
}
