//! What must be kept up after an award, and what is recovered otherwise.

use meed_facts::date::{Date, Months, full_months_between};
use meed_facts::ratio::Ratio;
use meed_rules::program::{Obligation, Recover};

use super::amount::Amount;
use super::certainty::Certainty;
use super::verdict::Verdict;
use crate::explain::{Evaluator, Frame};

/// An obligation of one line on the determination's date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whether the condition holds.
    pub holds: Certainty,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// What is recovered if it ended on the determination's date; `None` where nothing is.
    pub recover: Option<Amount>,
}

/// An obligation as it stands on the date.
pub fn kept(evaluator: &Evaluator<'_>, obligation: &Obligation, frame: Frame, amount: Amount) -> Kept {
    let date = evaluator.program().date;
    let from = match obligation.from {
        Some(node) => evaluator.value(node, frame).as_date(),
        None => Some(date),
    };
    let holds = match Verdict::of(evaluator.value(obligation.keep, frame)) {
        Verdict::NotEligible(super::verdict::Why::NotApplicable) => Certainty::Yes,
        verdict => verdict.certainty(),
    };
    let recover = obligation
        .recover
        .filter(|_| holds != Certainty::Yes)
        .and_then(|recover| match recover {
            Recover::InFull => Some(amount),
            Recover::InProportion => Some(in_proportion(amount, served(from?, date), obligation.duration)),
        });
    let recover = recover.map(|recover| {
        if holds == Certainty::Maybe {
            recover.down_to_zero()
        } else {
            recover
        }
    });
    Kept {
        holds,
        from,
        until: from.and_then(|from| from.plus_months(obligation.duration)),
        recover,
    }
}

fn served(from: Date, on: Date) -> Months {
    if on < from {
        Months(0)
    } else {
        full_months_between(from, on)
    }
}

/// Amount × months not served / months owed, rounded down to whole smallest units.
pub fn in_proportion(amount: Amount, served: Months, owed: Months) -> Amount {
    let left = owed.0.saturating_sub(served.0.max(0)).max(0);
    let Some(share) = Ratio::new(left.into(), owed.0.into()) else {
        return Amount::ZERO;
    };
    let part = |minor: i128| {
        let part = Ratio::from_int(minor).checked_mul(&share)?;
        part.floor().to_i128()
    };
    Amount::between(part(amount.low()).unwrap_or(0), amount.high().and_then(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_in_month_13_of_36_owes_24_months() {
        // Twelve whole months are served on any day of the thirteenth.
        let start = Date::new(2023, 4, 15).unwrap();
        let left = Date::new(2024, 5, 10).unwrap();
        assert_eq!(served(start, left), Months(12));
        let owed = in_proportion(Amount::exact(1_000_000), served(start, left), Months(36));
        assert_eq!(owed, Amount::exact(666_666));
    }

    #[test]
    fn who_has_served_all_owes_nothing() {
        assert_eq!(in_proportion(Amount::exact(500), Months(40), Months(36)), Amount::ZERO);
    }
}
