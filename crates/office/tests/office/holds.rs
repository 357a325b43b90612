//! Holds: only who placed one, or a later decision, lifts it; every money guard reads it.

use meed_office::aftermath::holds::Act as Hold;
use meed_office::awards::Act as Award;
use meed_office::cases::Act as Case;
use meed_office::people::{Act as People, Role};
use meed_office::publicity::Act as List;
use serde_json::json;

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn lift(hold: &str, decision: Option<&str>) -> Hold {
    Hold::Lift {
        hold: hold.to_owned(),
        decision: decision.map(str::to_owned),
    }
}

fn rechecked(bench: &Bench, instalment: &str) -> String {
    let instalment = instalment.to_owned();
    bench.refused("machine", Award::Recheck { instalment })
}

#[test]
fn what_is_held_is_neither_approved_nor_rechecked() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let case = bench.propose(&firm, "growth_reward", None);
        let list = bench.make_public(std::slice::from_ref(&case));
        bench.on("2023-03-20");
        bench.ok("officer", List::End { list, version: 1 });
        let hold = bench.hold("subject", &firm);
        assert_eq!(bench.refused("approver", Case::Approve { case: case.clone() }), "held");
        bench.ok("officer", lift(&hold, None));
        let award = bench.made("approver", Case::Approve { case }, "award");
        let instalment = bench.instalments(&award)[0].clone();
        for (kind, target) in [("award", &award), ("instalment", &instalment), ("subject", &firm)] {
            let hold = bench.hold(kind, target);
            assert_eq!(rechecked(&bench, &instalment), "held", "{kind}");
            bench.ok("officer", lift(&hold, None));
            assert_eq!(bench.refused("officer", lift(&hold, None)), "lifted");
        }
        assert_eq!(bench.recheck(&instalment), "passes");
    });
}

#[test]
fn neither_another_person_nor_a_timer_lifts_a_hold() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, _, award) = bench.rewarded();
        let hold = bench.hold("award", &award);
        bench.join("colleague", Role::Officer);
        for person in ["colleague", "machine", "administrator", "releaser", "approver"] {
            assert_eq!(bench.refused(person, lift(&hold, None)), "not_yours", "{person}");
        }
        bench.on("2023-06-20");
        bench.tick();
        assert_eq!(rechecked(&bench, &bench.instalments(&award)[0]), "held");
        // A decision that was made before the hold says nothing about it.
        let before = bench.word("award", "decision", &award);
        assert_eq!(bench.refused("approver", lift(&hold, Some(&before))), "not_about_it");
        assert_eq!(bench.state_of("instalment", &bench.instalments(&award)[0]), "due");
    });
}

#[test]
fn a_hold_without_a_reason_or_on_something_else_is_refused() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let place = |kind: &str, reason: &str| Hold::Place {
            kind: kind.to_owned(),
            target: firm.clone(),
            reason: reason.to_owned(),
            until: None,
        };
        assert_eq!(bench.refused("officer", place("subject", " ")), "bad_hold");
        assert_eq!(bench.refused("officer", place("city", "核查中")), "bad_hold");
        assert_eq!(bench.refused("officer", place("award", "核查中")), "absent");
        assert_eq!(bench.refused("auditor", place("subject", "核查中")), "not_yours");
    });
}

/// `holds(t)` in the rules reads a title's hold: for the days on which it stands, the title does not count.
#[test]
fn the_rules_do_not_count_a_title_that_is_held() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-04-03", "1000000");
        bench.authorise(2024, "1000000");
        bench.authorise(2025, "1000000");
        let mut facts = giant(1);
        facts["enterprise"]["titles"] = json!([]);
        facts["enterprise"]["hires"] = json!([hire("before", "2023-05-01"), hire("after", "2023-05-10")]);
        let firm = bench.enter(facts);
        let title = bench.recognise(&firm, "little_giant", "2023-04-17");
        let offer = |hire: &str| Case::Offer {
            subject: firm.clone(),
            measure: "hiring_subsidy".to_owned(),
            object: Some(hire.to_owned()),
            on: None,
        };
        bench.on("2023-04-28");
        let hold = bench.hold("title", &title);
        bench.on("2023-05-08");
        assert_eq!(bench.refused("machine", offer("before")), "not_eligible");
        bench.ok("officer", lift(&hold, None));
        assert_eq!(
            bench.refused("machine", offer("before")),
            "not_eligible",
            "it stood on 1 May"
        );
        bench.on("2023-05-10");
        bench.ok("machine", offer("after"));
    });
}

fn hire(id: &str, start: &str) -> serde_json::Value {
    json!({"id": id, "start": start, "salary": "800000.00", "has_left": false})
}

#[test]
fn a_substitute_holds_what_comes_from_the_case_that_went_to_them_and_nothing_else() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        bench.substitute(Role::Approver, "2023-03-21");
        let subject = firm.clone();
        bench.ok("approver", People::Declare { subject });
        let place = |kind: &str, target: &str| Hold::Place {
            kind: kind.to_owned(),
            target: target.to_owned(),
            reason: "核查".to_owned(),
            until: None,
        };
        assert_eq!(bench.refused("approver", place("award", &award)), "interest");
        assert_eq!(bench.refused("far", place("award", &award)), "not_yours");
        let role = Role::Approver;
        assert_eq!(bench.ok("officer", People::StandIn { case, role })["substitute"], "far");
        let hold = bench.made("far", place("award", &award), "hold");
        bench.ok("far", lift(&hold, None));
        assert_eq!(
            bench.refused("far", place("subject", &firm)),
            "not_yours",
            "an applicant as such is of no case"
        );
    });
}
