//! Sharing out: from claims to shares by the fund's own rule, and by people's choice where the rule leaves it to them.

use meed_engine::awards::amount::Amount;
use meed_engine::round::{Claim, Rule, ration};
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;

use crate::store::CURRENCY;

/// One claim among those that share a fund.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    /// The case.
    pub case: String,
    /// The applicant's number: it decides between equal remainders.
    pub applicant: String,
    /// The child's key.
    pub object: String,
    /// What is claimed.
    pub claim: Money,
    /// What places it, the higher first.
    pub rank: Option<Ratio>,
    /// Its place among those that people had to choose from.
    pub place: Option<i64>,
}

/// What each contender gets.
///
/// # Errors
/// The cases between which people have to choose: the rule does not say who comes first.
pub(super) fn shares(rule: &Rule, fund: Money, contenders: &[Contender]) -> Result<Vec<Money>, Vec<String>> {
    let claims: Vec<Claim> = contenders.iter().map(claim).collect();
    let found = ration(rule, Amount::exact(fund.minor()), &claims);
    let settled: Vec<Option<i128>> = found.iter().map(|share| share.amount.value()).collect();
    let mut open: Vec<(Option<i64>, usize)> = Vec::new();
    for (index, (contender, share)) in contenders.iter().zip(&settled).enumerate() {
        if share.is_none() {
            open.push((contender.place, index));
        }
    }
    if open.iter().any(|(place, _)| place.is_none()) {
        let name = |(_, index): &(Option<i64>, usize)| contenders.get(*index).map(|one| one.case.clone());
        return Err(open.iter().filter_map(name).collect());
    }
    open.sort_unstable();
    let given = settled.iter().flatten().copied();
    let mut left = given.clone().fold(fund.minor(), i128::saturating_sub);
    let mut places = places(rule, given);
    let mut shares: Vec<i128> = settled.iter().map(|share| share.unwrap_or(0)).collect();
    for (_, index) in open {
        let (Some(contender), Some(share)) = (contenders.get(index), shares.get_mut(index)) else {
            continue;
        };
        if places > 0 {
            *share = contender.claim.minor().min(left);
            left = left.saturating_sub(*share);
            places = places.saturating_sub(u64::from(*share > 0));
        }
    }
    Ok(shares
        .into_iter()
        .map(|share| Money::from_minor(share, CURRENCY))
        .collect())
}

/// How many more awards the rule allows.
fn places(rule: &Rule, given: impl Iterator<Item = i128>) -> u64 {
    let made = given
        .filter(|share| *share > 0)
        .fold(0_u64, |count, _| count.saturating_add(1));
    match rule {
        // Where the number itself is in doubt, no more are made than it certainly allows.
        Rule::Quota(least, _) => least.saturating_sub(made),
        _ => u64::MAX,
    }
}

fn claim(contender: &Contender) -> Claim {
    let key = Some(contender.object.as_str()).filter(|object| !object.is_empty());
    Claim {
        rank: contender.rank.clone(),
        ..Claim::new(&contender.applicant, key, Amount::exact(contender.claim.minor()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fund() -> Money {
        Money::from_minor(100_000_000, CURRENCY)
    }

    fn of(claims: &[(i128, Option<i128>, Option<i64>)]) -> Vec<Contender> {
        let one = |(index, (claim, rank, place)): (usize, &(i128, Option<i128>, Option<i64>))| Contender {
            case: format!("case-{index}"),
            applicant: format!("{index}"),
            object: String::new(),
            claim: Money::from_minor(claim.saturating_mul(100), CURRENCY),
            rank: rank.map(Ratio::from_int),
            place: *place,
        };
        claims.iter().enumerate().map(one).collect()
    }

    fn told(shares: Result<Vec<Money>, Vec<String>>) -> Vec<String> {
        shares.unwrap().into_iter().map(Money::to_decimal).collect()
    }

    #[test]
    fn in_proportion_to_the_fen() {
        let plain = |claims: &[i128]| of(&claims.iter().map(|claim| (*claim, None, None)).collect::<Vec<_>>());
        let of = |claims: &[i128]| told(shares(&Rule::ProRata, fund(), &plain(claims)));
        assert_eq!(
            of(&[600_000, 400_000, 500_000]),
            ["400000.00", "266666.67", "333333.33"]
        );
        assert_eq!(of(&[600_000, 500_000]), ["545454.55", "454545.45"]);
        assert_eq!(of(&[600_000, 100_000, 500_000]), ["500000.00", "83333.33", "416666.67"]);
        assert_eq!(of(&[300_000, 500_000]), ["300000.00", "500000.00"]);
    }

    #[test]
    fn in_an_order_the_last_gets_what_is_left() {
        let ranked = of(&[
            (600_000, Some(1), None),
            (400_000, Some(3), None),
            (500_000, Some(2), None),
        ]);
        assert_eq!(
            told(shares(&Rule::InOrder, fund(), &ranked)),
            ["100000.00", "400000.00", "500000.00"]
        );
    }

    #[test]
    fn people_choose_between_equals_and_nobody_else_does() {
        let tied = of(&[
            (600_000, Some(2), None),
            (400_000, Some(1), None),
            (500_000, Some(1), None),
        ]);
        assert_eq!(shares(&Rule::InOrder, fund(), &tied[..2]).map(|all| all.len()), Ok(2));
        assert_eq!(
            shares(&Rule::InOrder, fund(), &tied),
            Err(vec!["case-1".to_owned(), "case-2".to_owned()])
        );
        let chosen = of(&[
            (600_000, Some(2), None),
            (400_000, Some(1), Some(2)),
            (500_000, Some(1), Some(1)),
        ]);
        assert_eq!(
            told(shares(&Rule::InOrder, fund(), &chosen)),
            ["600000.00", "0.00", "400000.00"]
        );
    }

    #[test]
    fn a_quota_counts_awards() {
        let rule = Rule::Quota(2, 2);
        let all = of(&[(100, None, Some(3)), (100, None, Some(1)), (100, None, Some(2))]);
        assert_eq!(told(shares(&rule, fund(), &all)), ["0.00", "100.00", "100.00"]);
        assert_eq!(told(shares(&rule, fund(), &all[..2])), ["100.00", "100.00"]);
    }
}
