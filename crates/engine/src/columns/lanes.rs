//! Comparisons of columns with the widest instructions that the processor has, sixty-four rows at a time. Of each there is a version for every common kind of processor,
//! between which `fearless_simd` chooses when it is called.
//!
//! Each gives a bit for each row; those of rows that are not asked for mean nothing.

use fearless_simd::{Level, Simd, SimdFrom, dispatch, i64x8, mask64x8, u16x32};

/// Of fewer rows of a word than this each is asked by itself.
pub(super) const MANY: u32 = 8;

/// Where a number is below that of the other column.
pub(super) fn below(a: &[i64], b: &[i64], rows: &[u64]) -> Vec<u64> {
    dispatch!(Level::new(), simd => pairs(
        simd,
        (a, b),
        rows,
        #[inline(always)] |a, b| simd.simd_lt_i64x8(a, b),
        #[inline(always)] |a, b| a < b,
    ))
}

/// The same of products, which must fit.
pub(super) fn below_of_products((a, by): (&[i64], i64), (b, other): (&[i64], i64), rows: &[u64]) -> Vec<u64> {
    dispatch!(Level::new(), simd => {
        let (all_by, all_other) = (simd.splat_i64x8(by), simd.splat_i64x8(other));
        pairs(
            simd,
            (a, b),
            rows,
            #[inline(always)] |a, b| simd.simd_lt_i64x8(simd.mul_i64x8(a, all_by), simd.mul_i64x8(b, all_other)),
            #[inline(always)] |a, b| a.wrapping_mul(by) < b.wrapping_mul(other),
        )
    })
}

/// Where a number is below one.
pub(super) fn below_one<T: Copy + Into<i64>>(numbers: &[T], one: i64, rows: &[u64]) -> Vec<u64> {
    dispatch!(Level::new(), simd => {
        let all = simd.splat_i64x8(one);
        each(
            simd,
            numbers,
            rows,
            #[inline(always)] |numbers| simd.simd_lt_i64x8(numbers, all),
            #[inline(always)] |number| number < one,
        )
    })
}

/// Where a number is above one.
pub(super) fn above_one<T: Copy + Into<i64>>(numbers: &[T], one: i64, rows: &[u64]) -> Vec<u64> {
    match one.checked_add(1) {
        Some(next) => opposite(below_one(numbers, next, rows)),
        None => vec![0; rows.len()],
    }
}

/// Where something does not hold, of where it holds.
pub(super) fn opposite(mut truths: Vec<u64>) -> Vec<u64> {
    truths.iter_mut().for_each(|truths| *truths = !*truths);
    truths
}

/// Where a member is one of an enumeration.
pub(super) fn is_one(members: &[u16], one: u16, rows: &[u64]) -> Vec<u64> {
    dispatch!(Level::new(), simd => {
        let (words, all) = (members.as_chunks::<64>().0, simd.splat_u16x32(one));
        by_word(
            rows,
            #[inline(always)] |index| {
                let word: &[u16; 64] = words.get(index)?;
                let mut bits = 0_u64;
                for half in word.as_chunks().0.iter().rev() {
                    let half = u16x32::simd_from(simd, *half);
                    bits = bits << 32 | simd.to_bitmask_mask16x32(simd.simd_eq_u16x32(half, all));
                }
                Some(bits)
            },
            #[inline(always)] |row| members.get(row) == Some(&one),
        )
    })
}

/// All bits that any number has.
pub(super) fn all_bits(numbers: &[i64]) -> i64 {
    dispatch!(Level::new(), _ => {
        let mut bits = 0;
        for number in numbers {
            bits |= number;
        }
        bits
    })
}

/// Decides whole words with many rows at once, else rows one by one.
#[inline(always)]
fn by_word(rows: &[u64], many: impl Fn(usize) -> Option<u64>, one: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut all = vec![0; rows.len()];
    for (index, (bits, rows)) in all.iter_mut().zip(rows).enumerate() {
        let word = if rows.count_ones() < MANY { None } else { many(index) };
        *bits = match word {
            Some(word) => word,
            None => few(
                *rows,
                #[inline(always)]
                |row| one(index.wrapping_mul(64).wrapping_add(row)),
            ),
        };
    }
    all
}

#[inline(always)]
fn pairs<S: Simd>(
    simd: S,
    (a, b): (&[i64], &[i64]),
    rows: &[u64],
    eight_hold: impl Fn(i64x8<S>, i64x8<S>) -> mask64x8<S>,
    holds: impl Fn(i64, i64) -> bool,
) -> Vec<u64> {
    let (a_words, b_words) = (a.as_chunks::<64>().0, b.as_chunks::<64>().0);
    by_word(
        rows,
        #[inline(always)]
        |index| {
            let (a, b): (&[i64; 64], &[i64; 64]) = (a_words.get(index)?, b_words.get(index)?);
            let mut bits = 0;
            for (a, b) in a.as_chunks().0.iter().zip(b.as_chunks().0).rev() {
                let mask = eight_hold(i64x8::simd_from(simd, *a), i64x8::simd_from(simd, *b));
                bits = bits << 8 | simd.to_bitmask_mask64x8(mask);
            }
            Some(bits)
        },
        #[inline(always)]
        |row| a.get(row).zip(b.get(row)).is_some_and(|(a, b)| holds(*a, *b)),
    )
}

#[inline(always)]
fn each<S: Simd, T: Copy + Into<i64>>(
    simd: S,
    numbers: &[T],
    rows: &[u64],
    eight_hold: impl Fn(i64x8<S>) -> mask64x8<S>,
    holds: impl Fn(i64) -> bool,
) -> Vec<u64> {
    let words = numbers.as_chunks::<64>().0;
    by_word(
        rows,
        #[inline(always)]
        |index| {
            let word: &[T; 64] = words.get(index)?;
            let mut bits = 0;
            for eight in word.as_chunks::<8>().0.iter().rev() {
                let eight = i64x8::simd_from(
                    simd,
                    eight.map(
                        #[inline(always)]
                        |number| number.into(),
                    ),
                );
                bits = bits << 8 | simd.to_bitmask_mask64x8(eight_hold(eight));
            }
            Some(bits)
        },
        #[inline(always)]
        |row| numbers.get(row).is_some_and(|number| holds((*number).into())),
    )
}

/// For which rows of a word something holds. A bit and no branch for each: which that are cannot be foreseen.
#[inline(always)]
pub(super) fn few(rows: u64, holds: impl Fn(usize) -> bool) -> u64 {
    let (mut left, mut bits) = (rows, 0);
    while left != 0 {
        let row = left.trailing_zeros();
        bits |= u64::from(holds(row as usize)).wrapping_shl(row);
        left &= left.wrapping_sub(1);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers at ends and between, in no order; two whole words and a part of one.
    fn numbers(mut seed: u64) -> Vec<i64> {
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 33
        };
        let ends = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
        let number = |pick: u64| match pick % 3 {
            0 => ends[pick as usize / 3 % 7],
            1 => (pick as i64 / 3 % 5).wrapping_sub(2),
            _ => (pick as i64).wrapping_sub(1 << 30),
        };
        (0..150).map(|_| number(next())).collect()
    }

    /// Words of many rows, of few, and the last one.
    const ROWS: [u64; 3] = [u64::MAX, 1 << 63 | 0b101, (1 << 22) - 1];

    fn assert_holds(found: &[u64], holds: impl Fn(usize) -> bool) {
        for row in meed_facts::batch::rows_of(ROWS.into_iter()) {
            assert_eq!(found[row / 64] >> (row % 64) & 1 == 1, holds(row), "{row}");
        }
    }

    #[test]
    fn columns_compare_as_their_numbers_do() {
        for seed in 0..200 {
            let (a, b) = (numbers(seed), numbers(seed + 1000));
            let one = b[0];
            assert_holds(&below(&a, &b, &ROWS), |row| a[row] < b[row]);
            assert_holds(&below_one(&a, one, &ROWS), |row| a[row] < one);
            for one in [one, i64::MIN, i64::MAX] {
                assert_holds(&above_one(&a, one, &ROWS), |row| a[row] > one);
            }
            let small = |numbers: &[i64]| numbers.iter().map(|number| *number as i32).collect::<Vec<_>>();
            let narrow = small(&a);
            assert_holds(&below_one(&narrow, one, &ROWS), |row| i64::from(narrow[row]) < one);
            let wide = |numbers: Vec<i32>| numbers.into_iter().map(i64::from).collect::<Vec<_>>();
            let (x, y) = (wide(small(&a)), wide(small(&b)));
            let found = below_of_products((&x, 11_025), (&y, -7), &ROWS);
            assert_holds(&found, |row| x[row] * 11_025 < y[row] * -7);
            let members: Vec<u16> = a.iter().map(|number| (number & 3) as u16).collect();
            assert_holds(&is_one(&members, 2, &ROWS), |row| members[row] == 2);
        }
    }
}
