//! For how long a title is granted, and when it is reviewed: by the rule book in force on the day.

use meed_engine::explain::end_by_rule_book;
use meed_facts::date::{Date, Months};
use meed_facts::money::Money;
use meed_rules::program::Program;
use serde_json::{Value, json};

use crate::cases::{Case, Judgement, decide};
use crate::machine::TitleState;
use crate::policies::{Policy, program};
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Grants what a case proposed, from today on.
pub(crate) fn grant(tx: &mut Tx<'_>, case: &Case, judgement: &Judgement) -> Answer<Value> {
    decide(tx, case, judgement, "keep", Money::zero(CURRENCY), None)?;
    let found = tx.rows::<Title>(
        "case_id = $1 AND state IN ('proposed', 'public')",
        &[Cell::from(&case.id)],
    )?;
    let found = found.into_iter().next();
    let mut title = found.ok_or_else(|| Stop::absent("title", &case.id))?;
    title.granted = Some(tx.today);
    prolong(tx, case, &mut title)?;
    title.certificate = Some(certificate(tx));
    if title.state == TitleState::Proposed {
        tx.step(&mut title, TitleState::Public)?;
    }
    tx.step(&mut title, TitleState::Granted)?;
    let told = json!({"subject": title.subject, "title": title.title});
    tx.tell("title_granted", &title.id, &told)?;
    Ok(json!({"title": title.id, "certificate": title.certificate}))
}

fn certificate(tx: &Tx<'_>) -> String {
    format!("{}-{}-{}", tx.setup.config.office, tx.today.year(), tx.seq)
}

/// Gives a title another term: from its end where it has one, else from today. Its next review is the first after the last one and after today.
pub(super) fn prolong(tx: &mut Tx<'_>, case: &Case, title: &mut Title) -> Answer<()> {
    let policy: Policy = tx.get(&case.policy)?;
    let today = tx.today;
    let program = program(tx, &policy, today)?;
    let known = |(id, known): (_, &meed_facts::schema::Title)| known.named.is_called(&title.title).then_some(id);
    let Some(id) = program.schema.titles.iter().find_map(known) else {
        return Ok(());
    };
    let from = title.until.unwrap_or(today);
    title.until = end_by_rule_book(&program, id, from).flatten().or(title.until);
    let last = title.review_on.map_or(today, |last| last.max(today));
    title.review_on = next_review(&program, id, title.granted.unwrap_or(from), last);
    title.rectify_by = None;
    Ok(())
}

fn next_review(program: &Program, id: meed_facts::schema::TitleId, first: Date, after: Date) -> Option<Date> {
    let every = program.titles.iter().find(|rules| rules.title == id)?.review?;
    next_of(first, every, after)
}

/// The first day after another of those that follow each other in equal months. Each is counted from the first day of all, so that
/// one at a month's end stays there (`semantics.md` §6).
fn next_of(first: Date, every: Months, after: Date) -> Option<Date> {
    let mut months = every;
    loop {
        let next = first.plus_months(months)?;
        if next > after {
            return Some(next);
        }
        months = Months(months.0.checked_add(every.0).filter(|_| every.0 > 0)?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reviews_are_counted_from_the_first_day_so_that_month_ends_do_not_drift() {
        let day = |text| Date::parse(text).unwrap();
        let next = |first, months, after| next_of(day(first), Months(months), day(after));
        assert_eq!(next("2023-08-31", 6, "2023-08-31"), Some(day("2024-02-29")));
        assert_eq!(next("2023-08-31", 6, "2024-02-29"), Some(day("2024-08-31")));
        assert_eq!(next("2023-01-31", 1, "2023-02-28"), Some(day("2023-03-31")));
        assert_eq!(next("2020-02-29", 12, "2023-03-01"), Some(day("2024-02-29")));
        assert_eq!(next("2023-01-31", 0, "2023-02-28"), None);
    }
}
