//! Which profile each row has: dealt, not drawn, so that a whole city has exactly the numbers that are known of it.
//!
//! Largest remainders would give each size its nearest numbers, but a larger population can then have *fewer* of a profile (the Alabama
//! paradox), and so not hold the smaller one. The quota method (M. L. Balinski and H. P. Young, *The Quota Method of
//! Apportionment*, American Mathematical Monthly 82, 1975) gives away one row after the other and keeps every profile's number within
//! one of its exact share at every size. A population of several cities repeats the deal.

/// The deal: a profile for each row of one city.
#[derive(Clone, Debug)]
pub(super) struct Deal(Vec<u16>);

impl Deal {
    /// Deals a city in which each profile has this number of rows.
    pub(super) fn new(numbers: &[u32]) -> Self {
        let city: u64 = numbers.iter().copied().map(u64::from).sum();
        let mut given = vec![0_u64; numbers.len()];
        let mut rows = Vec::new();
        for size in 1..=city {
            let Some(next) = next(numbers, &given, size, city) else {
                break;
            };
            if let Some(given) = given.get_mut(next) {
                *given = given.saturating_add(1);
            }
            rows.push(u16::try_from(next).unwrap_or(u16::MAX));
        }
        Self(rows)
    }

    /// How many rows a city has.
    pub(super) fn city(&self) -> usize {
        self.0.len()
    }

    /// The profile of a row.
    pub(super) fn profile(&self, row: u64) -> usize {
        let place = u64::try_from(self.0.len()).ok().and_then(|city| row.checked_rem(city));
        let place = place.and_then(|place| usize::try_from(place).ok());
        place
            .and_then(|place| self.0.get(place))
            .map_or(0, |profile| usize::from(*profile))
    }
}

/// Of the profiles that another row would not bring above their share of `size` rows, the one with the most to its next row.
fn next(numbers: &[u32], given: &[u64], size: u64, city: u64) -> Option<usize> {
    let mut best: Option<(usize, u64, u64)> = None;
    for (profile, (number, given)) in numbers.iter().zip(given).enumerate() {
        let number = u64::from(*number);
        let after = given.saturating_add(1);
        // given < number · size / city
        let within = given.saturating_mul(city) < number.saturating_mul(size);
        let ahead =
            |&(_, most, divisor): &(usize, u64, u64)| number.saturating_mul(divisor) > most.saturating_mul(after);
        if within && best.as_ref().is_none_or(ahead) {
            best = Some((profile, number, after));
        }
    }
    best.map(|(profile, ..)| profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_every_profile_within_one_of_its_share() {
        for numbers in [
            vec![1, 1, 1],
            vec![36, 428, 33, 43, 1, 14, 2_000, 57_445],
            vec![7, 0, 5, 88],
        ] {
            let deal = Deal::new(&numbers);
            let city: u32 = numbers.iter().sum();
            assert_eq!(deal.city(), city as usize);
            let mut counts = vec![0_u64; numbers.len()];
            for row in 0..u64::from(city) {
                counts[deal.profile(row)] += 1;
                let size = row + 1;
                for (count, number) in counts.iter().zip(&numbers) {
                    let share = u64::from(*number) * size;
                    let city = u64::from(city);
                    assert!(
                        (share / city..=share.div_ceil(city)).contains(count),
                        "{numbers:?} at {size}"
                    );
                }
            }
            assert_eq!(
                counts,
                numbers.iter().map(|number| u64::from(*number)).collect::<Vec<_>>()
            );
            assert_eq!(deal.profile(u64::from(city)), deal.profile(0));
        }
    }
}
