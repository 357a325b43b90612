//! An application for everybody on a list: one case for each of them, for each once.

use meed_office::cases::Act as Case;
use serde_json::json;

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn apply(bench: &Bench, firm: &str, object: Option<&str>) -> String {
    let apply = Case::Apply {
        subject: firm.to_owned(),
        measure: "hiring_subsidy".to_owned(),
        object: object.map(str::to_owned),
        on: None,
    };
    bench.made(&format!("agent-{firm}"), apply, "case")
}

#[test]
fn an_application_that_names_nobody_is_one_for_each_for_whom_there_is_none() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let mut facts = giant(1);
        let hire = |id: &str| json!({"id": id, "start": "2023-03-01", "salary": "800000.00", "has_left": false});
        facts["enterprise"]["hires"] = json!([hire("h1"), hire("h2"), hire("h3")]);
        let firm = bench.enter(facts);
        let agent = format!("agent-{firm}");
        let one = apply(&bench, &firm, Some("h2"));
        bench.ok(&agent, Case::Submit { case: one });
        let all = apply(&bench, &firm, None);
        let told = bench.ok(&agent, Case::Submit { case: all.clone() });
        let cases = told["cases"].as_array().unwrap();
        assert_eq!((cases.len(), cases[0].as_str()), (2, Some(all.as_str())), "{told}");
        let submitted = "SELECT object FROM \"case\" WHERE state = 'submitted' ORDER BY object";
        let objects: Vec<String> = bench
            .cells(submitted)
            .into_iter()
            .flatten()
            .map(|cell| format!("{cell:?}"))
            .collect();
        assert_eq!(objects.len(), 3, "{objects:?}");
        assert_eq!(bench.number("SELECT count(DISTINCT object) FROM \"case\""), 3);
        // Each goes its own way.
        bench.to_review(&all);
        let again = apply(&bench, &firm, None);
        assert_eq!(bench.refused(&agent, Case::Submit { case: again }), "case_open");
    });
}
