//! Claims that an objection corrects, while their round's rows are public.

use meed_engine::round::Rule;
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use serde_json::{Value, json};

use super::claims::terms;
use super::give::{Change, Given, give};
use super::{Contested, Round, Share};
use crate::cases::{Case, judge, within};
use crate::publicity::{Remedy, next};
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// Another claim is right. Where the round shares out again, the share follows then, and until then is no more than the claim; where a
/// contested row is held back, its own share follows at once and nobody else's does.
///
/// # Errors
/// Denied where the claim is not what the remedy says, or more than the rules give.
pub(crate) fn claim_is(tx: &mut Tx<'_>, case: &mut Case, claim: Money, remedy: Remedy, why: &str) -> Answer<Value> {
    let round: Round = tx.get(case.round.as_deref().unwrap_or_default())?;
    let mut share: Share = tx.get((&round.id, &case.id))?;
    let judgement = judge(tx, case)?;
    within(&judgement, claim)?;
    let more = claim.minor() > share.claim.minor();
    if more != (remedy == Remedy::Raise) || claim == share.claim || claim.is_zero() {
        let (before, name) = (share.claim, remedy.name());
        return Err(Stop::denied(
            "wrong_remedy",
            format!("a claim of {claim} instead of {before} is not to `{name}`"),
            format!("申报额由 {before} 改为 {claim} 不属于 `{name}`"),
        ));
    }
    let before = share.amount.unwrap_or(Money::zero(CURRENCY));
    let to = match round.contested {
        Contested::Wait => lesser(before, claim),
        Contested::HoldBack => in_the_same_part(&terms(tx, &round)?.rule, &share, claim),
    };
    share.claim = claim;
    let change = Change {
        judgement: &judgement,
        to,
        why: Some(why),
    };
    let given = give(tx, &round, case, share, &change)?;
    let mut result = json!({"claim": claim.to_decimal(), "amount": to.to_decimal(), "given": given.name()});
    if let (Given::Raised, Some(list), Some(object)) = (given, &case.list, result.as_object_mut()) {
        let list = next(tx, list, std::slice::from_ref(&case.id))?;
        object.insert("version".to_owned(), list.version.into());
        object.insert("hash".to_owned(), list.hash.into());
    }
    Ok(result)
}

fn lesser(a: Money, b: Money) -> Money {
    if a.minor() <= b.minor() { a } else { b }
}

/// What a changed claim gets while the others keep their shares: the same part of it in proportion; by any other rule no more than it had, unless it
/// had all that it claimed.
fn in_the_same_part(rule: &Rule, share: &Share, claim: Money) -> Money {
    let before = share.amount.unwrap_or(Money::zero(CURRENCY));
    if before == share.claim {
        return claim;
    }
    if *rule != Rule::ProRata {
        return lesser(before, claim);
    }
    let fen = |money: Money| Ratio::from_int(money.minor());
    let whole = &fen(before) * &fen(claim);
    let part = whole.checked_div(&fen(share.claim)).unwrap_or(Ratio::ZERO);
    Money::from_minor(part.floor().to_i128().unwrap_or(0), CURRENCY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_was_cut_keeps_its_part() {
        let yuan = |yuan: i128| Money::from_minor(yuan.saturating_mul(100), CURRENCY);
        let share = |claim, amount| Share {
            round: String::new(),
            case_id: String::new(),
            claim: yuan(claim),
            rank: None,
            place: None,
            amount: Some(amount),
        };
        let third = share(400_000, Money::from_minor(26_666_667, CURRENCY));
        let of = |rule: &Rule, claim| in_the_same_part(rule, &third, yuan(claim)).to_decimal();
        assert_eq!(of(&Rule::ProRata, 100_000), "66666.66");
        assert_eq!(of(&Rule::ProRata, 800_000), "533333.34");
        assert_eq!(of(&Rule::InOrder, 100_000), "100000.00");
        assert_eq!(of(&Rule::InOrder, 800_000), "266666.67");
        assert_eq!(in_the_same_part(&Rule::InOrder, &share(5, yuan(5)), yuan(7)), yuan(7));
    }
}
