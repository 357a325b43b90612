//! Titles over their life: what a review comes to, who says so, what the rules say to it, and what the register shows afterwards.

use meed_facts::date::Date;
use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::command::Outcome as Answered;
use meed_office::evidence::replay;
use meed_office::input::Day;
use meed_office::people::Role;
use meed_office::register::{Held, held};
use meed_office::titles::{Act as Title, Outcome};
use meed_office::tx::Tx;
use serde_json::json;

use crate::support::city::credit_code;
use crate::support::{Bench, day, on_each_database};

const TITLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/titles");

/// An office in which one centre was recognised on 2022-06-15, with the centre and its title.
fn recognised(address: &str) -> (Bench, String, String) {
    let bench = Bench::open(address, "2022-06-01");
    bench.publish(TITLES.parse().unwrap());
    let facts = json!({"enterprise": {"uscc": credit_code(1), "design_staff": 12, "breach": false, "titles": [], "awards": []}});
    let centre = bench.enter(facts);
    let title = bench.recognise(&centre, "design_centre", "2022-06-15");
    (bench, centre, title)
}

fn find(title: &str, outcome: Outcome, heard: Option<&str>, rectify_by: Option<&str>) -> Title {
    Title::Find {
        title: title.to_owned(),
        outcome,
        reason: "办法第七条：复核".to_owned(),
        heard: heard.map(str::to_owned),
        rectify_by: rectify_by.map(|text| Day(day(text))),
    }
}

fn found(bench: &Bench, act: Title) -> Title {
    let assessment = bench.made("officer", act, "assessment");
    Title::Confirm { assessment }
}

/// What the public register says on a day.
fn shown(bench: &Bench, on: &str) -> Held {
    let mut connection = bench.office.reader().unwrap();
    let mut tx = Tx::reading(&mut connection, bench.office.setup()).unwrap();
    held(&mut tx, day(on)).unwrap().into_iter().find(|one| one.own).unwrap()
}

fn some(text: &str) -> Option<Date> {
    Some(day(text))
}

#[test]
fn a_title_is_granted_for_the_term_of_its_rule_book_and_lapses_at_its_end() {
    on_each_database(|address| {
        let (bench, _, title) = recognised(address);
        let stands = shown(&bench, "2022-06-15");
        assert_eq!((stands.granted, stands.until), (some("2022-06-15"), some("2025-06-15")));
        assert_eq!(bench.word("title", "review_on", &title), "2024-06-15");
        bench.on("2024-03-16");
        assert_eq!(bench.tick(), [""; 0]);
        bench.on("2024-03-17");
        assert_eq!(bench.tick(), [format!("review {title}")]);
        assert_eq!(bench.state_of("title", &title), "due_for_review");
        bench.on("2025-06-15");
        // Guards go by days: whether anybody has tidied up makes no difference.
        assert_eq!(
            bench.refused("officer", find(&title, Outcome::Renew, None, None)),
            "over"
        );
        assert_eq!(bench.tick(), [format!("title {title}")]);
        assert_eq!(bench.tick(), [""; 0]);
        assert_eq!(bench.state_of("title", &title), "lapsed");
        assert_eq!(shown(&bench, "2025-06-15").ends(), some("2025-06-15"));
        assert_eq!(
            bench.refused("officer", find(&title, Outcome::Renew, None, None)),
            "not_now"
        );
    });
}

#[test]
fn a_renewal_asks_the_criteria_for_renewal_and_gives_another_term() {
    on_each_database(|address| {
        let (bench, centre, title) = recognised(address);
        bench.on("2024-05-06");
        // Eight designers are too few for a new centre and enough for one that is renewed.
        bench.state_fact(&centre, "/design_staff", json!(5));
        let renew = || find(&title, Outcome::Renew, None, None);
        assert_eq!(bench.refused("officer", renew()), "not_now");
        bench.tick();
        assert_eq!(bench.refused("officer", renew()), "not_eligible");
        bench.state_fact(&centre, "/design_staff", json!(8));
        assert_eq!(bench.refused("approver", renew()), "not_yours");
        let hold = bench.hold("title", &title);
        assert_eq!(bench.refused("officer", renew()), "held");
        bench.ok(
            "officer",
            meed_office::aftermath::holds::Act::Lift { hold, decision: None },
        );
        let confirm = found(&bench, renew());
        // Who found it does not confirm it, whatever roles they have.
        bench.give("officer", Role::Approver);
        assert_eq!(bench.refused("officer", confirm.clone()), "same_person");
        // What is known when it is confirmed counts, not what was found.
        bench.state_fact(&centre, "/breach", json!(true));
        let Answered::Denied { reason, .. } = bench.submit("approver", confirm.clone()) else {
            panic!("a breach of trust was renewed")
        };
        assert_eq!(reason["code"], "not_eligible");
        assert!(reason["detail"]["reasons"].to_string().contains("breach"), "{reason}");
        bench.state_fact(&centre, "/breach", json!(false));
        let renewed = bench.ok("approver", confirm.clone());
        assert_eq!(
            (&renewed["state"], &renewed["until"]),
            (&json!("granted"), &json!("2028-06-15"))
        );
        assert_eq!(bench.word("title", "review_on", &title), "2026-06-15");
        assert_eq!(shown(&bench, "2026-01-01").until, some("2028-06-15"));
        assert_eq!(bench.refused("approver", confirm), "superseded");
        let replayed = replay(&mut bench.office.reader().unwrap(), bench.office.setup(), 0, 1).unwrap();
        assert!(replayed.different.is_empty() && replayed.same >= 3, "{replayed:?}");
    });
}

#[test]
fn what_nobody_stated_is_asked_before_a_title_is_renewed() {
    on_each_database(|address| {
        let (bench, centre, title) = recognised(address);
        bench.on("2024-05-06");
        bench.tick();
        bench.ok(
            "registrar",
            meed_office::register::Act::State {
                subject: centre,
                path: "/design_staff".to_owned(),
                value: None,
                source: "市工信局".to_owned(),
                evidence: None,
                valid_from: None,
                valid_to: None,
            },
        );
        let refused = bench.submit("officer", find(&title, Outcome::Renew, None, None));
        let Answered::Undecided { reason, .. } = refused else {
            panic!("{refused:?}")
        };
        assert!(
            reason["detail"]["missing"].to_string().contains("design_staff"),
            "{reason}"
        );
    });
}

#[test]
fn something_is_put_right_within_its_days_or_the_title_is_taken_back() {
    on_each_database(|address| {
        let (bench, centre, title) = recognised(address);
        bench.on("2023-05-08");
        let reason = "群众反映".to_owned();
        let call = Title::Call {
            title: title.clone(),
            reason,
        };
        bench.ok("officer", call.clone());
        assert_eq!(bench.refused("officer", call.clone()), "not_now");
        let rectify = |by| find(&title, Outcome::Rectify, None, by);
        assert_eq!(bench.refused("officer", rectify(None)), "past");
        assert_eq!(bench.refused("officer", rectify(Some("2023-05-08"))), "past");
        let confirm = found(&bench, rectify(Some("2023-08-01")));
        bench.ok("approver", confirm);
        assert_eq!(bench.state_of("title", &title), "to_rectify");
        assert_eq!(bench.word("title", "rectify_by", &title), "2023-08-01");
        bench.on("2023-08-01");
        assert_eq!(
            bench.refused("officer", call.clone()),
            "not_now",
            "the last day is not over"
        );
        bench.tick();
        assert_eq!(bench.state_of("title", &title), "to_rectify");
        // Its days are over: somebody looks at it again.
        bench.on("2023-08-02");
        bench.tick();
        assert_eq!(bench.state_of("title", &title), "due_for_review");
        let revoke = |heard| find(&title, Outcome::Revoke, heard, None);
        assert_eq!(bench.refused("officer", revoke(None)), "not_heard");
        let confirm = found(&bench, revoke(Some("承认未整改")));
        let revoked = bench.ok("approver", confirm);
        let stands = shown(&bench, "2023-08-02");
        assert_eq!(
            (stands.until, stands.revoked, stands.ends()),
            (some("2025-06-15"), some("2023-08-02"), some("2023-08-02"))
        );
        assert_eq!(bench.tick(), [""; 0]);
        // The revocation is a decision: it is appealed, and upheld gives the title back as it was.
        let lodge = Appeal::Lodge {
            decision: revoked["decision"].as_str().unwrap().to_owned(),
            ground: "已整改".to_owned(),
        };
        let appeal = bench.made(&format!("agent-{centre}"), lodge, "appeal");
        let id = || appeal.clone();
        bench.ok("examiner", Appeal::Admit { appeal: id() });
        let text = "整改材料属实".to_owned();
        bench.ok(
            "examiner",
            Appeal::Examine {
                appeal: id(),
                found: text.clone(),
            },
        );
        bench.ok(
            "examiner",
            Appeal::Uphold {
                appeal: id(),
                amount: None,
                why: text,
            },
        );
        let stands = shown(&bench, "2023-08-02");
        assert_eq!((stands.until, stands.revoked), (some("2025-06-15"), None));
        assert_eq!(bench.state_of("title", &title), "granted");
    });
}

#[test]
fn an_award_that_rests_on_a_title_is_told_when_it_is_taken_back() {
    on_each_database(|address| {
        let (bench, centre, title) = recognised(address);
        bench.fund(2022, "1000000");
        let case = bench.propose(&centre, "design_centre_reward", None);
        bench.on("2022-06-15");
        let confirm = found(&bench, find(&title, Outcome::Revoke, Some("无异议"), None));
        let revoked = bench.ok("approver", confirm);
        assert_eq!(revoked["would_change"][0]["case"], json!(case), "{revoked}");
        assert_eq!(bench.state_of("case", &case), "proposed");
    });
}
