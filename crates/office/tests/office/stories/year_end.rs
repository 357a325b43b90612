//! A year ends while money is reserved, committed, and on its way without an answer, and two more years are pledged.

use meed_office::cases::Act as Case;
use meed_office::command::Outcome;
use meed_office::publicity::Act as List;
use meed_office::years::{Step, run};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn kinds(bench: &Bench, step: Step<'_>) -> Vec<String> {
    let outcomes = run(&bench.office, "budget", step).unwrap();
    let kind = |outcome: &Outcome| match outcome {
        Outcome::Accepted { seq, .. } => bench.one(&format!("SELECT kind FROM log WHERE seq = {seq}")),
        other => panic!("{other:?}"),
    };
    outcomes.iter().map(kind).collect()
}

#[test]
fn a_year_ends_and_the_next_begins() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-11-06", "2000000");
        for year in [2024, 2025] {
            bench.authorise(year, "1000000");
        }
        let firms: Vec<String> = (1..=4).map(|number| bench.enter(giant(number))).collect();
        let lost = bench.propose(&firms[0], "hiring_subsidy", Some("h1"));
        let lost = bench.approve(&lost, "2023-11-20");
        let late = bench.propose(&firms[1], "hiring_subsidy", Some("h1"));
        let late = bench.approve(&late, "2023-12-04");
        let owed = bench.propose(&firms[2], "growth_reward", None);
        bench.approve(&owed, "2023-12-18");
        let public = bench.propose(&firms[3], "growth_reward", None);
        let list = bench.make_public(std::slice::from_ref(&public));
        let first = |award: &str| bench.instalments(award)[0].clone();
        bench.send(&first(&lost));
        bench.send(&first(&late));
        bench.on("2023-12-31");
        let next = bench.fund(2024, "240000");
        assert_eq!(
            kinds(&bench, Step::End(&line)),
            ["year.close_books", "year.carry", "year.carry", "year.lapse"]
        );
        assert_eq!(kinds(&bench, Step::End(&line)), [""; 0], "the rest waits for the bank");
        let on_its_way = ["in_flight", "carried_out", "lapsed"].map(|account| bench.account(&line, account));
        assert_eq!(on_its_way, [48_000_000, 60_000_000, 92_000_000]);
        assert_eq!(
            [bench.account(&next, "reserved"), bench.account(&next, "committed")],
            [30_000_000, 30_000_000]
        );
        answers(&bench, &line, (&first(&lost), &first(&late)));
        let mut awards = [lost, late];
        awards.sort();
        pledges(&bench, &next, (&awards[0], &awards[1]));
        goes_on(&bench, &next, &public, list);
        carried_in_is_carried_out(&bench);
    });
}

/// One payment turns out not to have been executed and is carried over, the other was made.
fn answers(bench: &Bench, line: &str, (lost, late): (&str, &str)) {
    bench.on("2024-01-08");
    bench.not_executed(lost);
    bench.arrive(late);
    assert_eq!(kinds(bench, Step::End(line)), ["year.carry", "year.close"]);
    assert_eq!(bench.state_of("line", line), "closed");
    let accounts = ["available", "reserved", "committed", "in_flight"].map(|account| bench.account(line, account));
    assert_eq!(accounts, [0; 4]);
    assert_eq!(
        [bench.account(line, "paid"), bench.account(line, "carried_out")],
        [24_000_000, 84_000_000]
    );
}

/// 240,000 of the new year's money are left for two pledges of 240,000: the first by due date and award gets them, the other is short.
fn pledges(bench: &Bench, line: &str, (first, second): (&str, &str)) {
    assert_eq!(kinds(bench, Step::Open(line)), ["year.fund", "year.fund"]);
    let of = |award: &str, n: usize| bench.state_of("instalment", &bench.instalments(award)[n]);
    assert_eq!([of(first, 1), of(second, 1)], ["committed", "short"]);
    assert_eq!([of(first, 2), of(second, 2)], ["pledged", "pledged"]);
    assert_eq!(
        bench.number("SELECT CAST(sum(amount) AS BIGINT) FROM pledge WHERE live = 1"),
        48_000_000
    );
    assert_eq!(bench.account(line, "available"), 0);
}

/// What was public when the year ended is approved on the new year's line.
fn goes_on(bench: &Bench, line: &str, public: &str, list: String) {
    bench.ok("officer", List::End { list, version: 1 });
    let before = bench.account(line, "committed");
    bench.ok(
        "approver",
        Case::Approve {
            case: public.to_owned(),
        },
    );
    assert_eq!(
        [bench.account(line, "reserved"), bench.account(line, "committed")],
        [0, before + 30_000_000]
    );
}

fn carried_in_is_carried_out(bench: &Bench) {
    let sum = |condition: &str| {
        bench.number(&format!(
            "SELECT CAST(sum(amount) AS BIGINT) FROM posting WHERE {condition}"
        ))
    };
    let (out, into) = (
        "to_account = 'carried_out'",
        "from_account = 'outside' AND cause = 'carried_in'",
    );
    assert_eq!([sum(out), sum(into)], [84_000_000, 84_000_000]);
    let links = format!(
        "SELECT count(*) FROM posting WHERE {out} AND NOT EXISTS (SELECT 1 FROM posting AS other WHERE other.from_account = 'outside' AND \
         other.link = posting.link AND other.amount = posting.amount AND other.line <> posting.line)"
    );
    assert_eq!(bench.number(&links), 0, "each is linked with its own");
}
