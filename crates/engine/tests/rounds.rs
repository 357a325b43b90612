//! Rounds: the sentences of `semantics.md` §7, and properties of every way to share a fund out.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

use meed_engine::awards::amount::Amount;
use meed_engine::round::{Claim, Rule, Share, State, ration};
use meed_facts::ratio::Ratio;
use proptest::prelude::*;

fn claim(applicant: &str, fen: i128) -> Claim {
    Claim::new(applicant, None, Amount::exact(fen))
}

fn ranked(applicant: &str, fen: i128, rank: i128) -> Claim {
    claim(applicant, fen).ranked(Ratio::from_int(rank))
}

fn paid(shares: &[Share]) -> Vec<i128> {
    shares.iter().map(|share| share.amount.value().unwrap()).collect()
}

fn states(shares: &[Share]) -> Vec<State> {
    shares.iter().map(|share| share.state).collect()
}

fn fund(fen: i128) -> Amount {
    Amount::exact(fen)
}

#[test]
fn a_fund_that_suffices_pays_everybody_in_full() {
    for rule in [Rule::Unsaid, Rule::ProRata, Rule::InOrder, Rule::Quota(2, 2)] {
        let shares = ration(&rule, fund(12), &[claim("a", 5), claim("b", 7)]);
        assert_eq!(paid(&shares), [5, 7], "{rule:?}");
        assert_eq!(states(&shares), [State::Full; 2], "{rule:?}");
    }
}

#[test]
fn shares_in_proportion_sum_to_the_fund_and_the_larger_remainder_gets_the_fen() {
    let shares = ration(
        &Rule::ProRata,
        fund(10),
        &[claim("a", 10), claim("b", 20), claim("c", 30)],
    );
    assert_eq!(paid(&shares), [2, 3, 5]);
    assert_eq!(states(&shares), [State::Reduced; 3]);
}

#[test]
fn of_equal_remainders_the_larger_amount_gets_the_fen() {
    // 30 and 60 of 90 with a fund of 45: 15 and 30. With amounts 1 and 3 of a fund of 2 both remainders are one half.
    let shares = ration(&Rule::ProRata, fund(2), &[claim("a", 1), claim("b", 3)]);
    assert_eq!(paid(&shares), [0, 2]);
}

#[test]
fn of_equal_amounts_the_smaller_applicant_gets_the_fen_and_then_the_smaller_key() {
    let shares = ration(&Rule::ProRata, fund(3), &[claim("b", 2), claim("a", 2)]);
    assert_eq!(paid(&shares), [1, 2]);
    let of = |key| Claim::new("a", Some(key), Amount::exact(2));
    assert_eq!(paid(&ration(&Rule::ProRata, fund(3), &[of("q"), of("p")])), [1, 2]);
}

#[test]
fn between_claims_that_are_equal_in_everything_the_fen_stays_unpaid() {
    let shares = ration(&Rule::ProRata, fund(3), &[claim("", 2), claim("", 2)]);
    assert_eq!(paid(&shares), [1, 1]);
}

#[test]
fn fourteen_of_fifty_wan_share_seven_hundred_wan_and_fifteen_are_cut_alike() {
    let wan = 1_000_000;
    let names: Vec<String> = (10..25).map(|n| format!("c{n}")).collect();
    let claims: Vec<Claim> = names.iter().map(|name| claim(name, 50 * wan)).collect();
    let fourteen = ration(&Rule::ProRata, fund(700 * wan), &claims[..14]);
    assert_eq!(paid(&fourteen), [50 * wan; 14]);
    let fifteen = paid(&ration(&Rule::ProRata, fund(700 * wan), &claims));
    assert_eq!(fifteen.iter().sum::<i128>(), 700 * wan);
    // 46,666,666 2/3 fen each: ten of them get the larger whole.
    assert_eq!(fifteen.iter().filter(|fen| **fen == 46_666_667).count(), 10);
}

#[test]
fn the_first_in_order_is_paid_in_full_and_the_last_gets_what_is_left() {
    let claims = [ranked("a", 6, 1), ranked("b", 6, 3), ranked("c", 6, 2)];
    let shares = ration(&Rule::InOrder, fund(9), &claims);
    assert_eq!(paid(&shares), [0, 6, 3]);
    assert_eq!(states(&shares), [State::Nothing, State::Full, State::Reduced]);
}

#[test]
fn equals_at_the_margin_are_unresolved_and_those_before_and_after_are_not() {
    let claims = [
        ranked("a", 4, 9),
        ranked("b", 4, 5),
        ranked("c", 4, 5),
        ranked("d", 4, 1),
    ];
    let shares = ration(&Rule::InOrder, fund(9), &claims);
    assert_eq!(
        states(&shares),
        [State::Full, State::Unresolved, State::Unresolved, State::Nothing]
    );
    assert_eq!(shares[1].amount, Amount::between(0, Some(4)));
    assert_eq!(shares[2].amount, Amount::between(0, Some(4)));
}

#[test]
fn equals_that_fit_together_are_no_question() {
    let shares = ration(&Rule::InOrder, fund(8), &[ranked("a", 4, 5), ranked("b", 4, 5)]);
    assert_eq!(paid(&shares), [4, 4]);
}

#[test]
fn a_quota_says_how_many_and_not_who() {
    let three = [claim("a", 1), claim("b", 2), claim("c", 3)];
    assert_eq!(paid(&ration(&Rule::Quota(3, 3), fund(100), &three)), [1, 2, 3]);
    let two = ration(&Rule::Quota(2, 2), fund(100), &three);
    assert_eq!(states(&two), [State::Unresolved; 3]);
    assert_eq!(two[2].amount, Amount::between(0, Some(3)));
    assert_eq!(paid(&ration(&Rule::Quota(0, 0), fund(100), &three)), [0, 0, 0]);
}

#[test]
fn where_the_text_does_not_say_what_happens_a_fund_that_is_short_is_unresolved() {
    let shares = ration(&Rule::Unsaid, fund(5), &[claim("a", 3), claim("b", 7)]);
    assert_eq!(states(&shares), [State::Unresolved; 2]);
    assert_eq!(shares[1].amount, Amount::between(0, Some(5)));
}

#[test]
fn a_claim_that_is_undetermined_leaves_each_share_between_its_own_least_and_most() {
    let undetermined = Claim::new("b", None, Amount::between(0, Some(100)));
    let shares = ration(&Rule::ProRata, fund(100), &[claim("a", 100), undetermined]);
    assert_eq!(shares[0].amount, Amount::between(50, Some(100)));
    assert_eq!(shares[1].amount, Amount::between(0, Some(50)));
    assert_eq!(states(&shares), [State::Open; 2]);
}

#[test]
fn who_came_first_is_open_while_a_day_is_not_known() {
    let shares = ration(&Rule::InOrder, fund(10), &[ranked("a", 6, -3), claim("b", 6)]);
    assert_eq!(shares[0].amount, Amount::between(0, Some(6)));
    assert_eq!(shares[1].amount, Amount::between(0, Some(6)));
    assert_eq!(states(&shares), [State::Open; 2]);
}

#[test]
fn a_fund_of_an_amount_that_nobody_knows_leaves_all_open() {
    let shares = ration(&Rule::ProRata, Amount::UNKNOWN, &[claim("a", 5)]);
    assert_eq!(shares[0].amount, Amount::between(0, Some(5)));
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Unsaid),
        Just(Rule::ProRata),
        Just(Rule::InOrder),
        (0_u64..6).prop_map(|quota| Rule::Quota(quota, quota)),
    ]
}

/// Claims with few different values, so that equals are frequent.
fn exact_claims() -> impl Strategy<Value = Vec<Claim>> {
    let one = (0_u8..6, 0_i128..12, 0_i128..3);
    prop::collection::vec(one, 1..8).prop_map(|all| {
        let one = |(name, fen, rank): &(u8, i128, i128)| ranked(&name.to_string(), *fen, *rank);
        all.iter().map(one).collect()
    })
}

/// A claim with what may still become of it.
fn open_claims() -> impl Strategy<Value = Vec<(Claim, Claim)>> {
    let one = (0_u8..6, 0_i128..12, 0_i128..12, 0_i128..12, 0_i128..3, any::<bool>());
    prop::collection::vec(one, 1..7).prop_map(|all| {
        let one = |(name, low, more, at, rank, known): &(u8, i128, i128, i128, i128, bool)| {
            let end = ranked(&name.to_string(), low + at % (more + 1), *rank);
            let mut open = Claim {
                amount: Amount::between(*low, Some(low + more)),
                ..end.clone()
            };
            open.rank = open.rank.filter(|_| *known);
            (open, end)
        };
        all.iter().map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn shares_never_exceed_the_fund_nor_the_claim(rule in rules(), available in 0_i128..40, claims in exact_claims()) {
        let shares = ration(&rule, fund(available), &claims);
        prop_assert!(shares.iter().map(|share| share.amount.low()).sum::<i128>() <= available);
        if shares.iter().all(|share| share.amount.value().is_some()) {
            let sum: i128 = paid(&shares).iter().sum();
            let claimed: i128 = claims.iter().map(|claim| claim.amount.low()).sum();
            prop_assert!(sum <= available.min(claimed));
        }
        for (share, claim) in shares.iter().zip(&claims) {
            prop_assert!(share.amount.high() <= claim.amount.high());
        }
    }

    #[test]
    fn in_proportion_only_equals_leave_anything_unpaid(available in 0_i128..40, mut claims in exact_claims()) {
        for (position, claim) in claims.iter_mut().enumerate() {
            claim.key = Some(position.to_string().into());
        }
        let claimed: i128 = claims.iter().map(|claim| claim.amount.low()).sum();
        let sum: i128 = paid(&ration(&Rule::ProRata, fund(available), &claims)).iter().sum();
        prop_assert_eq!(sum, available.min(claimed));
    }

    #[test]
    fn the_order_of_claims_changes_no_share(
        rule in rules(), available in 0_i128..40, pairs in open_claims(), turn in 0_usize..7,
    ) {
        let claims: Vec<Claim> = pairs.into_iter().map(|(open, _)| open).collect();
        let turn = turn % claims.len();
        let mut turned = claims.clone();
        turned.rotate_left(turn);
        turned.reverse();
        let mut shares = ration(&rule, fund(available), &turned);
        shares.reverse();
        shares.rotate_right(turn);
        prop_assert_eq!(shares, ration(&rule, fund(available), &claims));
    }

    #[test]
    fn one_claim_more_raises_no_other_share_but_by_the_fen_of_rounding(
        rule in rules(), available in 0_i128..40, claims in exact_claims(), more in exact_claims(),
    ) {
        let before = ration(&rule, fund(available), &claims);
        let after = ration(&rule, fund(available), &[claims, more].concat());
        let fen = i128::from(rule == Rule::ProRata);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after.amount.low() <= before.amount.low() + fen);
            prop_assert!(after.amount.high().unwrap() <= before.amount.high().unwrap() + fen);
        }
    }

    #[test]
    fn an_open_share_holds_the_share_under_every_completion(
        rule in rules(), least in 0_i128..40, more in 0_i128..10, at in 0_i128..10, pairs in open_claims(),
    ) {
        let (open, end): (Vec<Claim>, Vec<Claim>) = pairs.into_iter().unzip();
        let wide = ration(&rule, Amount::between(least, Some(least + more)), &open);
        let narrow = ration(&rule, fund(least + at % (more + 1)), &end);
        for ((wide, narrow), end) in wide.iter().zip(&narrow).zip(&end) {
            prop_assert!(wide.amount.contains(narrow.amount), "{:?} {:?}", wide, narrow);
            if wide.state != State::Open && !end.amount.is_zero() {
                prop_assert_eq!(wide.state, narrow.state);
            }
        }
    }
}
