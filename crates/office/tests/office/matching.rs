//! A match offers what is due without anybody asking, and looks only at whom a change affects.

use meed_office::cases::Act as Case;
use meed_office::input::Json;
use meed_office::matching::run;
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use serde_json::{Value, json};

use crate::support::city::small_facts;
use crate::support::{Bench, on_each_database};

fn with_title(number: usize) -> Value {
    let mut facts = small_facts(number);
    facts["enterprise"]["titles"] = json!([{"title": "design_centre", "level": "municipal", "granted": "2022-06-29"}]);
    facts
}

fn state(bench: &Bench, subject: &str, path: &str, value: Option<Value>) {
    let value = value.map(|value| Json::try_from(value).unwrap());
    let (subject, path, source) = (subject.to_owned(), path.to_owned(), "信用平台".to_owned());
    bench.ok(
        "registrar",
        Register::State {
            subject,
            path,
            value,
            source,
            evidence: None,
            valid_from: None,
            valid_to: None,
        },
    );
}

fn states(bench: &Bench) -> Vec<String> {
    let rows = bench.cells("SELECT state FROM \"case\" ORDER BY opened_at, id");
    rows.into_iter().flatten().map(|cell| format!("{cell:?}")).collect()
}

#[test]
fn whoever_is_due_an_award_is_offered_it_once() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-07-01");
        bench.publish_small();
        let centres: Vec<String> = (0..3).map(|number| bench.enter(with_title(number))).collect();
        bench.enter(small_facts(3));
        let first = run(&bench.office, "machine", false).unwrap();
        assert_eq!((first.subjects, first.offered), (4, 3), "{first:?}");
        let again = run(&bench.office, "machine", false).unwrap();
        assert_eq!((again.subjects, again.changed), (0, 0), "nothing has changed");
        let everybody = run(&bench.office, "machine", true).unwrap();
        assert_eq!(
            (everybody.subjects, everybody.changed),
            (4, 0),
            "each has what is theirs"
        );
        state(&bench, &centres[1], "/breach", Some(json!(true)));
        let after = run(&bench.office, "machine", false).unwrap();
        assert_eq!((after.subjects, after.lapsed), (1, 1), "only whom the fact is about");
        assert_eq!(
            states(&bench).iter().filter(|state| state.contains("lapsed")).count(),
            1
        );
    });
}

#[test]
fn a_missing_fact_is_a_note_that_names_it_and_goes_when_it_is_known() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-07-01");
        bench.publish_small();
        let centre = bench.enter(with_title(0));
        state(&bench, &centre, "/breach", None);
        let found = run(&bench.office, "machine", false).unwrap();
        assert_eq!((found.offered, found.noted), (0, 1));
        let note = bench.cells("SELECT body FROM note WHERE kind = 'almost'");
        assert!(format!("{note:?}").contains("breach"), "{note:?}");
        state(&bench, &centre, "/breach", Some(json!(false)));
        let found = run(&bench.office, "machine", false).unwrap();
        assert_eq!(
            (
                found.offered,
                bench.number("SELECT count(*) FROM note WHERE kind = 'almost'")
            ),
            (1, 0)
        );
    });
}

#[test]
fn an_offer_accepted_on_facts_that_changed_lapses_and_says_why() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-07-01");
        bench.publish_small();
        bench.fund(2022, "7000000");
        let centres: Vec<String> = (0..2).map(|number| bench.enter(with_title(number))).collect();
        run(&bench.office, "machine", false).unwrap();
        let case = |centre: &String| {
            let id = bench
                .cells(&format!("SELECT id FROM \"case\" WHERE subject = '{centre}'"))
                .remove(0)
                .remove(0);
            let meed_office::store::Cell::Text(id) = id else {
                panic!("no case")
            };
            id
        };
        state(&bench, &centres[0], "/breach", Some(json!(true)));
        let lapsed = bench.ok(
            &format!("agent-{}", centres[0]),
            Case::Accept {
                case: case(&centres[0]),
            },
        );
        assert_eq!(lapsed["state"], "lapsed");
        assert!(lapsed["reasons"].to_string().contains("breach"), "{lapsed}");
        let id = case(&centres[1]);
        bench.ok(&format!("agent-{}", centres[1]), Case::Accept { case: id.clone() });
        bench.ok(
            "officer",
            Case::Propose {
                case: id.clone(),
                amount: None,
            },
        );
        let list = bench.make_public(std::slice::from_ref(&id));
        // Known only after publicity, and before the approval.
        state(&bench, &centres[1], "/breach", Some(json!(true)));
        bench.on("2022-07-12");
        bench.ok("officer", List::End { list, version: 1 });
        assert_eq!(bench.refused("approver", Case::Approve { case: id }), "not_eligible");
        assert_eq!(bench.number("SELECT committed FROM line_balance"), 0);
    });
}
