//! The figures of `semantics.md` §3 and §4 that concern money.

#![cfg(test)]

use std::sync::Arc;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::claim::{Claim, Mark};
use meed_engine::awards::history::History;
use meed_engine::awards::key::Key;
use meed_engine::awards::pipeline::{Clause, Form, Limit, Pipeline, Seat};
use meed_facts::money::{Currency, Money};
use meed_facts::record::{AwardRecord, AwardState, List};
use meed_rules::program::{CombineId, Cut, MeasureId};

fn measure(number: u32) -> MeasureId {
    MeasureId::from_raw(number.into())
}

fn wan(amount: i128) -> i128 {
    amount.saturating_mul(1_000_000)
}

fn line(number: u32, key: Option<&str>, minor: i128) -> Claim {
    Claim::new(
        measure(number),
        key.map(Arc::from),
        Amount::exact(minor),
        Certainty::Yes,
    )
}

fn clause(form: Form, members: u32, seats: Vec<Seat>) -> Clause {
    Clause {
        id: Some(CombineId::from_raw(0.into())),
        form,
        members: (0..members)
            .map(|number| (measure(number), format!("m{number}").into()))
            .collect(),
        seats,
        year: None,
        judged: false,
        chosen: None,
    }
}

fn seat(line: usize, rank: usize, key: Key, at_most: Option<i128>) -> Seat {
    let at_most = at_most.map(Amount::exact);
    Seat {
        line,
        rank,
        key,
        limit: Limit {
            at_most,
            ..Limit::default()
        },
    }
}

fn ladder(history: &History) -> Amount {
    let rungs = clause(Form::TopUp, 2, vec![seat(0, 1, Key::Applicant, None)]);
    let pipeline = Pipeline::run(|| vec![line(1, None, wan(50))], history, &[], &[rungs]);
    assert_eq!(pipeline.total(), pipeline.claims[0].amount);
    pipeline.claims[0].amount
}

fn paid(awards: Vec<AwardRecord>) -> History {
    History::of(Some(&List {
        items: awards,
        complete: true,
    }))
}

#[test]
fn high_tech_15_wan_then_50_wan_pays_the_difference() {
    let earlier = AwardRecord {
        measure: "m0".into(),
        key: None,
        on: None,
        amount: Some(Money::from_minor(wan(15), Currency::CNY)),
        recovered: None,
        state: AwardState::Paid,
    };
    let annulled = AwardRecord {
        state: AwardState::Annulled,
        ..earlier.clone()
    };
    assert_eq!(ladder(&paid(vec![earlier])), Amount::exact(wan(35)));
    assert_eq!(ladder(&paid(vec![annulled])), Amount::exact(wan(50)));
    assert_eq!(ladder(&paid(Vec::new())), Amount::exact(wan(50)));
    assert_eq!(ladder(&History::of(None)), Amount::between(0, Some(wan(50))));
}

#[test]
fn two_projects_of_400_wan_under_share_and_yearly_ceilings_get_500_wan() {
    let history = paid(Vec::new());
    let lines = || vec![line(0, Some("p1"), wan(400)), line(0, Some("p2"), wan(400))];
    let of_project = |line, key: &str, limit| seat(line, 0, Key::Known(key.into()), Some(limit));
    let shares = vec![of_project(0, "p1", wan(400)), of_project(1, "p2", wan(100))];
    let yearly = (0..2)
        .map(|line| seat(line, 0, Key::Applicant, Some(wan(500))))
        .collect();
    let ceilings = [shares, yearly].map(|seats| clause(Form::AtMost(Cut::Unsaid), 1, seats));
    let pipeline = Pipeline::run(lines, &history, &[], &ceilings);
    assert_eq!(pipeline.total(), Amount::exact(wan(500)));
    assert_eq!(pipeline.claims[0].amount, Amount::exact(wan(400)));
}

#[test]
fn equal_lines_under_an_odd_ceiling_leave_the_odd_fen_unpaid() {
    let history = paid(Vec::new());
    let lines = || vec![line(0, None, 10), line(1, None, 10)];
    let seats = (0..2).map(|line| seat(line, line, Key::Applicant, Some(7))).collect();
    let ceiling = clause(Form::AtMost(Cut::InProportion), 2, seats);
    let pipeline = Pipeline::run(lines, &history, &[], &[ceiling]);
    assert_eq!(pipeline.claims[0].amount, Amount::exact(3));
    assert_eq!(pipeline.claims[1].amount, Amount::exact(3));
}

#[test]
fn a_ceiling_that_cuts_the_winner_below_the_loser_leaves_both_outcomes() {
    let history = paid(Vec::new());
    let lines = || vec![line(0, None, 5), line(1, None, 3)];
    let both = (0..2).map(|line| seat(line, line, Key::Applicant, None)).collect();
    let first = vec![seat(0, 0, Key::Applicant, Some(2))];
    let clauses = [
        clause(Form::HighestOf, 2, both),
        clause(Form::AtMost(Cut::Unsaid), 1, first),
    ];
    let pipeline = Pipeline::run(lines, &history, &[], &clauses);
    assert_eq!(pipeline.total(), Amount::between(2, Some(3)));
    for claim in &pipeline.claims {
        assert!(claim.marks.iter().any(|mark| matches!(mark, Mark::Unresolved(_))));
    }
}
