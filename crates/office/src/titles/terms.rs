//! For how long a title is granted, and when it is reviewed: by the rule book in force on the day.

use meed_engine::explain::end_by_rule_book;
use meed_facts::date::Date;
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

/// Gives a title another term: from its end where it has one, else from today. Its next review is the first after today.
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
    title.review_on = next_review(&program, id, title.review_on.unwrap_or(from), today);
    title.rectify_by = None;
    Ok(())
}

fn next_review(program: &Program, id: meed_facts::schema::TitleId, last: Date, today: Date) -> Option<Date> {
    let every = program.titles.iter().find(|rules| rules.title == id)?.review?;
    let mut next = last.plus_months(every)?;
    while next <= today {
        next = next.plus_months(every)?;
    }
    Some(next)
}
