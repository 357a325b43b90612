//! The round itself: unique keys compared, funds shared out.

use std::path::Path;
use std::sync::Arc;

use meed_engine::awards::amount::{self, Amount};
use meed_engine::awards::certainty::Certainty;
use meed_engine::round::terms::Terms;
use meed_engine::round::{Claim, Place, Round, Rule, Shares, State, Totals};
use meed_rules::program::MeasureId;

use super::entry::{Alone, Contest, Entry, Id};
use super::sort::{Line, Sorted, Sorter};
use crate::run::RunError;

/// What the round makes of a line.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The line, with the amount before the round.
    pub entry: Entry,
    /// Its measure.
    pub measure: MeasureId,
    /// The fund that pays it, by position.
    pub fund: Option<usize>,
    /// What that fund has at most.
    pub available: Option<i128>,
    /// What is left of it.
    pub after: Amount,
    /// How that came about.
    pub state: State,
}

/// What becomes of a fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundTotals {
    /// Its name.
    pub name: Arc<str>,
    /// Its terms.
    pub terms: Terms,
    /// How many claims there are, at least and at most.
    pub claims: (u64, u64),
    /// What they come to.
    pub claimed: Amount,
    /// What it pays.
    pub granted: Amount,
    /// How many shares are smaller than the claim, for certain and perhaps.
    pub short: (u64, u64),
}

impl FundTotals {
    /// Whether it has an amount, rather than a number of awards only.
    pub fn has_amount(&self) -> bool {
        self.terms.available.low() < i128::MAX
    }

    /// Whether it cannot pay all claims: their amounts, or how many there are.
    pub fn runs_out(&self) -> Certainty {
        let exceeds = |exceeds: bool, fits: bool| match (exceeds, fits) {
            (true, _) => Certainty::Yes,
            (false, true) => Certainty::No,
            (false, false) => Certainty::Maybe,
        };
        let (claimed, available) = (self.claimed, self.terms.available);
        let money = exceeds(
            available.high().is_some_and(|most| claimed.low() > most),
            claimed.high().is_some_and(|most| most <= available.low()),
        );
        let places = match self.terms.rule {
            Rule::Quota(least, most) => exceeds(self.claims.0 > most, self.claims.1 <= least),
            Rule::Unsaid | Rule::ProRata | Rule::InOrder => Certainty::No,
        };
        money.or(places)
    }

    /// What is left of it.
    pub fn left(&self) -> Amount {
        self.terms.available.less(self.granted)
    }
}

/// A line, in one order for all ways in which a population may lie in files.
type ById = (Id, Amounts);
type Amounts = (bool, bool, i128, Option<i128>, Vec<Option<Arc<str>>>);

fn by_id(entry: &Entry) -> ById {
    let amount = entry.amount;
    let rest = (
        entry.eligible,
        entry.contested,
        amount.low(),
        amount.high(),
        entry.unique.clone(),
    );
    (entry.id.clone(), rest)
}

/// What must be unique, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    measure: String,
    position: usize,
    value: String,
    id: Id,
}

impl Line for Held {
    fn line(&self) -> String {
        serde_json::to_string(&(&self.measure, self.position, &self.value, &self.id)).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        let (measure, position, value, id) = serde_json::from_str(line).ok()?;
        Some(Self {
            measure,
            position,
            value,
            id,
        })
    }
}

/// Decides what one applicant alone cannot: hands each line to `each` that a fund pays, or of which something unique is not its alone. Gives what becomes of the funds.
/// What memory does not hold goes to the folder, which must be empty.
pub fn decide(
    contest: &Contest<'_>,
    folder: &Path,
    entries: impl Iterator<Item = Result<Entry, RunError>>,
    mut each: impl FnMut(&Decided) -> Result<(), RunError>,
) -> Result<Vec<FundTotals>, RunError> {
    let mut lines = Sorter::new(folder, "lines", by_id);
    let mut held = Sorter::new(folder, "unique", Held::clone);
    for entry in entries {
        let entry = entry?;
        for (position, value) in entry.unique.iter().enumerate() {
            if let Some(value) = value {
                held.push(Held {
                    measure: entry.id.measure.clone(),
                    position,
                    value: value.to_string(),
                    id: entry.id.clone(),
                })?;
            }
        }
        lines.push(entry)?;
    }
    let lines = lines.sorted();
    let shared = shared(folder, held.sorted())?;
    let mut totals = vec![Totals::default(); contest.funds.len()];
    for entry in compared(&lines, &shared)? {
        let entry = entry?;
        let measure = contest.measure(&entry);
        let funds = measure.map_or(&[][..], |measure| contest.covering(measure));
        for (place, fund) in funds.iter().enumerate() {
            if let Some(totals) = totals.get_mut(*fund) {
                totals.add(&claim(&entry, place, funds.len()));
            }
        }
        if let (Some(measure), []) = (measure, funds)
            && entry.alone != Alone::Yes
        {
            each(&of_no_fund(entry, measure))?;
        }
    }
    let found = share_out(contest, folder, &totals, || compared(&lines, &shared), &mut each)?;
    lines.remove()?;
    shared.remove()?;
    Ok(found)
}

/// The lines that have something in common that only one may have.
fn shared<'k, K: Ord>(folder: &Path, held: Sorted<'_, Held, K>) -> Result<Sorted<'k, Id, Id>, RunError> {
    let mut shared = Sorter::new(folder, "shared", Id::clone);
    let mut last: Option<(Held, bool)> = None;
    for next in held.iter()? {
        let next = next?;
        let same = last.as_ref().is_some_and(|(last, _)| {
            (&last.measure, last.position, &last.value) == (&next.measure, next.position, &next.value)
        });
        if same {
            if let Some((first, false)) = &last {
                shared.push(first.id.clone())?;
            }
            shared.push(next.id.clone())?;
        }
        last = Some((next, same));
    }
    held.remove()?;
    Ok(shared.sorted())
}

/// All lines in order, each with whether what must be unique is its alone.
fn compared<'s, K: Ord, J: Ord>(
    lines: &'s Sorted<'_, Entry, K>,
    shared: &'s Sorted<'_, Id, J>,
) -> Result<impl Iterator<Item = Result<Entry, RunError>> + use<'s, K, J>, RunError> {
    let mut shared = shared.iter()?.peekable();
    Ok(lines.iter()?.map(move |entry| {
        let mut entry = entry?;
        while let Some(Ok(_)) = shared.next_if(|id| id.as_ref().is_ok_and(|id| *id < entry.id)) {}
        match shared.peek() {
            Some(Ok(id)) if *id == entry.id => entry.alone = Alone::No,
            Some(Err(_)) => {
                if let Some(Err(error)) = shared.next() {
                    return Err(error);
                }
            }
            _ => {}
        }
        Ok(entry)
    }))
}

fn of_no_fund(entry: Entry, measure: MeasureId) -> Decided {
    Decided {
        measure,
        fund: None,
        available: None,
        after: entry.amount.down_to_zero(),
        state: undecided(entry.alone),
        entry,
    }
}

fn undecided(alone: Alone) -> State {
    match alone {
        Alone::No => State::Unresolved,
        Alone::Unknown | Alone::Yes => State::Open,
    }
}

/// A line's claim on one of the funds that pay it; nothing of it is certain where something else has to be decided first.
fn claim(entry: &Entry, place: usize, funds: usize) -> Claim {
    let amount = match entry.alone == Alone::Yes && funds == 1 {
        true => entry.amount,
        false => entry.amount.down_to_zero(),
    };
    Claim {
        rank: entry.ranks.get(place).cloned().flatten(),
        ..Claim::new(&entry.id.applicant, entry.id.key.as_deref(), amount)
    }
}

/// Shares all funds out, by their names.
fn share_out<I: Iterator<Item = Result<Entry, RunError>>>(
    contest: &Contest<'_>,
    folder: &Path,
    totals: &[Totals],
    lines: impl Fn() -> Result<I, RunError>,
    each: &mut impl FnMut(&Decided) -> Result<(), RunError>,
) -> Result<Vec<FundTotals>, RunError> {
    let mut order: Vec<usize> = (0..contest.funds.len()).collect();
    order.sort_by_key(|fund| contest.program.funds.get(*fund).map(|fund| fund.named.name.clone()));
    let mut found = Vec::new();
    for fund in order {
        let (Some(own), Some((terms, _)), Some(totals)) = (
            contest.program.funds.get(fund),
            contest.funds.get(fund),
            totals.get(fund),
        ) else {
            continue;
        };
        let mut round = Round::new(terms.rule.clone(), terms.available, *totals);
        for line in lines()? {
            let line = line?;
            if let Some((place, funds)) = contest.place(&line, fund) {
                round.count(&claim(&line, place, funds));
            }
        }
        let place = |entry: &Entry| {
            let (place, funds) = contest.place(entry, fund).unwrap_or((0, 1));
            (round.place(&claim(entry, place, funds)), by_id(entry))
        };
        let mut queue = Sorter::new(folder, "queue", place);
        for line in lines()? {
            let line = line?;
            if contest.place(&line, fund).is_some() {
                queue.push(line)?;
            }
        }
        let mut sum = FundTotals {
            name: own.named.name.clone(),
            terms: terms.clone(),
            claims: totals.count(),
            claimed: totals.claimed(),
            granted: Amount::ZERO,
            short: (0, 0),
        };
        let queue = queue.sorted();
        pay_out(contest, (fund, &round), &queue, &mut sum, each)?;
        queue.remove()?;
        found.push(sum);
    }
    Ok(found)
}

/// Gives each claim in the queue its share.
fn pay_out<K: Ord>(
    contest: &Contest<'_>,
    (fund, round): (usize, &Round),
    queue: &Sorted<'_, Entry, K>,
    sum: &mut FundTotals,
    each: &mut impl FnMut(&Decided) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let claim_of = |entry: &Entry| {
        let (place, funds) = contest.place(entry, fund)?;
        Some((claim(entry, place, funds), funds))
    };
    // The same records are read again below, where an error is told.
    let ahead = queue.iter()?.map_while(Result::ok);
    let ahead = ahead.filter_map(|entry| claim_of(&entry).map(|(claim, _)| placed(round, &claim)));
    let mut shares = Shares::new(round, ahead);
    for entry in queue.iter()? {
        let entry = entry?;
        let (Some((claim, funds)), Some(measure)) = (claim_of(&entry), contest.measure(&entry)) else {
            continue;
        };
        let mut share = shares.of(&round.place(&claim), claim.amount);
        if share.state != State::Nothing && (entry.alone != Alone::Yes || funds > 1) {
            share.amount = share.amount.down_to_zero();
            share.state = if funds > 1 {
                State::Unresolved
            } else {
                undecided(entry.alone)
            };
        }
        sum.granted = sum.granted.plus(share.amount);
        let certain = share.amount.high().is_some_and(|high| high < entry.amount.low());
        sum.short.0 = sum.short.0.saturating_add(u64::from(certain));
        sum.short.1 = sum.short.1.saturating_add(u64::from(share.state != State::Full));
        each(&Decided {
            measure,
            fund: Some(fund),
            available: sum.terms.available.high(),
            after: share.amount,
            state: share.state,
            entry,
        })?;
    }
    let most = amount::least(sum.granted.high(), sum.terms.available.high());
    sum.granted = Amount::between(sum.granted.low(), most);
    Ok(())
}

fn placed(round: &Round, claim: &Claim) -> (Place, Amount) {
    (round.place(claim), claim.amount)
}

impl Contest<'_> {
    fn measure(&self, entry: &Entry) -> Option<MeasureId> {
        self.measures.get(entry.id.measure.as_str()).copied()
    }

    /// Which of the funds that pay a line this is, and of how many.
    fn place(&self, entry: &Entry, fund: usize) -> Option<(usize, usize)> {
        let funds = self.covering(self.measure(entry)?);
        Some((funds.iter().position(|one| *one == fund)?, funds.len()))
    }
}
