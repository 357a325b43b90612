//! Fourteen design centres are recognised, and their rewards are offered without application, publicised, awarded and paid: 7,000,000 exactly.

use meed_office::cases::Act as Case;
use meed_office::publicity::Act as List;

use crate::support::city::facts_like;
use crate::support::{Bench, on_each_database};

#[test]
fn fourteen_design_centres_are_recognised_and_rewarded() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-06-17");
        bench.publish_harbin();
        let line = bench.fund(2022, "7000000");
        let centres: Vec<String> = (0..14).map(|number| bench.enter(without_title(number))).collect();
        recognise(&bench, &centres);
        let cases: Vec<String> = centres
            .iter()
            .map(|centre| offered_and_proposed(&bench, centre))
            .collect();
        assert_eq!(bench.accounts(&line)[..3], [0, 700_000_000, 0]);
        let list = bench.make_public(&cases);
        let approve = |case: &String| Case::Approve { case: case.clone() };
        assert_eq!(bench.refused("approver", approve(&cases[0])), "still_public");
        bench.on("2022-07-06");
        assert_eq!(
            bench.refused(
                "officer",
                List::End {
                    list: list.clone(),
                    version: 1
                }
            ),
            "still_public"
        );
        bench.on("2022-07-07");
        let end = || List::End {
            list: list.clone(),
            version: 1,
        };
        bench.ok("officer", end());
        assert_eq!(
            bench.refused("officer", end()),
            "not_now",
            "what ended is not ended again"
        );
        assert_eq!(bench.refused("officer", approve(&cases[0])), "not_yours");
        for case in &cases {
            let approved = bench.ok("approver", approve(case));
            assert_eq!(approved["amount"], "500000.00");
        }
        assert_eq!(bench.accounts(&line)[..3], [0, 0, 700_000_000]);
        assert_eq!(bench.number("SELECT count(*) FROM instalment WHERE state = 'due'"), 14);
    });
}

fn without_title(number: usize) -> serde_json::Value {
    let mut facts = facts_like("design-centre", number);
    facts["enterprise"]["titles"] = serde_json::json!([]);
    facts
}

/// The criteria's text is not at hand, so people judge after a review; publicity before anything is granted.
pub fn recognise(bench: &Bench, centres: &[String]) {
    let apply = |subject: &String| Case::ApplyTitle {
        subject: subject.clone(),
        title: "design_centre".to_owned(),
        level: Some("municipal".to_owned()),
    };
    let mut cases = Vec::new();
    for centre in centres {
        let agent = format!("agent-{centre}");
        let case = bench.made(&agent, apply(centre), "case");
        bench.ok(&agent, Case::Submit { case: case.clone() });
        bench.to_review(&case);
        bench.ok(
            "officer",
            Case::Propose {
                case: case.clone(),
                amount: None,
            },
        );
        cases.push(case);
    }
    let list = bench.make_public(&cases);
    bench.on("2022-06-29");
    bench.ok("officer", List::End { list, version: 1 });
    for case in &cases {
        bench.ok("approver", Case::Approve { case: case.clone() });
    }
    let granted = bench.number("SELECT count(*) FROM title WHERE state = 'granted' AND granted = '2022-06-29'");
    assert_eq!(usize::try_from(granted).unwrap(), centres.len());
}

pub fn offered_and_proposed(bench: &Bench, centre: &str) -> String {
    let (subject, measure) = (centre.to_owned(), "design_centre_reward".to_owned());
    let case = bench.made(
        "machine",
        Case::Offer {
            subject,
            measure,
            object: None,
            on: None,
        },
        "case",
    );
    let accepted = bench.ok(&format!("agent-{centre}"), Case::Accept { case: case.clone() });
    assert_eq!(accepted["state"], "verified", "{accepted}");
    let proposed = bench.ok(
        "officer",
        Case::Propose {
            case: case.clone(),
            amount: None,
        },
    );
    assert_eq!(proposed["amount"], "500000.00");
    case
}
